//! What changed from one version of a criteria set to another. Pure.
//!
//! Nodes, grades, declarations, gates and quotas are the same when their codes are. What has only made room for others has not moved.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::rules::{Band, Declaration, EligibilityRule, Gate, Quota, TieBreak};
use super::set::{CriteriaSet, Node, Part};
use crate::moved::in_order;

/// What changed from one version to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetDifference {
    /// What changed of the set as a whole.
    pub head: Vec<HeadPart>,
    /// Sections and criteria that are not what they were: those of the later version in its order, then those that are gone.
    pub nodes: Vec<NodeChange>,
    /// Grades.
    pub bands: Vec<Change<Band>>,
    /// Declarations.
    pub declarations: Vec<Change<Declaration>>,
    /// Gates.
    pub gates: Vec<Change<Gate>>,
    /// Quotas.
    pub quotas: Vec<Change<Quota>>,
    /// The rules of eligibility, all of them, when any changed.
    pub eligibility: Option<Change<Vec<EligibilityRule>>>,
    /// The chain of tie-breaks, all of it, when any changed or moved.
    pub tie_breaks: Option<Change<Vec<TieBreak>>>,
}

/// Something as it was and as it is; one of them is missing when it is new or gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Change<T> {
    /// As it was.
    pub before: Option<T>,
    /// As it is.
    pub after: Option<T>,
}

/// What can change of a set as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeadPart {
    /// The scale.
    Scale,
    /// Whether bonus points are within the scale.
    Bonus,
    /// Bonus cap.
    BonusCap,
    /// Deduction cap.
    DeductionCap,
    /// Cap of the total.
    TotalCap,
    /// What size is measured by.
    SizeMeasure,
    /// The text it rests on.
    Basis,
    /// Whether clusters may choose other tie-breaks.
    TieBreaksAdaptable,
}

/// What became of a section or criterion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeChange {
    /// Its code.
    pub code: String,
    /// As it was, without what stands below it; `None` when it is new.
    pub before: Option<NodeAt>,
    /// As it is; `None` when it is gone.
    pub after: Option<NodeAt>,
    /// What changed; nothing else of a node that is new or gone.
    pub changed: Vec<NodePart>,
}

/// A node where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeAt {
    /// Code of what stands right above it; nothing at the top.
    pub parent: Option<String>,
    /// Order below that, from 1.
    pub position: usize,
    /// The node, without what stands below it.
    pub node: Node,
}

/// What can change of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NodePart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands below another, or elsewhere among its neighbours.
    Place,
    /// Its name.
    Title,
    /// Its maximum.
    Max,
    /// Its weight.
    Weight,
    /// Which units it is for.
    AppliesTo,
    /// The text it rests on.
    Basis,
    /// How far a cluster may change it.
    Adaptable,
    /// Of a section: bonus cap.
    BonusCap,
    /// Of a section: deduction cap.
    DeductionCap,
    /// Of a section: whether it is scaled up.
    Rescale,
    /// What becomes of its points.
    Role,
    /// Its step.
    Step,
    /// Whether evidence is needed.
    EvidenceRequired,
    /// Who scores it.
    ScoredBy,
    /// How its points come about.
    Measure,
    /// What missing means.
    WhenMissing,
    /// A section became a criterion, or the other way round.
    Kind,
}

impl SetDifference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What changed from one version to another.
pub fn difference(before: &CriteriaSet, after: &CriteriaSet) -> SetDifference {
    SetDifference {
        head: head(before, after),
        nodes: nodes(before, after),
        bands: by_code(&before.bands, &after.bands, |one| &one.grade),
        declarations: by_code(&before.declarations, &after.declarations, |one| &one.code),
        gates: by_code(&before.gates, &after.gates, |one| &one.code),
        quotas: by_code(&before.quotas, &after.quotas, |one| &one.code),
        eligibility: whole(&before.eligibility, &after.eligibility),
        tie_breaks: whole(&before.tie_breaks, &after.tie_breaks),
    }
}

fn changed<T, const N: usize>(parts: [(bool, T); N]) -> Vec<T> {
    parts.into_iter().filter(|(is, _)| *is).map(|(_, part)| part).collect()
}

fn head(before: &CriteriaSet, after: &CriteriaSet) -> Vec<HeadPart> {
    changed([
        (before.scale != after.scale, HeadPart::Scale),
        (before.bonus != after.bonus, HeadPart::Bonus),
        (before.bonus_cap != after.bonus_cap, HeadPart::BonusCap),
        (before.deduction_cap != after.deduction_cap, HeadPart::DeductionCap),
        (before.total_cap != after.total_cap, HeadPart::TotalCap),
        (before.size_measure != after.size_measure, HeadPart::SizeMeasure),
        (before.basis != after.basis, HeadPart::Basis),
        (
            before.tie_breaks_adaptable != after.tie_breaks_adaptable,
            HeadPart::TieBreaksAdaptable,
        ),
    ])
}

fn whole<T: Clone + PartialEq>(before: &[T], after: &[T]) -> Option<Change<Vec<T>>> {
    (before != after).then(|| Change {
        before: Some(before.to_vec()),
        after: Some(after.to_vec()),
    })
}

fn by_code<T: Clone + PartialEq>(before: &[T], after: &[T], code: impl Fn(&T) -> &str) -> Vec<Change<T>> {
    let find = |all: &[T], wanted: &T| all.iter().find(|one| code(one) == code(wanted)).cloned();
    let of_later = after.iter().map(|now| Change {
        before: find(before, now),
        after: Some(now.clone()),
    });
    let gone = before
        .iter()
        .filter(|was| find(after, was).is_none())
        .map(|was| Change {
            before: Some(was.clone()),
            after: None,
        });
    of_later
        .filter(|change| change.before != change.after)
        .chain(gone)
        .collect()
}

fn nodes(before: &CriteriaSet, after: &CriteriaSet) -> Vec<NodeChange> {
    let (was, is) = (placed(before), placed(after));
    let was_at: BTreeMap<&str, &NodeAt> = was.iter().map(|at| (at.node.code.as_str(), at)).collect();
    let still: BTreeSet<&str> = is.iter().map(|at| at.node.code.as_str()).collect();
    let moved = moved(&was_at, &is);
    let of_later = is.iter().map(|now| {
        let code = &now.node.code;
        let before = was_at.get(code.as_str()).copied();
        let changed = before.map_or(vec![NodePart::Added], |was| {
            parts(&was.node, &now.node, moved.contains(code.as_str()))
        });
        NodeChange {
            code: code.clone(),
            before: before.cloned(),
            after: Some(now.clone()),
            changed,
        }
    });
    let gone = was.iter().filter(|was| !still.contains(was.node.code.as_str()));
    let gone = gone.map(|was| NodeChange {
        code: was.node.code.clone(),
        before: Some(was.clone()),
        after: None,
        changed: vec![NodePart::Removed],
    });
    of_later
        .filter(|change| !change.changed.is_empty())
        .chain(gone)
        .collect()
}

/// Codes of the nodes that stand below another parent, or elsewhere among those that stay below theirs.
fn moved<'a>(was_at: &BTreeMap<&str, &NodeAt>, is: &'a [NodeAt]) -> BTreeSet<&'a str> {
    let mut moved = BTreeSet::new();
    let mut stayed: BTreeMap<&Option<String>, Vec<(usize, &str)>> = BTreeMap::new();
    for now in is {
        let code = now.node.code.as_str();
        match was_at.get(code) {
            Some(was) if was.parent == now.parent => stayed.entry(&now.parent).or_default().push((was.position, code)),
            Some(_) => _ = moved.insert(code),
            None => {}
        }
    }
    for neighbours in stayed.values() {
        let places: Vec<usize> = neighbours.iter().map(|(place, _)| *place).collect();
        let kept: BTreeSet<usize> = in_order(&places).into_iter().collect();
        let others = neighbours.iter().filter(|(place, _)| !kept.contains(place));
        moved.extend(others.map(|(_, code)| *code));
    }
    moved
}

fn placed(set: &CriteriaSet) -> Vec<NodeAt> {
    fn gather(nodes: &[Node], parent: Option<&str>, found: &mut Vec<NodeAt>) {
        for (index, node) in nodes.iter().enumerate() {
            found.push(NodeAt {
                parent: parent.map(str::to_owned),
                position: index + 1,
                node: node.alone(),
            });
            gather(node.children(), Some(&node.code), found);
        }
    }
    let mut found = Vec::new();
    gather(&set.nodes, None, &mut found);
    found
}

fn parts(was: &Node, now: &Node, moved: bool) -> Vec<NodePart> {
    let mut found = changed([
        (moved, NodePart::Place),
        (was.title != now.title, NodePart::Title),
        (was.max != now.max, NodePart::Max),
        (was.weight != now.weight, NodePart::Weight),
        (was.applies_to != now.applies_to, NodePart::AppliesTo),
        (was.basis != now.basis, NodePart::Basis),
        (was.adaptable != now.adaptable, NodePart::Adaptable),
    ]);
    match (&was.part, &now.part) {
        (Part::Section(was), Part::Section(now)) => found.extend(changed([
            (was.bonus_cap != now.bonus_cap, NodePart::BonusCap),
            (was.deduction_cap != now.deduction_cap, NodePart::DeductionCap),
            (was.rescale != now.rescale, NodePart::Rescale),
        ])),
        (Part::Criterion(was), Part::Criterion(now)) => found.extend(changed([
            (was.role != now.role, NodePart::Role),
            (was.step != now.step, NodePart::Step),
            (
                was.evidence_required != now.evidence_required,
                NodePart::EvidenceRequired,
            ),
            (was.scored_by != now.scored_by, NodePart::ScoredBy),
            (was.measure != now.measure, NodePart::Measure),
            (was.when_missing != now.when_missing, NodePart::WhenMissing),
        ])),
        _ => found.push(NodePart::Kind),
    }
    found
}

impl Node {
    /// The node without what stands below it.
    pub(super) fn alone(&self) -> Self {
        let part = match &self.part {
            Part::Section(section) => Part::Section(super::set::Section {
                bonus_cap: section.bonus_cap,
                deduction_cap: section.deduction_cap,
                rescale: section.rescale,
                children: Vec::new(),
            }),
            part => part.clone(),
        };
        Self {
            code: self.code.clone(),
            title: self.title.clone(),
            max: self.max,
            weight: self.weight,
            applies_to: self.applies_to.clone(),
            basis: self.basis.clone(),
            adaptable: self.adaptable.clone(),
            part,
        }
    }
}
