//! What became of sections and criteria.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::changed;
use crate::moved::in_order;
use crate::reckoning::set::{CriteriaSet, Node, Part};

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

pub(super) fn nodes(before: &CriteriaSet, after: &CriteriaSet) -> Vec<NodeChange> {
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
