//! One run of digits and separators, and what it can mean. Knows nothing of words and units.

use super::{NumberForm, Unreadable};

/// The value of a figure in ten-thousandths, or the values it could have if its writing leaves that open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Figure {
    Clear(i128),
    Doubtful(Vec<i128>),
}

/// Reads digits with dots, commas and single spaces between them.
pub(super) fn read(text: &str, form: NumberForm) -> Result<Figure, Unreadable> {
    let groups: Vec<&str> = text.split(|sign: char| !sign.is_ascii_digit()).collect();
    let separators: String = text.chars().filter(|sign| !sign.is_ascii_digit()).collect();
    let dots = separators.matches('.').count();
    let commas = separators.matches(',').count();
    let blanks = separators.matches(' ').count();
    if groups.iter().any(|group| group.is_empty()) {
        // `48, 224, 16` is a list; `1..5` is nothing.
        return Err(if blanks > 0 {
            Unreadable::SeveralFigures
        } else {
            Unreadable::NotANumber
        });
    }
    let (last, head) = groups.split_last().ok_or(Unreadable::NotANumber)?;
    match (dots, commas, blanks) {
        (0, 0, 0) => clear(decimal(last, "")),
        (1, 0, 0) => one_dot(head.concat().as_str(), last, form),
        (0, 1, 0) => one_comma(head.concat().as_str(), last),
        (_, 0, 0) if are_thousands(&groups) => clear(decimal(&groups.concat(), "")),
        (_, 0, 0) | (0, _, 0) => Ok(slipped(&groups)),
        (0, 0, _) if are_thousands(&groups) => clear(decimal(&groups.concat(), "")),
        (0, 0, _) if groups.len() > 2 && is_cut_short(&groups) => Ok(slipped(&groups)),
        (_, 1, 0) if separators.ends_with(',') => grouped_decimal(head, last),
        (0, 1, _) if separators.ends_with(',') && are_thousands(head) => grouped_decimal(head, last),
        (1, _, 0) if separators.ends_with('.') && are_thousands(head) => english(head, last),
        (_, _, 0) => Err(Unreadable::NotANumber),
        _ => Err(Unreadable::SeveralFigures),
    }
}

/// `1.671` is one thousand and more; `1.5` may be an English decimal, a lost digit or a slipped dot.
fn one_dot(head: &str, tail: &str, form: NumberForm) -> Result<Figure, Unreadable> {
    let groups = [head, tail];
    let joined = decimal(&groups.concat(), "");
    if are_thousands(&groups) {
        return if form == NumberForm::Percentage {
            doubtful([decimal(head, tail), joined])
        } else {
            clear(joined)
        };
    }
    let filled = is_cut_short(&groups).then(|| fill(&groups)).flatten();
    doubtful([decimal(head, tail), filled, joined])
}

/// `93,35` has decimals; `1,500` may also be an English thousand.
fn one_comma(head: &str, tail: &str) -> Result<Figure, Unreadable> {
    if are_thousands(&[head, tail]) {
        return doubtful([decimal(&[head, tail].concat(), ""), decimal(head, tail)]);
    }
    if tail.len() > 4 {
        Err(Unreadable::TooManyDecimals)
    } else {
        clear(decimal(head, tail))
    }
}

/// `1.671,5` and `1 671,5`.
fn grouped_decimal(head: &[&str], tail: &str) -> Result<Figure, Unreadable> {
    let value = decimal(&head.concat(), tail);
    match (tail.len(), are_thousands(head)) {
        (5.., _) => Err(Unreadable::TooManyDecimals),
        (_, true) => clear(value),
        (_, false) => doubtful([value]),
    }
}

/// `1,671.5` has one meaning, but is not how the figure would be written here.
fn english(head: &[&str], tail: &str) -> Result<Figure, Unreadable> {
    if tail.len() > 4 {
        Err(Unreadable::TooManyDecimals)
    } else {
        doubtful([decimal(&head.concat(), tail)])
    }
}

/// Several groups that are not thousands in the Vietnamese way: `390.777.00` has lost a digit, or its dots slipped.
fn slipped(groups: &[&str]) -> Figure {
    let filled = is_cut_short(groups).then(|| fill(groups)).flatten();
    Figure::Doubtful([filled, decimal(&groups.concat(), "")].into_iter().flatten().collect())
}

/// Whether the groups are what thousands look like: one to three digits without a leading zero, then always three.
fn are_thousands(groups: &[&str]) -> bool {
    groups.split_first().is_some_and(|(first, rest)| {
        first.len() <= 3 && !first.starts_with('0') && rest.iter().all(|group| group.len() == 3)
    })
}

/// Whether only the last group has too few digits.
fn is_cut_short(groups: &[&str]) -> bool {
    groups
        .split_last()
        .is_some_and(|(last, head)| last.len() < 3 && are_thousands(head))
}

/// The value if the digits that the last group lacks were zeros.
fn fill(groups: &[&str]) -> Option<i128> {
    let missing = 3_usize.checked_sub(groups.last()?.len())?;
    decimal(&(groups.concat() + &"0".repeat(missing)), "")
}

/// Digits before and after the comma as ten-thousandths; nothing if they are too many.
fn decimal(whole: &str, decimals: &str) -> Option<i128> {
    let padding = std::iter::repeat_n(b'0', 4_usize.checked_sub(decimals.len())?);
    let mut digits = whole.bytes().chain(decimals.bytes()).chain(padding);
    digits.try_fold(0_i128, |sum, digit| {
        sum.checked_mul(10)?.checked_add(i128::from(digit.checked_sub(b'0')?))
    })
}

fn clear(value: Option<i128>) -> Result<Figure, Unreadable> {
    value.map(Figure::Clear).ok_or(Unreadable::TooLarge)
}

/// The readings that 128 bits can hold; if none of them fits a figure, that is told when the amount is settled.
fn doubtful<const N: usize>(readings: [Option<i128>; N]) -> Result<Figure, Unreadable> {
    Ok(Figure::Doubtful(readings.into_iter().flatten().collect()))
}
