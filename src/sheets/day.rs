//! Days in a table, where days are asked for: as people write them, and as programs make them of what was typed.

use chrono::NaiveDate;
use thidua_entity::enums::NumberForm;

use super::Value;
use super::suggest::{self, Unclear};
use crate::error::Text;
use crate::text;

/// A day as it is written in Vietnam: `15/01/2026`.
pub fn written(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// The day that stands in a cell: one that a program made, `15/01/2026` with any separator, `ngày 15 tháng 01 năm 2026`, or
/// `2026-01-15`. The day comes before the month; a year has four digits. What is not clear is refused with what it could mean.
pub fn read(value: &Value) -> Result<NaiveDate, Unclear> {
    match value {
        Value::Day(Some(day)) => Ok(*day),
        Value::Text(text) => typed(text),
        Value::Number(_) | Value::Truth(_) | Value::Day(None) => Err(unreadable(Vec::new())),
        Value::Fault(_) | Value::Formula(_) => match suggest::typed(value, NumberForm::Text) {
            Ok(text) => typed(&text),
            Err(unclear) => Err(unclear),
        },
    }
}

fn typed(text: &str) -> Result<NaiveDate, Unclear> {
    let folded = text::fold(text);
    let words = folded
        .split(' ')
        .filter(|word| !matches!(*word, "ngay" | "thang" | "nam"));
    let numbers: Vec<&str> = words.take(4).collect();
    let &[first, second, third] = numbers.as_slice() else {
        return Err(unreadable(Vec::new()));
    };
    let (year, month, of_month) = if first.len() == 4 {
        (first, second, third)
    } else {
        (third, second, first)
    };
    if year.len() == 2 {
        let meant = ["20", "19"].map(|century| day(&format!("{century}{year}"), month, of_month));
        return Err(unreadable(meant.into_iter().flatten().collect()));
    }
    // Who writes the month first is asked, and not understood: most days could be read in both ways.
    let other = || unreadable(day(year, of_month, month).into_iter().collect());
    day(year, month, of_month).filter(|_| year.len() == 4).ok_or_else(other)
}

fn day(year: &str, month: &str, of_month: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, of_month.parse().ok()?)
}

fn unreadable(meant: Vec<NaiveDate>) -> Unclear {
    Unclear {
        code: "DAY_UNREADABLE",
        text: Text::new(
            "Không đọc được ngày này; hãy ghi ngày/tháng/năm với đủ bốn chữ số của năm, ví dụ 15/01/2026.",
            "This is no day that can be read; write day/month/year with four digits of the year, such as 15/01/2026.",
        ),
        suggestions: meant.into_iter().map(written).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Result<NaiveDate, Vec<String>> {
        read(&Value::Text(text.to_owned())).map_err(|unclear| unclear.suggestions)
    }

    fn on(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_is_read_however_it_is_written_in_vietnam() {
        for text in [
            "15/01/2026",
            "15/1/2026",
            " 15-01-2026 ",
            "15.1.2026",
            "ngày 15 tháng 01 năm 2026",
            "Ngày 15/01/2026",
            "2026-01-15",
        ] {
            assert_eq!(of(text), Ok(on(2026, 1, 15)), "{text}");
        }
        assert_eq!(read(&Value::Day(Some(on(2024, 1, 12)))).ok(), Some(on(2024, 1, 12)));
    }

    #[test]
    fn what_is_no_clear_day_is_refused_with_what_it_could_mean() {
        let none: [&str; 0] = [];
        let told = |text: &str| of(text).unwrap_err();
        assert_eq!(told("01/15/2026"), ["15/01/2026"]);
        assert_eq!(told("15/01/26"), ["15/01/2026", "15/01/1926"]);
        for text in [
            "2026",
            "01/2026",
            "31/02/2026",
            "sáng 12/1",
            "15/01/226",
            "1/1/1/2026",
            "",
            "-",
        ] {
            assert_eq!(told(text), none, "{text}");
        }
        for value in [
            Value::Number("46037".to_owned()),
            Value::Day(None),
            Value::Formula(Some("15/01/2026".to_owned())),
            Value::Fault("#REF!".to_owned()),
        ] {
            assert!(read(&value).is_err(), "{value:?}");
        }
    }

    proptest! {
        #[test]
        fn a_day_that_is_written_is_read_again(days in 0_i32..120_000) {
            let day = on(1900, 1, 1) + chrono::Duration::days(days.into());
            prop_assert_eq!(of(&written(day)), Ok(day));
        }

        #[test]
        fn no_text_breaks_it(text in any::<String>()) {
            drop(of(&text));
        }
    }
}
