//! The days of an emulation year: its spans, and when its phases are planned to begin. Pure.

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;
use thidua_entity::enums::YearPhase;

use crate::error::{Error, Problem, Result};
use crate::input;

/// Most days of a span: a year, and a month for those that close their books elsewhere.
const DAYS_MAX: i64 = 397;
/// Most days in which a unit may object.
pub const OBJECTION_DAYS_MAX: i32 = 60;

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Days {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// The days of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// The year it is called after.
    pub year: i32,
    /// The span for which units on the calendar year are judged.
    pub span: Days,
    /// The span for which units on the school year are judged, if there are any.
    pub school: Option<Days>,
    /// When phases are planned to begin.
    pub phases: Vec<(YearPhase, NaiveDate)>,
    /// Days in which a unit may object.
    pub objection_days: i32,
}

impl Plan {
    /// The span of the school year from its two days, which are given together or not at all.
    pub fn school(days: (Option<NaiveDate>, Option<NaiveDate>)) -> Result<Option<Days>> {
        match days {
            (Some(from), Some(to)) => Ok(Some(Days { from, to })),
            (None, None) => Ok(None),
            (from, _) => Err(Error::Invalid(vec![input::required(if from.is_none() {
                "schoolStartsOn"
            } else {
                "schoolEndsOn"
            })])),
        }
    }

    /// Everything that is wrong with the days.
    pub fn check(&self) -> Result<()> {
        // Before they are compared with each other.
        input::list_size("phases", self.phases.len(), YearPhase::ALL.len())?;
        let mut problems = Vec::new();
        if !(1990..=2200).contains(&self.year) {
            problems.push(Problem::new(
                "YEAR_IMPLAUSIBLE",
                "year",
                "Năm phải trong khoảng từ 1990 đến 2200.",
                "The year must lie between 1990 and 2200.",
            ));
        }
        self.check_span(self.span, ("startsOn", "endsOn"), &mut problems);
        if let Some(school) = self.school {
            self.check_span(school, ("schoolStartsOn", "schoolEndsOn"), &mut problems);
        }
        if !(0..=OBJECTION_DAYS_MAX).contains(&self.objection_days) {
            problems.push(Problem::new(
                "OUT_OF_RANGE",
                "objectionDays",
                format!("Thời hạn kiến nghị từ 0 đến {OBJECTION_DAYS_MAX} ngày."),
                format!("The time for objections is 0 to {OBJECTION_DAYS_MAX} days."),
            ));
        }
        self.check_phases(&mut problems);
        Problem::none(problems)
    }

    /// A span has its days in order, is not longer than a year, and touches the year it is called after: a cluster may begin or end in
    /// mid-year, a school year begins the year before, and some close their books in November.
    fn check_span(&self, days: Days, (from, to): (&str, &str), problems: &mut Vec<Problem>) {
        for (field, day) in [(from, days.from), (to, days.to)] {
            if let Err(Error::Invalid(found)) = input::plausible_day(field, day) {
                problems.extend(found);
                return;
            }
        }
        if days.to < days.from {
            problems.push(Problem::new(
                "SPAN_INVALID",
                to,
                "Ngày cuối không được trước ngày đầu.",
                "The last day must not come before the first.",
            ));
        } else if (days.to - days.from).num_days() >= DAYS_MAX {
            problems.push(Problem::new(
                "SPAN_INVALID",
                to,
                format!("Khoảng thời gian dài hơn một năm: nhiều nhất {DAYS_MAX} ngày."),
                format!("The span is longer than a year: at most {DAYS_MAX} days."),
            ));
        } else if !(days.from.year()..=days.to.year()).contains(&self.year) {
            problems.push(Problem::new(
                "SPAN_OUTSIDE_YEAR",
                from,
                format!("Khoảng thời gian này không có ngày nào thuộc năm {}.", self.year),
                format!("No day of this span lies in {}.", self.year),
            ));
        }
    }

    /// Each phase is planned once, and none to begin before one that comes before it.
    fn check_phases(&self, problems: &mut Vec<Problem>) {
        for (index, &(phase, day)) in self.phases.iter().enumerate() {
            let field = |name: &str| format!("phases.{index}.{name}");
            if let Err(Error::Invalid(found)) = input::plausible_day(&field("startsOn"), day) {
                problems.extend(found);
                continue;
            }
            let before = self.phases.iter().take(index);
            if before.clone().any(|(other, _)| *other == phase) {
                problems.push(Problem::new(
                    "PHASE_REPEATED",
                    field("phase"),
                    "Mỗi giai đoạn chỉ định ngày một lần.",
                    "A phase is planned once.",
                ));
            }
            if before
                .clone()
                .any(|&(other, earlier)| (other < phase && earlier > day) || (other > phase && earlier < day))
            {
                problems.push(Problem::new(
                    "PHASE_ORDER",
                    field("startsOn"),
                    "Giai đoạn sau không bắt đầu trước giai đoạn trước nó.",
                    "A phase does not begin before one that comes before it.",
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    }

    fn plan(from: NaiveDate, to: NaiveDate) -> Plan {
        Plan {
            year: 2026,
            span: Days { from, to },
            school: None,
            phases: Vec::new(),
            objection_days: 7,
        }
    }

    fn codes(plan: &Plan) -> Vec<(&'static str, String)> {
        match plan.check() {
            Err(Error::Invalid(problems)) => problems.into_iter().map(|one| (one.code, one.field)).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn a_year_may_begin_or_end_in_the_middle_and_a_school_year_the_year_before() {
        assert!(plan(day(2026, 7, 1), day(2026, 12, 31)).check().is_ok());
        assert!(plan(day(2025, 11, 16), day(2026, 11, 15)).check().is_ok());
        let mut with_school = plan(day(2026, 1, 1), day(2026, 12, 31));
        with_school.school = Some(Days {
            from: day(2025, 9, 1),
            to: day(2026, 5, 31),
        });
        assert!(with_school.check().is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_by_field() {
        let told = codes(&plan(day(2026, 12, 31), day(2026, 1, 1)));
        assert_eq!(told, [("SPAN_INVALID", "endsOn".to_owned())]);
        let told = codes(&plan(day(2024, 1, 1), day(2024, 12, 31)));
        assert_eq!(told, [("SPAN_OUTSIDE_YEAR", "startsOn".to_owned())]);
        let mut phases = plan(day(2026, 1, 1), day(2026, 12, 31));
        phases.phases = vec![
            (YearPhase::Running, day(2026, 3, 1)),
            (YearPhase::Registering, day(2026, 3, 2)),
            (YearPhase::Running, day(2026, 3, 3)),
        ];
        phases.objection_days = 61;
        let mut many = phases.clone();
        many.phases = vec![(YearPhase::Running, day(2026, 3, 1)); 10];
        assert_eq!(codes(&many), [("TOO_MANY", "phases".to_owned())]);
        let told = codes(&phases);
        let codes: Vec<&str> = told.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, ["OUT_OF_RANGE", "PHASE_ORDER", "PHASE_REPEATED"]);
    }

    proptest! {
        #[test]
        fn phases_whose_days_go_with_their_order_are_right_in_whatever_order_they_are_written(
            days in prop::collection::vec(0_u64..365, 8), shuffled in Just((0..8_usize).collect::<Vec<_>>()).prop_shuffle()
        ) {
            let mut sorted = days;
            sorted.sort_unstable();
            let phases = YearPhase::ALL.iter().skip(1).copied().zip(sorted);
            let start = day(2026, 1, 1);
            let phases: Vec<_> = phases.map(|(phase, days)| (phase, start + chrono::Days::new(days))).collect();
            let mut right = plan(start, day(2026, 12, 31));
            right.phases = shuffled.iter().filter_map(|&at| phases.get(at).copied()).collect();
            prop_assert!(right.check().is_ok());
        }
    }
}
