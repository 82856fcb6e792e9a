//! Why a unit has its points, its grade, its place; why a gate is closed and whom a quota moved: in sentences and as data. Pure.

mod open;
mod places;
mod points;
mod scoring;
mod standing;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::facts::Ruling;
use super::outcome::{NodeOutcome, Outcome, Total, UnitOutcome};
use super::set::{CriteriaSet, Node, Title};
use super::verdict::{GateOutcome, Placed, QuotaOutcome, Separation, Standing};
use super::words;
use crate::error::Text;
use crate::numbers;

/// What is to be explained. Units are named by their ids, the rest by their codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "subject",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase"
)]
pub enum Subject {
    /// The points of a section or criterion.
    Points {
        /// The unit.
        unit: String,
        /// The section or criterion.
        node: String,
    },
    /// The total.
    Total {
        /// The unit.
        unit: String,
    },
    /// The grade, or why there is none.
    Grade {
        /// The unit.
        unit: String,
    },
    /// A gate.
    Gate {
        /// The unit.
        unit: String,
        /// The gate.
        gate: String,
    },
    /// A quota and all it moved: of the set by its code, or held over several clusters by its id.
    Quota {
        /// The quota.
        quota: String,
    },
    /// The place among the others.
    Place {
        /// The unit.
        unit: String,
    },
}

/// An explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// In sentences, to be read one after the other.
    pub sentences: Vec<Text>,
    /// As data.
    pub data: Data,
}

/// What an explanation tells, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", content = "is", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Data {
    /// Of a section or criterion; nothing when it does not apply to the unit.
    Points(Option<NodeOutcome>),
    /// Of a total.
    Total(Total),
    /// Of a grade.
    Grade(Standing),
    /// Of a gate.
    Gate(GateOutcome),
    /// Of a quota, each time it was held.
    Quota(Vec<QuotaOutcome>),
    /// Of a quota that was held over several clusters.
    Ruling(Ruling),
    /// Of a place; nothing when the unit has none.
    Place(Option<PlaceData>),
}

/// A place with what separates it from its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceData {
    /// The place.
    pub placed: Placed,
    /// What separates the unit from the one before, if there is one.
    pub above: Option<Separation>,
    /// What separates it from the one behind.
    pub below: Option<Separation>,
}

/// Explains something that came out of a set. `labels` gives the names of indicators by their codes, where they are known. Nothing
/// when there is no such unit, node, gate or quota.
pub fn explain(
    set: &CriteriaSet,
    outcome: &Outcome,
    subject: &Subject,
    labels: &dyn Fn(&str) -> Option<Title>,
) -> Option<Explanation> {
    let telling = Telling::of(set, outcome, labels);
    let unit = |id: &str| outcome.units.get(id);
    let (sentences, data) = match subject {
        Subject::Points { unit: id, node } => {
            let unit = unit(id)?;
            let node = telling.nodes.get(node.as_str())?;
            let points = unit.nodes.get(&node.code).cloned();
            (telling.points(node, unit), Data::Points(points))
        }
        Subject::Total { unit: id } => {
            let unit = unit(id)?;
            (telling.total(unit), Data::Total(unit.total.clone()))
        }
        Subject::Grade { unit: id } => {
            let unit = unit(id)?;
            (telling.grade(unit), Data::Grade(unit.standing.clone()))
        }
        Subject::Gate { unit: id, gate } => {
            let found = unit(id)?.gates.iter().find(|one| one.gate == *gate)?;
            (telling.gate(found), Data::Gate(found.clone()))
        }
        Subject::Quota { quota } => {
            let found: Vec<_> = outcome
                .quotas
                .iter()
                .filter(|one| one.quota == *quota)
                .cloned()
                .collect();
            match outcome.rulings.iter().find(|ruling| ruling.code == *quota) {
                Some(ruling) => (telling.ruling(ruling), Data::Ruling(ruling.clone())),
                None => (telling.quota(&found)?, Data::Quota(found)),
            }
        }
        Subject::Place { unit: id } => {
            let unit = unit(id)?;
            let place = telling.place_data(id);
            (telling.place(unit, place.as_ref()), Data::Place(place))
        }
    };
    Some(Explanation { sentences, data })
}

/// Why a unit has its points, in sentences, by the codes of its sections and criteria: all of them at once, as [`explain`] tells each.
pub fn explain_points(
    set: &CriteriaSet,
    outcome: &Outcome,
    unit: &str,
    labels: &dyn Fn(&str) -> Option<Title>,
) -> BTreeMap<String, Vec<Text>> {
    let telling = Telling::of(set, outcome, labels);
    let Some(unit) = outcome.units.get(unit) else {
        return BTreeMap::new();
    };
    let applying = telling.nodes.iter().filter(|(code, _)| unit.nodes.contains_key(**code));
    applying
        .map(|(code, node)| ((*code).to_owned(), telling.points(node, unit)))
        .collect()
}

/// What a name of a formula is called: the name of its indicator or declaration, with what is made of it.
pub fn name_of(set: &CriteriaSet, name: &str, labels: &dyn Fn(&str) -> Option<Title>) -> Text {
    let plain = |title: &Title| {
        let en = title.en.as_deref().unwrap_or(&title.vi);
        Text::new(title.vi.clone(), en)
    };
    named(set, name, labels, &plain).unwrap_or_else(|| Text::new(name, name))
}

/// The same, with names written as they are wanted; nothing when nobody knows it.
fn named(
    set: &CriteriaSet,
    name: &str,
    labels: &dyn Fn(&str) -> Option<Title>,
    written: &dyn Fn(&Title) -> Text,
) -> Option<Text> {
    if let Some(title) = labels(name) {
        return Some(written(&title));
    }
    let declared = set.declarations.iter().find(|one| one.code == name);
    if let Some(declared) = declared {
        return Some(written(&declared.title));
    }
    for (prefix, vi, en) in [
        ("target_", "chỉ tiêu", "the target of"),
        ("best_", "cao nhất cụm của", "the largest in the cluster of"),
        ("least_", "thấp nhất cụm của", "the smallest in the cluster of"),
        ("sum_", "tổng của cụm về", "the sum in the cluster of"),
        ("mean_", "bình quân của cụm về", "the mean in the cluster of"),
        ("median_", "trung vị của cụm về", "the median in the cluster of"),
    ] {
        if let Some(title) = name.strip_prefix(prefix).and_then(labels) {
            let title = written(&title);
            return Some(Text::new(format!("{vi} {}", title.vi), format!("{en} {}", title.en)));
        }
    }
    None
}

/// What is told, and of what.
struct Telling<'a> {
    set: &'a CriteriaSet,
    nodes: BTreeMap<&'a str, &'a Node>,
    outcome: &'a Outcome,
    labels: &'a dyn Fn(&str) -> Option<Title>,
}

impl<'a> Telling<'a> {
    fn of(set: &'a CriteriaSet, outcome: &'a Outcome, labels: &'a dyn Fn(&str) -> Option<Title>) -> Self {
        let nodes = set.all_nodes().into_iter();
        Self {
            set,
            nodes: nodes.map(|node| (node.code.as_str(), node)).collect(),
            outcome,
            labels,
        }
    }
}

impl Telling<'_> {
    /// The name of a unit.
    fn unit(&self, id: &str) -> String {
        self.outcome
            .units
            .get(id)
            .map_or_else(|| id.to_owned(), |unit: &UnitOutcome| unit.name.clone())
    }

    fn units<'b>(&self, ids: impl IntoIterator<Item = &'b String>) -> String {
        ids.into_iter().map(|id| self.unit(id)).collect::<Vec<_>>().join("; ")
    }

    /// The name of a node, a grade, a gate or a declaration in quotation marks.
    fn node(&self, code: &str) -> Text {
        self.nodes
            .get(code)
            .map_or_else(|| as_it_is(code), |node| words::title(&node.title))
    }

    fn node_list<'b>(&self, codes: impl IntoIterator<Item = &'b String>) -> Text {
        joined(codes.into_iter().map(|code| self.node(code)), ", ")
    }

    fn grade_name(&self, code: &str) -> Text {
        let band = self.set.bands.iter().find(|band| band.grade == code);
        band.map_or_else(|| as_it_is(code), |band| words::title(&band.title))
    }

    /// A name of a formula: the label of its indicator, with what is made of it.
    fn name(&self, name: &str) -> Text {
        named(self.set, name, self.labels, &words::title).unwrap_or_else(|| as_it_is(name))
    }

    fn names<'b>(&self, names: impl IntoIterator<Item = &'b String>) -> Text {
        joined(names.into_iter().map(|name| self.name(name)), ", ")
    }
}

fn as_it_is(code: &str) -> Text {
    Text::new(format!("`{code}`"), format!("`{code}`"))
}

fn joined(parts: impl IntoIterator<Item = Text>, between: &str) -> Text {
    let (vi, en): (Vec<_>, Vec<_>) = parts.into_iter().map(|part| (part.vi, part.en)).unzip();
    Text::new(vi.join(between), en.join(between))
}

fn basis(basis: Option<&str>) -> Option<Text> {
    basis.map(|basis| Text::new(format!("Căn cứ: {basis}."), format!("Basis: {basis}.")))
}

fn written(points: Fixed4) -> String {
    numbers::write(points)
}
