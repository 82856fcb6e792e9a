//! The sentences about grades, gates, quotas and places.

use chrono::{Datelike as _, NaiveDate};
use thidua_entity::Fixed4;

use super::{PlaceData, Telling, basis, written};
use crate::error::Text;
use crate::reckoning::outcome::UnitOutcome;
use crate::reckoning::rules::{Enforcement, Rounding, TieBreakBy};
use crate::reckoning::verdict::{
    GateOutcome, Holds, Move, NotEligible, NotRated, Passed, QuotaOutcome, SeparatedBy, Separation, Standing,
};
use crate::reckoning::words;

impl Telling<'_> {
    pub(super) fn grade(&self, unit: &UnitOutcome) -> Vec<Text> {
        match &unit.standing {
            Standing::Rated {
                grade,
                by_points,
                after_gates,
                moves,
            } => self.rated(unit, [grade, by_points, after_gates], moves),
            Standing::NotEligible { reasons } => {
                let mut told = vec![Text::new(
                    "Đơn vị không thuộc diện xếp loại kỳ này; đây không phải là mức thấp nhất.",
                    "The unit is not eligible to be rated for this period, which is not the lowest grade.",
                )];
                told.extend(reasons.iter().map(not_eligible));
                told
            }
            Standing::NotRated { reasons } => {
                let mut told = vec![Text::new(
                    "Đơn vị chưa xếp loại được; đây không phải là mức thấp nhất.",
                    "The unit could not be rated yet, which is not the lowest grade.",
                )];
                told.extend(reasons.iter().map(|reason| self.not_rated(reason)));
                told
            }
        }
    }

    fn rated(&self, unit: &UnitOutcome, [grade, by_points, after_gates]: [&str; 3], moves: &[Move]) -> Vec<Text> {
        let (name, of_points) = (self.grade_name(grade), self.grade_name(by_points));
        let mut told = vec![Text::new(
            format!("Xếp loại {}.", name.vi),
            format!("The grade is {}.", name.en),
        )];
        let band = self.set.bands.iter().find(|band| band.grade == by_points);
        if let (Some(band), Some(points)) = (band, unit.total.points) {
            let (points, from) = (written(points), written(band.from));
            told.push(Text::new(
                format!("Tổng điểm {points} đạt mức {} (từ {from} điểm).", of_points.vi),
                format!("The total {points} reaches {} (from {from} points).", of_points.en),
            ));
            told.extend(basis(band.basis.as_deref()));
        }
        if by_points != after_gates {
            for gate in unit.gates.iter().filter(|gate| gate.caps) {
                told.extend(self.gate(gate));
            }
        }
        for one in moves {
            let (from, to) = (self.grade_name(&one.from), self.grade_name(&one.to));
            told.push(Text::new(
                format!("Vượt tỷ lệ của mức {} nên chuyển xuống {}.", from.vi, to.vi),
                format!("Over the quota of {}, so it goes to {}.", from.en, to.en),
            ));
            told.extend(self.even(&one.even_with));
            let quota = self.set.quotas.iter().find(|quota| quota.code == one.quota);
            told.extend(quota.and_then(|quota| basis(quota.basis.as_deref())));
        }
        told
    }

    fn not_rated(&self, reason: &NotRated) -> Text {
        match reason {
            NotRated::CriteriaOpen { criteria } => {
                let list = self.node_list(criteria);
                Text::new(
                    format!("Còn tiêu chí chưa có điểm: {}.", list.vi),
                    format!("Criteria are open: {}.", list.en),
                )
            }
            NotRated::GateUnknown { gate } => {
                let name = self.gate_name(gate);
                Text::new(
                    format!("Chưa rõ có đạt điều kiện {} hay không.", name.vi),
                    format!("Nobody can tell whether {} holds.", name.en),
                )
            }
            NotRated::SizeUnknown => Text::new(
                "Có tiêu chí chỉ áp dụng theo quy mô, mà chưa biết quy mô của đơn vị.",
                "Some criteria are for some sizes only, and the size of the unit is not known.",
            ),
        }
    }

    fn gate_name(&self, code: &str) -> Text {
        let gate = self.set.gates.iter().find(|gate| gate.code == code);
        gate.map_or_else(|| super::as_it_is(code), |gate| words::title(&gate.title))
    }

    pub(super) fn gate(&self, outcome: &GateOutcome) -> Vec<Text> {
        let name = self.gate_name(&outcome.gate);
        let mut told = vec![match &outcome.holds {
            Holds::Yes => Text::new(
                format!("Đạt điều kiện {}.", name.vi),
                format!("The condition {} holds.", name.en),
            ),
            Holds::No { nodes } if nodes.is_empty() => Text::new(
                format!("Không đạt điều kiện {}.", name.vi),
                format!("The condition {} does not hold.", name.en),
            ),
            Holds::No { nodes } => {
                let list = self.node_list(nodes);
                Text::new(
                    format!("Không đạt điều kiện {} vì thiếu điểm ở {}.", name.vi, list.vi),
                    format!(
                        "The condition {} does not hold, for lack of points in {}.",
                        name.en, list.en
                    ),
                )
            }
            Holds::Unknown { missing } => {
                let known = |code: &String| match self.nodes.get(code.as_str()) {
                    Some(node) => words::title(&node.title),
                    None => self.name(code),
                };
                let list = super::joined(missing.iter().map(known), ", ");
                Text::new(
                    format!("Chưa rõ điều kiện {} vì thiếu {}.", name.vi, list.vi),
                    format!("Nobody can tell about {}, for lack of {}.", name.en, list.en),
                )
            }
        }];
        let gate = self.set.gates.iter().find(|gate| gate.code == outcome.gate);
        if let Some(gate) = gate {
            if outcome.caps {
                let cap = self.grade_name(&gate.otherwise_at_most);
                told.push(Text::new(
                    format!("Vì vậy cao nhất chỉ xếp {}, dù được bao nhiêu điểm.", cap.vi),
                    format!("So the grade is at most {}, whatever the points.", cap.en),
                ));
            }
            told.extend(basis(gate.basis.as_deref()));
        }
        told
    }

    pub(super) fn quota(&self, outcome: &QuotaOutcome) -> Vec<Text> {
        let Some(quota) = self.set.quotas.iter().find(|quota| quota.code == outcome.quota) else {
            return Vec::new();
        };
        let (name, percent) = (self.grade_name(&quota.grade), written(quota.percent));
        let (base, exact, allowed, had) = (outcome.base, written(outcome.exact), outcome.allowed, outcome.had);
        let grades = super::joined(quota.base.iter().map(|grade| self.grade_name(grade)), ", ");
        let rounding = match quota.rounding {
            Rounding::Down => Text::new("làm tròn xuống", "rounded down"),
            Rounding::Nearest => Text::new("làm tròn", "rounded"),
            Rounding::Up => Text::new("làm tròn lên", "rounded up"),
        };
        let mut told = vec![
            Text::new(
                format!("Mức {} không quá {percent}% số đơn vị xếp {}.", name.vi, grades.vi),
                format!(
                    "At most {percent}% of the units graded {} may have {}.",
                    grades.en, name.en
                ),
            ),
            Text::new(
                format!(
                    "{percent}% của {base} đơn vị là {exact}, {} thành {allowed}; có {had} đơn vị.",
                    rounding.vi
                ),
                format!(
                    "{percent}% of {base} units are {exact}, {} {allowed}; there are {had}.",
                    rounding.en
                ),
            ),
        ];
        for over in &outcome.over {
            let unit = self.unit(&over.unit);
            told.push(match outcome.enforcement {
                Enforcement::Block => Text::new(
                    format!("{unit} vượt tỷ lệ nên chuyển xuống mức liền dưới."),
                    format!("{unit} is over it and goes to the next grade."),
                ),
                Enforcement::Warn => Text::new(
                    format!("{unit} vượt tỷ lệ; chỉ cảnh báo, không chuyển mức."),
                    format!("{unit} is over it, which is told and moves nobody."),
                ),
            });
            told.extend(self.even(&over.even_with));
        }
        told.extend(basis(quota.basis.as_deref()));
        told
    }

    fn even(&self, with: &[String]) -> Option<Text> {
        let names = self.units(with);
        (!with.is_empty()).then(|| {
            Text::new(
                format!("Bằng điểm ở ranh giới với: {names}. Không đủ chỗ cho tất cả; bỏ phiếu có thể quyết định."),
                format!("Even across the border with: {names}. There is no room for all; a ballot could decide."),
            )
        })
    }

    pub(super) fn place_data(&self, id: &str) -> Option<PlaceData> {
        let ranking = &self.outcome.ranking;
        let index = ranking.places.iter().position(|one| one.unit == id)?;
        Some(PlaceData {
            placed: ranking.places.get(index)?.clone(),
            above: index.checked_sub(1).and_then(|index| ranking.trace.get(index)).cloned(),
            below: ranking.trace.get(index).cloned(),
        })
    }

    pub(super) fn place(&self, unit: &UnitOutcome, place: Option<&PlaceData>) -> Vec<Text> {
        let Some(place) = place else {
            return vec![match &unit.standing {
                Standing::NotEligible { .. } => Text::new(
                    "Không xếp hạng vì đơn vị không thuộc diện xếp loại kỳ này.",
                    "It has no place, because it is not eligible to be rated for this period.",
                ),
                _ => Text::new(
                    "Chưa xếp hạng vì chưa có tổng điểm.",
                    "It has no place yet, because it has no total.",
                ),
            }];
        };
        let (number, points) = (place.placed.place, written(place.placed.points));
        let mut told = vec![Text::new(
            format!("Xếp hạng {number} với {points} điểm."),
            format!("Place {number} with {points} points."),
        )];
        for separation in [&place.above, &place.below].into_iter().flatten() {
            told.push(self.separation(separation));
            told.extend(separation.passed.iter().map(|passed| self.passed(passed)));
        }
        told
    }

    fn separation(&self, separation: &Separation) -> Text {
        let (above, below) = (self.unit(&separation.above), self.unit(&separation.below));
        let compared = |what: Text, one: Fixed4, other: Fixed4| {
            let (one, other) = (written(one), written(other));
            Text::new(
                format!("{above} đứng trước {below} theo {}: {one} so với {other}.", what.vi),
                format!("{above} stands before {below} by {}: {one} against {other}.", what.en),
            )
        };
        match &separation.by {
            SeparatedBy::Points { above, below } => compared(Text::new("tổng điểm", "total"), *above, *below),
            SeparatedBy::TieBreak { index, above, below } => compared(self.tie_break(*index), *above, *below),
            SeparatedBy::Nothing => Text::new(
                format!("{above} và {below} bằng nhau về mọi mặt nên đồng hạng, trừ khi bỏ phiếu phân định."),
                format!("Nothing separates {above} and {below}, so they share the place unless a ballot decides."),
            ),
        }
    }

    fn passed(&self, passed: &Passed) -> Text {
        let what = self.tie_break(passed.index);
        if passed.unknown.is_empty() {
            return Text::new(
                format!("Đã xét {} nhưng bằng nhau.", what.vi),
                format!("By {} they are even.", what.en),
            );
        }
        let units = self.units(&passed.unknown);
        Text::new(
            format!("Không xét được {} vì chưa có số liệu chính xác của: {units}.", what.vi),
            format!(
                "It could not be told by {}, for lack of what is known exactly of: {units}.",
                what.en
            ),
        )
    }

    fn tie_break(&self, index: usize) -> Text {
        match self.set.tie_breaks.get(index).map(|one| &one.by) {
            Some(TieBreakBy::Points { node }) => {
                let name = self.node(node);
                Text::new(format!("điểm {}", name.vi), format!("the points of {}", name.en))
            }
            Some(TieBreakBy::Figure { indicator, .. }) => self.name(indicator),
            Some(TieBreakBy::FewerDeductions) => Text::new("điểm trừ", "deductions"),
            Some(TieBreakBy::Ballot) => Text::new("thứ tự do bỏ phiếu", "the order of a ballot"),
            None => Text::new("tiêu chí phụ", "a tie-break"),
        }
    }
}

fn not_eligible(reason: &NotEligible) -> Text {
    match reason {
        NotEligible::TooYoung {
            event,
            on,
            months,
            eligible_on,
        } => {
            let (event, on, first) = (words::life_event(*event), day(*on), day(*eligible_on));
            Text::new(
                format!(
                    "Đơn vị {} ngày {on}, phải hoạt động đủ {months} tháng, tức là kỳ kết thúc sớm nhất vào {first}.",
                    event.vi
                ),
                format!(
                    "It was {} on {on} and must have worked {months} months, so a period may end on {first} at the earliest.",
                    event.en
                ),
            )
        }
        NotEligible::Ended { on } => {
            let on = day(*on);
            Text::new(
                format!("Đơn vị đã kết thúc hoạt động từ {on}."),
                format!("The unit no longer exists since {on}."),
            )
        }
    }
}

fn day(day: NaiveDate) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}
