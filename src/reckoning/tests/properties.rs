//! What holds whatever the set and the facts: for trees of any shape with weights, caps and scaling, and any entries.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::*;

/// A tree before its codes and maxima are known.
#[derive(Clone, Debug)]
enum Shape {
    Leaf {
        role: PointsRole,
        max: i64,
        halves: i64,
        only_schools: bool,
    },
    Section {
        children: Vec<Shape>,
        bonus_cap: Option<i64>,
        deduction_cap: Option<i64>,
        rescale: bool,
        halves: i64,
    },
}

fn shape() -> impl Strategy<Value = Shape> {
    let role = prop_oneof![
        3 => Just(PointsRole::Main),
        1 => Just(PointsRole::Bonus),
        1 => Just(PointsRole::Deduction),
    ];
    let leaf = (role, 1_i64..=40, 1_i64..=4, any::<bool>()).prop_map(|(role, max, halves, only_schools)| Shape::Leaf {
        role,
        max,
        halves,
        only_schools,
    });
    leaf.prop_recursive(3, 24, 4, |inner| {
        let caps = (option::of(1_i64..=20), option::of(1_i64..=20));
        (vec(inner, 1..=4), caps, any::<bool>(), 1_i64..=4).prop_map(
            |(children, (bonus_cap, deduction_cap), rescale, halves)| Shape::Section {
                children,
                bonus_cap,
                deduction_cap,
                rescale,
                halves,
            },
        )
    })
}

fn whole(number: i64) -> Fixed4 {
    Fixed4::from_integer(number).unwrap()
}

fn half(number: i64) -> Fixed4 {
    Fixed4::from_ten_thousandths(number * 5_000).unwrap()
}

/// What a node hands on, to know which caps and sums are sound.
#[derive(Default)]
struct HandsOn {
    main: Fixed4,
    bonus: bool,
    deduction: bool,
}

fn build(shape: &Shape, scaled: bool, count: &mut usize) -> (Node, HandsOn) {
    *count += 1;
    let code = format!("n{count}");
    match shape {
        Shape::Leaf {
            role,
            max,
            halves,
            only_schools,
        } => {
            let mut node = manual(&code, &max.to_string()).with(|one| {
                one.role = *role;
                one.when_missing = if *role == PointsRole::Main {
                    WhenMissing::Open
                } else {
                    WhenMissing::Zero
                };
            });
            node.weight = half(*halves);
            if scaled && *only_schools {
                node.applies_to.calendars = [Calendar::SchoolYear].into();
            }
            let main = if *role == PointsRole::Main {
                points::times(node.max, node.weight)
            } else {
                Fixed4::ZERO
            };
            let hands_on = HandsOn {
                main,
                bonus: *role == PointsRole::Bonus,
                deduction: *role == PointsRole::Deduction,
            };
            (node, hands_on)
        }
        Shape::Section {
            children,
            bonus_cap,
            deduction_cap,
            rescale,
            halves,
        } => {
            let rescale = *rescale && !scaled;
            let (mut nodes, mut sum) = (Vec::new(), HandsOn::default());
            for child in children {
                let (node, hands_on) = build(child, scaled || rescale, count);
                sum.main = points::sum([sum.main, hands_on.main]);
                sum.bonus |= hands_on.bonus;
                sum.deduction |= hands_on.deduction;
                nodes.push(node);
            }
            if rescale || scaled {
                // Something always applies.
                *count += 1;
                nodes.push(manual(&format!("n{count}"), "10"));
                sum.main = points::sum([sum.main, whole(10)]);
            }
            let may_cap = !scaled && !rescale;
            let bonus_cap = bonus_cap.filter(|_| may_cap && sum.bonus).map(whole);
            let deduction_cap = deduction_cap.filter(|_| may_cap && sum.deduction).map(whole);
            let mut node = section(&code, &sum.main.to_string(), nodes);
            node = node.but(|one| {
                (one.bonus_cap, one.deduction_cap) = (bonus_cap, deduction_cap);
                // Below one that is scaled up each is, or its sums would not be right for those that are no schools.
                one.rescale = rescale || scaled;
            });
            node.weight = half(*halves);
            let hands_on = HandsOn {
                main: points::times(sum.main, node.weight),
                bonus: sum.bonus && bonus_cap.is_none(),
                deduction: sum.deduction && deduction_cap.is_none(),
            };
            (node, hands_on)
        }
    }
}

/// A set with grades, a quota for each of the two best, and tie-breaks.
fn some_set() -> impl Strategy<Value = CriteriaSet> {
    let rounding = prop_oneof![Just(Rounding::Down), Just(Rounding::Nearest), Just(Rounding::Up)];
    let percents = (0_i64..=100, 0_i64..=100, rounding);
    (vec(shape(), 1..=4), percents, option::of(1_i64..=200)).prop_map(|(shapes, (top, good, rounding), total_cap)| {
        let (mut nodes, mut scale, mut count) = (vec![manual("first", "10")], whole(10), 0);
        for shape in &shapes {
            let (node, hands_on) = build(shape, false, &mut count);
            scale = points::sum([scale, hands_on.main]);
            nodes.push(node);
        }
        let mut set = set(&scale.to_string(), nodes);
        set.total_cap = total_cap.map(whole);
        let reach = points::capped(scale, set.total_cap);
        let from = |tenths: i64| points::times(reach, Fixed4::from_ten_thousandths(tenths * 1_000).unwrap());
        for (band, tenths) in set.bands.iter_mut().zip([8, 5, 3, 0]) {
            band.from = from(tenths);
        }
        let quota = |code: &str, grade: &str, base: &[&str], percent| Quota {
            code: code.to_owned(),
            grade: grade.to_owned(),
            base: base.iter().map(|grade| (*grade).to_owned()).collect(),
            percent: whole(percent),
            rounding,
            enforcement: Enforcement::Block,
            basis: None,
        };
        set.quotas = vec![
            quota("good", "T", &["XS", "T", "HT"], good),
            quota("top", "XS", &["XS", "T"], top),
        ];
        let by = |by| TieBreak { by, basis: None };
        set.tie_breaks = vec![
            by(TieBreakBy::FewerDeductions),
            by(TieBreakBy::Points {
                node: "first".to_owned(),
            }),
            by(TieBreakBy::Ballot),
        ];
        set
    })
}

/// For each unit a number from which entries are taken, whether it is a school, and a place by ballot.
fn some_facts(set: &CriteriaSet, seeds: &[(u64, bool, Option<u32>)]) -> ClusterFacts {
    let mut facts = cluster(seeds.iter().map(|(seed, school, _)| {
        let mut unit = unit("CĐCS");
        unit.calendar = if *school { Calendar::SchoolYear } else { Calendar::Year };
        for (index, node) in set.all_nodes().into_iter().enumerate() {
            if matches!(node.part, Part::Section(_)) || (index % 7 == 6 && seed % 5 == 0) {
                continue;
            }
            let mut dice = seed
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(u32::try_from(index % 64).unwrap());
            for layer in [Layer::Own, Layer::Cluster] {
                dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let halves = node.max.ten_thousandths() / 5_000;
                let points = half(i64::try_from((dice >> 33) % 1_000).unwrap() * halves / 999);
                if (layer == Layer::Own || dice % 3 == 0) && applies(node, &unit) {
                    unit = unit.gets(layer, &node.code, &points.to_string());
                }
            }
        }
        unit
    }));
    let places = facts
        .units
        .keys()
        .zip(seeds)
        .filter_map(|(id, (_, _, place))| Some((id.clone(), (*place)?)));
    facts.ballot = places.collect();
    facts
}

fn applies(node: &Node, unit: &UnitFacts) -> bool {
    node.applies_to.calendars.is_empty() || node.applies_to.calendars.contains(&unit.calendar)
}

fn some_seeds() -> impl Strategy<Value = Vec<(u64, bool, Option<u32>)>> {
    // Few numbers, so that units are often even.
    vec((0_u64..=12, any::<bool>(), option::of(1_u32..=3)), 1..=12)
}

fn standing(outcome: &Outcome, id: &str) -> (Option<Fixed4>, String, Option<u32>) {
    let unit = &outcome.units[id];
    (unit.total.points, outcome.grade(id).to_owned(), unit.place)
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
    fn no_quota_is_exceeded_and_every_move_is_told(set in some_set(), seeds in some_seeds()) {
        let set = checked(set);
        let facts = some_facts(set.set(), &seeds);
        let outcome = reckon(&set, &facts);
        for quota in &outcome.quotas {
            let grade = &set.set().quotas.iter().find(|one| one.code == quota.quota).unwrap().grade;
            let has = outcome.tally.iter().find(|one| one.grade == *grade).unwrap().units;
            prop_assert!(has <= quota.allowed, "{has} of {} have {grade}", quota.allowed);
            prop_assert_eq!(u32::try_from(quota.over.len()).unwrap() + has, quota.had);
        }
        let mut rated = 0;
        for (id, unit) in &outcome.units {
            let Standing::Rated { grade, after_gates, moves, .. } = &unit.standing else { continue };
            rated += 1;
            let mut at = after_gates;
            for one in moves {
                prop_assert_eq!(&one.from, at);
                at = &one.to;
                let quota = outcome.quotas.iter().find(|quota| quota.quota == one.quota).unwrap();
                prop_assert!(quota.over.iter().any(|over| over.unit == *id && over.even_with == one.even_with));
            }
            prop_assert_eq!(at, grade);
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
        let told = |subject: Subject| explain(set.set(), &outcome, &subject, &|_| None).map_or(0, |one| one.sentences.len());
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
        actuals in vec(0_i64..=300, 2..=6), more in 0_i64..=300, share in 1_i64..=10, leader in any::<bool>(),
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
