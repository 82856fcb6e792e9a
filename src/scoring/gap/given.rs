//! What was given to the units of a year by each layer: for each criterion, and in total. Pure.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use crate::reckoning::{
    CheckedSet, ClusterFacts, How, Layer, Node, NodeOutcome, Outcome, Part, PointsRole, Scoring, Title, reckon_claimed,
};

/// What was given for one criterion, or in total.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// What each layer gave.
    pub layers: BTreeMap<Layer, Fixed4>,
    /// What approved reports give; of the total nothing.
    pub reports: Option<Fixed4>,
    /// What is final.
    pub settled: Option<Fixed4>,
}

/// What was given to one unit in a year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitGiven {
    /// In total.
    pub total: Given,
    /// For the criteria that apply to it, by their codes.
    pub criteria: BTreeMap<String, Given>,
}

/// A criterion of a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its code.
    pub code: String,
    /// Its name.
    pub title: Title,
    /// Most points.
    pub max: Fixed4,
    /// Whether its points are subtracted, so that more of them is worse.
    pub is_deduction: bool,
}

/// What was given to the units of a year, as far as somebody sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// The scale of its set, in which totals are.
    pub scale: Fixed4,
    /// Its criteria in reading order.
    pub criteria: Vec<Named>,
    /// By the units' public ids.
    pub units: BTreeMap<String, UnitGiven>,
}

/// How far the sheet of a unit has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Whether the cross-check is handed in: a draft of it is nobody's gap.
    pub is_checked: bool,
    /// Whether it is decided, so that what stands is final.
    pub is_settled: bool,
}

impl Progress {
    /// As far as a sheet comes.
    pub const DONE: Self = Self {
        is_checked: true,
        is_settled: true,
    };
}

/// Puts together what was given in a year; `progress` says how far the sheet of each unit has come.
pub fn scored(
    set: &CheckedSet,
    facts: &ClusterFacts,
    outcome: &Outcome,
    progress: impl Fn(&str) -> Progress,
) -> Scored {
    let nodes = set.set().all_nodes();
    let mut units: BTreeMap<String, UnitGiven> = BTreeMap::new();
    for (id, unit) in &outcome.units {
        let progress = progress(id);
        let given = |node: &NodeOutcome| match &node.how {
            How::Criterion(scoring) => Some(given(scoring, progress, node.points)),
            How::Section(_) | How::Unclear { .. } => None,
        };
        let criteria = unit.nodes.iter();
        let criteria = criteria.filter_map(|(code, node)| Some((code.clone(), given(node)?)));
        let total = Given {
            settled: unit.total.points.filter(|_| progress.is_settled),
            ..Given::default()
        };
        let criteria = criteria.collect();
        units.insert(id.clone(), UnitGiven { total, criteria });
    }
    for layer in Layer::ALL {
        let wrote = |given: &UnitGiven| given.criteria.values().any(|one| one.layers.contains_key(&layer));
        if !units.values().any(wrote) {
            continue;
        }
        let by_layer = reckon_claimed(set, facts, layer);
        for (id, given) in units.iter_mut().filter(|(_, given)| wrote(given)) {
            let points = by_layer.units.get(id).and_then(|unit| unit.total.points);
            given.total.layers.extend(points.map(|points| (layer, points)));
        }
    }
    Scored {
        scale: set.set().scale,
        criteria: nodes.into_iter().filter_map(named).collect(),
        units,
    }
}

fn given(scoring: &Scoring, progress: Progress, points: Option<Fixed4>) -> Given {
    let layers = scoring.layers.iter();
    let layers = layers.filter(|(layer, _)| progress.is_checked || **layer != Layer::CrossCheck);
    let reports = scoring.from_reports.as_ref().and_then(|reports| reports.as_ref().ok());
    Given {
        layers: layers.map(|(layer, scored)| (*layer, scored.points)).collect(),
        reports: reports.map(|scored| scored.points),
        settled: points.filter(|_| progress.is_settled),
    }
}

fn named(node: &Node) -> Option<Named> {
    let Part::Criterion(criterion) = &node.part else {
        return None;
    };
    Some(Named {
        code: node.code.clone(),
        title: node.title.clone(),
        max: node.max,
        is_deduction: criterion.role == PointsRole::Deduction,
    })
}
