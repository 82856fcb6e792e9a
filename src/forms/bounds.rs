//! The least and the most that a figure may be. An indicator may have bounds, and a form may ask for tighter ones. Pure.

use thidua_entity::Fixed4;

use crate::error::Text;
use crate::numbers::{self, Reading};

/// Bounds, both included; an end that is missing is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The least that a figure may be.
    pub lowest: Option<Fixed4>,
    /// The most that a figure may be.
    pub highest: Option<Fixed4>,
}

impl Bounds {
    /// Whether there is any bound.
    pub const fn are_open(self) -> bool {
        self.lowest.is_none() && self.highest.is_none()
    }

    /// Whether some figure can keep to them.
    pub fn are_sound(self) -> bool {
        !matches!((self.lowest, self.highest), (Some(lowest), Some(highest)) if lowest > highest)
    }

    /// Whether each of their ends keeps to others.
    pub fn keep_to(self, others: Self) -> bool {
        let ends = [self.lowest, self.highest].into_iter().flatten();
        ends.map(Reading::exact).all(|end| !others.surely_exclude(&end))
    }

    /// Both these and others.
    pub fn and(self, others: Self) -> Self {
        Self {
            lowest: self.lowest.max(others.lowest),
            highest: match (self.highest, others.highest) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            },
        }
    }

    /// Whether a figure is outside whatever its text means: `trên 120` is above 100 for sure, `khoảng 120` is not.
    pub fn surely_exclude(self, figure: &Reading) -> bool {
        let below = |lowest| Reading::exact(lowest).surely_exceeds(figure);
        let above = |highest| figure.surely_exceeds(&Reading::exact(highest));
        self.lowest.is_some_and(below) || self.highest.is_some_and(above)
    }

    /// The bounds for a person to read.
    pub fn text(self) -> Text {
        let ends = (self.lowest.map(numbers::write), self.highest.map(numbers::write));
        match ends {
            (Some(lowest), Some(highest)) => Text::new(
                format!("từ {lowest} đến {highest}"),
                format!("from {lowest} to {highest}"),
            ),
            (Some(lowest), None) => Text::new(format!("từ {lowest} trở lên"), format!("{lowest} or more")),
            (None, Some(highest)) => Text::new(format!("không quá {highest}"), format!("{highest} or less")),
            (None, None) => Text::new("bất kỳ", "any"),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numbers::{NumberForm, read};

    fn bounds(lowest: Option<i64>, highest: Option<i64>) -> Bounds {
        let number = |whole| Fixed4::from_integer(whole).unwrap();
        Bounds {
            lowest: lowest.map(number),
            highest: highest.map(number),
        }
    }

    #[test]
    fn a_percentage_is_refused_only_when_it_is_surely_outside() {
        let hundred = bounds(Some(0), Some(100));
        for (text, outside) in [
            ("100%", false),
            ("0%", false),
            ("100,01%", true),
            ("-1%", true),
            ("trên 120%", true),
            ("trên 100%", true),
            ("trên 99%", false),
            ("gần 120%", false),
            ("gần 0%", true),
            ("khoảng 120%", false),
            ("từ 90-120%", false),
            ("từ 101-120%", true),
        ] {
            let figure = read(text, NumberForm::Percentage).unwrap();
            assert_eq!(hundred.surely_exclude(&figure), outside, "{text}");
        }
    }

    #[test]
    fn bounds_are_told_in_words() {
        assert_eq!(bounds(Some(0), Some(1_000)).text().vi, "từ 0 đến 1.000");
        assert_eq!(bounds(Some(1), None).text().vi, "từ 1 trở lên");
        assert_eq!(bounds(None, Some(5)).text().en, "5 or less");
    }

    fn some_bounds() -> impl Strategy<Value = Bounds> {
        (prop::option::of(-5_i64..5), prop::option::of(-5_i64..5)).prop_map(|(low, high)| bounds(low, high))
    }

    proptest! {
        #[test]
        fn what_keeps_to_two_bounds_keeps_to_each(one in some_bounds(), other in some_bounds(), value in -7_i64..7) {
            let figure = Reading::exact(Fixed4::from_integer(value).unwrap());
            let excluded = one.surely_exclude(&figure) || other.surely_exclude(&figure);
            prop_assert_eq!(one.and(other).surely_exclude(&figure), excluded);
        }

        #[test]
        fn bounds_that_keep_to_others_let_nothing_more_in(
            (lowest, width) in (-5_i64..5, 0_i64..5), other in some_bounds(), value in -7_i64..10,
        ) {
            let one = bounds(Some(lowest), Some(lowest + width));
            let figure = Reading::exact(Fixed4::from_integer(value).unwrap());
            if one.keep_to(other) && !one.surely_exclude(&figure) {
                prop_assert!(!other.surely_exclude(&figure));
            }
        }
    }
}
