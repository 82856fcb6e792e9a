//! Whether a cluster's set keeps to what a provincial base set lets it change. Pure.
//!
//! What a base set does not say may be changed stays as it is: names, who scores, how points come about, grades, gates, quotas. Whether
//! what was adapted still adds up is asked by [`super::CheckedSet::check`].

use std::collections::BTreeMap;

use super::difference::{HeadPart, NodeChange, NodePart, difference};
use super::set::{Adaptable, CriteriaSet, Node, Range};
use crate::error::Text;
use crate::numbers::write;

/// Something that an adapted set may not have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdaptingProblem {
    /// What it is about.
    pub about: About,
    /// What is wrong.
    pub kind: AdaptingProblemKind,
}

/// What a problem of adapting is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The set as a whole.
    Head(HeadPart),
    /// A node, by its code.
    Node(String),
    /// Grades, declarations, gates, quotas, eligibility or tie-breaks, as the set calls the list.
    List(&'static str),
}

/// What may be wrong with an adapted set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AdaptingProblemKind {
    /// It may not be changed.
    Fixed,
    /// This of a node may not be changed.
    PartFixed(NodePart),
    /// The maximum or the weight lies outside what the base set lets.
    Outside {
        /// Which of them.
        part: NodePart,
        /// What it lets.
        range: Range,
    },
    /// It may not be left out.
    LeftOut,
    /// Nothing may be added where it stands.
    Added,
}

/// What an adapted set may not have changed of its base; nothing when it keeps to it.
pub fn adapting_problems(base: &CriteriaSet, adapted: &CriteriaSet) -> Vec<AdaptingProblem> {
    let difference = difference(base, adapted);
    let by_code = |set| {
        CriteriaSet::all_nodes(set)
            .into_iter()
            .map(|node| (node.code.as_str(), node))
            .collect()
    };
    let (nodes, left): (BTreeMap<&str, &Node>, BTreeMap<&str, &Node>) = (by_code(base), by_code(adapted));
    let mut problems: Vec<AdaptingProblem> = difference
        .head
        .iter()
        .map(|part| problem(About::Head(*part), AdaptingProblemKind::Fixed))
        .collect();
    for change in &difference.nodes {
        let kinds = judged(change, &nodes, &left);
        problems.extend(
            kinds
                .into_iter()
                .map(|kind| problem(About::Node(change.code.clone()), kind)),
        );
    }
    for (list, is_changed) in [
        ("bands", !difference.bands.is_empty()),
        ("declarations", !difference.declarations.is_empty()),
        ("gates", !difference.gates.is_empty()),
        ("quotas", !difference.quotas.is_empty()),
        ("eligibility", difference.eligibility.is_some()),
        (
            "tieBreaks",
            difference.tie_breaks.is_some() && !base.tie_breaks_adaptable,
        ),
    ] {
        if is_changed {
            problems.push(problem(About::List(list), AdaptingProblemKind::Fixed));
        }
    }
    problems
}

const fn problem(about: About, kind: AdaptingProblemKind) -> AdaptingProblem {
    AdaptingProblem { about, kind }
}

fn judged(change: &NodeChange, base: &BTreeMap<&str, &Node>, left: &BTreeMap<&str, &Node>) -> Vec<AdaptingProblemKind> {
    let fixed = Adaptable::default();
    let lets = |code: &str| {
        base.get(code)
            .and_then(|node| node.adaptable.as_ref())
            .unwrap_or(&fixed)
    };
    let own = lets(&change.code);
    let kinds = change.changed.iter().filter_map(|part| match part {
        NodePart::Added => {
            let parent = change.after.as_ref().and_then(|at| at.parent.as_deref());
            // Below what the cluster added itself it does as it likes.
            let may = parent.is_some_and(|parent| !base.contains_key(parent) || lets(parent).may_be_added_to);
            (!may).then_some(AdaptingProblemKind::Added)
        }
        NodePart::Removed => {
            let parent = change.before.as_ref().and_then(|at| at.parent.as_deref());
            // It goes with what stands above it, which is judged by itself.
            let may = own.may_be_left_out || parent.is_some_and(|parent| !left.contains_key(parent));
            (!may).then_some(AdaptingProblemKind::LeftOut)
        }
        NodePart::Max => within(*part, own.max, change),
        NodePart::Weight => within(*part, own.weight, change),
        part => Some(AdaptingProblemKind::PartFixed(*part)),
    });
    kinds.collect()
}

fn within(part: NodePart, range: Option<Range>, change: &NodeChange) -> Option<AdaptingProblemKind> {
    let Some(range) = range else {
        return Some(AdaptingProblemKind::PartFixed(part));
    };
    let now = &change.after.as_ref()?.node;
    let value = if part == NodePart::Max { now.max } else { now.weight };
    let outside = value < range.least || value > range.most;
    outside.then_some(AdaptingProblemKind::Outside { part, range })
}

impl AdaptingProblemKind {
    /// The name for programs; never translated.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Fixed => "FIXED",
            Self::PartFixed(_) => "PART_FIXED",
            Self::Outside { .. } => "OUTSIDE",
            Self::LeftOut => "LEFT_OUT",
            Self::Added => "ADDED",
        }
    }

    /// What is wrong and how to mend it.
    pub fn text(&self) -> Text {
        match self {
            Self::Fixed | Self::PartFixed(_) => Text::new(
                "Bảng điểm gốc của tỉnh không cho cụm thay đổi phần này.",
                "The base set of the province does not let a cluster change this.",
            ),
            Self::Outside { range, .. } => Text::new(
                format!(
                    "Bảng điểm gốc chỉ cho từ {} đến {}.",
                    write(range.least),
                    write(range.most)
                ),
                format!(
                    "The base set lets only {} to {}.",
                    write(range.least),
                    write(range.most)
                ),
            ),
            Self::LeftOut => Text::new(
                "Bảng điểm gốc không cho bỏ mục này.",
                "The base set does not let this be left out.",
            ),
            Self::Added => Text::new(
                "Bảng điểm gốc không cho thêm mục ở chỗ này.",
                "The base set lets nothing be added here.",
            ),
        }
    }
}
