//! Reads figures as Vietnamese officers type them (`1.671`, `trên 295 triệu đồng`, `từ 10-12`) and writes them in the
//! same way. Pure; what a figure must be for its indicator beyond its form is a rule of the report.
//!
//! A wrong figure is worse than a refused one, so nothing is guessed:
//!
//! - Dots or blanks between groups of three digits are thousands, a comma begins the decimals. Everything else with a
//!   separator in it (`1.5`, `390.777.00`, `1,500`, `1,671.5`) is refused together with the readings it could have.
//! - In a percentage `93.125` is refused too: 93 thousand per cent is less likely than an English point.
//! - After the figure may stand `chục`, `trăm`, `nghìn`, `ngàn`, `vạn`, `triệu`, `tỷ`, also `nghin`, `trieu`, `tr`,
//!   `k`, `ty` as typed on phones, and two of them (`2 nghìn tỷ`); `2 tỷ 300 triệu` is a sum. What is left open
//!   (`1 triệu 200`, `1tr5`) is refused with its readings.
//! - After that may stand the currency (money only), `%` (percentages only) or a counting word (`lượt người`). The
//!   first such word must be a known one: a misspelt `triêu` that passed for a counting word would lose six zeros.
//! - `trên`, `hơn`, `>` mean more than the figure, `gần`, `ngót` somewhat less, `khoảng`, `xấp xỉ`, `~` either.
//!   `≥`, `ít nhất`, `trở lên`, `dưới`, `<` are refused: no qualifier says "at least" or "below", and `gần` says more
//!   than "below".
//! - `không`, `không có`, `không có CĐCS …`, `không phát sinh` are zero. `không có số liệu`, a dash and an empty text
//!   are not: missing is not zero.
//! - Yes and no are the numbers 1 and 0: `có`, `đạt`, `x`, `✓`, and `không`, `chưa`, with or without accents. A dash is
//!   neither.
//! - A dash between two figures is a range if the first is the smaller one; a multiplier or `%` behind it counts for
//!   both (`1-2 triệu`). `khoảng` before a range adds nothing, `trên` before one is refused.

mod amount;
mod figure;
mod pieces;
#[cfg(test)]
mod printed;
#[cfg(test)]
mod properties;
mod sure;
#[cfg(test)]
mod tests;
mod unreadable;
mod words;
mod yes_no;

use thidua_entity::Fixed4;
pub use thidua_entity::enums::{NumberForm, Qualifier};

use self::amount::{Amount, Unit};
use self::pieces::{Pieces, Token};
pub use self::unreadable::Unreadable;
use self::words::Lead;

/// The longest text that is looked at, in characters.
pub const LENGTH_MAX: usize = 200;

/// A figure as it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading {
    /// How far the value says what was counted.
    pub qualifier: Qualifier,
    /// The figure; of a range the lower end.
    pub value: Fixed4,
    /// The upper end of a range, always above `value`; nothing otherwise.
    pub upper: Option<Fixed4>,
}

impl Reading {
    /// Just this number.
    pub const fn exact(value: Fixed4) -> Self {
        Self {
            qualifier: Qualifier::Exact,
            value,
            upper: None,
        }
    }
}

/// Reads a figure as typed; see the head of this module for what is understood.
///
/// # Errors
/// Says what is wrong with the text, with the possible readings where there are several.
pub fn read(text: &str, form: NumberForm) -> Result<Reading, Unreadable> {
    if text.chars().nth(LENGTH_MAX).is_some() {
        return Err(Unreadable::TooLong);
    }
    match form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => {}
        NumberForm::YesNo => return yes_no::read(text),
        NumberForm::Choice | NumberForm::Text => return Err(Unreadable::NotANumber),
    }
    let mut pieces = Pieces::cut(text);
    if pieces.is_empty() {
        return Err(Unreadable::Empty);
    }
    if pieces.say_none()? {
        return Ok(Reading::exact(Fixed4::ZERO));
    }
    let lead = pieces.take_lead()?;
    let mut amount = Amount::take(&mut pieces, form)?;
    let Some(upper) = take_upper(&mut pieces, form)? else {
        take_end(&mut pieces, form, amount.unit)?;
        let qualifier = match lead {
            Lead::Qualified(qualifier) => qualifier,
            Lead::Minus { spaced } => {
                amount.negate(spaced);
                Qualifier::Exact
            }
            // `từ 10` alone says "at least".
            Lead::From => return Err(Unreadable::BoundNotKept),
        };
        return Ok(Reading {
            qualifier,
            value: amount.settle(form)?,
            upper: None,
        });
    };
    match lead {
        Lead::From | Lead::Qualified(Qualifier::Exact | Qualifier::About) => {}
        Lead::Minus { .. } | Lead::Qualified(_) => return Err(Unreadable::RangeUnclear),
    }
    amount.share_suffix_of(&upper)?;
    take_end(&mut pieces, form, upper.unit)?;
    let (value, upper) = (amount.settle(form)?, upper.settle(form)?);
    if value >= upper {
        return Err(Unreadable::RangeUnclear);
    }
    Ok(Reading {
        qualifier: Qualifier::Range,
        value,
        upper: Some(upper),
    })
}

/// Writes a figure in the Vietnamese way: `1.671`, `93,35`, `-0,5`.
///
/// Exactly three decimals after one to three digits are written as four (`1,1250`), so that nobody, and not [`read`]
/// either, takes them for thousands written in the English way. Whatever this writes, [`read`] reads back, save
/// percentages from 1.000 up, which are to be typed without the dot.
pub fn write(value: Fixed4) -> String {
    let size = value.ten_thousandths().unsigned_abs();
    let (whole, rest) = (size / 10_000, size % 10_000);
    let mut text = String::new();
    if value < Fixed4::ZERO {
        text.push('-');
    }
    let digits = whole.to_string();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    let decimals = format!("{rest:04}");
    match decimals.trim_end_matches('0') {
        "" => {}
        three if three.len() == 3 && (1..1_000).contains(&whole) => text.extend([",", &decimals]),
        decimals => text.extend([",", decimals]),
    }
    text
}

/// The upper end, if a dash or `đến` follows that leads to a second figure.
fn take_upper(pieces: &mut Pieces, form: NumberForm) -> Result<Option<Amount>, Unreadable> {
    let by_dash = matches!(pieces.ahead(), [Token::Sign('-'), Token::Figure(_), ..]);
    let by_word = pieces.next_is_one_of(&["đến", "den", "tới", "toi"]);
    if !by_dash && !by_word {
        return Ok(None);
    }
    pieces.skip(1);
    let negative = by_word && matches!(pieces.ahead(), [Token::Sign('-'), Token::Figure(_), ..]);
    if negative {
        pieces.skip(1);
    }
    let mut upper = Amount::take(pieces, form)?;
    if negative {
        upper.negate(false);
    }
    Ok(Some(upper))
}

/// What may stand behind the figure and its unit: nothing, or words that say what was counted.
fn take_end(pieces: &mut Pieces, form: NumberForm, unit: Option<Unit>) -> Result<(), Unreadable> {
    let counted = pieces.take_counted()?;
    let allowed = match form {
        NumberForm::Integer | NumberForm::Decimal => true,
        NumberForm::Percentage => unit == Some(Unit::Percent),
        NumberForm::Money | NumberForm::YesNo | NumberForm::Choice | NumberForm::Text => false,
    };
    if counted && !allowed {
        Err(Unreadable::UnitNotAllowed)
    } else {
        Ok(())
    }
}
