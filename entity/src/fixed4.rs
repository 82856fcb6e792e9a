//! The one kind of number for figures and points: an exact decimal with four places, kept as whole ten-thousandths.
//! Holds its bounds, its machine form and the exact division; what officers type is read elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// How many ten-thousandths make one.
const ONE: i64 = 10_000;

/// The most ten-thousandths a figure may have: 14 digits before the point, 4 after it.
const LARGEST: i64 = 999_999_999_999_999_999;

/// An exact decimal with at most 14 digits before the point and 4 after it.
///
/// It is stored as a 64-bit count of ten-thousandths, so that both databases add and compare it in the same way,
/// and shown in JSON as a string such as `"-12.5"`, so that no client turns it into a float.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::DeriveValueType)]
pub struct Fixed4(i64);

/// Why a text is not a number in machine form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParseFixed4Error {
    /// There is no text.
    Empty,
    /// Something else than digits, one leading minus and one point between digits.
    NotANumber,
    /// More than four digits after the point.
    TooManyDecimals,
    /// More than fourteen digits before the point.
    TooLarge,
}

impl Fixed4 {
    /// The largest number: `99999999999999.9999`.
    pub const MAX: Self = Self(LARGEST);
    /// The smallest number: `-99999999999999.9999`.
    pub const MIN: Self = Self(-LARGEST);
    /// Nothing counted; not the same as a missing figure.
    pub const ZERO: Self = Self(0);

    /// The number with this many ten-thousandths, if it is within bounds.
    pub fn from_ten_thousandths(count: i64) -> Option<Self> {
        (-LARGEST..=LARGEST).contains(&count).then_some(Self(count))
    }

    /// As [`Self::from_ten_thousandths`], for a result that was worked out in 128 bits.
    pub fn try_from_ten_thousandths(count: i128) -> Option<Self> {
        i64::try_from(count).ok().and_then(Self::from_ten_thousandths)
    }

    /// The whole number `whole`, if it is within bounds.
    pub fn from_integer(whole: i64) -> Option<Self> {
        whole.checked_mul(ONE).and_then(Self::from_ten_thousandths)
    }

    /// What is stored: the number of ten-thousandths.
    pub fn ten_thousandths(self) -> i64 {
        self.0
    }

    /// Whether nothing but zeros stands after the point.
    pub fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }

    /// Reads the machine form: ASCII digits, an optional leading `-`, an optional point with one to four digits
    /// after it. No blanks, no `+`, no exponent. Zeros in front or at the end are allowed and mean nothing.
    ///
    /// # Errors
    /// Says which of these rules the text breaks.
    pub fn parse(text: &str) -> Result<Self, ParseFixed4Error> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, decimals) = digits
            .split_once('.')
            .map_or((digits, None), |(whole, tail)| (whole, Some(tail)));
        let only_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if text.is_empty() {
            return Err(ParseFixed4Error::Empty);
        }
        if !only_digits(whole) || !decimals.is_none_or(only_digits) {
            return Err(ParseFixed4Error::NotANumber);
        }
        let decimals = decimals.unwrap_or_default();
        if decimals.len() > 4 {
            return Err(ParseFixed4Error::TooManyDecimals);
        }
        let padding = std::iter::repeat_n(b'0', 4 - decimals.len());
        whole
            .bytes()
            .chain(decimals.bytes())
            .chain(padding)
            .try_fold(0_i64, |sum, digit| {
                sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
            })
            .and_then(|count| Self::from_ten_thousandths(if negative { -count } else { count }))
            .ok_or(ParseFixed4Error::TooLarge)
    }

    /// `numerator * scale / denominator`, rounded to four places, halves away from zero; 100 gives a percentage.
    ///
    /// `None` if the denominator is zero or the result is out of bounds.
    pub fn ratio(numerator: Self, denominator: Self, scale: i64) -> Option<Self> {
        let divisor = i128::from(denominator.0).unsigned_abs();
        // A product that overflows is more than 10^38, and no divisor is above 10^18: the result could not fit.
        let product = i128::from(numerator.0)
            .checked_mul(i128::from(scale))?
            .checked_mul(i128::from(ONE))?;
        let dividend = product.unsigned_abs();
        let floor = dividend.checked_div(divisor)?;
        let rest = dividend.checked_rem(divisor)?;
        let size = i128::try_from(if rest * 2 >= divisor { floor + 1 } else { floor }).ok()?;
        let negative = (product < 0) != (denominator.0 < 0);
        Self::try_from_ten_thousandths(if negative { -size } else { size })
    }
}

impl FromStr for Fixed4 {
    type Err = ParseFixed4Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// The machine form without needless zeros: `12.5`, `1671`, `0`, never `-0`.
impl fmt::Display for Fixed4 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.abs() / ONE;
        let decimals = format!("{:04}", self.0.abs() % ONE);
        match decimals.trim_end_matches('0') {
            "" => formatter.pad(&format!("{sign}{whole}")),
            decimals => formatter.pad(&format!("{sign}{whole}.{decimals}")),
        }
    }
}

impl fmt::Display for ParseFixed4Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Empty => "the number is empty",
            Self::NotANumber => "a number looks like \"-12.5\": digits, a leading minus, a point between digits",
            Self::TooManyDecimals => "a number has at most four digits after the point",
            Self::TooLarge => "a number has at most fourteen digits before the point",
        })
    }
}

impl std::error::Error for ParseFixed4Error {}

impl Serialize for Fixed4 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fixed4 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MachineForm;

        impl de::Visitor<'_> for MachineForm {
            type Value = Fixed4;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a decimal number as a string, such as \"12.5\"")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Fixed4, E> {
                Fixed4::parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(MachineForm)
    }
}

#[cfg(test)]
mod tests {
    use serde::de::IntoDeserializer;
    use serde::de::value::{Error, I64Deserializer, StrDeserializer};

    use super::*;

    fn shown(text: &str) -> Result<String, ParseFixed4Error> {
        Fixed4::parse(text).map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_shown_without_needless_zeros() {
        let cases = [
            ("12.5", "12.5"),
            ("-12.50", "-12.5"),
            ("1671", "1671"),
            ("007", "7"),
            ("0", "0"),
            ("-0.0000", "0"),
            ("-0.0001", "-0.0001"),
            ("1.0500", "1.05"),
            ("99999999999999.9999", "99999999999999.9999"),
        ];
        for (text, expected) in cases {
            assert_eq!(shown(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn anything_but_the_machine_form_is_refused() {
        assert_eq!(shown(""), Err(ParseFixed4Error::Empty));
        for text in [
            "-", ".", ".5", "5.", "+5", " 5", "5 ", "1,5", "1.2.3", "--5", "-+5", "1e3", "NaN", "١", "1_000",
        ] {
            assert_eq!(shown(text), Err(ParseFixed4Error::NotANumber), "{text}");
        }
        assert_eq!(shown("1.00000"), Err(ParseFixed4Error::TooManyDecimals));
        for text in [
            "100000000000000",
            "-100000000000000",
            "9223372036854775808",
            &"9".repeat(5_000),
        ] {
            assert_eq!(shown(text), Err(ParseFixed4Error::TooLarge), "{text}");
        }
    }

    #[test]
    fn the_bounds_hold_at_every_way_in() {
        assert_eq!(Fixed4::from_ten_thousandths(LARGEST), Some(Fixed4::MAX));
        assert_eq!(Fixed4::from_ten_thousandths(-LARGEST), Some(Fixed4::MIN));
        for beyond in [LARGEST + 1, -LARGEST - 1, i64::MAX, i64::MIN] {
            assert_eq!(Fixed4::from_ten_thousandths(beyond), None);
            assert_eq!(Fixed4::try_from_ten_thousandths(i128::from(beyond)), None);
            assert_eq!(Fixed4::from_integer(beyond), None);
        }
        assert_eq!(Fixed4::try_from_ten_thousandths(i128::MIN), None);
        assert_eq!(
            Fixed4::from_integer(99_999_999_999_999).map(Fixed4::ten_thousandths),
            Some(999_999_999_999_990_000)
        );
    }

    #[test]
    fn what_is_shown_is_read_back() {
        let mut count = 1_i64;
        while count < LARGEST {
            for number in [Fixed4(count), Fixed4(-count), Fixed4(LARGEST - count)] {
                assert_eq!(Fixed4::parse(&number.to_string()), Ok(number));
            }
            count = count.saturating_mul(3) + 1;
        }
    }

    #[test]
    fn json_shows_a_string_and_takes_nothing_else() {
        struct Shown(Fixed4);
        impl fmt::Display for Shown {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.serialize(formatter)
            }
        }
        assert_eq!(Shown(Fixed4(-125_000)).to_string(), "-12.5");
        let text: StrDeserializer<'_, Error> = "-12.5".into_deserializer();
        assert_eq!(Fixed4::deserialize(text), Ok(Fixed4(-125_000)));
        let text: StrDeserializer<'_, Error> = "12,5".into_deserializer();
        assert!(Fixed4::deserialize(text).is_err());
        let number: I64Deserializer<Error> = 12_i64.into_deserializer();
        assert!(Fixed4::deserialize(number).is_err());
    }

    #[test]
    fn a_ratio_is_rounded_half_away_from_zero() {
        let percentage = |part: i64, whole: i64| {
            Fixed4::ratio(Fixed4(part * ONE), Fixed4(whole * ONE), 100).map(|number| number.to_string())
        };
        // The four shares that can be worked out from the printed reports.
        assert_eq!(percentage(782, 1671).as_deref(), Some("46.7983"));
        assert_eq!(percentage(7676, 7842).as_deref(), Some("97.8832"));
        assert_eq!(percentage(3599, 3607).as_deref(), Some("99.7782"));
        assert_eq!(percentage(13, 63).as_deref(), Some("20.6349"));
        assert_eq!(Fixed4::ratio(Fixed4(1), Fixed4(2 * ONE), 1), Some(Fixed4(1)));
        assert_eq!(Fixed4::ratio(Fixed4(-1), Fixed4(2 * ONE), 1), Some(Fixed4(-1)));
        assert_eq!(Fixed4::ratio(Fixed4(1), Fixed4(-2 * ONE), 1), Some(Fixed4(-1)));
        assert_eq!(Fixed4::ratio(Fixed4(1), Fixed4(2 * ONE + 1), 1), Some(Fixed4::ZERO));
        assert_eq!(Fixed4::ratio(Fixed4(-1), Fixed4(-1), -1), Some(Fixed4(-ONE)));
    }

    #[test]
    fn a_ratio_that_cannot_be_is_none() {
        assert_eq!(Fixed4::ratio(Fixed4(ONE), Fixed4::ZERO, 100), None);
        assert_eq!(Fixed4::ratio(Fixed4::MAX, Fixed4(1), 1), None);
        assert_eq!(Fixed4::ratio(Fixed4::MIN, Fixed4::MAX, i64::MIN), None);
        assert_eq!(Fixed4::ratio(Fixed4::MIN, Fixed4(1), i64::MIN), None);
        assert_eq!(Fixed4::ratio(Fixed4::MAX, Fixed4::MIN, 1), Some(Fixed4(-ONE)));
        assert_eq!(Fixed4::ratio(Fixed4::MAX, Fixed4(ONE), 1), Some(Fixed4::MAX));
    }
}
