//! Reading what people send: text, days, spans. Parsed at the door; inside, a value is already right. Each refusal names
//! the field and how to mend it.

use chrono::NaiveDate;

use crate::error::{Error, Problem, Result};
use crate::text;

/// Most characters of a name, a code or another single line.
pub const LINE_MAX: usize = 300;
/// Most characters of a short text.
pub const SHORT_TEXT_MAX: usize = 200;
/// Most characters of a note or reason.
pub const PARAGRAPH_MAX: usize = 4_000;
/// Most characters of a document, such as a pact.
pub const DOCUMENT_MAX: usize = 50_000;
/// Most characters of what a unit says to a rule that its report breaks.
pub const EXPLANATION_MAX: usize = 2_000;
/// Most items of a list in an input.
pub const LIST_MAX: usize = 500;

/// One line that must be there: NFC, without blanks around it.
pub fn line(field: &str, value: &str) -> Result<String> {
    bounded(field, value, LINE_MAX, text::tidy(value))
}

/// One line that may be missing; an empty one counts as missing.
pub fn line_or_none(field: &str, value: Option<&str>) -> Result<Option<String>> {
    value
        .filter(|value| !value.trim().is_empty())
        .map(|value| line(field, value))
        .transpose()
}

/// One short line that must be there: what a report says in words instead of a figure.
pub fn short_text(field: &str, value: &str) -> Result<String> {
    bounded(field, value, SHORT_TEXT_MAX, text::tidy(value))
}

/// Several lines that must be there.
pub fn paragraph(field: &str, value: &str) -> Result<String> {
    bounded(field, value, PARAGRAPH_MAX, text::nfc(value).trim().to_owned())
}

/// A text of many lines that must be there: a pact.
pub fn document(field: &str, value: &str) -> Result<String> {
    bounded(field, value, DOCUMENT_MAX, text::nfc(value).trim().to_owned())
}

/// Several lines that must be there: what a unit says to a rule that its report breaks.
pub fn explanation(field: &str, value: &str) -> Result<String> {
    bounded(field, value, EXPLANATION_MAX, text::nfc(value).trim().to_owned())
}

/// Several lines that may be missing; empty ones count as missing.
pub fn paragraph_or_none(field: &str, value: Option<&str>) -> Result<Option<String>> {
    value
        .filter(|value| !value.trim().is_empty())
        .map(|value| paragraph(field, value))
        .transpose()
}

fn bounded(field: &str, raw: &str, max: usize, tidy: String) -> Result<String> {
    let length = tidy.chars().count();
    if tidy.is_empty() {
        return Err(Error::Invalid(vec![required(field)]));
    }
    if length > max {
        return Err(Error::invalid(
            "TOO_LONG",
            field,
            format!("Tối đa {max} ký tự; nội dung gửi có {length}."),
            format!("At most {max} characters; this has {length}."),
        ));
    }
    // NUL cannot be stored by PostgreSQL; other control characters only hide things from readers.
    if raw.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(
            "CONTROL_CHARACTER",
            field,
            "Nội dung có ký tự điều khiển không hiển thị được; hãy gõ lại.",
            "The text has control characters that cannot be shown; type it again.",
        ));
    }
    Ok(tidy)
}

/// The problem of a field that must be there.
pub fn required(field: &str) -> Problem {
    Problem::new("REQUIRED", field, "Không được để trống.", "This must not be empty.")
}

/// A stable code: `members_total`, `CO_LDLD`, `2023-Q1`.
pub fn code(field: &str, value: &str) -> Result<String> {
    let value = value.trim();
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if (1..=60).contains(&value.len()) && value.chars().all(allowed) {
        return Ok(value.to_owned());
    }
    Err(Error::invalid(
        "CODE_INVALID",
        field,
        "Mã gồm 1 đến 60 ký tự: chữ không dấu, chữ số, gạch dưới, gạch ngang, dấu chấm.",
        "A code has 1 to 60 characters: letters without accents, digits, underscore, hyphen, dot.",
    ))
}

/// A span of days whose end, the first day on which it no longer holds, lies after its start.
pub fn validity(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<()> {
    for (field, day) in [("validFrom", from), ("validTo", to)] {
        if let Some(day) = day {
            plausible_day(field, day)?;
        }
    }
    match (from, to) {
        (Some(from), Some(to)) if to <= from => Err(Error::invalid(
            "SPAN_INVALID",
            "validTo",
            "Ngày kết thúc hiệu lực phải sau ngày bắt đầu.",
            "The end must lie after the start.",
        )),
        _ => Ok(()),
    }
}

/// A day that can be meant: the unions of Vietnam begin in 1929, and nobody plans beyond 2200.
pub fn plausible_day(field: &str, day: NaiveDate) -> Result<NaiveDate> {
    use chrono::Datelike as _;
    if (1900..=2200).contains(&day.year()) {
        return Ok(day);
    }
    Err(Error::invalid(
        "DAY_IMPLAUSIBLE",
        field,
        "Ngày phải trong khoảng từ năm 1900 đến năm 2200.",
        "The day must lie between the years 1900 and 2200.",
    ))
}

/// A list that is not longer than we are willing to work on.
pub fn list_size(field: &str, length: usize, max: usize) -> Result<()> {
    if length <= max {
        return Ok(());
    }
    Err(Error::invalid(
        "TOO_MANY",
        field,
        format!("Tối đa {max} mục; danh sách gửi có {length}."),
        format!("At most {max} items; this list has {length}."),
    ))
}
