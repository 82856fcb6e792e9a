//! Yes and no as officers type them: a word, or a mark in the box of a table.

use thidua_entity::Fixed4;

use super::{Reading, Unreadable};
use crate::text;

/// What says yes, without accents.
const YES: &[&str] = &["co", "da co", "dat", "dung", "x", "v", "1", "yes", "y"];

/// What says no, without accents.
const NO: &[&str] = &[
    "khong",
    "khong co",
    "khong dat",
    "chua",
    "chua co",
    "chua dat",
    "sai",
    "k",
    "ko",
    "0",
    "no",
    "n",
];

/// Marks that say yes. A cross of its own says yes to some and no to others.
const TICKS: &[char] = &['✓', '✔', '☑'];

/// Yes as 1, no as 0.
pub(super) fn read(text: &str) -> Result<Reading, Unreadable> {
    let line = text::tidy(text);
    if line.is_empty() {
        return Err(Unreadable::Empty);
    }
    let mut marks = line.chars();
    if let (Some(mark), None) = (marks.next(), marks.next())
        && TICKS.contains(&mark)
    {
        return answer(1);
    }
    match text::fold(&line) {
        word if YES.contains(&word.as_str()) => answer(1),
        word if NO.contains(&word.as_str()) => answer(0),
        _ => Err(Unreadable::NeitherYesNorNo),
    }
}

fn answer(count: i64) -> Result<Reading, Unreadable> {
    Fixed4::from_integer(count)
        .map(Reading::exact)
        .ok_or(Unreadable::NeitherYesNorNo)
}

#[cfg(test)]
mod tests {
    use crate::numbers::{NumberForm, read};

    #[test]
    fn yes_and_no_are_read_as_they_stand_in_tables() {
        for (text, expected) in [
            ("có", "1"),
            (" Có ", "1"),
            ("co", "1"),
            ("ĐÃ CÓ", "1"),
            ("đạt", "1"),
            ("x", "1"),
            ("X", "1"),
            ("✓", "1"),
            ("1", "1"),
            ("không", "0"),
            ("Khong", "0"),
            ("không có", "0"),
            ("chưa", "0"),
            ("Chưa có", "0"),
            ("0", "0"),
        ] {
            let reading = read(text, NumberForm::YesNo).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(reading.value.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_says_neither_is_refused() {
        for text in [
            "-",
            "–",
            "2",
            "10",
            "có 3 lần",
            "không rõ",
            "có/không",
            "đang làm",
            "?",
            "11",
            "x x",
            "…",
            "✗",
        ] {
            let error = read(text, NumberForm::YesNo).unwrap_err();
            assert_eq!(error.code(), "NEITHER_YES_NOR_NO", "{text}");
        }
        assert_eq!(read(" ", NumberForm::YesNo).unwrap_err().code(), "EMPTY");
    }
}
