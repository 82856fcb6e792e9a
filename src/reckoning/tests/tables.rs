//! Score tables as they were in force, with the points they would give.

use super::*;
use Layer::{Cluster, Council, Own, Province};

/// 1.000 points are 950 for content and 50 of bonus; the standing office of the council scores some items itself.
fn hue() -> CriteriaSet {
    let mut set = set(
        "1000",
        vec![
            section("content", "900", vec![manual("work", "600"), manual("movement", "300")]),
            manual("cluster", "50"),
            manual("models", "40").bonus(),
            manual("initiatives", "30").bonus(),
            criterion(
                "council_items",
                "24",
                Measure::Events {
                    start: n("0"),
                    floor: n("0"),
                    ceiling: n("24"),
                    events: ["no_launch", "no_pact", "no_registration"]
                        .map(|code| EventKind {
                            code: code.to_owned(),
                            title: title(code),
                            each: n("8"),
                            count: CountFrom::Entered,
                        })
                        .into(),
                },
            )
            .deduction()
            .only(Council),
        ],
    );
    set.bonus = BonusPlace::WithinScale;
    set.bonus_cap = Some(n("50"));
    set.bands = bands(&[("XS", "900"), ("T", "700"), ("HT", "500"), ("KHT", "0")]);
    set
}

fn all_points(unit: UnitFacts) -> UnitFacts {
    unit.gets(Own, "work", "600")
        .gets(Own, "movement", "300")
        .gets(Own, "cluster", "50")
}

#[test]
fn the_table_of_hue_gives_950_points_and_at_most_50_of_bonus() {
    let set = checked(hue());
    let facts = cluster([
        all_points(unit("Sở A")),
        all_points(unit("Sở B"))
            .gets(Cluster, "models", "40")
            .gets(Cluster, "initiatives", "30"),
        all_points(unit("Sở C")).gets(Cluster, "work", "550.5"),
    ]);
    let outcome = reckon(&set, &facts);
    assert_eq!(
        [outcome.total("a"), outcome.total("b"), outcome.total("c")],
        ["950", "1000", "900.5"]
    );
    assert_eq!(
        outcome.units["b"].total.sums.bonus,
        Some(Capped {
            collected: n("70"),
            cap: Some(n("50")),
            counted: n("50")
        })
    );
}

#[test]
fn no_pact_at_the_start_of_the_year_takes_8_points_away_and_only_the_council_says_so() {
    let set = checked(hue());
    let no_pact = || Given::Events {
        counts: [("no_pact".to_owned(), 1)].into(),
    };
    let facts = cluster([
        all_points(unit("Sở A")).enters(Council, "council_items", no_pact(), None),
        all_points(unit("Sở B")).enters(Cluster, "council_items", no_pact(), None),
    ]);
    let outcome = reckon(&set, &facts);
    assert_eq!(outcome.total("a"), "942");
    assert_eq!(outcome.total("b"), "open");
    assert_eq!(outcome.problems.len(), 1);
    assert_eq!(outcome.problems[0].kind, FactProblemKind::LayerMayNot);
    // Before the council there was nothing to see of it.
    assert_eq!(reckon_up_to(&set, &facts, Province).total("a"), "950");
}

/// 40 + 40 + 15, and 5 that only the council gives.
fn tkv() -> CriteriaSet {
    let mut set = set(
        "100",
        vec![
            manual("group_1", "40").with(|one| one.step = Some(n("0.25"))),
            manual("group_2", "40"),
            manual("group_3", "15"),
            manual("upper", "5").bonus().only(Council),
        ],
    );
    set.bonus = BonusPlace::WithinScale;
    set
}

#[test]
fn the_table_of_tkv_has_5_points_that_only_the_council_gives() {
    let set = checked(tkv());
    let scored = |unit: UnitFacts| {
        unit.gets(Own, "group_1", "39.25")
            .gets(Own, "group_2", "38")
            .gets(Own, "group_3", "14")
    };
    let facts = cluster([
        scored(unit("CĐCS A")),
        scored(unit("CĐCS B")).gets(Council, "upper", "5"),
        scored(unit("CĐCS C")).gets(Own, "upper", "5"),
    ]);
    let outcome = reckon(&set, &facts);
    assert_eq!(
        [outcome.total("a"), outcome.total("b"), outcome.total("c")],
        ["91.25", "96.25", "open"]
    );
    assert_eq!([outcome.grade("b"), outcome.grade("c")], ["XS", "NOT_RATED"]);
}

#[test]
fn a_part_for_large_units_stands_in_the_place_of_the_one_for_small_ones() {
    let annex = |code: &str, from: Option<u32>, below: Option<u32>| {
        manual(code, "100").for_units(|units| (units.size_from, units.size_below) = (from, below))
    };
    let set = checked(set(
        "100",
        vec![annex("small", None, Some(500)), annex("large", Some(500), None)],
    ));
    let mut facts = cluster(
        [unit("Nhỏ"), unit("Lớn"), unit("Chưa rõ")].map(|unit| unit.gets(Own, "small", "80").gets(Own, "large", "70")),
    );
    facts.units.get_mut("b").unwrap().size = Some(500);
    facts.units.get_mut("c").unwrap().size = None;
    let outcome = reckon(&set, &facts);
    assert_eq!(
        [outcome.total("a"), outcome.total("b"), outcome.total("c")],
        ["80", "70", "open"]
    );
    assert_eq!(
        outcome.units["c"].standing,
        Standing::NotRated {
            reasons: vec![NotRated::SizeUnknown]
        }
    );
    // What is not for a unit is a problem when somebody scored it all the same.
    let strays: Vec<_> = outcome.problems.iter().map(|one| one.unit.as_str()).collect();
    assert_eq!(strays, ["a", "b"], "whether it is for the third nobody can tell");
}

#[test]
fn bonus_comes_on_top_in_hcmc_and_is_capped_at_100_in_dong_nai() {
    let table = || set("100", vec![manual("work", "100"), manual("flag", "15").bonus()]);
    let facts = cluster([unit("Quận 11").gets(Own, "work", "97").gets(Own, "flag", "10")]);
    assert_eq!(reckon(&checked(table()), &facts).total("a"), "107");
    let mut capped = table();
    capped.total_cap = Some(n("100"));
    let outcome = reckon(&checked(capped), &facts);
    assert_eq!(outcome.total("a"), "100");
    assert_eq!(outcome.units["a"].total.cut_at, Some(n("100")));
}

#[test]
fn what_does_not_apply_is_left_out_and_the_rest_scaled_up() {
    let only_schools = |node: Node| node.for_units(|units| units.calendars = [Calendar::SchoolYear].into());
    let table = set(
        "100",
        vec![
            section(
                "quality",
                "60",
                vec![manual("law", "40"), only_schools(manual("teaching", "20"))],
            )
            .but(|section| section.rescale = true),
            manual("finance", "40"),
        ],
    );
    let set = checked(table);
    let scored = |unit: UnitFacts| unit.gets(Own, "law", "35").gets(Own, "finance", "40");
    let mut school = scored(unit("Trường")).gets(Own, "teaching", "20");
    school.calendar = Calendar::SchoolYear;
    let outcome = reckon(&set, &cluster([scored(unit("Xã")), school]));
    assert_eq!(
        [outcome.points("a", "quality"), outcome.points("b", "quality")],
        ["52.5", "55"]
    );
    assert_eq!([outcome.total("a"), outcome.total("b")], ["92.5", "95"]);
    assert_eq!(outcome.points("a", "teaching"), "-");
}

#[test]
fn a_section_takes_in_bonus_and_deductions_up_to_its_own_caps_and_never_falls_below_zero() {
    let table = set(
        "100",
        vec![
            section(
                "unions",
                "60",
                vec![
                    manual("care", "60"),
                    manual("extra", "20").bonus(),
                    manual("late", "90").deduction(),
                ],
            )
            .but(|section| (section.bonus_cap, section.deduction_cap) = (Some(n("5")), Some(n("80")))),
            manual("rest", "40"),
        ],
    );
    let set = checked(table);
    let scored = |care: &str, extra: &str, late: &str| {
        unit("CĐCS")
            .gets(Own, "care", care)
            .gets(Own, "extra", extra)
            .gets(Own, "late", late)
            .gets(Own, "rest", "10")
    };
    let outcome = reckon(
        &set,
        &cluster([
            scored("60", "20", "0"),
            scored("50", "3", "10"),
            scored("30", "0", "90"),
        ]),
    );
    assert_eq!(
        [outcome.total("a"), outcome.total("b"), outcome.total("c")],
        ["75", "53", "10"]
    );
}

#[test]
fn weights_count_in_what_stands_above() {
    let mut heavy = manual("heavy", "20");
    heavy.weight = n("2.5");
    let set = checked(set("100", vec![heavy, manual("light", "50")]));
    let outcome = reckon(
        &set,
        &cluster([unit("A").gets(Own, "heavy", "13").gets(Own, "light", "50")]),
    );
    assert_eq!(outcome.total("a"), "82.5");
    assert_eq!(outcome.units["a"].nodes["heavy"].brings, Some(n("32.5")));
}
