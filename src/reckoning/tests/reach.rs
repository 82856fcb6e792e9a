//! Sets whose maximum nobody could reach, and sums that scaling up must not hide.

use super::*;

fn target(share: &str, leader: bool) -> Node {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Fixed { value: n("10") },
        share: n(share),
        leader,
    };
    criterion("visiting", "100", measure)
}

#[test]
fn at_the_target_without_a_leader_there_must_be_all_points() {
    let of = |share, leader| faults(set("100", vec![target(share, leader)]));
    assert_eq!(of("0.5", false), ["nodes[0].measure.share MAX_OUT_OF_REACH"]);
    assert_eq!(of("0.5", true), Vec::<String>::new());
    assert_eq!(of("1", false), Vec::<String>::new());
}

fn events([start, floor, ceiling]: [&str; 3], each: &str) -> Node {
    let measure = Measure::Events {
        start: n(start),
        floor: n(floor),
        ceiling: n(ceiling),
        events: vec![EventKind {
            code: "late".to_owned(),
            title: title("Nộp muộn"),
            each: n(each),
            count: CountFrom::Entered,
        }],
    };
    criterion("order", "100", measure)
}

#[test]
fn events_must_be_able_to_bring_the_maximum() {
    let of = |points, each| faults(set("100", vec![events(points, each)]));
    let out = ["nodes[0].measure.ceiling MAX_OUT_OF_REACH"];
    assert_eq!(of(["0", "0", "0"], "5"), out);
    assert_eq!(of(["10", "0", "90"], "5"), out);
    assert_eq!(of(["90", "0", "100"], "-5"), out, "nothing adds to the start");
    assert_eq!(of(["100", "0", "100"], "-5"), Vec::<String>::new());
    assert_eq!(of(["0", "-5", "100"], "5"), Vec::<String>::new());
    let late = |points| faults(set("100", vec![manual("a", "100"), events(points, "5").deduction()]));
    assert_eq!(late(["0", "0", "0"]), ["nodes[1].measure.ceiling MAX_OUT_OF_REACH"]);
    assert_eq!(late(["0", "0", "50"]), Vec::<String>::new());
}

#[test]
fn floor_start_and_ceiling_are_multiples_of_the_step() {
    let node = events(["55", "5", "100"], "5").with(|one| one.step = Some(n("10")));
    assert_eq!(
        faults(set("100", vec![node])),
        [
            "nodes[0].measure.floor STEP_DOES_NOT_DIVIDE",
            "nodes[0].measure.start STEP_DOES_NOT_DIVIDE"
        ]
    );
}

#[test]
fn caps_lie_where_they_can_be_reached() {
    let table = |total_cap, bonus_cap: &str| {
        let bonus = section("box", "0", vec![manual("b1", "3").bonus(), manual("b2", "2").bonus()])
            .but(|one| one.bonus_cap = Some(n(bonus_cap)));
        let mut set = set("100", vec![manual("a", "100"), bonus]);
        set.total_cap = total_cap;
        faults(set)
    };
    assert_eq!(table(None, "5"), Vec::<String>::new());
    assert_eq!(table(None, "6"), ["nodes[1].bonusCap CAP_OUT_OF_REACH"]);
    assert_eq!(table(Some(n("100")), "5"), Vec::<String>::new());
    assert_eq!(table(Some(n("99")), "5"), ["totalCap TOTAL_CAP_BELOW_SCALE"]);
    let mut top = set("100", vec![manual("a", "100"), manual("b", "5").bonus()]);
    top.bonus_cap = Some(n("6"));
    assert_eq!(faults(top), ["bonusCap CAP_OUT_OF_REACH"]);
}

#[test]
fn scaling_up_hides_no_sum_that_is_wrong() {
    let table = |first: &str, second: &str, only_schools: bool| {
        let tea = manual("tea", second).for_units(|units| {
            units.calendars = only_schools.then_some(Calendar::SchoolYear).into_iter().collect();
        });
        let scaled = section("a", "60", vec![manual("law", first), tea]).but(|one| one.rescale = true);
        faults(set("100", vec![scaled, manual("r", "40")]))
    };
    let wrong = ["nodes[0].max SUM_DIFFERS"];
    assert_eq!(table("40", "20", false), Vec::<String>::new());
    assert_eq!(table("40", "20", true), Vec::<String>::new());
    assert_eq!(table("40", "40", false), wrong, "more than the section has");
    assert_eq!(table("40", "10", true), wrong, "for schools nothing is left out");
    assert_eq!(table("70", "0.0001", true), wrong);
}

#[test]
fn gates_and_tie_breaks_ask_for_no_deduction_and_for_nothing_twice() {
    let mut table = set("100", vec![manual("a", "100"), manual("late", "10").deduction()]);
    let node = "late".to_owned();
    table.tie_breaks = vec![TieBreak {
        by: TieBreakBy::Points { node },
        basis: None,
    }];
    table.gates = vec![Gate {
        code: "g".to_owned(),
        title: title("Điều kiện"),
        condition: Condition::NodesReach {
            nodes: ["a", "late", "a"].map(str::to_owned).into(),
            share: n("0.5"),
        },
        otherwise_at_most: "T".to_owned(),
        when_missing: GateMissing::Closed,
        basis: None,
    }];
    assert_eq!(
        faults(table),
        [
            "gates[0].condition.nodes[2] CODE_TWICE",
            "gates[0].condition.nodes[1] DEDUCTION",
            "tieBreaks[0].by.node DEDUCTION"
        ]
    );
}

#[test]
fn too_many_sizes_are_told_as_such() {
    let gifts = (1..=25_u32).map(|size| {
        manual(&format!("b{size}"), "1")
            .bonus()
            .for_units(|units| units.size_from = Some(size))
    });
    let nodes = gifts.chain([manual("a", "100")]).collect();
    assert_eq!(faults(set("100", nodes)), ["nodes TOO_MANY_SIZES"]);
}
