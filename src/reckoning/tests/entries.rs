//! Which layer's entry stands, and what is wrong with entries.

use super::*;
use Layer::{Cluster, CrossCheck, Own, Province};

fn one(node: Node) -> CheckedSet {
    let mut set = set("10", vec![node]);
    set.bands = bands(&[("XS", "9"), ("KHT", "0")]);
    checked(set)
}

#[test]
fn the_highest_layer_that_scored_stands_and_the_others_are_kept() {
    let set = one(manual("m", "10"));
    let facts = cluster([unit("A")
        .gets(Own, "m", "10")
        .gets(CrossCheck, "m", "8.5")
        .gets(Province, "m", "9")]);
    let outcome = reckon(&set, &facts);
    assert_eq!(outcome.total("a"), "9");
    let How::Criterion(scoring) = &outcome.units["a"].nodes["m"].how else {
        panic!("a criterion")
    };
    let kept: Vec<_> = scoring.layers.iter().map(|(layer, one)| (*layer, one.points)).collect();
    assert_eq!(kept, [(Own, n("10")), (CrossCheck, n("8.5")), (Province, n("9"))]);
    let seen = Layer::ALL.map(|layer| reckon_up_to(&set, &facts, layer).total("a"));
    assert_eq!(seen, ["10", "8.5", "8.5", "9", "9"]);
}

#[test]
fn points_from_reports_stand_above_unit_and_cross_checker_and_others_must_say_why() {
    let set = one(formula("f", "10", "visits"));
    let reported = || unit("A").has("visits", "7");
    let points = |points: &str| Given::Points { points: n(points) };
    let facts = cluster([
        reported().gets(Own, "f", "10").gets(CrossCheck, "f", "9"),
        reported().enters(Cluster, "f", points("6"), Some("Trùng một cuộc")),
        reported().enters(Cluster, "f", points("6"), Some("  ")),
    ]);
    let outcome = reckon(&set, &facts);
    assert_eq!(["a", "b", "c"].map(|id| outcome.total(id)), ["7", "6", "open"]);
    assert_eq!(outcome.problems.len(), 1);
    assert_eq!(outcome.problems[0].kind, FactProblemKind::NoReason);
}

#[test]
fn what_a_layer_claims_is_its_own_word_also_where_reports_stand() {
    let set = one(formula("f", "10", "visits"));
    let facts = cluster([
        unit("A")
            .has("visits", "7")
            .gets(Own, "f", "10")
            .gets(CrossCheck, "f", "9"),
        unit("B").has("visits", "7").gets(Own, "f", "10"),
        unit("C").gets(Own, "f", "10"),
    ]);
    let claimed = |layer: Layer| ["a", "b", "c"].map(|id| reckon_claimed(&set, &facts, layer).total(id));
    assert_eq!(claimed(Own), ["10", "10", "10"]);
    // Where the checker says nothing, what the reports give is not claimed by anybody.
    assert_eq!(claimed(CrossCheck), ["9", "7", "open"]);
    assert_eq!(claimed(Layer::Council), ["7", "7", "open"]);
}

#[test]
fn what_does_not_fit_is_told_and_neither_cut_nor_passed_over() {
    let set = one(manual("m", "10").with(|one| {
        one.step = Some(n("0.5"));
        one.scored_by = [Own, Cluster].into();
    }));
    let facts = cluster([
        unit("A").gets(Own, "m", "9").gets(Cluster, "m", "10.5"),
        unit("B").gets(Own, "m", "9").gets(Cluster, "m", "9.25"),
        unit("C").gets(Own, "m", "-1"),
        unit("D").gets(Own, "m", "10.5").gets(Cluster, "m", "10"),
        unit("E").gets(Own, "m", "9").gets(Province, "m", "9"),
        unit("F").gets(Own, "m", "9").gets(Own, "x", "9"),
        unit("G").enters(Own, "m", Given::Verdict { passed: true }, None),
    ]);
    let outcome = reckon(&set, &facts);
    let kinds: Vec<_> = outcome
        .problems
        .iter()
        .map(|one| (one.unit.as_str(), one.kind.code()))
        .collect();
    assert_eq!(
        kinds,
        [
            ("a", "OUT_OF_BOUNDS"),
            ("b", "OFF_STEP"),
            ("c", "OUT_OF_BOUNDS"),
            ("d", "OUT_OF_BOUNDS"),
            ("e", "LAYER_MAY_NOT"),
            ("f", "UNKNOWN_CRITERION"),
            ("g", "WRONG_KIND"),
        ]
    );
    let totals = ["a", "b", "c", "d", "e", "f", "g"].map(|id| outcome.total(id));
    assert_eq!(totals, ["open", "open", "open", "10", "open", "9", "open"]);
    assert_eq!(outcome.why("a", "m"), Open::EntryRefused);
}

#[test]
fn passed_is_all_and_failed_is_nothing() {
    let set = one(criterion("p", "10", Measure::PassFail));
    let facts = cluster([true, false].map(|passed| unit("A").enters(Own, "p", Given::Verdict { passed }, None)));
    let outcome = reckon(&set, &facts);
    assert_eq!([outcome.total("a"), outcome.total("b")], ["10", "0"]);
}

#[test]
fn what_nobody_scored_is_open_and_bonus_that_nobody_gave_is_none() {
    let mut table = set("10", vec![manual("m", "10"), manual("b", "5").bonus()]);
    table.bands = bands(&[("XS", "9"), ("KHT", "0")]);
    let set = checked(table);
    let outcome = reckon(&set, &cluster([unit("A"), unit("B").gets(Own, "m", "8")]));
    assert_eq!([outcome.total("a"), outcome.total("b")], ["open", "8"]);
    assert_eq!(outcome.why("a", "m"), Open::NoEntry);
}
