//! Bonus money: a factor of the base salary, or a fixed amount, exact to the đồng. Pure.
//!
//! The base salary is that of the day of the decision, not of the achievement, and the amount is rounded up to tens of thousands of đồng
//! (Nghị định 98/2023/NĐ-CP). Newspapers print 0,3 × 2.340.000 = 702.000; what is paid is 710.000.

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::BonusRounding;

/// Most đồng of a fixed amount.
const AMOUNT_MAX: i64 = 1_000_000_000_000;
/// Most that a factor can be.
const FACTOR_MAX: i64 = 1_000;

/// What is paid with an award.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Bonus {
    /// A factor of the base salary.
    Factor {
        /// How many base salaries.
        factor: Fixed4,
        /// How it is rounded.
        rounding: BonusRounding,
    },
    /// A fixed amount in đồng, paid as it is.
    Amount(i64),
}

/// What a bonus comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The factor; `None` for a fixed amount.
    pub factor: Option<Fixed4>,
    /// The base salary it was reckoned with; `None` for a fixed amount.
    pub base_salary: Option<i64>,
    /// Before rounding, in đồng.
    pub raw: Fixed4,
    /// What is paid, in đồng.
    pub paid: i64,
}

impl Bonus {
    /// Whether it depends on the base salary.
    pub const fn needs_base_salary(&self) -> bool {
        matches!(self, Self::Factor { .. })
    }

    /// Whether it is more than nothing and not beyond all that was ever paid.
    pub fn is_plausible(&self) -> bool {
        match self {
            Self::Factor { factor, .. } => {
                *factor > Fixed4::ZERO && Fixed4::from_integer(FACTOR_MAX).is_some_and(|most| *factor <= most)
            }
            Self::Amount(dong) => (1..=AMOUNT_MAX).contains(dong),
        }
    }

    /// What it comes to with a base salary in đồng; `None` when that is needed and missing, or beyond all bounds.
    pub fn reckon(&self, base_salary: Option<i64>) -> Option<Amount> {
        match *self {
            Self::Amount(dong) => Some(Amount {
                factor: None,
                base_salary: None,
                raw: Fixed4::from_integer(dong)?,
                paid: dong,
            }),
            Self::Factor { factor, rounding } => {
                let base = base_salary?;
                let raw = i128::from(factor.ten_thousandths()).checked_mul(i128::from(base))?;
                let raw = Fixed4::try_from_ten_thousandths(raw)?;
                Some(Amount {
                    factor: Some(factor),
                    base_salary: Some(base),
                    raw,
                    paid: round_up(raw, rounding)?,
                })
            }
        }
    }
}

/// The least whole number of units that is no less; a unit is one đồng or ten thousand.
fn round_up(raw: Fixed4, rounding: BonusRounding) -> Option<i64> {
    let unit: i64 = match rounding {
        BonusRounding::UpToTenThousand => 10_000,
        BonusRounding::UpToDong => 1,
    };
    let one = Fixed4::from_integer(unit)?.ten_thousandths();
    let (whole, rest) = (
        raw.ten_thousandths().checked_div(one)?,
        raw.ten_thousandths().checked_rem(one)?,
    );
    whole.checked_add(i64::from(rest > 0))?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// From 01/7/2023, from 01/7/2024, from 01/7/2026.
    const SALARIES: [i64; 3] = [1_800_000, 2_340_000, 2_530_000];

    fn of(factor: &str) -> Bonus {
        Bonus::Factor {
            factor: factor.parse().unwrap(),
            rounding: BonusRounding::UpToTenThousand,
        }
    }

    #[test]
    fn the_table_of_the_law_across_changes_of_the_base_salary() {
        for (award, factor, paid) in [
            ("Chiến sĩ thi đua toàn quốc", "4.5", [8_100_000, 10_530_000, 11_390_000]),
            (
                "Chiến sĩ thi đua bộ, ban, ngành, tỉnh",
                "3",
                [5_400_000, 7_020_000, 7_590_000],
            ),
            ("Chiến sĩ thi đua cơ sở", "1", [1_800_000, 2_340_000, 2_530_000]),
            ("Lao động tiên tiến", "0.3", [540_000, 710_000, 760_000]),
            ("Tập thể lao động xuất sắc", "1.5", [2_700_000, 3_510_000, 3_800_000]),
            ("Tập thể lao động tiên tiến", "0.8", [1_440_000, 1_880_000, 2_030_000]),
            ("Cờ thi đua của Chính phủ", "12", [21_600_000, 28_080_000, 30_360_000]),
            (
                "Cờ thi đua của bộ, ban, ngành, tỉnh",
                "8",
                [14_400_000, 18_720_000, 20_240_000],
            ),
            (
                "Cờ của quân khu, đại học quốc gia",
                "6",
                [10_800_000, 14_040_000, 15_180_000],
            ),
            ("Bằng khen của Thủ tướng", "3", [5_400_000, 7_020_000, 7_590_000]),
            (
                "Bằng khen của bộ, ban, ngành, tỉnh",
                "1.5",
                [2_700_000, 3_510_000, 3_800_000],
            ),
            ("Kỷ niệm chương", "1", [1_800_000, 2_340_000, 2_530_000]),
            ("Giấy khen", "0.3", [540_000, 710_000, 760_000]),
            (
                "Giấy khen của Chủ tịch xã trước 01/7/2025",
                "0.15",
                [270_000, 360_000, 380_000],
            ),
        ] {
            let reckoned = SALARIES.map(|base| of(factor).reckon(Some(base)).unwrap().paid);
            assert_eq!(reckoned, paid, "{award}");
        }
    }

    #[test]
    fn the_raw_amount_is_kept_beside_what_is_paid() {
        let amount = of("0.3").reckon(Some(2_340_000)).unwrap();
        assert_eq!((amount.raw.to_string().as_str(), amount.paid), ("702000", 710_000));
        assert_eq!(of("0.3").reckon(None), None);
        assert_eq!(Bonus::Amount(5_555_555).reckon(None).unwrap().paid, 5_555_555);
        assert!(!of("0").is_plausible() && !Bonus::Amount(0).is_plausible() && of("4.5").is_plausible());
    }

    proptest! {
        #[test]
        fn what_is_paid_is_the_least_round_amount_that_is_enough(factor in 1..2_000_000_i64, base in 1..100_000_000_i64) {
            let factor = Fixed4::from_ten_thousandths(factor).unwrap();
            for (rounding, unit) in [(BonusRounding::UpToTenThousand, 10_000), (BonusRounding::UpToDong, 1)] {
                let amount = Bonus::Factor { factor, rounding }.reckon(Some(base)).unwrap();
                let paid = i128::from(amount.paid) * 10_000;
                let raw = i128::from(factor.ten_thousandths()) * i128::from(base);
                prop_assert_eq!(i128::from(amount.raw.ten_thousandths()), raw);
                prop_assert_eq!(amount.paid % unit, 0);
                prop_assert!(paid >= raw && paid - raw < i128::from(unit) * 10_000);
            }
        }

        #[test]
        fn a_higher_factor_pays_no_less(one in 1..100_000_i64, other in 1..100_000_i64, base in 1..10_000_000_i64) {
            let paid = |factor| {
                let factor = Fixed4::from_ten_thousandths(factor).unwrap();
                Bonus::Factor { factor, rounding: BonusRounding::UpToTenThousand }.reckon(Some(base)).unwrap().paid
            };
            prop_assert!(one > other || paid(one) <= paid(other));
        }
    }
}
