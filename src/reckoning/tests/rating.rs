//! Grades, gates, who is rated at all, places.

use super::*;
use Layer::Own;

pub(super) fn hundred() -> CriteriaSet {
    set("100", vec![manual("standard_1", "60"), manual("standard_2", "40")])
}

pub(super) fn with(points: &str, rest: &str) -> UnitFacts {
    unit("CĐCS")
        .gets(Own, "standard_1", points)
        .gets(Own, "standard_2", rest)
}

/// The bands before 2019: from 85 vững mạnh, unless somebody was disciplined or a standard stayed below half.
fn before_2019() -> CriteriaSet {
    let mut set = hundred();
    set.bands = bands(&[("VM", "85"), ("K", "70"), ("TB", "50"), ("Y", "0")]);
    set.declarations = vec![Declaration {
        code: "discipline".to_owned(),
        title: title("Có cán bộ bị kỷ luật từ cảnh cáo trở lên"),
    }];
    let gate = |code: &str, condition| Gate {
        code: code.to_owned(),
        title: title(code),
        condition,
        otherwise_at_most: "K".to_owned(),
        when_missing: GateMissing::NotRated,
        basis: None,
    };
    let declared = Condition::Declared {
        declaration: "discipline".to_owned(),
        wanted: false,
    };
    let half = Condition::NodesReach {
        nodes: vec!["standard_1".to_owned(), "standard_2".to_owned()],
        share: n("0.5"),
    };
    set.gates = vec![gate("no_discipline", declared), gate("half_of_each", half)];
    set
}

#[test]
fn before_2019_who_missed_a_condition_was_kha_whatever_the_points() {
    let facts = cluster([
        with("55", "35").declares("discipline", false),
        with("55", "35").declares("discipline", true),
        with("60", "19").declares("discipline", false),
        with("60", "25.5").declares("discipline", true),
        with("55", "35"),
        with("40", "10").declares("discipline", true),
        with("10", "10").declares("discipline", false),
    ]);
    let outcome = reckon(&checked(before_2019()), &facts);
    let grades = ["a", "b", "c", "d", "e", "f", "g"].map(|id| outcome.grade(id));
    assert_eq!(grades, ["VM", "K", "K", "K", "NOT_RATED", "TB", "Y"]);
    let caps = |id: &str| outcome.units[id].gates.iter().map(|gate| gate.caps).collect::<Vec<_>>();
    assert_eq!(
        (caps("b"), caps("f")),
        (vec![true, false], vec![false, false]),
        "a gate that changes nothing caps nothing"
    );
    assert_eq!(
        outcome.units["g"].gates[1].holds,
        Holds::No {
            nodes: vec!["standard_1".to_owned(), "standard_2".to_owned()]
        }
    );
    // Places do not look at gates.
    assert_eq!(outcome.places(), "a1 b1 e1 d4 c5 f6 g7");
}

#[test]
fn a_gate_names_only_some_of_the_nodes_that_fall_short() {
    let codes: Vec<String> = (0..25).map(|index| format!("n{index}")).collect();
    let mut set = set("100", codes.iter().map(|code| manual(code, "4")).collect());
    set.gates = vec![Gate {
        code: "half".to_owned(),
        title: title("Quá nửa"),
        condition: Condition::NodesReach {
            nodes: codes.clone(),
            share: n("0.5"),
        },
        otherwise_at_most: "T".to_owned(),
        when_missing: GateMissing::Closed,
        basis: None,
    }];
    let scored = |points: &str| codes.iter().fold(unit("A"), |unit, code| unit.gets(Own, code, points));
    let outcome = reckon(&checked(set), &cluster([scored("1.9999"), scored("2"), unit("C")]));
    let holds = |id: &str| outcome.units[id].gates[0].holds.clone();
    assert!(matches!(holds("a"), Holds::No { nodes } if nodes.len() == NAMED_MAX));
    assert_eq!(holds("b"), Holds::Yes);
    assert!(matches!(holds("c"), Holds::Unknown { of, .. } if of.len() == NAMED_MAX));
}

#[test]
fn a_gate_may_be_a_formula_over_figures_and_declarations() {
    let mut set = before_2019();
    set.gates[0].condition = Condition::Formula {
        text: "!discipline && violations <= 2 && visits >= median_visits".to_owned(),
    };
    set.gates[0].when_missing = GateMissing::Closed;
    let unit = |violations: &str, visits: &str| {
        with("55", "35")
            .declares("discipline", false)
            .has("violations", violations)
            .has("visits", visits)
    };
    let facts = cluster([unit("0", "5"), unit("3", "5"), unit("0", "4"), unit("khoảng 2", "9")]);
    let outcome = reckon(&checked(set), &facts);
    assert_eq!(["a", "b", "c", "d"].map(|id| outcome.grade(id)), ["VM", "K", "K", "K"]);
}

#[test]
fn a_new_unit_must_have_worked_12_months_and_one_out_of_a_merger_6() {
    let mut set = hundred();
    let rule = |after: &[LifeEvent], months| EligibilityRule {
        after: after.iter().copied().collect(),
        months,
        basis: Some("Hướng dẫn 1294/HD-TLĐ, mục 3.1".to_owned()),
    };
    set.eligibility = vec![
        rule(&[LifeEvent::Founded], 12),
        rule(&[LifeEvent::Split, LifeEvent::Merged, LifeEvent::Consolidated], 6),
    ];
    let happened = |event, on: &str| {
        let mut unit = with("60", "40");
        unit.events.insert(Happened { on: day(on), event });
        unit
    };
    let mut ended = with("60", "40");
    ended.ended_on = Some(day("2025-07-01"));
    let mut ended_later = with("60", "40");
    ended_later.ended_on = Some(day("2026-01-01"));
    let facts = cluster([
        happened(LifeEvent::Merged, "2025-07-01"),
        happened(LifeEvent::Merged, "2025-07-02"),
        happened(LifeEvent::Founded, "2025-07-01"),
        happened(LifeEvent::Founded, "2025-01-01"),
        ended,
        ended_later,
        happened(LifeEvent::Merged, "2026-01-05"),
        happened(LifeEvent::Founded, "2026-01-05"),
    ]);
    let outcome = reckon(&checked(set), &facts);
    let grades = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|id| outcome.grade(id));
    assert_eq!(
        grades,
        [
            "XS",
            "NOT_ELIGIBLE",
            "NOT_ELIGIBLE",
            "XS",
            "NOT_ELIGIBLE",
            "XS",
            "XS",
            "NOT_ELIGIBLE"
        ],
        "a merger after the period changes nothing in it"
    );
    assert_eq!((outcome.not_eligible, outcome.not_rated), (4, 0));
    let rated: u32 = outcome.tally.iter().map(|one| one.units).sum();
    assert_eq!(rated + outcome.not_eligible + outcome.not_rated, 8);
    assert_eq!(outcome.places(), "a1 d1 f1 g1");
}

#[test]
fn a_chain_of_tie_breaks_separates_and_says_by_what() {
    let mut set = hundred();
    let by = |by| TieBreak { by, basis: None };
    set.tie_breaks = vec![
        by(TieBreakBy::Figure {
            indicator: "women".to_owned(),
            better: Better::Higher,
        }),
        by(TieBreakBy::Points {
            node: "standard_1".to_owned(),
        }),
        by(TieBreakBy::FewerDeductions),
        by(TieBreakBy::Ballot),
    ];
    let facts = cluster([
        with("50", "30").has("women", "70"),
        with("45", "35").has("women", "70"),
        with("50", "30").has("women", "75,5"),
        with("60", "40"),
        with("45", "35").has("women", "70"),
    ]);
    let outcome = reckon(&checked(set.clone()), &facts);
    assert_eq!(outcome.places(), "d1 c2 a3 b4 e4");
    let by: Vec<_> = outcome.ranking.trace.iter().map(|one| one.by.clone()).collect();
    let tie_break = |index, above: &str, below: &str| SeparatedBy::TieBreak {
        index,
        above: n(above),
        below: n(below),
    };
    assert_eq!(
        by,
        [
            SeparatedBy::Points {
                above: n("100"),
                below: n("80")
            },
            tie_break(0, "75.5", "70"),
            tie_break(1, "50", "45"),
            SeparatedBy::Nothing
        ]
    );
    let last = &outcome.ranking.trace[3];
    let passed: Vec<_> = last.passed.iter().map(|one| (one.index, one.unknown.len())).collect();
    assert_eq!(passed, [(0, 0), (1, 0), (2, 0), (3, 2)], "no ballot was held");

    // A figure that one of those who are even does not have separates none of them.
    let mut facts = facts;
    facts.units.get_mut("c").unwrap().figures.clear();
    let outcome = reckon(&checked(set), &facts);
    assert_eq!(outcome.places(), "d1 a2 c2 b4 e4");
}
