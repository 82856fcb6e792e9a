//! How points are worked out from figures: targets with a leader, counts, events, formulas, inexact and missing figures.

use super::*;
use Layer::{Cluster, Own};

/// The formula of the police clusters: half of 10 at the target, the leader 10.
fn police() -> CheckedSet {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Promised,
        share: n("0.5"),
        leader: true,
    };
    checked(set("10", vec![criterion("visiting", "10", measure)]).graded_to_ten())
}

impl CriteriaSet {
    fn graded_to_ten(mut self) -> Self {
        self.bands = bands(&[("XS", "9"), ("T", "7"), ("HT", "5"), ("KHT", "0")]);
        self
    }
}

fn visiting(actual: &str) -> UnitFacts {
    unit("CĐCS").has("visits", actual).promised("visits", "100")
}

#[test]
fn the_leader_of_the_cluster_has_the_maximum_and_the_others_their_part() {
    let facts = cluster([
        visiting("140"),
        visiting("120"),
        visiting("100"),
        visiting("90"),
        visiting("0"),
    ]);
    let outcome = reckon(&police(), &facts);
    let points = ["a", "b", "c", "d", "e"].map(|id| outcome.points(id, "visiting"));
    assert_eq!(points, ["10", "7.5", "5", "4.5", "0"]);
    let How::Criterion(scoring) = &outcome.units["b"].nodes["visiting"].how else {
        panic!("a criterion")
    };
    let Some(Ok(Scored {
        working: Working::Target {
            leader: Some(leader), ..
        },
        ..
    })) = &scoring.from_reports
    else {
        panic!("measured against a target")
    };
    assert_eq!(
        (leader.units.as_slice(), leader.excess),
        (["a".to_owned()].as_slice(), n("0.4"))
    );
}

#[test]
fn nobody_leads_before_all_figures_are_locked() {
    let mut facts = cluster([visiting("140"), visiting("120"), visiting("90")]);
    facts.units.get_mut("c").unwrap().locked = false;
    let outcome = reckon(&police(), &facts);
    assert_eq!(
        outcome.points("c", "visiting"),
        "4.5",
        "below its target, the others do not matter"
    );
    assert_eq!(
        outcome.why("a", "visiting"),
        Open::NotLocked {
            units: vec!["c".to_owned()]
        }
    );
    assert_eq!(outcome.grade("a"), "NOT_RATED");
}

#[test]
fn a_unit_without_a_figure_is_not_rated_and_holds_up_nobody() {
    let facts = cluster([
        visiting("140"),
        unit("Chưa báo cáo").promised("visits", "100"),
        visiting("120"),
    ]);
    let outcome = reckon(&police(), &facts);
    assert_eq!(
        [outcome.points("a", "visiting"), outcome.points("c", "visiting")],
        ["10", "7.5"]
    );
    assert_eq!(
        outcome.why("b", "visiting"),
        Open::NoFigure {
            names: vec!["visits".to_owned()]
        }
    );
    assert_eq!(outcome.places(), "a1 c2");
    assert_eq!(outcome.not_rated, 1);
}

#[test]
fn without_a_leader_points_grow_to_the_target_and_no_further() {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Fixed { value: n("60") },
        share: n("1"),
        leader: false,
    };
    let set = checked(set("10", vec![criterion("visiting", "10", measure)]).graded_to_ten());
    let facts = cluster(
        ["20", "60", "600", "trên 60", "trên 20", "từ 70-80", "khoảng 90"].map(|typed| unit("A").has("visits", typed)),
    );
    let outcome = reckon(&set, &facts);
    let points = ["a", "b", "c", "d", "e", "f", "g"].map(|id| outcome.points(id, "visiting"));
    // What is more than enough is enough, however much more it is.
    assert_eq!(points, ["3.3333", "10", "10", "10", "open", "10", "open"]);
    assert_eq!(
        outcome.why("e", "visiting"),
        Open::Inexact {
            names: vec!["visits".to_owned()]
        }
    );
}

#[test]
fn points_for_each_stop_at_the_maximum() {
    let each = |count| Measure::PerCount { count, each: n("1.5") };
    let reported = CountFrom::Figure {
        indicator: "visits".to_owned(),
    };
    let set = checked(
        set(
            "10",
            vec![
                criterion("reported", "5", each(reported)),
                criterion("entered", "5", each(CountFrom::Entered)),
            ],
        )
        .graded_to_ten(),
    );
    let facts = cluster([
        unit("A")
            .has("visits", "2")
            .enters(Own, "entered", Given::Count { count: 3 }, None),
        unit("B")
            .has("visits", "9")
            .enters(Own, "entered", Given::Count { count: 9 }, None),
        unit("C").has("visits", "1").gets(Own, "entered", "4"),
    ]);
    let outcome = reckon(&set, &facts);
    assert_eq!(
        [outcome.total("a"), outcome.total("b"), outcome.total("c")],
        ["7.5", "10", "open"]
    );
    assert_eq!(outcome.problems[0].kind, FactProblemKind::WrongKind);
}

#[test]
fn events_add_and_take_away_between_floor_and_ceiling() {
    let event = |code: &str, each: &str, count| EventKind {
        code: code.to_owned(),
        title: title(code),
        each: n(each),
        count,
    };
    let reported = CountFrom::Figure {
        indicator: "violations".to_owned(),
    };
    let measure = Measure::Events {
        start: n("5"),
        floor: n("-2"),
        ceiling: n("8"),
        events: vec![
            event("praise", "1.5", CountFrom::Entered),
            event("violation", "-2", reported),
        ],
    };
    let set = checked(set("10", vec![criterion("order", "8", measure), manual("rest", "2")]).graded_to_ten());
    let entered = |violations: &str, praises: u32| {
        let counts = BTreeMap::from([("praise".to_owned(), praises)]);
        unit("A")
            .has("violations", violations)
            .enters(Own, "order", Given::Events { counts }, None)
            .gets(Own, "rest", "2")
    };
    let facts = cluster([entered("0", 0), entered("1", 1), entered("0", 9), entered("9", 0)]);
    let outcome = reckon(&set, &facts);
    assert_eq!(
        ["a", "b", "c", "d"].map(|id| outcome.points(id, "order")),
        ["5", "4.5", "8", "-2"]
    );
    assert_eq!(outcome.total("d"), "0");
}

#[test]
fn formulas_read_the_unit_and_its_cluster() {
    let nodes = vec![
        formula("own", "5", "fund / 1000000"),
        formula("share", "3", "best_visits > 0 ? 3 * visits / best_visits : 3"),
        formula(
            "mean",
            "2",
            "visits >= mean_visits && visits >= median_visits && has_plan ? 2 : 0",
        ),
    ];
    let set = checked(set("10", nodes).graded_to_ten());
    let facts = cluster(
        [("2", "900.000"), ("3", "7.000.000"), ("1", "0")].map(|(visits, fund)| {
            let mut unit = unit("A").has("visits", visits).has("fund", fund);
            unit.figures
                .insert("has_plan".to_owned(), Figure::YesNo { value: true });
            unit
        }),
    );
    let outcome = reckon(&set, &facts);
    assert_eq!(["a", "b", "c"].map(|id| outcome.points(id, "own")), ["0.9", "5", "0"]);
    assert_eq!(["a", "b", "c"].map(|id| outcome.points(id, "share")), ["2", "3", "1"]);
    assert_eq!(["a", "b", "c"].map(|id| outcome.points(id, "mean")), ["2", "2", "0"]);
}

#[test]
fn missing_is_not_zero_unless_the_criterion_says_so() {
    let table = |when_missing| {
        let node = formula("own", "10", "min(visits, 10)").with(|one| one.when_missing = when_missing);
        checked(set("10", vec![node]).graded_to_ten())
    };
    let facts = cluster([unit("A")]);
    let open = reckon(&table(WhenMissing::Open), &facts);
    assert_eq!((open.total("a").as_str(), open.grade("a")), ("open", "NOT_RATED"));
    let zero = reckon(&table(WhenMissing::Zero), &facts);
    assert_eq!((zero.total("a").as_str(), zero.grade("a")), ("0", "KHT"));
}

#[test]
fn a_division_by_zero_is_told_and_can_be_settled_by_a_higher_layer() {
    let set = checked(set("10", vec![formula("own", "10", "10 * visits / fund")]).graded_to_ten());
    let computed = unit("A").has("visits", "5").has("fund", "0");
    let overridden = computed
        .clone()
        .enters(Cluster, "own", Given::Points { points: n("6") }, Some("Đã xem sổ quỹ"));
    let outcome = reckon(&set, &cluster([computed, overridden]));
    assert_eq!(
        outcome.why("a", "own"),
        Open::DivisionByZero {
            divisor: "fund".to_owned()
        }
    );
    assert_eq!(outcome.total("b"), "6");
}

#[test]
fn what_is_worked_out_is_rounded_to_the_step() {
    let node = formula("own", "10", "visits / 3").with(|one| one.step = Some(n("0.25")));
    let set = checked(set("10", vec![node]).graded_to_ten());
    let outcome = reckon(
        &set,
        &cluster([unit("A").has("visits", "20"), unit("B").has("visits", "29")]),
    );
    assert_eq!([outcome.total("a"), outcome.total("b")], ["6.75", "9.75"]);
}
