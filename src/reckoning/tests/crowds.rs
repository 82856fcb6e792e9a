//! Figures of the cluster as a whole: large sums, gates that nobody can tell about, long traces.

use super::*;
use Layer::Own;

fn with_fund(fund: &str) -> UnitFacts {
    let mut unit = unit("CĐCS").gets(Own, "a", "95");
    unit.figures.insert("fund".to_owned(), Figure::exact(n(fund)));
    unit
}

fn of_formula(text: &str, when_missing: WhenMissing) -> Outcome {
    let node = formula("f", "100", text).with(|one| one.when_missing = when_missing);
    let large = std::iter::repeat_n("10000000000000", 12);
    let mut facts = cluster(large.chain(["9000000000000"]).map(with_fund));
    for unit in facts.units.values_mut() {
        unit.entries.clear();
    }
    reckon(&checked(set("100", vec![node])), &facts)
}

#[test]
fn a_mean_of_large_sums_is_right_and_a_sum_that_is_no_figure_leaves_it_open() {
    let mean = of_formula("fund >= mean_fund ? 100 : mean_fund / 1000000000000", WhenMissing::Open);
    assert_eq!([mean.total("a"), mean.total("m")], ["100", "9.9231"]);
    for when_missing in [WhenMissing::Open, WhenMissing::Zero] {
        let sum = of_formula("sum_fund > 0 ? 100 : 0", when_missing);
        let name = "sum_fund".to_owned();
        assert_eq!(sum.why("a", "f"), Open::TooLarge { name });
        assert_eq!(sum.grade("a"), "NOT_RATED");
    }
}

#[test]
fn it_is_told_why_nobody_can_tell_about_a_gate() {
    let told = |text: &str, facts: &ClusterFacts| {
        let mut table = set("100", vec![manual("a", "100")]);
        table.gates = vec![Gate {
            code: "g".to_owned(),
            title: title("Quỹ"),
            condition: Condition::Formula { text: text.to_owned() },
            otherwise_at_most: "T".to_owned(),
            when_missing: GateMissing::Closed,
            basis: None,
        }];
        let set = checked(table);
        let (unit, gate) = ("a".to_owned(), "g".to_owned());
        let told = explain(set.set(), &reckon(&set, facts), &Subject::Gate { unit, gate }, &|_| {
            None
        })
        .unwrap();
        told.sentences[0].vi.clone()
    };
    let facts = cluster([with_fund("0").has("visits", "khoảng 2")]);
    assert_eq!(
        told("visits / fund > 1", &facts),
        "Chưa rõ điều kiện “Quỹ” vì phải chia cho 0, số chia là `fund`."
    );
    assert_eq!(
        told("visits > 2", &facts),
        "Chưa rõ điều kiện “Quỹ” vì số liệu không chính xác: `visits`."
    );
    assert_eq!(
        told("violations > 2", &facts),
        "Chưa rõ điều kiện “Quỹ” vì thiếu `violations`."
    );
    let mut open = facts.clone();
    open.units.get_mut("a").unwrap().locked = false;
    assert_eq!(
        told("best_fund > 2", &open),
        "Chưa rõ điều kiện “Quỹ” vì phải chờ khóa số liệu của cả cụm, còn thiếu: CĐCS."
    );
}

#[test]
fn a_trace_names_no_more_units_however_many_tie_breaks_there_are() {
    let mut table = set("100", vec![manual("a", "100")]);
    let by = || TieBreakBy::Figure {
        indicator: "visits".to_owned(),
        better: Better::Higher,
    };
    table.tie_breaks = (0..3).map(|_| TieBreak { by: by(), basis: None }).collect();
    let outcome = reckon(&checked(table), &cluster((0..26).map(|_| with_fund("0"))));
    for separation in &outcome.ranking.trace {
        let named: Vec<_> = separation
            .passed
            .iter()
            .map(|one| (one.even, one.unknown.len()))
            .collect();
        assert_eq!(named, [(false, NAMED_MAX), (false, 0), (false, 0)]);
    }
}

#[test]
fn rounding_is_half_away_from_zero_whatever_the_sign() {
    let pairs = [
        ("0.0001", "0.5", "0.0001"),
        ("-0.0001", "0.5", "-0.0001"),
        ("3", "0.3333", "0.9999"),
    ];
    for (points, weight, wanted) in pairs {
        assert_eq!(points::times(n(points), n(weight)), n(wanted));
    }
    assert_eq!(points::times(Fixed4::MAX, Fixed4::MAX), Fixed4::MAX);
    assert_eq!(points::in_steps(n("-0.5"), Some(n("1"))), n("-1"));
    assert_eq!(points::scaled(n("10"), n("2"), n("3")), n("6.6667"));
    assert_eq!(points::mean(&[n("-1"), n("-0.9999")]), Some(n("-1")));
}
