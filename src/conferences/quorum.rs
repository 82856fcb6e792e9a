//! Parts of a number, exact, and whether enough members are there. Pure.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, Text};

/// Largest number in a fraction: percentages with two places need 10 000.
pub const PART_MAX: u32 = 10_000;

/// A part of a number: two of three, ninety of a hundred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fraction {
    /// How many parts.
    pub numerator: u32,
    /// Of how many; never 0.
    pub denominator: u32,
}

impl Fraction {
    /// Two of three, the usual quorum.
    pub const TWO_THIRDS: Self = Self {
        numerator: 2,
        denominator: 3,
    };

    /// The fraction of two stored numbers, which the tables keep within bounds.
    pub fn stored(numerator: i32, denominator: i32) -> Self {
        Self {
            numerator: u32::try_from(numerator).unwrap_or(0),
            denominator: u32::try_from(denominator).unwrap_or(1).max(1),
        }
    }

    /// The two numbers as they are stored.
    pub fn to_store(self) -> (i32, i32) {
        let stored = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        (stored(self.numerator), stored(self.denominator))
    }

    /// Reads a fraction of at most the whole.
    pub fn read(field: &str, numerator: i32, denominator: i32) -> Result<Self> {
        let part = |number: i32| u32::try_from(number).ok().filter(|&number| number <= PART_MAX);
        match (part(numerator), part(denominator)) {
            (Some(numerator), Some(denominator)) if denominator > 0 && numerator <= denominator => {
                Ok(Self { numerator, denominator })
            }
            _ => Err(Error::invalid(
                "FRACTION_INVALID",
                field,
                format!("Phân số phải từ 0 đến 1, mẫu số từ 1 đến {PART_MAX}."),
                format!("A fraction lies between 0 and 1, its denominator between 1 and {PART_MAX}."),
            )),
        }
    }

    /// Whether it is as much as another or more: 67/100 is more than 2/3.
    pub fn is_at_least(self, other: Self) -> bool {
        other
            .compared(u64::from(self.numerator), u64::from(self.denominator))
            .is_ge()
    }

    /// Whether it is as much as another, however the two are written: 2/3 and 4/6.
    pub fn equals(self, other: Self) -> bool {
        self.is_at_least(other) && other.is_at_least(self)
    }

    /// Whether `part` is at least this fraction of `whole`. Of nothing, nothing is enough.
    pub fn is_reached(self, part: u64, whole: u64) -> bool {
        whole > 0 && self.compared(part, whole).is_ge()
    }

    /// Whether `part` is more than this fraction of `whole`.
    pub fn is_exceeded(self, part: u64, whole: u64) -> bool {
        whole > 0 && self.compared(part, whole).is_gt()
    }

    /// By cross multiplication, so without rounding; 64 bits of each side and 32 of the fraction fit into 128.
    fn compared(self, part: u64, whole: u64) -> std::cmp::Ordering {
        let (part, whole) = (u128::from(part), u128::from(whole));
        (part * u128::from(self.denominator)).cmp(&(whole * u128::from(self.numerator)))
    }
}

impl std::fmt::Display for Fraction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.denominator {
            100 => write!(f, "{}%", self.numerator),
            _ => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

/// Who is there, of how many members.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// Members on the roll.
    pub members: u64,
    /// Those who are present.
    pub present: u64,
    /// Those who are asked in writing.
    pub written: u64,
}

impl Attendance {
    /// Whether enough are present.
    pub fn has_quorum(self, quorum: Fraction) -> bool {
        quorum.is_reached(self.present, self.members)
    }

    /// How it stands, in a sentence.
    pub fn told(self, quorum: Fraction) -> Text {
        let (vi, en) = if self.has_quorum(quorum) {
            ("đủ điều kiện tiến hành", "enough to proceed")
        } else {
            ("chưa đủ điều kiện tiến hành", "not enough to proceed")
        };
        Text::new(
            format!(
                "Có mặt {} trên {} thành viên, {} thành viên lấy ý kiến bằng văn bản; cần ít nhất {quorum}: {vi}.",
                self.present, self.members, self.written
            ),
            format!(
                "{} of {} members are present, {} are asked in writing; at least {quorum} are needed: {en}.",
                self.present, self.members, self.written
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn four_of_six_are_two_thirds_and_three_are_not() {
        let of_six = |present| Attendance {
            members: 6,
            present,
            written: 0,
        };
        assert!(of_six(4).has_quorum(Fraction::TWO_THIRDS));
        assert!(!of_six(3).has_quorum(Fraction::TWO_THIRDS));
        assert!(of_six(3).told(Fraction::TWO_THIRDS).vi.contains("chưa đủ"));
        let nobody = Attendance {
            members: 0,
            present: 0,
            written: 0,
        };
        assert!(!nobody.has_quorum(Fraction::TWO_THIRDS), "nobody is no quorum");
    }

    #[test]
    fn ninety_in_a_hundred_of_eleven_are_ten() {
        let of = |numerator, denominator| Fraction { numerator, denominator };
        assert!(of(90, 100).is_reached(10, 11) && !of(90, 100).is_reached(9, 11));
        assert!(of(2, 3).is_reached(6, 9) && !of(2, 3).is_reached(5, 9) && !of(2, 3).is_reached(0, 0));
    }

    #[test]
    fn fractions_are_compared_however_they_are_written() {
        let of = |numerator, denominator| Fraction { numerator, denominator };
        assert!(of(2, 3).equals(of(4, 6)) && !of(2, 3).equals(of(67, 100)));
        assert!(of(67, 100).is_at_least(of(2, 3)) && !of(66, 100).is_at_least(of(2, 3)));
    }

    #[test]
    fn a_fraction_is_at_most_the_whole() {
        assert!(Fraction::read("quorum", 90, 100).is_ok());
        for (numerator, denominator) in [(3, 2), (-1, 2), (1, 0), (0, -1), (1, 10_001)] {
            assert!(Fraction::read("quorum", numerator, denominator).is_err());
        }
    }

    proptest! {
        #[test]
        fn what_exceeds_also_reaches_and_one_more_never_undoes_it(
            numerator in 0_u32..=100, denominator in 1_u32..=100, part in 0_u64..500, whole in 1_u64..500,
        ) {
            let fraction = Fraction { numerator, denominator };
            prop_assert!(!fraction.is_exceeded(part, whole) || fraction.is_reached(part, whole));
            prop_assert!(!fraction.is_reached(part, whole) || fraction.is_reached(part + 1, whole));
            let least = (u128::from(whole) * u128::from(numerator)).div_ceil(u128::from(denominator));
            prop_assert_eq!(fraction.is_reached(part, whole), u128::from(part) >= least);
        }
    }
}
