//! Draws as they must be, compared with every way there is where the units are few.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn unit(number: usize) -> Uuid {
    // Not in the order of their numbers, so that ids and places differ.
    Uuid::from_u128((number as u128 * 7_919 + 13) % 1_009)
}

fn pairs(of: &[(usize, usize)]) -> BTreeSet<Pair> {
    of.iter()
        .filter(|(one, other)| one != other)
        .map(|&(one, other)| (unit(one), unit(other)))
        .collect()
}

fn inputs(size: usize, each: usize) -> Inputs {
    Inputs {
        units: (0..size).map(unit).collect(),
        checks_per_unit: each,
        recusals: BTreeSet::new(),
        assigned: BTreeSet::new(),
        last_year: BTreeSet::new(),
        left_out: BTreeSet::new(),
    }
}

/// The fewest concessions of all ways to pair, found by trying every one; nothing when there is none.
fn by_trying(inputs: &Inputs) -> Option<Concessions> {
    let units: Vec<Uuid> = inputs.units.iter().copied().collect();
    let mut best = None;
    try_from(inputs, &units, 0, 0, &mut BTreeSet::new(), &mut best);
    best
}

fn try_from(
    inputs: &Inputs,
    units: &[Uuid],
    row: usize,
    from: usize,
    pairs: &mut BTreeSet<Pair>,
    best: &mut Option<Concessions>,
) {
    let Some(&checker) = units.get(row) else {
        let mutual = pairs
            .iter()
            .filter(|&&(one, other)| {
                one < other && pairs.contains(&(other, one)) || inputs.assigned.contains(&(other, one))
            })
            .count();
        let found = (mutual, pairs.intersection(&inputs.last_year).count());
        *best = Some(best.map_or(found, |best| best.min(found)));
        return;
    };
    if pairs.iter().filter(|(one, _)| *one == checker).count() == inputs.checks_per_unit {
        return try_from(inputs, units, row + 1, 0, pairs, best);
    }
    for column in from..units.len() {
        let checked = units[column];
        let full = pairs.iter().filter(|(_, other)| *other == checked).count() == inputs.checks_per_unit;
        if checked != checker && !full && !inputs.is_barred(&(checker, checked)) {
            pairs.insert((checker, checked));
            try_from(inputs, units, row, column + 1, pairs, best);
            pairs.remove(&(checker, checked));
        }
    }
}

fn is_fair(inputs: &Inputs, outcome: &Outcome) -> Result<(), TestCaseError> {
    for unit in &inputs.units {
        let checks = outcome.pairs.iter().filter(|(checker, _)| checker == unit).count();
        let checked = outcome.pairs.iter().filter(|(_, checked)| checked == unit).count();
        prop_assert_eq!((checks, checked), (inputs.checks_per_unit, inputs.checks_per_unit));
    }
    prop_assert!(outcome.pairs.iter().all(|(checker, checked)| checker != checked));
    prop_assert!(outcome.pairs.is_disjoint(&inputs.recusals) && outcome.pairs.is_disjoint(&inputs.assigned));
    Ok(())
}

fn some_pairs(size: usize, most: usize) -> impl Strategy<Value = BTreeSet<Pair>> {
    prop::collection::vec((0..size, 0..size), 0..=most).prop_map(|found| pairs(&found))
}

fn cluster(sizes: std::ops::RangeInclusive<usize>, recusals: usize) -> impl Strategy<Value = Inputs> {
    let sized = (sizes, 1..=CHECKS_MAX).prop_filter("enough units", |(size, each)| size > each);
    sized.prop_flat_map(move |(size, each)| {
        let told = (
            some_pairs(size, recusals),
            some_pairs(size, 2 * size),
            some_pairs(size, 3),
        );
        told.prop_map(move |(recusals, last_year, assigned)| Inputs {
            recusals,
            last_year,
            assigned,
            ..inputs(size, each)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_draw_is_balanced_and_respects_recusals(inputs in cluster(2..=16, 20), seed in ".{0,12}") {
        if let Ok(outcome) = draw(&inputs, &seed, METHOD) {
            is_fair(&inputs, &outcome)?;
            prop_assert_eq!(draw(&inputs, &seed, METHOD), Ok(outcome));
        }
    }

    #[test]
    fn only_what_cannot_be_avoided_gives_way(inputs in cluster(2..=5, 12), seed in "[a-z]{1,4}") {
        let found = draw(&inputs, &seed, METHOD);
        match (by_trying(&inputs), found) {
            (None, found) => prop_assert!(matches!(found, Err(Impossible::Recusals { .. })), "{found:?}"),
            (Some(least), found) => {
                let outcome = found.expect("there is a way");
                is_fair(&inputs, &outcome)?;
                prop_assert_eq!((outcome.mutual.len(), outcome.repeated.len()), least);
                prop_assert!(outcome.proven);
            }
        }
    }

    #[test]
    fn six_units_with_one_check_each_get_the_best_there_is(
        recusals in some_pairs(6, 18), last_year in some_pairs(6, 12), seed in "[a-z]{1,4}",
    ) {
        let inputs = Inputs { recusals, last_year, ..inputs(6, 1) };
        let found = draw(&inputs, &seed, METHOD).ok().map(|outcome| (outcome.mutual.len(), outcome.repeated.len()));
        prop_assert_eq!(found, by_trying(&inputs));
    }

    #[test]
    fn without_one_of_the_recusals_in_the_way_fewer_are_short(inputs in cluster(3..=6, 24)) {
        if let Err(Impossible::Recusals { checkers, recusals }) = draw(&inputs, "x", METHOD) {
            prop_assert!(!checkers.is_empty() && !recusals.is_empty());
            prop_assert!(recusals.iter().all(|pair| checkers.contains(&pair.0) && inputs.is_barred(pair)));
            let rest = |pairs: &BTreeSet<Pair>| pairs.iter().filter(|pair| !recusals.contains(pair)).copied().collect();
            let without = Inputs {
                recusals: rest(&inputs.recusals),
                assigned: rest(&inputs.assigned),
                ..inputs.clone()
            };
            let after = draw(&without, "x", METHOD);
            prop_assert_ne!(after, Err(Impossible::Recusals { checkers, recusals }));
        }
    }
}

#[test]
fn the_order_in_which_units_and_recusals_are_told_does_not_matter() {
    let told = |forwards: bool| {
        let order = |mut all: Vec<serde_json::Value>| {
            if !forwards {
                all.reverse();
            }
            all
        };
        let json = |pair: (usize, usize)| serde_json::json!([unit(pair.0), unit(pair.1)]);
        serde_json::json!({
            "units": order((0..9).map(|number| serde_json::json!(unit(number))).collect()),
            "checksPerUnit": 2,
            "recusals": order(vec![json((0, 1)), json((4, 2)), json((3, 8))]),
            "assigned": [],
            "lastYear": order(vec![json((1, 2)), json((2, 3))]),
        })
    };
    let read = |forwards| serde_json::from_value::<Inputs>(told(forwards)).unwrap();
    assert_eq!(draw(&read(true), "2026", METHOD), draw(&read(false), "2026", METHOD));
}

#[test]
fn a_printed_seed_gives_the_same_draw_for_ever() {
    let drawn = draw(&inputs(7, 1), "CỤM 3/2026", METHOD).unwrap();
    let places: Vec<Uuid> = inputs(7, 1).units.into_iter().collect();
    let place = |unit: Uuid| places.iter().position(|one| *one == unit).unwrap();
    let drawn: Vec<usize> = drawn.pairs.iter().map(|(_, checked)| place(*checked)).collect();
    // Never change this line: draws that people have printed must be repeatable. A new way of drawing has a new number.
    assert_eq!(drawn, [2, 6, 3, 0, 5, 1, 4]);
}

#[test]
fn a_draw_of_the_first_method_is_repeated_by_it() {
    let places: Vec<Uuid> = inputs(7, 1).units.into_iter().collect();
    let by_hand = Inputs {
        assigned: BTreeSet::from([(places[2], places[0])]),
        ..inputs(7, 1)
    };
    let drawn = |method| {
        let pairs = draw(&by_hand, "CỤM 3/2026", method).unwrap().pairs;
        let place = |unit: Uuid| places.iter().position(|one| *one == unit).unwrap();
        pairs.iter().map(|(_, checked)| place(*checked)).collect::<Vec<_>>()
    };
    // Never change this line either.
    assert_eq!(drawn(1), [2, 6, 3, 0, 5, 1, 4]);
    assert_ne!(drawn(METHOD)[0], 2, "it is checked by that one already");
}

#[test]
fn nobody_is_checked_by_whom_it_checks_by_hand_unless_there_is_no_other_way() {
    for seed in 0..40 {
        let by_hand = Inputs {
            assigned: pairs(&[(0, 1), (2, 3), (3, 4)]),
            ..inputs(6, 1)
        };
        let outcome = draw(&by_hand, &seed.to_string(), METHOD).unwrap();
        let reverse = |&(one, other): &Pair| by_hand.assigned.contains(&(other, one));
        assert!(
            !outcome.pairs.iter().any(reverse) && outcome.mutual.is_empty(),
            "{seed}"
        );
    }
    // Of three, the one way round takes the pair that is assigned already, the other its reverse.
    let three = Inputs {
        assigned: pairs(&[(0, 1)]),
        ..inputs(3, 1)
    };
    let outcome = draw(&three, "x", METHOD).unwrap();
    assert_eq!(
        (outcome.mutual.clone(), outcome.proven),
        (vec![(unit(1), unit(0))], true)
    );
    assert_eq!(outcome.concessions()[0].0, Rule::NotMutual);
}

#[test]
fn other_seeds_give_other_draws_and_every_pair_has_its_chance() {
    let mut seen = BTreeSet::new();
    for seed in 0..200 {
        seen.extend(draw(&inputs(6, 1), &seed.to_string(), METHOD).unwrap().pairs);
    }
    assert_eq!(seen.len(), 6 * 5);
}

#[test]
fn two_units_check_each_other_since_there_is_no_other_way() {
    let outcome = draw(&inputs(2, 1), "x", METHOD).unwrap();
    assert_eq!((outcome.mutual.len(), outcome.proven), (1, true));
    assert_eq!(outcome.concessions()[0].0, Rule::NotMutual);
    assert_eq!(draw(&inputs(1, 1), "x", METHOD), Err(Impossible::TooFewUnits));
    assert_eq!(draw(&inputs(3, 3), "x", METHOD), Err(Impossible::TooFewUnits));
    assert_eq!(draw(&inputs(5, 1), "x", METHOD + 1), Err(Impossible::UnknownMethod));
    assert_eq!(draw(&inputs(5, 1), "x", 0), Err(Impossible::UnknownMethod));
    assert_eq!(
        draw(&inputs(UNITS_MAX + 1, 1), "x", METHOD),
        Err(Impossible::TooManyUnits)
    );
}

#[test]
fn seven_units_with_three_checks_each_meet_every_other_once() {
    for seed in 0..20 {
        let outcome = draw(&inputs(7, 3), &seed.to_string(), METHOD).unwrap();
        assert!(
            outcome.proven && outcome.mutual.is_empty(),
            "{seed}: {:?}",
            outcome.mutual
        );
    }
}

#[test]
fn large_clusters_are_drawn_without_concessions_and_at_once() {
    let last_year = draw(&inputs(60, 3), "2025", METHOD).unwrap();
    let this_year = Inputs {
        last_year: last_year.pairs,
        ..inputs(60, 3)
    };
    let outcome = draw(&this_year, "2026", METHOD).unwrap();
    assert!(outcome.proven && outcome.concessions().is_empty());
}

#[test]
fn what_gave_way_is_told_in_both_languages() {
    let outcome = draw(&inputs(2, 1), "x", METHOD).unwrap();
    let (rule, pairs) = outcome.concessions()[0];
    let name = |unit: Uuid| {
        if unit < Uuid::from_u128(100) {
            "CĐCS Sông Hinh".to_owned()
        } else {
            "CĐCS Ea Bar".to_owned()
        }
    };
    let told = outcome.told(rule, pairs, &name);
    assert!(
        told.vi.contains("CĐCS Sông Hinh ↔ CĐCS Ea Bar") || told.vi.contains("CĐCS Ea Bar ↔ CĐCS Sông Hinh"),
        "{}",
        told.vi
    );
    assert!(told.en.starts_with("Some units check each other"), "{}", told.en);
}
