//! An exact quotient of two whole numbers. Pure.
//!
//! The whole numbers are as long as they must be (`num_bigint`), so nothing overflows: five rates over targets in đồng, added up,
//! have a divisor that does not fit 128 bits. They are never reduced. A formula has few parts, so they stay within some thousand
//! bits, and multiplying such numbers takes microseconds, while finding their common divisors takes milliseconds.

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg};

use num_bigint::{BigInt, Sign};
use thidua_entity::Fixed4;

/// Ten-thousandths in one.
const ONE: u32 = 10_000;

/// An exact quotient, such as the third part of a figure.
#[derive(Clone, Debug)]
pub struct Quotient {
    above: BigInt,
    /// Greater than zero.
    below: BigInt,
}

impl From<Fixed4> for Quotient {
    fn from(value: Fixed4) -> Self {
        Self {
            above: value.ten_thousandths().into(),
            below: ONE.into(),
        }
    }
}

impl Quotient {
    /// From another library, to be compared with it.
    #[cfg(test)]
    pub(super) fn from_reduced(value: &num_rational::BigRational) -> Self {
        Self {
            above: value.numer().clone(),
            below: value.denom().clone(),
        }
    }

    /// Nothing.
    pub fn zero() -> Self {
        Self {
            above: BigInt::ZERO,
            below: 1.into(),
        }
    }

    /// Whether it is nothing.
    pub fn is_zero(&self) -> bool {
        self.above.sign() == Sign::NoSign
    }

    /// As it is stored: to so many decimals (four at most), halves away from zero. Nothing when it has more than 14 digits before
    /// the point.
    pub fn to_figure(&self, places: u8) -> Option<Fixed4> {
        let rounded = self.round(places.min(4));
        let count = rounded.above * ONE / rounded.below;
        i128::try_from(count).ok().and_then(Fixed4::try_from_ten_thousandths)
    }

    /// Whether four decimals say all of it.
    pub(super) fn is_figure(&self) -> bool {
        (&self.above * ONE % &self.below).sign() == Sign::NoSign
    }

    /// One divided by it; nothing when it is zero.
    pub fn inverse(&self) -> Option<Self> {
        let (above, below) = match self.above.sign() {
            Sign::NoSign => return None,
            Sign::Plus => (self.below.clone(), self.above.clone()),
            Sign::Minus => (-&self.below, -&self.above),
        };
        Some(Self { above, below })
    }

    /// What is left after taking the divisor away as often as it fits, with the sign of the dividend; nothing when the divisor is
    /// zero.
    pub(super) fn remainder(&self, divisor: &Self) -> Option<Self> {
        (!divisor.is_zero()).then(|| Self {
            above: (&self.above * &divisor.below) % (&self.below * &divisor.above),
            below: &self.below * &divisor.below,
        })
    }

    /// The next whole number below, or itself.
    pub fn floor(&self) -> Self {
        let cut = &self.above / &self.below;
        // Division cuts towards zero.
        let above = if &cut * &self.below > self.above { cut - 1 } else { cut };
        Self { above, below: 1.into() }
    }

    /// The next whole number above, or itself.
    pub fn ceil(&self) -> Self {
        -&(-self).floor()
    }

    /// To so many decimals, halves away from zero.
    pub(super) fn round(&self, places: u8) -> Self {
        let scale = BigInt::from(10).pow(places.into());
        // Twice the size and one more, cut by twice the divisor: what is at least a half is pushed over to the next.
        let size = BigInt::from(self.above.magnitude().clone());
        let steps: BigInt = (size * &scale * 2 + &self.below) / (&self.below * 2);
        Self {
            above: if self.above.sign() == Sign::Minus {
                -steps
            } else {
                steps
            },
            below: scale,
        }
    }
}

impl Add for &Quotient {
    type Output = Quotient;

    fn add(self, other: Self) -> Quotient {
        if self.below == other.below {
            return Quotient {
                above: &self.above + &other.above,
                below: self.below.clone(),
            };
        }
        Quotient {
            above: &self.above * &other.below + &other.above * &self.below,
            below: &self.below * &other.below,
        }
    }
}

impl Mul for &Quotient {
    type Output = Quotient;

    fn mul(self, other: Self) -> Quotient {
        Quotient {
            above: &self.above * &other.above,
            below: &self.below * &other.below,
        }
    }
}

impl Neg for &Quotient {
    type Output = Quotient;

    fn neg(self) -> Quotient {
        Quotient {
            above: -&self.above,
            below: self.below.clone(),
        }
    }
}

impl Ord for Quotient {
    fn cmp(&self, other: &Self) -> Ordering {
        let signs = self.above.sign().cmp(&other.above.sign());
        signs.then_with(|| (&self.above * &other.below).cmp(&(&other.above * &self.below)))
    }
}

impl PartialOrd for Quotient {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Quotient {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Quotient {}
