//! Values and comparisons as a person reads them, in both languages. Numbers are written in the Vietnamese way in both.

use super::{Comparison, Figure, Number, Quotient, Value};
use crate::error::Language::{self, English, Vietnamese};
use crate::numbers::{self, Qualifier, Reading};

impl Comparison {
    /// `nhỏ hơn hoặc bằng`
    pub(super) const fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Equal, Vietnamese) => "bằng",
            (Self::Different, Vietnamese) => "khác",
            (Self::Less, Vietnamese) => "nhỏ hơn",
            (Self::AtMost, Vietnamese) => "nhỏ hơn hoặc bằng",
            (Self::Greater, Vietnamese) => "lớn hơn",
            (Self::AtLeast, Vietnamese) => "lớn hơn hoặc bằng",
            (Self::Equal, English) => "equal to",
            (Self::Different, English) => "different from",
            (Self::Less, English) => "less than",
            (Self::AtMost, English) => "at most",
            (Self::Greater, English) => "greater than",
            (Self::AtLeast, English) => "at least",
        }
    }
}

/// A figure as it was given, with its qualifier.
pub(super) fn figure(figure: &Figure, language: Language) -> String {
    match figure {
        Figure::Number(reading) => self::reading(reading, language),
        Figure::YesNo(holds) => yes_no(*holds, language).to_owned(),
        Figure::Text(text) => quoted(text),
    }
}

/// What was worked out.
pub(super) fn value(value: &Value, language: Language) -> String {
    match value {
        Value::Number(number) => self::number(number, language),
        Value::YesNo(holds) => yes_no(*holds, language).to_owned(),
        Value::Text(text) => quoted(text),
    }
}

pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

const fn yes_no(holds: bool, language: Language) -> &'static str {
    match (holds, language) {
        (true, Vietnamese) => "đúng",
        (false, Vietnamese) => "sai",
        (true, English) => "true",
        (false, English) => "false",
    }
}

fn reading(reading: &Reading, language: Language) -> String {
    let value = numbers::write(reading.value);
    let before = match (reading.qualifier, language) {
        (Qualifier::Exact, _) => return value,
        (Qualifier::MoreThan, Vietnamese) => "trên",
        (Qualifier::MoreThan, English) => "more than",
        (Qualifier::Nearly, Vietnamese) => "gần",
        (Qualifier::Nearly, English) => "nearly",
        (Qualifier::About, Vietnamese) => "khoảng",
        (Qualifier::About, English) => "about",
        (Qualifier::Range, _) => {
            let upper = numbers::write(reading.upper.unwrap_or(reading.value));
            return from_to(&value, &upper, language);
        }
    };
    format!("{before} {value}")
}

fn number(number: &Number, language: Language) -> String {
    if let Some(value) = number.exactly() {
        return quotient(value, language);
    }
    let low = number.lowest().map(|value| quotient(value, language));
    let high = number.highest().map(|value| quotient(value, language));
    match (low, high, language) {
        (Some(low), Some(high), _) => from_to(&low, &high, language),
        (Some(low), None, Vietnamese) if number.reaches_lowest() => format!("từ {low} trở lên"),
        (Some(low), None, English) if number.reaches_lowest() => format!("{low} or more"),
        (Some(low), None, Vietnamese) => format!("trên {low}"),
        (Some(low), None, English) => format!("more than {low}"),
        (None, Some(high), Vietnamese) if number.reaches_highest() => format!("từ {high} trở xuống"),
        (None, Some(high), English) if number.reaches_highest() => format!("{high} or less"),
        (None, Some(high), Vietnamese) => format!("dưới {high}"),
        (None, Some(high), English) => format!("less than {high}"),
        (None, None, Vietnamese) => "chưa rõ bao nhiêu".to_owned(),
        (None, None, English) => "nobody knows how much".to_owned(),
    }
}

fn from_to(low: &str, high: &str, language: Language) -> String {
    match language {
        Vietnamese => format!("từ {low} đến {high}"),
        English => format!("from {low} to {high}"),
    }
}

/// To four decimals; what is left out of it is told by `≈`.
fn quotient(value: &Quotient, language: Language) -> String {
    match value.to_figure(4) {
        Some(figure) if value.is_figure() => numbers::write(figure),
        Some(figure) => format!("≈ {}", numbers::write(figure)),
        None => match language {
            Vietnamese => "số có quá 14 chữ số".to_owned(),
            English => "a number of more than 14 digits".to_owned(),
        },
    }
}
