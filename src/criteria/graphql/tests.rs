//! What is shown of a set as a list can be written again, and gives the set; and each path of the reckoning leads somewhere in the list.

use std::collections::BTreeMap;

use proptest::prelude::*;
use thidua_entity::Fixed4;
use thidua_entity::enums::SizeMeasure;

use super::rules::CriteriaSetContent;
use crate::criteria::paths::{self, Shape};
use crate::reckoning::{
    AppliesTo, BonusPlace, CheckedSet, CountFrom, CriteriaSet, Criterion, Measure, Node, Part, PointsRole, Section,
    TargetFrom, Title, WhenMissing,
};

fn measure() -> impl Strategy<Value = Measure> {
    let number = || (1..9_i64).prop_map(|number| Fixed4::from_integer(number).unwrap_or_default());
    let target = prop_oneof![
        Just(TargetFrom::Promised),
        number().prop_map(|value| TargetFrom::Fixed { value }),
        Just(TargetFrom::Figure {
            indicator: "none".to_owned()
        }),
    ];
    let counted = prop_oneof![
        Just(CountFrom::Entered),
        Just(CountFrom::Figure {
            indicator: "none".to_owned()
        })
    ];
    prop_oneof![
        Just(Measure::Manual),
        Just(Measure::PassFail),
        Just(Measure::Formula {
            text: "none + 1".to_owned()
        }),
        (target, number(), any::<bool>()).prop_map(|(target, share, leader)| Measure::Target {
            indicator: "none".to_owned(),
            target,
            share,
            leader,
        }),
        (counted, number()).prop_map(|(count, each)| Measure::PerCount { count, each }),
    ]
}

fn node(part: Part) -> Node {
    Node {
        code: String::new(),
        title: Title {
            vi: "Tên".to_owned(),
            en: None,
        },
        max: Fixed4::from_integer(10).unwrap_or_default(),
        weight: Fixed4::from_integer(1).unwrap_or_default(),
        applies_to: AppliesTo::default(),
        basis: None,
        adaptable: None,
        part,
    }
}

fn any_node() -> impl Strategy<Value = Node> {
    let leaf = (measure(), any::<bool>()).prop_map(|(measure, bonus)| {
        node(Part::Criterion(Criterion {
            role: if bonus { PointsRole::Bonus } else { PointsRole::Main },
            step: None,
            evidence_required: bonus,
            scored_by: Default::default(),
            measure,
            when_missing: WhenMissing::Open,
        }))
    });
    leaf.prop_recursive(6, 40, 4, |below| {
        let children = prop::collection::vec(below, 0..4);
        children.prop_map(|children| {
            node(Part::Section(Section {
                children,
                ..Section::default()
            }))
        })
    })
}

fn number(nodes: &mut [Node], next: &mut usize) {
    for node in nodes {
        node.code = format!("n{next}");
        *next += 1;
        if let Part::Section(section) = &mut node.part {
            number(&mut section.children, next);
        }
    }
}

fn any_set() -> impl Strategy<Value = CriteriaSet> {
    prop::collection::vec(any_node(), 0..4).prop_map(|mut nodes| {
        number(&mut nodes, &mut 0);
        CriteriaSet {
            scale: Fixed4::from_integer(100).unwrap_or_default(),
            bonus: BonusPlace::OnTop,
            bonus_cap: None,
            deduction_cap: None,
            total_cap: None,
            size_measure: SizeMeasure::Members,
            basis: None,
            nodes,
            bands: Vec::new(),
            declarations: Vec::new(),
            gates: Vec::new(),
            eligibility: Vec::new(),
            quotas: Vec::new(),
            tie_breaks: Vec::new(),
            tie_breaks_adaptable: false,
        }
    })
}

proptest! {
    #[test]
    fn what_is_shown_can_be_written_again(set in any_set()) {
        let shown = CriteriaSetContent::from(&set);
        let codes: Vec<&str> = shown.nodes.iter().map(|node| node.code.as_str()).collect();
        let in_order: Vec<&str> = set.all_nodes().into_iter().map(|node| node.code.as_str()).collect();
        prop_assert_eq!(codes, in_order);
        let read = CriteriaSetContent::from(&set).read();
        prop_assert_eq!(read.ok(), Some(set));
    }

    #[test]
    fn what_is_wrong_is_told_of_the_node_in_which_it_is(set in any_set()) {
        let Err(problems) = CheckedSet::check(set.clone(), &BTreeMap::new()) else { return Ok(()) };
        for problem in problems {
            let told = paths::Places::of(&set, Shape::List).written(&problem.path);
            let Some(rest) = told.strip_prefix("content.nodes.") else { continue };
            let place = rest.split('.').next().and_then(|place| place.parse::<usize>().ok()).unwrap_or(usize::MAX);
            let nodes = paths::nodes(&set);
            let deepest = nodes.iter().rev().find(|(at, _)| problem.path.starts_with(&format!("{at}.")) || problem.path == *at);
            prop_assert_eq!(nodes.get(place).map(|(at, _)| at), deepest.map(|(at, _)| at), "{} as {}", problem.path, told);
            prop_assert!(!told.contains('['), "{}", told);
        }
    }
}
