//! What would be if weights, maxima, bands or quotas were others: worked out on a copy, with the moves it would cause. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::rules::{Enforcement, Rounding};
use super::set::{CriteriaSet, Node, Part};
use super::verdict::Standing;
use super::{CheckedSet, ClusterFacts, Outcome, SetProblem, SetProblemKind, UnitOutcome, reckon};

/// A change of a set to be tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum Alteration {
    /// Another weight of a node.
    Weight {
        /// Its code.
        node: String,
        /// The weight.
        weight: Fixed4,
    },
    /// Another maximum of a node.
    Max {
        /// Its code.
        node: String,
        /// The maximum.
        max: Fixed4,
    },
    /// Other points from which a grade is reached.
    Band {
        /// Its code.
        grade: String,
        /// The points.
        from: Fixed4,
    },
    /// Another percentage, rounding or consequence of a quota.
    Quota {
        /// Its code.
        quota: String,
        /// The percentage.
        percent: Fixed4,
        /// How it is made whole.
        rounding: Rounding,
        /// What follows when there are more.
        enforcement: Enforcement,
    },
    /// Without a quota.
    NoQuota {
        /// Its code.
        quota: String,
    },
    /// Without a gate.
    NoGate {
        /// Its code.
        gate: String,
    },
}

/// What came of trying changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    /// What would come out.
    pub outcome: Outcome,
    /// The units for which something would be otherwise, in the order of their ids.
    pub moves: Vec<UnitMoves>,
}

/// What is otherwise for a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UnitMoves {
    /// Its id.
    pub unit: String,
    /// Its name.
    pub name: String,
    /// How it stood; nothing when it was not there.
    pub before: Option<Standpoint>,
    /// How it stands; nothing when it is not there.
    pub after: Option<Standpoint>,
}

/// How a unit stands, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Standpoint {
    /// Its total.
    pub points: Option<Fixed4>,
    /// Its grade or why it has none.
    pub standing: Standing,
    /// Its place.
    pub place: Option<u32>,
}

/// Tries changes on a copy of a set.
///
/// # Errors
/// What is wrong with the set then, such as maxima that no longer add up. A change of what the set does not have has the path
/// `alterations[index]`.
pub fn what_if(set: &CheckedSet, facts: &ClusterFacts, alterations: &[Alteration]) -> Result<WhatIf, Vec<SetProblem>> {
    let mut altered = set.set().clone();
    let mut problems = Vec::new();
    for (index, alteration) in alterations.iter().enumerate() {
        if alteration.apply(&mut altered).is_none() {
            let code = alteration.code().to_owned();
            problems.push(SetProblem {
                path: format!("alterations[{index}]"),
                kind: SetProblemKind::Unknown { code },
            });
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let altered = CheckedSet::check(altered, set.indicators())?;
    let outcome = reckon(&altered, facts);
    Ok(WhatIf {
        moves: moves(&reckon(set, facts), &outcome),
        outcome,
    })
}

/// The units that stand otherwise after than before.
pub fn moves(before: &Outcome, after: &Outcome) -> Vec<UnitMoves> {
    let mut pairs: BTreeMap<&str, [Option<&UnitOutcome>; 2]> = BTreeMap::new();
    for (index, outcome) in [before, after].into_iter().enumerate() {
        for (id, unit) in &outcome.units {
            if let Some(place) = pairs.entry(id).or_default().get_mut(index) {
                *place = Some(unit);
            }
        }
    }
    let otherwise = pairs.into_iter().filter_map(|(id, [before, after])| {
        let name = after.or(before)?.name.clone();
        let (before, after) = (before.map(Standpoint::from), after.map(Standpoint::from));
        (before != after).then(|| UnitMoves {
            unit: id.to_owned(),
            name,
            before,
            after,
        })
    });
    otherwise.collect()
}

impl From<&UnitOutcome> for Standpoint {
    fn from(unit: &UnitOutcome) -> Self {
        Self {
            points: unit.total.points,
            standing: unit.standing.clone(),
            place: unit.place,
        }
    }
}

impl Alteration {
    /// Changes a set; nothing when the set does not have what is to be changed.
    fn apply(&self, set: &mut CriteriaSet) -> Option<()> {
        match self {
            Self::Weight { node, weight } => found(&mut set.nodes, node)?.weight = *weight,
            Self::Max { node, max } => found(&mut set.nodes, node)?.max = *max,
            Self::Band { grade, from } => set.bands.iter_mut().find(|band| band.grade == *grade)?.from = *from,
            Self::Quota {
                quota,
                percent,
                rounding,
                enforcement,
            } => {
                let quota = set.quotas.iter_mut().find(|one| one.code == *quota)?;
                (quota.percent, quota.rounding, quota.enforcement) = (*percent, *rounding, *enforcement);
            }
            Self::NoQuota { quota } => {
                let place = set.quotas.iter().position(|one| one.code == *quota)?;
                set.quotas.remove(place);
            }
            Self::NoGate { gate } => {
                let place = set.gates.iter().position(|one| one.code == *gate)?;
                set.gates.remove(place);
            }
        }
        Some(())
    }

    /// The code of what it changes.
    pub fn code(&self) -> &str {
        match self {
            Self::Weight { node: code, .. }
            | Self::Max { node: code, .. }
            | Self::Band { grade: code, .. }
            | Self::Quota { quota: code, .. }
            | Self::NoQuota { quota: code }
            | Self::NoGate { gate: code } => code,
        }
    }
}

fn found<'a>(nodes: &'a mut [Node], code: &str) -> Option<&'a mut Node> {
    for node in nodes {
        if node.code == code {
            return Some(node);
        }
        if let Part::Section(section) = &mut node.part
            && section.children.iter().any(|child| holds(child, code))
        {
            return found(&mut section.children, code);
        }
    }
    None
}

fn holds(node: &Node, code: &str) -> bool {
    node.code == code || node.children().iter().any(|child| holds(child, code))
}
