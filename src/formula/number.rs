//! The numbers of formulas: exact quotients of whole numbers, and intervals of them where a figure only says "more than" or
//! "between". Pure; knows neither trees nor texts.

use std::cmp::Ordering;

use thidua_entity::Fixed4;

use super::ends::End;
use super::quotient::Quotient;
use crate::numbers::{Qualifier, Reading};

/// Every number that a figure or a result may be: one, or all from a lowest to a highest, without holes.
///
/// What is worked out from such numbers holds every number that could come about, and possibly more: `x - x` of an inexact figure
/// is not known to be zero, because both are taken as if they had nothing to do with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    low: End,
    high: End,
}

impl From<Fixed4> for Number {
    fn from(value: Fixed4) -> Self {
        Self::exact(value.into())
    }
}

/// What a figure as reported may be.
///
/// `trên 24.500` is anything above 24.500, `từ 10-12` anything from 10 to 12, `gần 500` anything below 500: nobody said how near.
/// `khoảng 500` may be below or above and nobody said how far, so it may be anything, and what hangs on it stays open.
impl From<Reading> for Number {
    fn from(reading: Reading) -> Self {
        let value = Quotient::from(reading.value);
        match (reading.qualifier, reading.upper.map(Quotient::from)) {
            (Qualifier::Exact, _) => Self::exact(value),
            (Qualifier::MoreThan, _) => Self {
                low: End::At(value, false),
                high: End::Above,
            },
            (Qualifier::Nearly, _) => Self {
                low: End::Below,
                high: End::At(value, false),
            },
            (Qualifier::Range, Some(upper)) => Self::exact(value).or(&Self::exact(upper)),
            // A range that lost its upper end says as little as "about".
            (Qualifier::About | Qualifier::Range, _) => Self::anything(),
        }
    }
}

impl Number {
    /// Just this one.
    pub fn exact(value: Quotient) -> Self {
        Self {
            low: End::At(value.clone(), true),
            high: End::At(value, true),
        }
    }

    /// Any number.
    pub const fn anything() -> Self {
        Self {
            low: End::Below,
            high: End::Above,
        }
    }

    /// The number, when it can be only one.
    pub fn exactly(&self) -> Option<&Quotient> {
        self.lowest().filter(|lowest| self.highest() == Some(*lowest))
    }

    /// What it is not below, if there is such a bound.
    pub const fn lowest(&self) -> Option<&Quotient> {
        match &self.low {
            End::At(value, _) => Some(value),
            _ => None,
        }
    }

    /// What it is not above, if there is such a bound.
    pub const fn highest(&self) -> Option<&Quotient> {
        match &self.high {
            End::At(value, _) => Some(value),
            _ => None,
        }
    }

    /// Whether it may be the lowest of its values itself; `trên 5` may not be 5.
    pub const fn reaches_lowest(&self) -> bool {
        self.low.is_included()
    }

    /// Whether it may be the highest of its values itself.
    pub const fn reaches_highest(&self) -> bool {
        self.high.is_included()
    }

    /// Whether it may be this value.
    pub fn may_be(&self, value: &Quotient) -> bool {
        self.equals(&Self::exact(value.clone())) != Some(false)
    }

    /// The smallest that holds both.
    pub(super) fn or(&self, other: &Self) -> Self {
        Self {
            low: self.low.clone().lower(other.low.clone(), true),
            high: self.high.clone().upper(other.high.clone(), true),
        }
    }

    pub(super) fn negated(&self) -> Self {
        Self {
            low: self.high.negated(),
            high: self.low.negated(),
        }
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        Self {
            low: self.low.plus(&other.low),
            high: self.high.plus(&other.high),
        }
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let first = self.low.times(&other.low);
        let corners = [
            self.low.times(&other.high),
            self.high.times(&other.low),
            self.high.times(&other.high),
        ];
        let (low, high) = corners.into_iter().fold((first.clone(), first), |(low, high), corner| {
            (low.lower(corner.clone(), true), high.upper(corner, true))
        });
        Self { low, high }
    }

    /// The quotient; nothing when the divisor is zero. A divisor that may be zero among others leaves every result open.
    pub(super) fn over(&self, divisor: &Self) -> Option<Self> {
        if divisor.exactly().is_some_and(Quotient::is_zero) {
            return None;
        }
        if divisor.may_be(&Quotient::zero()) {
            return Some(Self::anything());
        }
        // On one side of zero, so only the end that touches it has no inverse.
        let beyond = if divisor.low.sign() == Ordering::Less {
            End::Below
        } else {
            End::Above
        };
        let inverse = |end: &End| match end {
            End::At(value, included) => value
                .inverse()
                .map_or(beyond.clone(), |inverse| End::At(inverse, *included)),
            _ => End::At(Quotient::zero(), false),
        };
        Some(self.times(&Self {
            low: inverse(&divisor.high),
            high: inverse(&divisor.low),
        }))
    }

    /// What is left after taking the divisor away as often as it fits, with the sign of the dividend; nothing when the divisor
    /// is zero. Of inexact numbers every remainder is possible.
    pub(super) fn remainder(&self, divisor: &Self) -> Option<Self> {
        match (self.exactly(), divisor.exactly()) {
            (Some(value), Some(divisor)) => value.remainder(divisor).map(Self::exact),
            _ => self.over(divisor).map(|_| Self::anything()),
        }
    }

    /// Without its sign.
    pub(super) fn size(&self) -> Self {
        if self.low.sign() != Ordering::Less {
            return self.clone();
        }
        let turned = self.negated();
        if self.high.sign() != Ordering::Greater {
            return turned;
        }
        Self {
            low: End::At(Quotient::zero(), true),
            high: turned.high.upper(self.high.clone(), true),
        }
    }

    pub(super) fn smaller(&self, other: &Self) -> Self {
        Self {
            low: self.low.clone().lower(other.low.clone(), true),
            high: self.high.clone().lower(other.high.clone(), false),
        }
    }

    pub(super) fn larger(&self, other: &Self) -> Self {
        Self {
            low: self.low.clone().upper(other.low.clone(), false),
            high: self.high.clone().upper(other.high.clone(), true),
        }
    }

    pub(super) fn floor(&self) -> Self {
        self.in_steps(Quotient::floor)
    }

    pub(super) fn ceil(&self) -> Self {
        self.in_steps(Quotient::ceil)
    }

    /// To so many decimals, halves away from zero.
    pub(super) fn round(&self, places: u8) -> Self {
        self.in_steps(|value| value.round(places))
    }

    /// Ends move in the same direction, and may be reached from near by.
    fn in_steps(&self, step: impl Fn(&Quotient) -> Quotient) -> Self {
        Self {
            low: self.low.map(&step, |_| true),
            high: self.high.map(&step, |_| true),
        }
    }

    /// Whether it is smaller; nothing when it may or may not be.
    pub(super) fn is_below(&self, other: &Self) -> Option<bool> {
        match self.high.order(&other.low) {
            Ordering::Less => return Some(true),
            Ordering::Equal if !self.high.meets(&other.low) => return Some(true),
            _ => {}
        }
        (self.low.order(&other.high) != Ordering::Less).then_some(false)
    }

    /// Whether it is the same; nothing when it may or may not be.
    pub(super) fn equals(&self, other: &Self) -> Option<bool> {
        match (self.exactly(), other.exactly()) {
            (Some(value), Some(other)) => Some(value == other),
            _ => {
                let apart = self.is_below(other) == Some(true) || other.is_below(self) == Some(true);
                apart.then_some(false)
            }
        }
    }
}
