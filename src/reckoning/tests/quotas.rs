//! Quotas: how many, who is moved, and that what comes out keeps them.

use super::rating::{hundred, with};
use super::*;

fn twenty_percent() -> Quota {
    Quota {
        code: "top".to_owned(),
        scope: QuotaScope::Cluster,
        grade: "XS".to_owned(),
        base: ["XS".to_owned(), "T".to_owned()].into(),
        percent: n("20"),
        rounding: Rounding::Nearest,
        enforcement: Enforcement::Block,
        basis: None,
    }
}

#[test]
fn twenty_per_cent_are_13_of_63_and_14_of_68_and_54_of_272() {
    let quota = twenty_percent();
    let allowed = [63, 68, 272].map(|base| quota.allows(base));
    assert_eq!(allowed, [(n("12.6"), 13), (n("13.6"), 14), (n("54.4"), 54)]);
    let down = Quota {
        rounding: Rounding::Down,
        ..twenty_percent()
    };
    let up = Quota {
        rounding: Rounding::Up,
        ..twenty_percent()
    };
    assert_eq!(
        [down.allows(63).1, up.allows(63).1, up.allows(60).1, down.allows(0).1],
        [12, 13, 12, 0]
    );
}

/// Ten units, four of them with 90 or more.
fn ten(points: [&str; 4]) -> ClusterFacts {
    let good = points.into_iter().map(|points| with("60", points));
    let rest = (0..6).map(|index| with("50", &format!("{}", 20 + index)));
    cluster(good.chain(rest))
}

#[test]
fn who_is_over_the_quota_goes_to_the_next_grade_the_lowest_first() {
    let mut set = hundred();
    set.quotas = vec![twenty_percent()];
    let outcome = reckon(&checked(set.clone()), &ten(["31", "34", "33", "32"]));
    assert_eq!(["a", "b", "c", "d"].map(|id| outcome.grade(id)), ["T", "XS", "XS", "T"]);
    let quota = &outcome.quotas[0];
    assert_eq!((quota.base, quota.exact, quota.allowed, quota.had), (10, n("2"), 2, 4));
    let over: Vec<_> = quota.over.iter().map(|one| one.unit.as_str()).collect();
    assert_eq!(over, ["d", "a"]);
    // Who is even below the border, where there was no room any more, could gain nothing by a ballot.
    let below = reckon(&checked(set.clone()), &ten(["34", "33", "32", "32"]));
    assert!(below.quotas[0].over.iter().all(|one| one.even_with.is_empty()));
    set.quotas[0].enforcement = Enforcement::Warn;
    let outcome = reckon(&checked(set), &ten(["31", "34", "33", "32"]));
    assert_eq!((outcome.grade("a"), outcome.quotas[0].over.len()), ("XS", 2));
}

#[test]
fn who_is_even_across_the_border_goes_below_until_a_tie_break_or_a_ballot_decides() {
    let mut set = hundred();
    set.quotas = vec![twenty_percent()];
    let mut facts = ten(["34", "33", "33", "31"]);
    let outcome = reckon(&checked(set.clone()), &facts);
    assert_eq!(["a", "b", "c", "d"].map(|id| outcome.grade(id)), ["XS", "T", "T", "T"]);
    let Standing::Rated { moves, .. } = &outcome.units["b"].standing else {
        panic!("rated")
    };
    assert_eq!(moves[0].even_with, ["c"]);
    set.tie_breaks = vec![TieBreak {
        by: TieBreakBy::Ballot,
        basis: None,
    }];
    facts.ballot = BTreeMap::from([("c".to_owned(), 1), ("b".to_owned(), 2)]);
    let outcome = reckon(&checked(set), &facts);
    assert_eq!(["a", "b", "c", "d"].map(|id| outcome.grade(id)), ["XS", "T", "XS", "T"]);
}

#[test]
fn a_quota_is_kept_by_what_comes_out_although_a_lower_one_makes_its_base_smaller() {
    let mut set = hundred();
    let mut good = twenty_percent();
    (good.code, good.grade) = ("good".to_owned(), "T".to_owned());
    good.base.insert("HT".to_owned());
    set.quotas = vec![good, twenty_percent()];
    let facts = ClusterFacts {
        units: (75..95)
            .map(|points| (points.to_string(), with("60", &(points - 60).to_string())))
            .collect(),
        ballot: BTreeMap::new(),
        ballot_basis: BTreeMap::new(),
        rulings: Vec::new(),
    };
    let set = checked(set);
    let outcome = reckon(&set, &facts);
    let tally: Vec<_> = outcome.tally.iter().map(|one| one.units).collect();
    assert_eq!(tally, [1, 4, 15, 0]);
    let held: Vec<_> = outcome
        .quotas
        .iter()
        .map(|one| (one.quota.as_str(), one.base, one.allowed, one.over.len()))
        .collect();
    assert_eq!(
        held,
        [
            ("top", 20, 4, 1),
            ("good", 20, 4, 12),
            ("top", 8, 2, 2),
            ("good", 20, 4, 2),
            ("top", 6, 1, 1),
            ("good", 20, 4, 1)
        ]
    );
    let Standing::Rated { moves, .. } = &outcome.units["93"].standing else {
        panic!("rated")
    };
    assert_eq!((moves[0].base, moves[0].allowed), (6, 1), "as it was when it moved");
    let quota = "top".to_owned();
    let told = explain(set.set(), &outcome, &Subject::Quota { quota }, &|_| None).unwrap();
    let again = "Các tỷ lệ khác làm số đơn vị này giảm nên xét lại.";
    assert_eq!(told.sentences.iter().filter(|text| text.vi == again).count(), 2);
}

fn ruling(units: &[&str]) -> Ruling {
    let ids: BTreeSet<String> = units.iter().map(|id| (*id).to_owned()).collect();
    Ruling {
        code: "quotaruling_1".to_owned(),
        title: title("Tỷ lệ xuất sắc toàn tỉnh"),
        grade: "XS".to_owned(),
        base: 63,
        allowed: 13,
        to: "T".to_owned(),
        basis: Some("Hướng dẫn 10".to_owned()),
        even: ids.clone(),
        units: ids,
    }
}

#[test]
fn who_is_even_with_units_of_other_clusters_is_told_so() {
    let mut facts = ten(["31", "34", "33", "32"]);
    facts.rulings = vec![ruling(&["b"])];
    let set = checked(hundred());
    let outcome = reckon(&set, &facts);
    let told = |subject| -> Vec<String> {
        let told = explain(set.set(), &outcome, &subject, &|_| None).unwrap();
        told.sentences.into_iter().map(|text| text.vi).collect()
    };
    let grade = told(Subject::Grade { unit: "b".to_owned() });
    let elsewhere =
        "Bằng điểm ở ranh giới với đơn vị của cụm khác. Không đủ chỗ cho tất cả; bỏ phiếu có thể quyết định.";
    assert!(grade.iter().any(|one| one == elsewhere), "{grade:?}");
    let quota = "quotaruling_1".to_owned();
    let quota = told(Subject::Quota { quota });
    assert!(
        quota.iter().any(|one| one.contains("bằng điểm ở ranh giới")),
        "{quota:?}"
    );
}

#[test]
fn what_was_ruled_over_several_clusters_moves_units_after_the_quotas_of_the_cluster_and_says_so() {
    let mut set = hundred();
    set.quotas = vec![twenty_percent()];
    let mut facts = ten(["31", "34", "33", "32"]);
    facts.rulings = vec![ruling(&["c", "d"])];
    let set = checked(set);
    let outcome = reckon(&set, &facts);
    // The quota of the cluster left `b` and `c`; nobody of those it had put down comes back for `c`. `d` had gone before.
    assert_eq!(["a", "b", "c", "d"].map(|id| outcome.grade(id)), ["T", "XS", "T", "T"]);
    let told = |subject| -> Vec<String> {
        let told = explain(set.set(), &outcome, &subject, &|_| None).unwrap();
        told.sentences.into_iter().map(|text| text.vi).collect()
    };
    let grade = told(Subject::Grade { unit: "c".to_owned() });
    let rule = "Theo “Tỷ lệ xuất sắc toàn tỉnh” xét chung nhiều cụm: mức “Hoàn thành xuất sắc nhiệm vụ” có tối đa 13 trong 63 đơn vị.";
    assert!(grade.iter().any(|one| one == rule), "{grade:?}");
    assert!(grade.iter().any(|one| one == "Căn cứ: Hướng dẫn 10."));
    let quota = told(Subject::Quota {
        quota: "quotaruling_1".to_owned(),
    });
    assert_eq!(quota.first().map(String::as_str), Some(rule));
    assert!(quota.iter().any(|one| one.contains("không còn ở mức này")), "{quota:?}");
    // No ruling moves up, and one to a grade that the set does not have moves nobody.
    for to in ["XS", "Giỏi"] {
        let mut other = facts.clone();
        other.rulings[0].to = to.to_owned();
        assert_eq!(reckon(&set, &other).grade("c"), "XS");
    }
}

#[test]
fn quotas_of_a_cluster_are_held_again_after_what_was_ruled() {
    let mut set = hundred();
    let mut good = twenty_percent();
    (good.code, good.grade, good.base) = (
        "good".to_owned(),
        "T".to_owned(),
        ["T".to_owned(), "HT".to_owned()].into(),
    );
    good.percent = n("50");
    set.quotas = vec![good];
    let mut facts = ten(["31", "34", "33", "32"]);
    facts.rulings = vec![ruling(&["a", "b", "c", "d"])];
    let outcome = reckon(&checked(set), &facts);
    let tally: Vec<_> = outcome.tally.iter().map(|one| one.units).collect();
    assert_eq!(tally[..2], [0, 5], "{tally:?}");
}

#[test]
fn a_quota_of_the_province_is_held_over_the_units_of_all_clusters() {
    let mut quota = twenty_percent();
    quota.scope = QuotaScope::Province;
    let mut table = hundred();
    table.quotas = vec![quota.clone()];
    let outcome = reckon(&checked(table), &ten(["31", "34", "33", "32"]));
    assert_eq!(outcome.quotas, [], "a cluster does not hold it");
    let graded = (0..63).map(|index| Graded {
        unit: format!("{index:02}"),
        grade: if index < 15 { "XS" } else { "T" }.to_owned(),
        points: Fixed4::from_integer(if index < 12 { 99 } else { 90 }).unwrap(),
    });
    let held = hold_quota(&quota, &graded.collect::<Vec<_>>());
    assert_eq!((held.base, held.allowed, held.had), (63, 13, 15));
    // Three are even for the one place that is left.
    let over: Vec<_> = held
        .over
        .iter()
        .map(|one| (one.unit.as_str(), one.even_with.len()))
        .collect();
    assert_eq!(over, [("12", 2), ("13", 2), ("14", 2)]);
}
