//! A figure with its multipliers and its unit: `2 tỷ 300 triệu đồng`, `93,35%`.

use thidua_entity::Fixed4;

use super::figure::{self, Figure};
use super::pieces::{Pieces, Token};
use super::{NumberForm, Unreadable};

/// Ten-thousandths in one.
const ONE: i128 = 10_000;

/// What may be written right behind an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    Currency,
}

/// An amount in ten-thousandths, or all that it could be.
#[derive(Debug)]
pub(super) struct Amount {
    readings: Vec<i128>,
    doubtful: bool,
    /// What its first figure was multiplied by: 1 if by nothing.
    factor: i128,
    /// Whether it was put together from several figures.
    summed: bool,
    pub(super) unit: Option<Unit>,
}

impl Amount {
    /// Takes an amount off the front, with its unit.
    pub(super) fn take(pieces: &mut Pieces, form: NumberForm) -> Result<Self, Unreadable> {
        let (first, _) = take_figure(pieces, form)?;
        let factor = take_factor(pieces, form)?;
        let (figures, doubtful) = match first {
            Figure::Clear(value) => (vec![value], false),
            Figure::Doubtful(values) => (values, true),
        };
        let mut amount = Self {
            readings: figures,
            doubtful,
            factor: 1,
            summed: false,
            unit: None,
        };
        amount.scale(factor);
        let mut smallest = factor;
        while smallest > 1 && matches!(pieces.ahead(), [Token::Figure(_), ..]) {
            smallest = amount.add_next(pieces, form, smallest)?;
        }
        amount.unit = take_unit(pieces, form)?;
        Ok(amount)
    }

    /// Adds the figure that follows a multiplier, and says what it was multiplied by itself.
    fn add_next(&mut self, pieces: &mut Pieces, form: NumberForm, before: i128) -> Result<i128, Unreadable> {
        let (Figure::Clear(figure), digits) = take_figure(pieces, form)? else {
            return Err(Unreadable::SeveralFigures);
        };
        let factor = take_factor(pieces, form)?;
        let part = figure.checked_mul(factor).ok_or(Unreadable::TooLarge)?;
        // `2 tỷ 3000 triệu`, `1,5 tỷ 300 triệu` and the like are two figures rather than one.
        let fits = part < before * ONE && self.readings.iter().all(|reading| reading % (before * ONE) == 0);
        if !fits {
            return Err(Unreadable::SeveralFigures);
        }
        // In `1 triệu 200` people mean 1.200.000, though the words say 1.000.200.
        let spoken = if factor > 1 {
            Some(part)
        } else {
            spoken_part(part, before, digits)
        };
        let parts = if spoken == Some(part) {
            vec![part]
        } else {
            spoken.into_iter().chain([part]).collect()
        };
        self.doubtful |= parts.len() > 1;
        self.summed = true;
        self.readings = self
            .readings
            .iter()
            .flat_map(|sum| parts.iter().filter_map(|part| sum.checked_add(*part)))
            .collect();
        Ok(factor)
    }

    /// Makes it negative; a minus that stands apart may as well be a dash before a list item.
    pub(super) fn negate(&mut self, spaced: bool) {
        let negative: Vec<i128> = self.readings.iter().map(|reading| -reading).collect();
        if spaced {
            self.doubtful = true;
            self.readings.splice(0..0, negative);
        } else {
            self.readings = negative;
        }
    }

    /// As the lower end of a range, takes on the multiplier and the unit that stand behind the upper end only.
    pub(super) fn share_suffix_of(&mut self, upper: &Self) -> Result<(), Unreadable> {
        if self.unit.is_some() {
            return if self.unit == upper.unit {
                Ok(())
            } else {
                Err(Unreadable::RangeUnclear)
            };
        }
        match (self.factor, upper.factor) {
            (1, 2..) if !upper.summed => {
                let factor = upper.factor;
                // `500-1 triệu` means 500 nghìn to 1 triệu, but does not say so.
                let below = |low: i128, high: i128| low.checked_mul(factor).is_some_and(|low| low < high);
                if !self
                    .readings
                    .iter()
                    .all(|low| upper.readings.iter().all(|high| below(*low, *high)))
                {
                    return Err(Unreadable::RangeUnclear);
                }
                self.scale(factor);
                Ok(())
            }
            (1, 2..) | (2.., 1) => Err(Unreadable::RangeUnclear),
            _ => Ok(()),
        }
    }

    /// The one value it has, within bounds and whole where the form asks for it.
    pub(super) fn settle(self, form: NumberForm) -> Result<Fixed4, Unreadable> {
        let mut readings: Vec<Fixed4> = Vec::new();
        for reading in self.readings.into_iter().filter_map(Fixed4::try_from_ten_thousandths) {
            if !readings.contains(&reading) {
                readings.push(reading);
            }
        }
        let value = *readings.first().ok_or(Unreadable::TooLarge)?;
        if self.doubtful {
            return Err(Unreadable::Ambiguous { readings });
        }
        let whole_only = matches!(form, NumberForm::Integer | NumberForm::Money);
        if whole_only && !value.is_whole() {
            Err(Unreadable::FractionNotAllowed)
        } else {
            Ok(value)
        }
    }

    /// Multiplies; a reading that leaves 128 bits is far out of bounds and falls away.
    fn scale(&mut self, factor: i128) {
        self.readings = self
            .readings
            .iter()
            .filter_map(|reading| reading.checked_mul(factor))
            .collect();
        self.factor = factor;
    }
}

/// The figure at the front, and how many digits it has.
fn take_figure(pieces: &mut Pieces, form: NumberForm) -> Result<(Figure, u32), Unreadable> {
    let [Token::Figure(text), ..] = pieces.ahead() else {
        return Err(Unreadable::NotANumber);
    };
    let digits = text.chars().map(|sign| u32::from(sign.is_ascii_digit())).sum();
    let figure = figure::read(text, form)?;
    pieces.skip(1);
    Ok((figure, digits))
}

/// One multiplier, or two with the larger one behind (`2 nghìn tỷ`); 1 if there is none.
fn take_factor(pieces: &mut Pieces, form: NumberForm) -> Result<i128, Unreadable> {
    let Some(first) = pieces.take_multiplier() else {
        return Ok(1);
    };
    if form == NumberForm::Percentage {
        return Err(Unreadable::UnitNotAllowed);
    }
    match pieces.take_multiplier() {
        None => Ok(first),
        Some(second) if second > first => Ok(first * second),
        Some(_) => Err(Unreadable::NotANumber),
    }
}

/// The unit at the front, if the form allows it.
fn take_unit(pieces: &mut Pieces, form: NumberForm) -> Result<Option<Unit>, Unreadable> {
    match (pieces.take_unit(), form) {
        (None, _) => Ok(None),
        (Some(Unit::Percent), NumberForm::Percentage) => Ok(Some(Unit::Percent)),
        (Some(Unit::Currency), NumberForm::Money) => Ok(Some(Unit::Currency)),
        (Some(_), _) => Err(Unreadable::UnitNotAllowed),
    }
}

/// What a bare figure behind a multiplier means in speech: its digits go on where the multiplier stops.
fn spoken_part(part: i128, before: i128, digits: u32) -> Option<i128> {
    let places = 10_i128.checked_pow(digits)?;
    let product = part.checked_mul(before)?;
    (product % places == 0).then(|| product / places)
}
