//! The order in which a ballot puts its options, where it puts all of them in one. Pure.
//!
//! A tie of places is settled by it, so it must be certain: equal options are in no order, and what is not known of a ballot is not guessed.

use std::cmp::Reverse;

use thidua_entity::enums::BallotKind;

use super::counting::{Count, Outcome};

/// What is known of a ballot that was decided.
pub struct Known<'a> {
    /// How it was answered.
    pub kind: BallotKind,
    /// How many options it has.
    pub options: usize,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// What each option got; `None` where that is not kept.
    pub counts: Option<&'a [Count]>,
    /// Whether the order of what was chosen was read from paper, without counts.
    pub stated: bool,
}

/// The options by their places from 0, the one that stands before the others first. `None` where nothing was chosen, where options are equal,
/// and where too little is known: of a small secret ballot, all but which of two was chosen.
pub fn of(known: &Known<'_>) -> Option<Vec<usize>> {
    let chosen = &known.outcome.decision.chosen;
    let first = chosen.first()?;
    let order = match known.counts {
        Some(counts) => by_weight(known.kind, counts)?,
        None if known.stated || known.options == 2 => with_the_last(known.options, chosen)?,
        None => return None,
    };
    (order.first() == Some(first)).then_some(order)
}

/// By what they got, if no two got the same.
fn by_weight(kind: BallotKind, counts: &[Count]) -> Option<Vec<usize>> {
    let mut weighed: Vec<(u64, usize)> = (0..)
        .zip(counts)
        .map(|(place, count)| (count.weight(kind), place))
        .collect();
    weighed.sort_by_key(|&(weight, _)| Reverse(weight));
    let equal = weighed
        .iter()
        .zip(weighed.iter().skip(1))
        .any(|(one, next)| one.0 == next.0);
    (!equal).then(|| weighed.into_iter().map(|(_, place)| place).collect())
}

/// The chosen in their order, and after them the one that is left.
fn with_the_last(options: usize, chosen: &[usize]) -> Option<Vec<usize>> {
    let left: Vec<usize> = (0..options).filter(|place| !chosen.contains(place)).collect();
    (left.len() == 1).then(|| chosen.iter().copied().chain(left).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::ballots::counting::Decision;

    fn outcome(chosen: &[usize]) -> Outcome {
        Outcome {
            turnout: None,
            hidden: false,
            decision: Decision {
                quorum: true,
                out_of: 0,
                chosen: chosen.to_vec(),
                further: None,
            },
        }
    }

    fn votes(each: &[u64]) -> Vec<Count> {
        let count = |votes_for: &u64| Count {
            votes_for: *votes_for,
            ..Count::default()
        };
        each.iter().map(count).collect()
    }

    fn order(options: usize, chosen: &[usize], counts: Option<&[u64]>, stated: bool) -> Option<Vec<usize>> {
        let counts = counts.map(votes);
        of(&Known {
            kind: BallotKind::Choose,
            options,
            outcome: &outcome(chosen),
            counts: counts.as_deref(),
            stated,
        })
    }

    #[test]
    fn more_votes_stand_before_fewer() {
        assert_eq!(order(3, &[1], Some(&[2, 5, 1]), false), Some(vec![1, 0, 2]));
    }

    #[test]
    fn equal_ones_and_those_whom_nobody_chose_are_in_no_order() {
        assert_eq!(order(3, &[1], Some(&[2, 5, 2]), false), None);
        assert_eq!(order(2, &[], Some(&[3, 2]), false), None, "the threshold was missed");
    }

    #[test]
    fn without_counts_two_are_in_order_when_one_was_chosen_and_more_only_when_the_paper_says_so() {
        assert_eq!(order(2, &[1], None, false), Some(vec![1, 0]));
        assert_eq!(order(3, &[1, 2], None, false), None);
        assert_eq!(order(3, &[1, 2], None, true), Some(vec![1, 2, 0]));
        assert_eq!(order(3, &[1], None, true), None, "two are left");
        assert_eq!(order(2, &[0, 1], None, false), None, "both were chosen");
    }

    proptest! {
        #[test]
        fn an_order_names_every_option_once_and_never_puts_fewer_votes_first(each in proptest::collection::vec(0_u64..9, 1..8)) {
            let most = (0..each.len()).max_by_key(|&place| each[place]).expect("some");
            if let Some(order) = order(each.len(), &[most], Some(&each), false) {
                let mut places = order.clone();
                places.sort_unstable();
                prop_assert_eq!(places, (0..each.len()).collect::<Vec<_>>());
                prop_assert!(order.windows(2).all(|pair| each[pair[0]] > each[pair[1]]));
            }
        }
    }
}
