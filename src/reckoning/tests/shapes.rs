//! Criteria sets of any shape, and facts for them, for the properties.

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

pub(super) fn whole(number: i64) -> Fixed4 {
    Fixed4::from_integer(number).unwrap()
}

fn half(number: i64) -> Fixed4 {
    Fixed4::from_ten_thousandths(number * 5_000).unwrap()
}

/// What a node hands on, to know which caps and sums are sound.
#[derive(Default)]
struct HandsOn {
    main: Fixed4,
    bonus: Fixed4,
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
                bonus: if *role == PointsRole::Bonus {
                    points::times(node.max, node.weight)
                } else {
                    Fixed4::ZERO
                },
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
                sum.bonus = points::sum([sum.bonus, hands_on.bonus]);
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
            let bonus_cap = bonus_cap
                .filter(|_| may_cap && sum.bonus > Fixed4::ZERO)
                .map(|cap| whole(cap).min(sum.bonus));
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
                bonus: if bonus_cap.is_none() {
                    points::times(sum.bonus, node.weight)
                } else {
                    Fixed4::ZERO
                },
                deduction: sum.deduction && deduction_cap.is_none(),
            };
            (node, hands_on)
        }
    }
}

/// A set with grades, a quota for each of the two best, and tie-breaks.
pub(super) fn some_set() -> impl Strategy<Value = CriteriaSet> {
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
        set.total_cap = total_cap.map(|more| points::sum([scale, whole(more - 1)]));
        let reach = points::capped(scale, set.total_cap);
        let from = |tenths: i64| points::times(reach, Fixed4::from_ten_thousandths(tenths * 1_000).unwrap());
        for (band, tenths) in set.bands.iter_mut().zip([8, 5, 3, 0]) {
            band.from = from(tenths);
        }
        let quota = |code: &str, grade: &str, base: &[&str], percent| Quota {
            code: code.to_owned(),
            scope: QuotaScope::Cluster,
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
pub(super) fn some_facts(set: &CriteriaSet, seeds: &[(u64, bool, Option<u32>)]) -> ClusterFacts {
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

pub(super) fn some_seeds() -> impl Strategy<Value = Vec<(u64, bool, Option<u32>)>> {
    // Few numbers, so that units are often even.
    vec((0_u64..=12, any::<bool>(), option::of(1_u32..=3)), 1..=12)
}
