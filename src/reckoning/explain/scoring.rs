//! The sentences about the points of criteria: whose points stand, how they came about, why they are open.

use thidua_entity::Fixed4;

use super::{Telling, as_it_is, joined, written};
use crate::error::Text;
use crate::formula::Quotient;
use crate::reckoning::facts::Figure;
use crate::reckoning::measure::Measure;
use crate::reckoning::outcome::{Scored, Scoring, Stands};
use crate::reckoning::set::{Criterion, Node};
use crate::reckoning::working::{Leader, Working};
use crate::reckoning::{points, words};

impl Telling<'_> {
    pub(super) fn scoring(&self, node: &Node, criterion: &Criterion, scoring: &Scoring) -> Vec<Text> {
        let mut told = Vec::new();
        match &scoring.stands {
            Stands::Entry { layer } => {
                let who = words::layer(*layer);
                told.push(Text::new(
                    format!("Điểm được lấy theo cấp cao nhất đã chấm: {}.", who.vi),
                    format!("It is what the highest layer gave that scored it: {}.", who.en),
                ));
                if let Some(scored) = scoring.layers.get(layer) {
                    told.extend(self.working(node, criterion, scored));
                    told.extend(
                        scored
                            .reason
                            .as_ref()
                            .map(|reason| Text::new(format!("Lý do: {reason}"), format!("Reason: {reason}"))),
                    );
                }
            }
            Stands::Reports => {
                if let Some(Ok(scored)) = &scoring.from_reports {
                    told.extend(self.working(node, criterion, scored));
                }
            }
            Stands::NothingEntered { .. } => told.push(Text::new(
                "Không cấp nào chấm tiêu chí này; theo bảng điểm thì tính như không phát sinh.",
                "No layer scored it; by the set that counts as nothing having happened.",
            )),
            Stands::Open { why } => told.push(self.open(why)),
        }
        told.extend(differing(scoring));
        told
    }

    fn working(&self, node: &Node, criterion: &Criterion, scored: &Scored) -> Vec<Text> {
        let points = written(scored.points);
        let mut told = Vec::new();
        match &scored.working {
            Working::Given => {}
            Working::NoTarget => told.push(Text::new(
                "Không có chỉ tiêu để so nên theo bảng điểm thì không có điểm.",
                "There is no target to measure against, which by the set means no points.",
            )),
            Working::Verdict { passed: true } => {
                told.push(Text::new("Đạt, được trọn điểm.", "Passed, for all points."));
            }
            Working::Verdict { passed: false } => told.push(Text::new("Không đạt.", "Failed.")),
            Working::Target {
                actual,
                target,
                at_target,
                leader,
                result,
            } => told.push(self.target(actual, *target, [*at_target, *result, node.max], leader.as_ref())),
            Working::Count { count, each } => {
                let (count, each) = (figure(count), written(*each));
                told.push(Text::new(
                    format!("{} lần {each} điểm.", count.vi),
                    format!("{} times {each} points.", count.en),
                ));
            }
            Working::Events { start, events, sum } => {
                let kinds = match &criterion.measure {
                    Measure::Events { events, .. } => events.as_slice(),
                    _ => &[],
                };
                let (start, sum) = (written(*start), written(*sum));
                let list = joined(
                    events.iter().filter(|event| event.count != Fixed4::ZERO).map(|event| {
                        let kind = kinds.iter().find(|kind| kind.code == event.code);
                        let name = kind.map_or_else(|| as_it_is(&event.code), |kind| words::title(&kind.title));
                        let (count, points) = (written(event.count), written(event.points));
                        Text::new(
                            format!("; {} {count} lần: {points}", name.vi),
                            format!("; {} {count} times: {points}", name.en),
                        )
                    }),
                    "",
                );
                told.push(Text::new(
                    format!("Khởi đầu {start} điểm{}. Cộng lại là {sum}.", list.vi),
                    format!("It begins with {start} points{}. Together that is {sum}.", list.en),
                ));
            }
            Working::Formula {
                formula,
                inputs,
                result,
            } => {
                let list = joined(
                    inputs.iter().map(|input| {
                        let (name, value) = (self.name(&input.name), input.figure.as_ref().map(figure));
                        let value = value.unwrap_or_else(|| match input.counts_as_zero {
                            true => Text::new("không có, tính là 0", "none, counted as 0"),
                            false => Text::new("không có", "none"),
                        });
                        Text::new(
                            format!("{} là {}", name.vi, value.vi),
                            format!("{} is {}", name.en, value.en),
                        )
                    }),
                    "; ",
                );
                let result = written(*result);
                told.push(Text::new(
                    format!(
                        "Tính theo công thức `{formula}`, trong đó {}. Kết quả là {result}.",
                        list.vi
                    ),
                    format!("By the formula `{formula}`, where {}. The result is {result}.", list.en),
                ));
            }
        }
        if worked_out(&scored.working).is_some_and(|found| found != scored.points) {
            let (least, most) = node.bounds(criterion);
            let (least, most) = (written(least), written(most));
            let step = criterion.step.map(written);
            let rounded = step.map_or_else(
                || Text::new("", ""),
                |step| Text::new(format!(", làm tròn đến {step}"), format!(", to the nearest {step}")),
            );
            told.push(Text::new(
                format!(
                    "Điểm chỉ trong khoảng từ {least} đến {most}{}, nên là {points}.",
                    rounded.vi
                ),
                format!("Points are from {least} to {most}{}, so it is {points}.", rounded.en),
            ));
        }
        told
    }

    fn target(
        &self,
        actual: &Figure,
        target: Fixed4,
        [at_target, reached, max]: [Fixed4; 3],
        leader: Option<&Leader>,
    ) -> Text {
        // Points are rounded, so those of one who is only just short may be those at the target.
        let least = actual.number().and_then(|number| number.lowest().cloned());
        let is_reached = least.is_some_and(|least| least >= target.into());
        let exactly = actual.number().and_then(|number| number.exactly().cloned());
        let done = exactly.map_or(target, |exactly| points::settle(&exactly));
        let target_of = target;
        let (actual, target) = (figure(actual), written(target));
        let (at, points) = (written(at_target), written(reached));
        let Some(leader) = leader else {
            return if !is_reached {
                Text::new(
                    format!(
                        "Thực hiện {} so với chỉ tiêu {target}: {at} × {} / {target} = {points}.",
                        actual.vi, actual.vi
                    ),
                    format!(
                        "Done {} of the target {target}: {at} × {} / {target} = {points}.",
                        actual.en, actual.en
                    ),
                )
            } else {
                Text::new(
                    format!("Thực hiện {}, đạt chỉ tiêu {target}, được {at}.", actual.vi),
                    format!("Done {}, which reaches the target {target}, for {at}.", actual.en),
                )
            };
        };
        let who = self.units(&leader.units);
        // What is told must add up, so what a percentage does not say exactly is told as the fraction that it is.
        let own = Excess::of(done, target_of, leader.own_excess);
        if leader.leads {
            let own = own.percent();
            return Text::new(
                format!(
                    "Thực hiện {}, vượt chỉ tiêu {target} là {own}, dẫn đầu cụm nên được trọn {points}.",
                    actual.vi
                ),
                format!(
                    "Done {}, {own} beyond the target {target}, which leads the cluster, for all {points}.",
                    actual.en
                ),
            );
        }
        let best = Excess::of(leader.done, leader.target, leader.excess);
        let (more, most) = (own.percent(), best.percent());
        let (own, best) = match (&own, &best) {
            (Excess::Percent(own), Excess::Percent(best)) => (own.clone(), best.clone()),
            _ => (own.factor(), best.factor()),
        };
        let rest = written(points::minus(max, at_target));
        Text::new(
            format!(
                "Thực hiện {}, vượt chỉ tiêu {target} là {more}; dẫn đầu cụm là {who}, vượt {most}: \
                 {at} + {rest} × {own} / {best} = {points}.",
                actual.vi
            ),
            format!(
                "Done {}, {more} beyond the target {target}; {who} leads the cluster with {most}: \
                 {at} + {rest} × {own} / {best} = {points}.",
                actual.en
            ),
        )
    }
}

/// By how much a target is exceeded, as it is told.
enum Excess {
    /// So many per cent, exactly.
    Percent(String),
    /// Nearly so many per cent; exactly `(done − target) / target`.
    Fraction(String, String),
}

impl Excess {
    fn of(done: Fixed4, target: Fixed4, settled: Fixed4) -> Self {
        let percent = written(points::times(settled, Fixed4::from_integer(100).unwrap_or_default()));
        let beyond = points::minus(done, target);
        let is_exact = &Quotient::from(settled) * &target.into() == Quotient::from(beyond);
        if is_exact {
            return Self::Percent(percent);
        }
        Self::Fraction(percent, format!("({} / {})", written(beyond), written(target)))
    }

    fn percent(&self) -> String {
        match self {
            Self::Percent(percent) => format!("{percent}%"),
            Self::Fraction(percent, _) => format!("≈ {percent}%"),
        }
    }

    /// As it stands in a product with another: a part of the target.
    fn factor(&self) -> String {
        match self {
            Self::Percent(percent) => format!("{percent}%"),
            Self::Fraction(_, exactly) => exactly.clone(),
        }
    }
}

/// What the layers gave, when they differ.
fn differing(scoring: &Scoring) -> Option<Text> {
    let reports = scoring.from_reports.iter().flatten().map(|scored| {
        let points = written(scored.points);
        (
            scored.points,
            Text::new(format!("tính từ báo cáo {points}"), format!("from reports {points}")),
        )
    });
    let layers = scoring.layers.iter().map(|(layer, scored)| {
        let (who, points) = (words::layer(*layer), written(scored.points));
        (
            scored.points,
            Text::new(format!("{} {points}", who.vi), format!("{} {points}", who.en)),
        )
    });
    let all: Vec<(Fixed4, Text)> = reports.chain(layers).collect();
    let first = all.first()?.0;
    if all.iter().all(|(points, _)| *points == first) {
        return None;
    }
    let list = joined(all.into_iter().map(|(_, text)| text), ", ");
    Some(Text::new(
        format!("Các mức điểm khác nhau: {}.", list.vi),
        format!("The points differ: {}.", list.en),
    ))
}

/// What came out before bounds and step, where it is one number.
fn worked_out(working: &Working) -> Option<Fixed4> {
    match working {
        Working::Count { count, each } => {
            let count = count.number()?.exactly()?.to_figure(4)?;
            Some(points::times(count, *each))
        }
        Working::Events { sum, .. } => Some(*sum),
        Working::Formula { result, .. } | Working::Target { result, .. } => Some(*result),
        Working::Given | Working::NoTarget | Working::Verdict { .. } => None,
    }
}

fn figure(figure: &Figure) -> Text {
    figure.for_formula().written()
}
