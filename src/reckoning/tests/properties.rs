//! What holds whatever the set and the facts: for trees of any shape with weights, caps and scaling, and any entries.

use proptest::collection::vec;
use proptest::prelude::*;

use super::shapes::{some_facts, some_seeds, some_set, whole};
use super::snapshot::{recompute, seal};
use super::*;

fn standing(outcome: &Outcome, id: &str) -> (Option<Fixed4>, String, Option<u32>) {
    let unit = &outcome.units[id];
    (unit.total.points, outcome.grade(id).to_owned(), unit.place)
}

/// Quotas over several clusters that moved some units from a grade to the next.
fn some_rulings(set: &CheckedSet, facts: &ClusterFacts, ruled: &[(prop::sample::Index, u64)]) -> Vec<Ruling> {
    let bands = &set.set().bands;
    let ruling = |(number, (grade, dice)): (usize, &(prop::sample::Index, u64))| {
        let place = grade.index(bands.len() - 1);
        let units = facts
            .units
            .keys()
            .enumerate()
            .filter(|(index, _)| dice >> (index % 64) & 1 == 1);
        let units: BTreeSet<String> = units.map(|(_, id)| id.clone()).collect();
        Ruling {
            code: format!("ruling{number}"),
            title: title("tỷ lệ chung"),
            grade: bands[place].grade.clone(),
            base: 60,
            allowed: 12,
            to: bands[place + 1].grade.clone(),
            basis: None,
            even: units.iter().take(2).cloned().collect(),
            units,
        }
    };
    ruled.iter().enumerate().map(ruling).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_hangs_on_ids_or_their_order(set in some_set(), seeds in some_seeds()) {
        let set = checked(set);
        let facts = some_facts(set.set(), &seeds);
        let turned = |id: &str| format!("{}", char::from(b'z' - (id.as_bytes()[0] - b'a')));
        let other = ClusterFacts {
            units: facts.units.iter().map(|(id, unit)| (turned(id), unit.clone())).collect(),
            ballot: facts.ballot.iter().map(|(id, place)| (turned(id), *place)).collect(),
            ballot_basis: BTreeMap::new(),
            rulings: Vec::new(),
        };
        let (one, other) = (reckon(&set, &facts), reckon(&set, &other));
        for id in facts.units.keys() {
            prop_assert_eq!(standing(&one, id), standing(&other, &turned(id)));
        }
    }

    #[test]
    fn points_stay_within_their_bounds(set in some_set(), seeds in some_seeds()) {
        let bonus = set.all_nodes().into_iter().filter_map(|node| match &node.part {
            // Four sections above it may double it four times.
            Part::Criterion(one) if one.role == PointsRole::Bonus => Some(points::times(node.max, whole(32))),
            _ => None,
        });
        let most = points::capped(points::sum(bonus.chain([set.scale])), set.total_cap);
        let set = checked(set);
        let outcome = reckon(&set, &some_facts(set.set(), &seeds));
        prop_assert!(outcome.problems.is_empty(), "{:?}", outcome.problems);
        let maxima: BTreeMap<_, _> = set.set().all_nodes().into_iter().map(|node| (node.code.clone(), node.max)).collect();
        for unit in outcome.units.values() {
            if let Some(points) = unit.total.points {
                prop_assert!(points >= Fixed4::ZERO && points <= most);
            }
            for (code, node) in &unit.nodes {
                let Some(points) = node.points else { continue };
                prop_assert!(points >= Fixed4::ZERO);
                match &node.how {
                    How::Criterion(_) => prop_assert!(points <= maxima[code]),
                    How::Unclear { .. } => prop_assert!(false, "what is not clear has no points"),
                    How::Section(sums) => {
                        let counted = sums.bonus.as_ref().map_or(Fixed4::ZERO, |bonus| bonus.counted);
                        let main = sums.scaled.as_ref().map_or(sums.main, |scaled| scaled.points);
                        prop_assert!(points <= points::sum([main, counted]));
                    }
                }
            }
        }
    }

    #[test]
    fn a_higher_entry_never_lowers_the_total_and_a_higher_deduction_never_raises_it(
        set in some_set(), seeds in some_seeds(), which in any::<prop::sample::Index>(),
    ) {
        let set = checked(set);
        let facts = some_facts(set.set(), &seeds);
        let unit = &facts.units["a"];
        let mut entered: Vec<&String> = unit.entries.keys().collect();
        entered.sort();
        let code = entered[which.index(entered.len())].clone();
        let nodes = set.set().all_nodes();
        let node = nodes.iter().find(|node| node.code == code).unwrap();
        let mut raised = facts.clone();
        let unit = raised.units.remove("a").unwrap().gets(Layer::Council, &code, &node.max.to_string());
        raised.units.insert("a".to_owned(), unit);
        let (before, after) = (reckon(&set, &facts), reckon(&set, &raised));
        let (before, after) = (before.units["a"].total.points, after.units["a"].total.points);
        if let (Some(before), Some(after)) = (before, after) {
            match &node.part {
                Part::Criterion(one) if one.role == PointsRole::Deduction => prop_assert!(after <= before),
                _ => prop_assert!(after >= before),
            }
        }
    }

    #[test]
    fn no_quota_is_exceeded_and_every_move_is_told(
        set in some_set(), seeds in some_seeds(), ruled in vec((any::<prop::sample::Index>(), any::<u64>()), 0..=3),
    ) {
        let set = checked(set);
        let mut facts = some_facts(set.set(), &seeds);
        facts.rulings = some_rulings(&set, &facts, &ruled);
        let outcome = reckon(&set, &facts);
        for quota in &set.set().quotas {
            let having = |grade: &String| outcome.tally.iter().find(|one| one.grade == *grade).unwrap().units;
            let (has, base) = (having(&quota.grade), quota.base.iter().map(having).sum());
            let allowed = quota.allows(base).1;
            prop_assert!(has <= allowed, "{has} of {allowed} have {}", quota.grade);
        }
        let mut rated = 0;
        for (id, unit) in &outcome.units {
            let Standing::Rated { grade, after_gates, moves, .. } = &unit.standing else { continue };
            rated += 1;
            let mut at = after_gates;
            for one in moves {
                prop_assert_eq!(&one.from, at);
                at = &one.to;
                let ruled = outcome.rulings.iter().any(|ruling| {
                    ruling.code == one.quota && ruling.units.contains(id) && (&ruling.grade, &ruling.to) == (&one.from, &one.to)
                });
                let told = ruled || outcome.quotas.iter().any(|quota| {
                    let is_it = (&quota.quota, quota.base, quota.allowed) == (&one.quota, one.base, one.allowed);
                    is_it && quota.over.iter().any(|over| over.unit == *id && over.even_with == one.even_with)
                });
                prop_assert!(told);
            }
            prop_assert_eq!(at, grade);
            for ruling in outcome.rulings.iter().filter(|ruling| ruling.units.contains(id)) {
                prop_assert!(*grade != ruling.grade || !moves.is_empty(), "who was over it does not have the grade from the start");
            }
        }
        let tally: u32 = outcome.tally.iter().map(|one| one.units).sum();
        prop_assert_eq!(tally, rated);
        let all = u32::try_from(outcome.units.len()).unwrap();
        prop_assert_eq!(rated + outcome.not_eligible + outcome.not_rated, all);
    }

    #[test]
    fn places_follow_points_and_those_who_share_one_are_even_in_everything(set in some_set(), seeds in some_seeds()) {
        let set = checked(set);
        let outcome = reckon(&set, &some_facts(set.set(), &seeds));
        let (places, trace) = (&outcome.ranking.places, &outcome.ranking.trace);
        prop_assert_eq!(trace.len() + 1, places.len().max(1));
        for (index, one) in places.iter().enumerate() {
            let before = places.iter().filter(|other| other.place < one.place).count();
            prop_assert_eq!(usize::try_from(one.place).unwrap(), before + 1);
            let Some(next) = places.get(index + 1) else { continue };
            prop_assert!(one.points >= next.points);
            let separation = &trace[index];
            prop_assert_eq!((&separation.above, &separation.below), (&one.unit, &next.unit));
            prop_assert_eq!(separation.by == SeparatedBy::Nothing, one.place == next.place);
            if one.place == next.place {
                let of = |id: &str| &outcome.units[id].total;
                prop_assert_eq!(of(&one.unit).points, of(&next.unit).points);
                prop_assert_eq!(of(&one.unit).deductions, of(&next.unit).deductions);
                prop_assert_eq!(separation.passed.len(), set.set().tie_breaks.len());
            }
        }
    }

    #[test]
    fn a_snapshot_gives_the_same_bytes_again(set in some_set(), seeds in some_seeds()) {
        let set = checked(set);
        let sealed = seal(&set, &some_facts(set.set(), &seeds)).unwrap();
        prop_assert_eq!(recompute(&sealed.bytes).unwrap(), sealed.bytes);
    }

    #[test]
    fn whatever_comes_out_can_be_explained(set in some_set(), seeds in some_seeds()) {
        let set = checked(set);
        let outcome = reckon(&set, &some_facts(set.set(), &seeds));
        let told = |subject: Subject| explain(set.set(), &outcome, &subject, &|_| None).map_or(0, |one| {
            let is_written = |text: &crate::error::Text| text.vi.ends_with('.') && text.en.ends_with('.');
            assert!(one.sentences.iter().all(is_written), "{:?}", one.sentences);
            one.sentences.len()
        });
        for id in outcome.units.keys() {
            let unit = || id.clone();
            let mut lengths = vec![told(Subject::Total { unit: unit() }), told(Subject::Grade { unit: unit() })];
            lengths.push(told(Subject::Place { unit: unit() }));
            let nodes = set.set().all_nodes().into_iter();
            lengths.extend(nodes.map(|node| told(Subject::Points { unit: unit(), node: node.code.clone() })));
            prop_assert!(lengths.iter().all(|length| *length > 0));
        }
        for quota in ["top", "good"] {
            let length = told(Subject::Quota { quota: quota.to_owned() });
            prop_assert!(length > 1);
        }
    }

    #[test]
    fn a_set_does_not_differ_from_itself_and_adapts_to_itself(set in some_set()) {
        prop_assert!(difference(&set, &set).is_empty());
        prop_assert_eq!(adapting_problems(&set, &set), Vec::new());
    }

    #[test]
    fn a_higher_figure_never_lowers_its_own_points(
        actuals in vec(0_i64..=300, 2..=6), more in 0_i64..=300, (share, leader) in prop_oneof![(Just(10_i64), Just(false)), (1_i64..=10, Just(true))],
    ) {
        let measure = Measure::Target {
            indicator: "visits".to_owned(),
            target: TargetFrom::Fixed { value: whole(100) },
            share: Fixed4::from_ten_thousandths(share * 1_000).unwrap(),
            leader,
        };
        let mut table = set("10", vec![criterion("visiting", "10", measure)]);
        table.bands = bands(&[("KHT", "0")]);
        let set = checked(table);
        let with = |first: i64| {
            let units = [first].into_iter().chain(actuals.iter().skip(1).copied());
            cluster(units.map(|visits| {
                let mut unit = unit("CĐCS");
                unit.figures.insert("visits".to_owned(), Figure::exact(whole(visits)));
                unit
            }))
        };
        let points = |first| reckon(&set, &with(first)).units["a"].total.points.unwrap();
        let (low, high) = (points(actuals[0]), points(actuals[0] + more));
        prop_assert!(low <= high, "{low} {high}");
        prop_assert!(high <= whole(10));
    }
}
