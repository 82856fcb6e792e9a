//! What may be wrong with a set, each with its place.

use super::*;

fn sound() -> CriteriaSet {
    set(
        "100",
        vec![
            section("a", "60", vec![manual("a1", "40"), manual("a2", "20")]),
            manual("b", "40"),
        ],
    )
}

fn broken(change: impl FnOnce(&mut CriteriaSet)) -> Vec<String> {
    let mut set = sound();
    change(&mut set);
    faults(set)
}

fn child(set: &mut CriteriaSet, index: usize) -> &mut Node {
    match &mut set.nodes[0].part {
        Part::Section(section) => &mut section.children[index],
        Part::Criterion(_) => panic!("a section"),
    }
}

#[test]
fn a_sound_set_has_no_faults() {
    assert_eq!(faults(sound()), Vec::<String>::new());
}

#[test]
fn maxima_must_add_up_at_every_level() {
    assert_eq!(
        broken(|set| child(set, 0).max = n("39.5")),
        ["nodes[0].max SUM_DIFFERS"]
    );
    assert_eq!(broken(|set| set.nodes[1].max = n("41")), ["scale SUM_DIFFERS"]);
    assert_eq!(
        broken(|set| child(set, 1).weight = n("2")),
        ["nodes[0].max SUM_DIFFERS"]
    );
    assert_eq!(broken(|set| set.nodes[1].weight = n("0.5")), ["scale SUM_DIFFERS"]);
}

#[test]
fn maxima_must_add_up_for_all_kinds_of_units_that_filters_tell_apart() {
    let schools = |set: &mut CriteriaSet| child(set, 1).applies_to.calendars = [Calendar::SchoolYear].into();
    assert_eq!(broken(schools), ["nodes[0].max SUM_DIFFERS"]);
    let mut set = sound();
    schools(&mut set);
    let problems = CheckedSet::check(set.clone(), &indicators()).unwrap_err();
    let text = problems[0].text();
    assert_eq!(
        text.vi,
        "nodes[0].max: Điểm tối đa của các phần cộng lại là 40, nhưng phải bằng 60 (tính cho đơn vị theo năm dương lịch)."
    );
    let Part::Section(section) = &mut set.nodes[0].part else {
        panic!("a section")
    };
    section.rescale = true;
    assert_eq!(faults(set), Vec::<String>::new());
    // For the units above 500 members the sum is another.
    assert_eq!(
        broken(|set| set.nodes[1].applies_to.size_below = Some(500)),
        ["scale SUM_DIFFERS"]
    );
}

#[test]
fn bonus_within_the_scale_is_part_of_the_sum() {
    let bonus = |set: &mut CriteriaSet| {
        set.nodes.push(manual("c", "10").bonus());
        set.bonus = BonusPlace::WithinScale;
        set.bonus_cap = Some(n("5"));
    };
    assert_eq!(broken(bonus), ["scale SUM_DIFFERS"]);
    let faults = broken(|set| {
        bonus(set);
        set.scale = n("105");
    });
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn codes_steps_caps_and_bounds_are_looked_at() {
    let cases: Vec<(Vec<String>, &str)> = vec![
        (
            broken(|set| child(set, 0).code = "b".to_owned()),
            "nodes[1].code CODE_TWICE",
        ),
        (
            broken(|set| set.nodes[1].code = "mục b".to_owned()),
            "nodes[1].code CODE_UNCLEAR",
        ),
        (
            broken(|set| set.nodes[1].title.vi = " ".to_owned()),
            "nodes[1].title.vi TEXT_LENGTH",
        ),
        (
            broken(|set| set.nodes[1] = manual("b", "40").with(|one| one.step = Some(n("0.3")))),
            "nodes[1].step STEP_DOES_NOT_DIVIDE",
        ),
        (
            broken(|set| set.nodes[1] = manual("b", "40").with(|one| one.step = Some(n("0")))),
            "nodes[1].step STEP_DOES_NOT_DIVIDE",
        ),
        (
            broken(|set| set.nodes[1] = manual("b", "40").with(|one| one.scored_by.clear())),
            "nodes[1].scoredBy NOBODY_SCORES",
        ),
        (broken(|set| set.bonus_cap = Some(n("5"))), "bonusCap CAP_OF_NOTHING"),
        (
            broken(|set| set.nodes.push(section("c", "0", vec![]))),
            "nodes[2].children EMPTY_SECTION",
        ),
        (
            broken(|set| {
                let nobody = |units: &mut AppliesTo| (units.size_from, units.size_below) = (Some(500), Some(500));
                set.nodes.push(manual("c", "5").bonus().for_units(nobody));
            }),
            "nodes[2].appliesTo.sizeBelow SIZES_CROSS",
        ),
        (
            broken(|set| {
                let late = section("in", "0", vec![manual("late", "5").deduction()]);
                let late = late.but(|one| one.deduction_cap = Some(n("5")));
                set.nodes[0] = section("a", "60", vec![manual("a1", "60"), late]).but(|one| one.rescale = true);
            }),
            "nodes[0].children[1] CAP_BELOW_RESCALE",
        ),
        (
            broken(|set| set.nodes[1] = formula("b", "40", "visitz * 2")),
            "nodes[1].measure.text FORMULA",
        ),
        (
            broken(|set| {
                let count = CountFrom::Figure {
                    indicator: "remark".to_owned(),
                };
                set.nodes[1] = criterion("b", "40", Measure::PerCount { count, each: n("1") });
            }),
            "nodes[1].measure.count.indicator NOT_A_NUMBER",
        ),
        (
            broken(|set| {
                set.nodes[1].adaptable = Some(Adaptable {
                    max: Some(Range {
                        least: n("45"),
                        most: n("50"),
                    }),
                    ..Adaptable::default()
                });
            }),
            "nodes[1].adaptable.max RANGE_UNCLEAR",
        ),
        (
            broken(|set| {
                set.nodes[1] = criterion(
                    "b",
                    "40",
                    Measure::Events {
                        start: n("41"),
                        floor: n("0"),
                        ceiling: n("40"),
                        events: vec![EventKind {
                            code: "late".to_owned(),
                            title: title("Nộp muộn"),
                            each: n("-1"),
                            count: CountFrom::Entered,
                        }],
                    },
                );
            }),
            "nodes[1].measure.start FLOOR_ABOVE_CEILING",
        ),
    ];
    for (found, wanted) in cases {
        assert_eq!(found, [wanted]);
    }
}

#[test]
fn grades_gates_quotas_and_tie_breaks_are_looked_at() {
    let quota = |grade: &str| Quota {
        code: format!("q_{grade}"),
        grade: grade.to_owned(),
        base: ["XS".to_owned()].into(),
        percent: n("20"),
        rounding: Rounding::Nearest,
        enforcement: Enforcement::Warn,
        basis: None,
    };
    let gate = |condition| Gate {
        code: "g".to_owned(),
        title: title("Điều kiện"),
        condition,
        otherwise_at_most: "K".to_owned(),
        when_missing: GateMissing::Closed,
        basis: None,
    };
    let cases: Vec<(Vec<String>, Vec<&str>)> = vec![
        (broken(|set| set.bands.clear()), vec!["bands BANDS_LEAVE_HOLE"]),
        (
            broken(|set| set.bands[3].from = n("10")),
            vec!["bands BANDS_LEAVE_HOLE"],
        ),
        (
            broken(|set| set.bands[1].from = n("90")),
            vec!["bands[1].from BANDS_OVERLAP"],
        ),
        (
            broken(|set| set.bands[0].from = n("101")),
            vec!["bands[0].from BAND_OUT_OF_REACH"],
        ),
        (
            broken(|set| set.bands[0].grade = "T".to_owned()),
            vec!["bands[1].grade CODE_TWICE"],
        ),
        (
            broken(|set| {
                set.gates = vec![gate(Condition::Declared {
                    declaration: "d".to_owned(),
                    wanted: true,
                })];
            }),
            vec![
                "gates[0].otherwiseAtMost UNKNOWN",
                "gates[0].condition.declaration UNKNOWN",
            ],
        ),
        (
            broken(|set| {
                set.gates = vec![gate(Condition::NodesReach {
                    nodes: vec!["a".to_owned(), "z".to_owned()],
                    share: n("1.5"),
                })];
                set.gates[0].otherwise_at_most = "T".to_owned();
            }),
            vec![
                "gates[0].condition.share OUT_OF_BOUNDS",
                "gates[0].condition.nodes[1] UNKNOWN",
            ],
        ),
        (
            broken(|set| set.quotas = vec![quota("XS"), quota("KHT"), quota("XS")]),
            vec![
                "quotas[2].code CODE_TWICE",
                "quotas[1].grade QUOTA_OF_LAST",
                "quotas[2].grade QUOTA_TWICE",
            ],
        ),
        (
            broken(|set| {
                let by = TieBreakBy::Figure {
                    indicator: "womem".to_owned(),
                    better: Better::Higher,
                };
                set.tie_breaks = vec![TieBreak { by, basis: None }];
            }),
            vec!["tieBreaks[0].by.indicator UNKNOWN_INDICATOR"],
        ),
    ];
    for (found, wanted) in cases {
        assert_eq!(found, wanted);
    }
}

#[test]
fn what_is_too_large_is_refused_before_anything_else() {
    let many = (0..=NODES_MAX).map(|index| manual(&format!("n{index}"), "1")).collect();
    assert_eq!(faults(set("501", many)), ["nodes TOO_MANY_NODES"]);
    let deep = (0..DEPTH_MAX).fold(manual("leaf", "100"), |node, index| {
        section(&format!("s{index}"), "100", vec![node])
    });
    assert_eq!(faults(set("100", vec![deep])), ["nodes TOO_DEEP"]);
    let just = (1..DEPTH_MAX).fold(manual("leaf", "100"), |node, index| {
        section(&format!("s{index}"), "100", vec![node])
    });
    assert_eq!(faults(set("100", vec![just])), Vec::<String>::new());
}
