//! Snapshots, what-if, differences, adaptations.

use super::snapshot::{SnapshotProblem, hash_of_rules, open, recompute, seal};
use super::*;
use Layer::{Cluster, Own};

pub(super) fn table() -> CriteriaSet {
    let mut set = set(
        "100",
        vec![
            section("a", "60", vec![manual("a1", "40"), manual("a2", "20")]),
            manual("b", "40"),
        ],
    );
    set.quotas = vec![Quota {
        code: "top".to_owned(),
        scope: QuotaScope::Cluster,
        grade: "XS".to_owned(),
        base: ["XS".to_owned(), "T".to_owned()].into(),
        percent: n("20"),
        rounding: Rounding::Nearest,
        enforcement: Enforcement::Block,
        basis: Some("Hướng dẫn 1294/HD-TLĐ".to_owned()),
    }];
    set
}

fn with(a1: &str, a2: &str, b: &str) -> UnitFacts {
    unit("CĐCS").gets(Own, "a1", a1).gets(Own, "a2", a2).gets(Own, "b", b)
}

pub(super) fn five() -> ClusterFacts {
    let mut facts = cluster([
        with("40", "20", "38"),
        with("40", "20", "36"),
        with("40", "10", "25"),
        with("30", "20", "25"),
        with("30", "10", "30"),
    ]);
    for (id, name) in facts.units.keys().cloned().collect::<Vec<_>>().iter().zip([
        "Đăk Tô",
        "Ngọc Hồi",
        "Đăk Glei",
        "Ia H'Drai",
        "Tu Mơ Rông",
    ]) {
        facts.units.get_mut(id).unwrap().name = format!("CĐCS {name}");
    }
    facts
}

#[test]
fn a_snapshot_that_was_touched_is_known() {
    let sealed = seal(&checked(table()), &five()).unwrap();
    assert_eq!(sealed.hash.len(), 64);
    assert_eq!(
        open(&sealed.bytes).unwrap().hashes.rules,
        hash_of_rules(&table()).unwrap()
    );
    let text = String::from_utf8(sealed.bytes).unwrap();
    let touched = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        recompute(text.replacen(from, to, 1).as_bytes())
    };
    assert_eq!(
        touched("\"percent\":\"20\"", "\"percent\":\"40\""),
        Err(SnapshotProblem::Altered { part: "rules" })
    );
    assert_eq!(
        touched("CĐCS Đăk Tô", "CĐCS Đắk Tô"),
        Err(SnapshotProblem::Altered { part: "facts" })
    );
    assert_eq!(
        touched("\"engine\":1", "\"engine\":2"),
        Err(SnapshotProblem::OtherEngine { engine: 2 })
    );
    // Whatever another engine wrote besides, it is told first that it was another.
    assert_eq!(
        touched("\"engine\":1,", "\"engine\":2,\"seal\":[],"),
        Err(SnapshotProblem::OtherEngine { engine: 2 })
    );
    // Nothing may be said otherwise, even where a reader would make the same of it.
    let outcome = SnapshotProblem::Altered { part: "outcome" };
    assert_eq!(touched("\"notRated\":0", "\"notRated\": 0"), Err(outcome.clone()));
    assert_eq!(touched("\"notRated\":0", "\"notRated\":0,\"more\":1"), Err(outcome));
    assert_eq!(
        touched("\"basis\":null,\"nodes\"", "\"nodes\""),
        Err(SnapshotProblem::Altered { part: "rules" })
    );
    assert_eq!(
        touched("\"indicators\":{}", "\"indicators\":{\"visits\":\"INTEGER\"}"),
        Err(SnapshotProblem::Altered { part: "indicators" })
    );
    for (from, to) in [
        ("{\"engine\"", "{ \"engine\""),
        (",\"facts\":", ",\"more\":1,\"facts\":"),
    ] {
        assert!(matches!(touched(from, to), Err(SnapshotProblem::Unreadable { .. })));
    }
    let longer = format!("{text} ");
    assert!(matches!(
        recompute(longer.as_bytes()),
        Err(SnapshotProblem::Unreadable { .. })
    ));
    assert!(matches!(recompute(b"{}"), Err(SnapshotProblem::Unreadable { .. })));
}

#[test]
fn keys_that_a_set_does_not_have_are_refused() {
    let measure = Measure::PerCount {
        count: CountFrom::Figure {
            indicator: "visits".to_owned(),
        },
        each: n("1"),
    };
    let node = section("a", "5", vec![criterion("b", "5", measure)]);
    let text = serde_json::to_string(&node).unwrap();
    assert_eq!(serde_json::from_str::<Node>(&text).unwrap(), node);
    for (from, to) in [
        ("\"step\":", "\"stepp\":1,\"step\":"),
        ("\"rescale\":", "\"rescaled\":1,\"rescale\":"),
        ("\"each\":", "\"eech\":1,\"each\":"),
        ("\"indicator\":", "\"indicators\":1,\"indicator\":"),
        ("\"weight\":", "\"wait\":1,\"weight\":"),
    ] {
        assert!(text.contains(from), "{from}");
        assert!(
            serde_json::from_str::<Node>(&text.replacen(from, to, 1)).is_err(),
            "{to}"
        );
    }
}

#[test]
fn every_kind_of_rule_and_fact_survives_a_snapshot() {
    let mut set = table();
    let events = Measure::Events {
        start: n("5"),
        floor: n("0"),
        ceiling: n("5"),
        events: vec![EventKind {
            code: "late".to_owned(),
            title: title("Nộp muộn"),
            each: n("-0.5"),
            count: CountFrom::Entered,
        }],
    };
    let count = CountFrom::Figure {
        indicator: "visits".to_owned(),
    };
    let target = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Promised,
        share: n("0.5"),
        leader: true,
    };
    set.nodes.extend([
        criterion("events", "5", events),
        criterion("count", "5", Measure::PerCount { count, each: n("1") }),
        criterion("target", "10", target).for_units(|units| units.kinds = UnitKind::ALL.iter().copied().collect()),
        formula("formula", "10", "best_visits > 0 ? visits : 0"),
        criterion("verdict", "10", Measure::PassFail),
    ]);
    set.scale = n("140");
    set.declarations = vec![Declaration {
        code: "clean".to_owned(),
        title: title("Trong sạch"),
    }];
    set.gates = vec![Gate {
        code: "gate".to_owned(),
        title: title("Điều kiện"),
        condition: Condition::Formula {
            text: "clean && visits > 1".to_owned(),
        },
        otherwise_at_most: "T".to_owned(),
        when_missing: GateMissing::NotRated,
        basis: None,
    }];
    set.eligibility = vec![EligibilityRule {
        after: [LifeEvent::Merged].into(),
        months: 6,
        basis: None,
    }];
    let mut facts = five();
    for (index, unit) in facts.units.values_mut().enumerate() {
        let counts = [("late".to_owned(), 1)].into();
        *unit = unit
            .clone()
            .has("visits", ["trên 24.500", "7", "từ 10-12", "khoảng 5", "3"][index])
            .promised("visits", "5")
            .declares("clean", index % 2 == 0)
            .enters(Own, "events", Given::Events { counts }, None)
            .enters(Own, "verdict", Given::Verdict { passed: true }, Some("Đủ hồ sơ"))
            .enters(Cluster, "formula", Given::Points { points: n("3") }, Some("Đã xem"))
            .enters(Cluster, "count", Given::Count { count: 1 }, Some("Nhầm loại"));
        unit.events.insert(Happened {
            on: day("2025-09-01"),
            event: LifeEvent::Merged,
        });
    }
    facts.ballot.insert("a".to_owned(), 1);
    let sealed = seal(&checked(set), &facts).unwrap();
    assert_eq!(recompute(&sealed.bytes).unwrap(), sealed.bytes);
}

#[test]
fn what_if_tells_who_would_move() {
    let set = checked(table());
    let quota = |percent: &str| Alteration::Quota {
        quota: "top".to_owned(),
        percent: n(percent),
        rounding: Rounding::Nearest,
        enforcement: Enforcement::Block,
    };
    let tried = what_if(&set, &five(), &[quota("40")]).unwrap();
    let moved: Vec<_> = tried.moves.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(moved, ["CĐCS Ngọc Hồi"]);
    assert_eq!(what_if(&set, &five(), &[quota("20")]).unwrap().moves, []);
    let weight = |node: &str, weight: &str| Alteration::Weight {
        node: node.to_owned(),
        weight: n(weight),
    };
    let weights = [weight("a", "0.5"), weight("b", "1.75")];
    let tried = what_if(&set, &five(), &weights).unwrap();
    assert_eq!(tried.outcome.total("d"), "68.75");
    let off = weight("a", "2");
    let nobody = Alteration::NoGate { gate: "x".to_owned() };
    assert_eq!(
        what_if(&set, &five(), &[off]).unwrap_err()[0].kind.code(),
        "SUM_DIFFERS"
    );
    assert_eq!(what_if(&set, &five(), &[nobody]).unwrap_err()[0].path, "alterations[0]");
    assert_eq!(set.set(), &table(), "the set itself stays");
}

#[test]
fn versions_are_compared_by_codes() {
    let before = table();
    let mut after = table();
    after.scale = n("110");
    after.bands[0].from = n("95");
    after.quotas.clear();
    after.nodes.swap(0, 1);
    after.nodes[1] = section("a", "60", vec![manual("a2", "25"), manual("a3", "35")]);
    let difference = difference(&before, &after);
    let told: Vec<_> = difference
        .nodes
        .iter()
        .map(|one| format!("{} {:?}", one.code, one.changed))
        .collect();
    assert_eq!(told, ["a [Place]", "a2 [Max]", "a3 [Added]", "a1 [Removed]"]);
    assert_eq!(difference.head, [HeadPart::Scale]);
    assert_eq!(difference.bands.len(), 1);
    assert_eq!(difference.quotas[0].after, None);
}
