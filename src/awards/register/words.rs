//! What is told of cells of a register that cannot be taken. Pure.

use crate::error::{Problem, Text};
use crate::sheets::suggest::Unclear;
use crate::sheets::{Conflict, Place};

/// What is wrong in a place.
pub fn conflict(at: Place, found: impl Into<String>, unclear: Unclear) -> Conflict {
    Conflict {
        at,
        found: found.into(),
        code: unclear.code,
        text: unclear.text,
        suggestions: unclear.suggestions,
        indicator: None,
        part: None,
    }
}

/// A rule of decisions that a row does not keep.
pub fn problem(problem: Problem) -> Unclear {
    Unclear {
        code: problem.code,
        text: problem.text,
        suggestions: Vec::new(),
    }
}

fn unclear(code: &'static str, vi: impl Into<String>, en: impl Into<String>) -> Unclear {
    Unclear {
        code,
        text: Text::new(vi, en),
        suggestions: Vec::new(),
    }
}

fn with(suggestions: Vec<String>, unclear: Unclear) -> Unclear {
    Unclear { suggestions, ..unclear }
}

/// Something that must be said and is not; with what it may be.
pub fn missing(suggestions: Vec<String>) -> Unclear {
    with(
        suggestions,
        unclear("REQUIRED", "Không được để trống.", "This must not be empty."),
    )
}

/// A year that is none.
pub fn no_year() -> Unclear {
    unclear(
        "YEAR_UNREADABLE",
        "Hãy ghi một năm bằng bốn chữ số, ví dụ 2025.",
        "Write one year with four digits, such as 2025.",
    )
}

/// A number of recipients that is none.
pub fn no_count() -> Unclear {
    unclear(
        "COUNT_UNREADABLE",
        "Hãy ghi số người hoặc số tập thể bằng chữ số, ví dụ 18.",
        "Write how many persons or collectives in digits, such as 18.",
    )
}

/// A number that does not say whether it counts collectives or individuals.
pub fn recipient_missing(choices: Vec<String>) -> Unclear {
    with(
        choices,
        unclear(
            "RECIPIENT_UNCLEAR",
            "Hình thức này tặng cho cả tập thể và cá nhân; hãy ghi số lượng này là Tập thể hay Cá nhân.",
            "This is given to collectives and to individuals; write which of them are counted: Tập thể or Cá nhân.",
        ),
    )
}

/// A kind of award that the catalogue does not have.
pub fn unknown_kind(suggestions: Vec<String>) -> Unclear {
    with(
        suggestions,
        unclear(
            "AWARD_TYPE_UNKNOWN",
            "Danh mục không có hình thức khen thưởng này; hãy ghi mã hoặc tên như trong danh mục.",
            "The catalogue has no such kind of award; write its code, or its name as in the catalogue.",
        ),
    )
}

/// A name that several kinds of award have, with their codes.
pub fn ambiguous_kind(codes: Vec<String>) -> Unclear {
    let list = codes.join(", ");
    with(
        codes,
        unclear(
            "AWARD_TYPE_AMBIGUOUS",
            format!("Nhiều hình thức khen thưởng có tên này: {list}. Hãy ghi mã."),
            format!("Several kinds of award have this name: {list}. Write the code."),
        ),
    )
}

/// A unit that is not known: there is none, or the caller does not see it.
pub fn unknown_unit(suggestions: Vec<String>) -> Unclear {
    with(
        suggestions,
        unclear(
            "UNIT_UNKNOWN",
            "Không có đơn vị nào mang tên hoặc mã này trong phạm vi của bạn; hãy ghi tên chính thức vào ngày ký, hoặc mã.",
            "Within your reach there is no unit of this name or code; write its official name on the date of signing, or its code.",
        ),
    )
}

/// A name that several units had, with what each can be called by.
pub fn ambiguous_unit(choices: Vec<String>) -> Unclear {
    let list = choices.join(", ");
    with(
        choices,
        unclear(
            "UNIT_AMBIGUOUS",
            format!("Nhiều đơn vị mang tên này: {list}. Hãy ghi mã của đơn vị được khen."),
            format!("Several units have this name: {list}. Write the code of the one that is meant."),
        ),
    )
}

/// A name that a unit has at another time: its name on the day, and what it can be called by.
pub fn named_otherwise(name: &str, day: &str, code: String) -> Unclear {
    with(
        vec![name.to_owned(), code],
        unclear(
            "UNIT_NAME_OF_ANOTHER_TIME",
            format!("Ngày {day} đơn vị này mang tên «{name}»; hãy ghi tên đó hoặc mã, để chắc là đúng đơn vị."),
            format!(
                "On {day} this unit was called “{name}”; write that, or its code, so that it is sure which unit is meant."
            ),
        ),
    )
}

/// An issuer in whose registry the caller may not write.
pub fn not_your_registry() -> Unclear {
    unclear(
        "REGISTRY_NOT_YOURS",
        "Bạn không được ghi vào sổ khen thưởng của đơn vị này; đơn vị tự ghi quyết định của mình.",
        "You may not write into the registry of this unit; it records its own decisions.",
    )
}

/// A row that says another thing of its decision than the first row of it.
pub fn not_as_above(first: u32, said: &str) -> Unclear {
    let row = first.saturating_add(1);
    with(
        vec![said.to_owned()],
        unclear(
            "NOT_AS_ABOVE",
            format!("Cùng một quyết định nhưng dòng {row} ghi «{said}»."),
            format!("The same decision, and row {row} says “{said}”."),
        ),
    )
}

/// A number that is in the register twice, with another date or year.
pub fn number_twice(first: u32) -> Unclear {
    let row = first.saturating_add(1);
    unclear(
        "NUMBER_TWICE",
        format!("Số này đã có ở dòng {row} với ngày ký hoặc năm khác; một cơ quan chỉ cấp một số một lần trong năm."),
        format!("This number is in row {row} with another date or year; an issuer gives a number once a year."),
    )
}

/// A decision that stands in the registry otherwise than in the register.
pub fn stands_otherwise() -> Unclear {
    unclear(
        "DECISION_DIFFERS",
        "Sổ đã có quyết định này với nội dung khác; quyết định đã ghi không sửa được. Hãy đối chiếu lại, hoặc đính chính bằng quyết định khác.",
        "The registry has this decision with other content, and what is recorded never changes. Compare them, or correct an award by another decision.",
    )
}
