//! Until when a report is in time. Pure.

use chrono::{Days, NaiveDate};

/// Most days of grace after a due day: two months, after which the next report is due.
pub const GRACE_MAX: i32 = 60;

/// Until when the report of a unit on a form for a period is in time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deadline {
    /// First day on which it can be begun.
    pub opens_on: Option<NaiveDate>,
    /// The due day: the form's own for the period, else the period's.
    pub due_on: Option<NaiveDate>,
    /// Days after it on which a report is not marked late.
    pub grace_days: i32,
    /// Until when the unit was given more time.
    pub extended_until: Option<NaiveDate>,
}

impl Deadline {
    /// Last day on which it is not late: the due day and the grace after it, or the end of an extension, whichever comes later. `None`
    /// where there is no due day: then nothing is late.
    pub fn in_time_until(&self) -> Option<NaiveDate> {
        let due = self.due_on?;
        let grace = Days::new(u64::try_from(self.grace_days).unwrap_or_default());
        let graced = due.checked_add_days(grace).unwrap_or(due);
        Some(self.extended_until.map_or(graced, |until| until.max(graced)))
    }

    /// Whether a report that is first sent on a day is late.
    pub fn is_late_on(&self, day: NaiveDate) -> bool {
        self.in_time_until().is_some_and(|until| day > until)
    }

    /// Whether a report can be begun on a day.
    pub fn is_open_on(&self, day: NaiveDate) -> bool {
        self.opens_on.is_none_or(|opens| opens <= day)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(739_000 + number).unwrap()
    }

    proptest! {
        #[test]
        fn more_time_never_makes_a_report_late(
            due in 0..100_i32, grace in 0..GRACE_MAX, more in 0..GRACE_MAX, until in 0..200_i32, sent in 0..300_i32,
        ) {
            let strict = Deadline { due_on: Some(day(due)), grace_days: grace, ..Deadline::default() };
            let kinder = Deadline { grace_days: grace + more, ..strict };
            let extended = Deadline { extended_until: Some(day(until)), ..strict };
            for mild in [kinder, extended, Deadline::default()] {
                prop_assert!(strict.is_late_on(day(sent)) || !mild.is_late_on(day(sent)));
            }
            prop_assert_eq!(strict.is_late_on(day(sent)), sent > due + grace);
            prop_assert_eq!(extended.is_late_on(day(sent)), sent > (due + grace).max(until));
        }

        #[test]
        fn a_report_is_open_from_its_first_day_on(opens in 0..100_i32, today in 0..100_i32) {
            let deadline = Deadline { opens_on: Some(day(opens)), ..Deadline::default() };
            prop_assert_eq!(deadline.is_open_on(day(today)), opens <= today);
            prop_assert!(Deadline::default().is_open_on(day(today)));
        }
    }
}
