//! Adding figures up without losing what they claim: exact sums from two halves, qualifiers carried into the total, rates
//! from sums. Pure.

use thidua_entity::Fixed4;
use thidua_entity::enums::Qualifier;

use crate::error::{Error, Result};

/// Bits of the lower half of a figure in ten-thousandths. Each half is summed for itself in SQL and stays far within 64 bits
/// for two thousand million reports, so neither database overflows or turns to floats on the way.
pub const HALF_BITS: u32 = 32;

/// A sum as SQL gives it: of `value >> 32` and of `value & 0xffffffff`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Halves {
    /// Sum of the upper halves.
    pub high: i64,
    /// Sum of the lower halves.
    pub low: i64,
}

impl Halves {
    /// The exact sum; an error when it does not fit 14 digits before the point, never a wrong number.
    pub fn total(self) -> Result<Fixed4> {
        let sum = (i128::from(self.high) << HALF_BITS) + i128::from(self.low);
        Fixed4::try_from_ten_thousandths(sum).ok_or_else(|| {
            Error::invalid(
                "SUM_TOO_LARGE",
                "scope",
                "Tổng vượt quá 14 chữ số trước dấu phẩy; hãy chọn phạm vi nhỏ hơn và kiểm tra lại số liệu.",
                "The total has more than 14 digits before the point; choose a smaller scope and check the figures.",
            )
        })
    }
}

/// How many figures of each kind went into a total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// Exact ones.
    pub exact: i64,
    /// `trên`.
    pub more_than: i64,
    /// `gần`.
    pub nearly: i64,
    /// `khoảng`.
    pub about: i64,
    /// `từ … đến …`.
    pub range: i64,
}

impl Claims {
    /// What the total claims. Exact figures keep the claim of the others; claims that pull in different directions leave
    /// only "about".
    pub const fn of_total(self) -> Qualifier {
        match (self.more_than > 0, self.nearly > 0, self.about > 0, self.range > 0) {
            (false, false, false, false) => Qualifier::Exact,
            (true, false, false, false) => Qualifier::MoreThan,
            (false, true, false, false) => Qualifier::Nearly,
            (false, false, false, true) => Qualifier::Range,
            _ => Qualifier::About,
        }
    }

    /// Counts of each qualifier, in the order of declaration.
    pub const fn counts(self) -> [(Qualifier, i64); 5] {
        [
            (Qualifier::Exact, self.exact),
            (Qualifier::MoreThan, self.more_than),
            (Qualifier::Nearly, self.nearly),
            (Qualifier::About, self.about),
            (Qualifier::Range, self.range),
        ]
    }
}

/// A rate from two sums. `None` when there is nothing below the line.
pub fn rate(numerator: Fixed4, denominator: Fixed4, scale: i64) -> Option<Fixed4> {
    Fixed4::ratio(numerator, denominator, scale)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn halves(values: &[i64]) -> Halves {
        let mask = (1_i64 << HALF_BITS) - 1;
        values.iter().fold(Halves::default(), |sum, value| Halves {
            high: sum.high + (value >> HALF_BITS),
            low: sum.low + (value & mask),
        })
    }

    proptest! {
        #[test]
        fn the_sum_of_halves_is_the_sum_of_big_integers(
            values in prop::collection::vec(-999_999_999_999_999_999_i64..=999_999_999_999_999_999, 0..60),
        ) {
            let big: i128 = values.iter().map(|&value| i128::from(value)).sum();
            match halves(&values).total() {
                Ok(total) => prop_assert_eq!(i128::from(total.ten_thousandths()), big),
                Err(error) => {
                    prop_assert_eq!(error.code(), "INVALID");
                    prop_assert!(big.abs() > 999_999_999_999_999_999);
                }
            }
        }

        #[test]
        fn a_total_is_exact_only_when_every_figure_is(
            exact in 0_i64..3, more_than in 0_i64..3, nearly in 0_i64..3, about in 0_i64..3, range in 0_i64..3,
        ) {
            let claims = Claims { exact, more_than, nearly, about, range };
            prop_assert_eq!(claims.of_total() == Qualifier::Exact, more_than + nearly + about + range == 0);
            let more = Claims { exact: exact + 1, ..claims };
            prop_assert_eq!(claims.of_total(), more.of_total());
        }
    }

    #[test]
    fn over_240_and_nearly_60_make_about_300() {
        assert_eq!(
            Claims {
                more_than: 1,
                nearly: 1,
                ..Claims::default()
            }
            .of_total(),
            Qualifier::About
        );
    }
}
