//! The sentences about grades and gates, and about units that have no grade.

use super::points::{nothing_applies, unclear};
use super::{Telling, basis, written};
use crate::error::Text;
use crate::reckoning::outcome::{Unclear, UnitOutcome};
use crate::reckoning::verdict::{GateOutcome, Holds, HoldsUnknown, Move, NotEligible, NotRated, Standing};
use crate::reckoning::words;
use chrono::{Datelike as _, NaiveDate};

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
                for reason in reasons {
                    told.push(not_eligible(reason));
                    told.extend(self.basis_of(reason));
                }
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
            let ruling = self.outcome.rulings.iter().find(|ruling| ruling.code == one.quota);
            if let Some(ruling) = ruling {
                told.push(self.ruled(ruling));
                told.push(Text::new(
                    format!("Đơn vị vượt tỷ lệ đó nên chuyển từ {} xuống {}.", from.vi, to.vi),
                    format!("The unit is over that and goes from {} to {}.", from.en, to.en),
                ));
                told.extend(self.even(&one.even_with));
                told.extend(self.even_elsewhere(ruling, unit, one));
                told.extend(basis(ruling.basis.as_deref()));
                continue;
            }
            told.push(Text::new(
                format!(
                    "Vượt tỷ lệ của mức {} (tối đa {}, tính trên {} đơn vị) nên chuyển xuống {}.",
                    from.vi, one.allowed, one.base, to.vi
                ),
                format!(
                    "Over the quota of {} (at most {}, counted from {} units), so it goes to {}.",
                    from.en, one.allowed, one.base, to.en
                ),
            ));
            told.extend(self.even(&one.even_with));
            let quota = self.set.quotas.iter().find(|quota| quota.code == one.quota);
            told.extend(quota.and_then(|quota| basis(quota.basis.as_deref())));
        }
        told
    }

    /// The text on which it rests that a unit must have worked so long.
    fn basis_of(&self, reason: &NotEligible) -> Option<Text> {
        let NotEligible::TooYoung { event, months, .. } = reason else {
            return None;
        };
        let mut rules = self.set.eligibility.iter();
        let rule = rules.find(|rule| rule.months == *months && rule.after.contains(event))?;
        basis(rule.basis.as_deref())
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
            NotRated::SizeUnknown => unclear(Unclear::Size),
            NotRated::SectorUnknown => unclear(Unclear::Sector),
            NotRated::NothingApplies => nothing_applies(),
        }
    }

    fn gate_name(&self, code: &str) -> Text {
        let gate = self.set.gates.iter().find(|gate| gate.code == code);
        gate.map_or_else(|| super::as_it_is(code), |gate| words::title(&gate.title))
    }

    fn unknown(&self, why: HoldsUnknown, of: &[String]) -> Text {
        let known = |code: &String| match self.nodes.get(code.as_str()) {
            Some(node) => words::title(&node.title),
            None => self.name(code),
        };
        let (vi, en) = match why {
            HoldsUnknown::Missing => ("thiếu", "something is missing:"),
            HoldsUnknown::Inexact => ("số liệu không chính xác:", "figures are not exact:"),
            HoldsUnknown::NotLocked => (
                "phải chờ khóa số liệu của cả cụm, còn thiếu:",
                "figures of the whole cluster are not locked:",
            ),
            HoldsUnknown::TooLarge => (
                "số liệu của cả cụm có quá 14 chữ số:",
                "a figure of the whole cluster has more than 14 digits:",
            ),
            HoldsUnknown::DivisionByZero => ("phải chia cho 0, số chia là", "it divides by 0, by"),
            HoldsUnknown::WrongForm => ("số liệu không đúng loại:", "a figure is of another form:"),
        };
        let list = match why {
            HoldsUnknown::NotLocked => Text::new(self.units(of), self.units(of)),
            _ => super::joined(of.iter().map(known), ", "),
        };
        Text::new(format!("{vi} {}", list.vi), format!("{en} {}", list.en))
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
            Holds::Unknown { why, of } => {
                let because = self.unknown(*why, of);
                Text::new(
                    format!("Chưa rõ điều kiện {} vì {}.", name.vi, because.vi),
                    format!("Nobody can tell about {}, because {}.", name.en, because.en),
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
