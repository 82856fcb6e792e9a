//! Places in quotas: whether a proposal still finds one, and whether it counts. Pure.

/// How a quota stands, and what its exceptions say of the proposal at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// How many there are.
    pub most: i32,
    /// How many are taken by proposals that count.
    pub taken: i32,
    /// What is said of the unit of this proposal; `None` where nothing is.
    pub exception: Option<Exception>,
}

/// What an exception says of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    /// Its proposals do not count.
    All,
    /// So many of its proposals do not count, and so many of these are made.
    Some {
        /// How many do not count.
        extra: i32,
        /// How many of these are made.
        used: i32,
    },
}

/// The place that a proposal takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// One that counts.
    Counted,
    /// One by exception, which does not count.
    Excepted,
}

/// The place that one more proposal takes in a quota; `None` when there is none left.
pub const fn seat(standing: Standing) -> Option<Seat> {
    match standing.exception {
        Some(Exception::All) => return Some(Seat::Excepted),
        Some(Exception::Some { extra, used }) if used < extra => return Some(Seat::Excepted),
        Some(Exception::Some { .. }) | None => {}
    }
    if standing.taken < standing.most {
        Some(Seat::Counted)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_named_unit_has_places_of_its_own_and_then_those_of_all() {
        let standing = |taken, used| Standing {
            most: 4,
            taken,
            exception: Some(Exception::Some { extra: 2, used }),
        };
        assert_eq!(seat(standing(4, 1)), Some(Seat::Excepted));
        assert_eq!(seat(standing(3, 2)), Some(Seat::Counted));
        assert_eq!(seat(standing(4, 2)), None);
        assert_eq!(
            seat(Standing {
                most: 0,
                taken: 9,
                exception: Some(Exception::All)
            }),
            Some(Seat::Excepted)
        );
    }

    proptest! {
        #[test]
        fn no_more_are_counted_than_there_are(most in 0..20_i32, proposals in prop::collection::vec(0..3_i32, 0..60)) {
            let (mut taken, mut used) = (0, 0);
            for kind in proposals {
                let exception = (kind == 1).then_some(Exception::Some { extra: 3, used });
                match seat(Standing { most, taken, exception }) {
                    Some(Seat::Counted) => taken += 1,
                    Some(Seat::Excepted) => used += 1,
                    None => prop_assert!(taken == most),
                }
            }
            prop_assert!(taken <= most && used <= 3);
        }
    }
}
