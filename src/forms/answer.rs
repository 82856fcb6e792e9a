//! Reads what is typed for an indicator: a number, yes or no, one of the choices, or a short text. Pure.

use crate::error::{Error, Problem, Result};
use crate::input;
use crate::numbers::{self, NumberForm, Reading};
use crate::text;

/// A choice that an indicator offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Stable code.
    pub code: String,
    /// Vietnamese name.
    pub label: String,
}

/// What was typed, as it was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A number; yes is 1 and no is 0.
    Number(Reading),
    /// The code of a choice.
    Choice(String),
    /// A text, which stands for itself.
    Text,
}

/// Reads a text for an indicator of this form that offers these choices.
pub fn read(field: &str, typed: &str, form: NumberForm, choices: &[Choice]) -> Result<Answer> {
    match form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage | NumberForm::YesNo => {
            numbers::read(typed, form).map(Answer::Number).map_err(|unreadable| {
                Error::Invalid(vec![Problem {
                    code: unreadable.code(),
                    field: field.to_owned(),
                    text: unreadable.text(),
                }])
            })
        }
        NumberForm::Choice => match meant(typed, choices) {
            Some(choice) => Ok(Answer::Choice(choice.code.clone())),
            None => Err(not_a_choice(field, choices)),
        },
        NumberForm::Text => input::short_text(field, typed).map(|_| Answer::Text),
    }
}

/// The choice that is called so: by its name or its code in whatever case, else by the only one that is called so without
/// accents and signs.
fn meant<'a>(typed: &str, choices: &'a [Choice]) -> Option<&'a Choice> {
    let by = |key: fn(&str) -> String| {
        let wanted = key(typed);
        let mut called = choices
            .iter()
            .filter(move |choice| key(&choice.label) == wanted || key(&choice.code) == wanted);
        let first = called.next()?;
        called.next().is_none().then_some(first)
    };
    by(plain).or_else(|| by(text::fold))
}

/// A text as it is compared by letter: in small letters, blanks and invisible signs set right.
fn plain(text: &str) -> String {
    text::tidy(text).to_lowercase()
}

/// Whether each choice can be told from the others by its name and by its code.
pub fn are_distinct(choices: &[Choice]) -> bool {
    choices.iter().enumerate().all(|(index, one)| {
        let calls = |other: &Choice| [plain(&other.label), plain(&other.code)];
        choices[..index]
            .iter()
            .all(|other| calls(other).iter().all(|call| !calls(one).contains(call)))
    })
}

fn not_a_choice(field: &str, choices: &[Choice]) -> Error {
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    let labels = labels.join("; ");
    Error::invalid(
        "NOT_A_CHOICE",
        field,
        format!("Hãy chọn một trong các phương án: {labels}."),
        format!("Choose one of these: {labels}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices(of: &[(&str, &str)]) -> Vec<Choice> {
        let choice = |&(code, label): &(&str, &str)| Choice {
            code: code.to_owned(),
            label: label.to_owned(),
        };
        of.iter().map(choice).collect()
    }

    fn chosen(typed: &str, of: &[Choice]) -> String {
        match read("figures.0.text", typed, NumberForm::Choice, of) {
            Ok(Answer::Choice(code)) => code,
            Ok(other) => panic!("{typed}: {other:?}"),
            Err(error) => match error {
                Error::Invalid(problems) => problems[0].code.to_owned(),
                other => panic!("{typed}: {other:?}"),
            },
        }
    }

    #[test]
    fn a_choice_is_known_by_its_name_or_its_code() {
        let ratings = choices(&[
            ("XS", "Hoàn thành xuất sắc nhiệm vụ"),
            ("TOT", "Hoàn thành tốt nhiệm vụ"),
            ("HT", "Hoàn thành nhiệm vụ"),
        ]);
        for (typed, code) in [
            ("Hoàn thành tốt nhiệm vụ", "TOT"),
            ("  hoàn  thành TỐT nhiệm vụ ", "TOT"),
            ("hoan thanh tot nhiem vu", "TOT"),
            ("tot", "TOT"),
            ("xs", "XS"),
            ("Hoàn thành", "NOT_A_CHOICE"),
            ("4", "NOT_A_CHOICE"),
            ("-", "NOT_A_CHOICE"),
        ] {
            assert_eq!(chosen(typed, &ratings), code, "{typed}");
        }
    }

    #[test]
    fn what_fits_two_choices_is_refused() {
        let grades = choices(&[("1", "A+"), ("2", "A"), ("3", "Chưa đạt"), ("4", "Chua đất")]);
        assert!(are_distinct(&grades));
        assert_eq!(chosen("a+", &grades), "1");
        assert_eq!(chosen("A", &grades), "2");
        assert_eq!(chosen("chưa đạt", &grades), "3");
        assert_eq!(chosen("chua dat", &grades), "NOT_A_CHOICE");
        assert!(!are_distinct(&choices(&[("1", "Có"), ("2", "có ")])));
        assert!(!are_distinct(&choices(&[("A", "Loại A"), ("B", "a")])));
    }

    #[test]
    fn a_text_is_short_and_plain() {
        let read = |typed: &str| read("figures.0.text", typed, NumberForm::Text, &[]);
        assert_eq!(read("Cụm trưởng: LĐLĐ huyện Đăk Tô").unwrap(), Answer::Text);
        assert_eq!(read(&"ă".repeat(200)).unwrap(), Answer::Text);
        for typed in ["ă".repeat(201), "a\u{0}b".to_owned()] {
            assert_eq!(read(&typed).unwrap_err().code(), "INVALID");
        }
    }
}
