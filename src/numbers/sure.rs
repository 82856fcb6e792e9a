//! What figures say for sure. `trên 120` is above 100 whatever was counted; `khoảng 120` may not be. A rule that refuses a figure
//! rests on this: nobody is refused for what they may not have meant.

use thidua_entity::Fixed4;

use super::{Qualifier, Reading};

/// One end of what a figure can mean: a number, and whether the figure may be just that number.
type End = Option<(Fixed4, bool)>;

impl Reading {
    /// What the figure is not below; nothing when its text leaves that open.
    const fn floor(&self) -> End {
        match self.qualifier {
            Qualifier::Exact | Qualifier::Range => Some((self.value, true)),
            Qualifier::MoreThan => Some((self.value, false)),
            Qualifier::Nearly | Qualifier::About => None,
        }
    }

    /// What the figure is not above; nothing when its text leaves that open.
    const fn ceiling(&self) -> End {
        match (self.qualifier, self.upper) {
            (Qualifier::Range, Some(upper)) => Some((upper, true)),
            (Qualifier::Exact, _) => Some((self.value, true)),
            (Qualifier::Nearly, _) => Some((self.value, false)),
            (Qualifier::MoreThan | Qualifier::About | Qualifier::Range, _) => None,
        }
    }

    /// Whether it is more than another figure whatever the two mean.
    pub fn surely_exceeds(&self, other: &Self) -> bool {
        match (self.floor(), other.ceiling()) {
            (Some((least, may_be_least)), Some((most, may_be_most))) => {
                least > most || (least == most && !(may_be_least && may_be_most))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numbers::{NumberForm, read};

    fn figure(text: &str) -> Reading {
        read(text, NumberForm::Integer).unwrap()
    }

    #[test]
    fn only_what_is_sure_is_said() {
        for (one, other) in [
            ("101", "100"),
            ("trên 100", "100"),
            ("101-110", "100"),
            ("100", "gần 100"),
            ("trên 120", "90-100"),
        ] {
            assert!(figure(one).surely_exceeds(&figure(other)), "{one} > {other}");
        }
        for (one, other) in [
            ("100", "100"),
            ("trên 99", "100"),
            ("99-110", "100"),
            ("gần 120", "100"),
            ("khoảng 500", "100"),
            ("101", "trên 100"),
            ("101", "khoảng 100"),
        ] {
            assert!(!figure(one).surely_exceeds(&figure(other)), "{one} > {other}");
        }
    }

    /// A figure, and whole numbers that it can mean.
    fn meant() -> impl Strategy<Value = (Reading, i64)> {
        (0_i64..60, 1_i64..30, 0..5, 0_i64..40).prop_map(|(value, width, kind, within)| {
            let number = |whole| Fixed4::from_integer(whole).unwrap();
            let (qualifier, upper, meant) = match kind {
                0 => (Qualifier::Exact, None, value),
                1 => (Qualifier::MoreThan, None, value + 1 + within),
                2 => (Qualifier::Nearly, None, value - 1 - within),
                3 => (Qualifier::About, None, value - 20 + within),
                _ => (
                    Qualifier::Range,
                    Some(number(value + width)),
                    value + within % (width + 1),
                ),
            };
            let value = number(value);
            (
                Reading {
                    qualifier,
                    value,
                    upper,
                },
                meant,
            )
        })
    }

    proptest! {
        #[test]
        fn what_is_sure_holds_for_whatever_was_meant(one in meant(), other in meant()) {
            if one.0.surely_exceeds(&other.0) {
                prop_assert!(one.1 > other.1, "{:?} means {}, {:?} means {}", one.0, one.1, other.0, other.1);
                prop_assert!(!other.0.surely_exceeds(&one.0));
            }
        }
    }
}
