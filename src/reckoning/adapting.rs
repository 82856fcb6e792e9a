//! Whether a cluster's set keeps to what a provincial base set lets it change. Pure.
//!
//! What a base set does not say may be changed stays as it is: names, who scores, how points come about, grades, gates, quotas. Whether
//! what was adapted still adds up is asked by [`super::CheckedSet::check`].

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::difference::{HeadPart, NodeChange, NodePart, difference};
use super::measure::Measure;
use super::set::{Adaptable, CriteriaSet, Node, Part, PointsRole, Range};
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
    /// What was added gives bonus points or takes points away, and no cap of the base set holds them.
    AddedUncapped,
}

/// What an adapted set may not have changed of its base; nothing when it keeps to it.
pub fn adapting_problems(base: &CriteriaSet, adapted: &CriteriaSet) -> Vec<AdaptingProblem> {
    let difference = difference(base, adapted);
    let (nodes, left) = (Tree::of(base), Tree::of(adapted));
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

fn judged(change: &NodeChange, base: &Tree, left: &Tree) -> Vec<AdaptingProblemKind> {
    let fixed = Adaptable::default();
    let lets = |code: &str| {
        base.nodes
            .get(code)
            .and_then(|node| node.adaptable.as_ref())
            .unwrap_or(&fixed)
    };
    let own = lets(&change.code);
    let kinds = change.changed.iter().filter_map(|part| match part {
        NodePart::Added => {
            let at = change.after.as_ref()?;
            // Below what the cluster added itself it does as it likes.
            let parent = at.parent.as_deref();
            let may = parent.is_some_and(|parent| !base.nodes.contains_key(parent) || lets(parent).may_be_added_to);
            match may {
                false => Some(AdaptingProblemKind::Added),
                true => (!is_held(&at.node.code, base, left)).then_some(AdaptingProblemKind::AddedUncapped),
            }
        }
        NodePart::Removed => {
            let parent = change.before.as_ref().and_then(|at| at.parent.as_deref());
            // It goes with what stands above it, which is judged by itself.
            let may = own.may_be_left_out || parent.is_some_and(|parent| !left.nodes.contains_key(parent));
            (!may).then_some(AdaptingProblemKind::LeftOut)
        }
        NodePart::Max => within(*part, own.max, change),
        NodePart::Weight => within(*part, own.weight, change),
        part => Some(AdaptingProblemKind::PartFixed(*part)),
    });
    kinds.collect()
}

/// The nodes of a set by their codes, with what stands right above each.
struct Tree<'a> {
    set: &'a CriteriaSet,
    nodes: BTreeMap<&'a str, &'a Node>,
    above: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Tree<'a> {
    fn of(set: &'a CriteriaSet) -> Self {
        let all = set.all_nodes();
        let children = |node: &'a Node| node.children().iter().map(move |child| (child.code.as_str(), node));
        Self {
            set,
            above: all.iter().copied().flat_map(children).collect(),
            nodes: all.into_iter().map(|node| (node.code.as_str(), node)).collect(),
        }
    }
}

/// Whether what was added only shares in main points, or a cap that stood above it before takes in what it gives or takes away. A cap
/// that was added with it does not count, since the section it belongs to would hand on more than the base set has.
fn is_held(code: &str, base: &Tree, adapted: &Tree) -> bool {
    let Some(Part::Criterion(criterion)) = adapted.nodes.get(code).map(|node| &node.part) else {
        return true;
    };
    let is_bonus = match (criterion.role, &criterion.measure) {
        (PointsRole::Main, Measure::Events { floor, .. }) => return *floor >= Fixed4::ZERO,
        (PointsRole::Main, _) => return true,
        (role, _) => role == PointsRole::Bonus,
    };
    let mut at = code;
    while let Some(above) = adapted.above.get(at) {
        at = &above.code;
        let Part::Section(section) = &above.part else {
            return false;
        };
        let cap = if is_bonus {
            section.bonus_cap
        } else {
            section.deduction_cap
        };
        if cap.is_some() {
            // That a cap of the base set changed is told by itself.
            return base.nodes.contains_key(at);
        }
    }
    let cap = if is_bonus {
        base.set.bonus_cap
    } else {
        base.set.deduction_cap
    };
    cap.is_some()
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
            Self::AddedUncapped => "ADDED_UNCAPPED",
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
            Self::AddedUncapped => Text::new(
                "Điểm cộng, điểm trừ của tiêu chí thêm vào phải nằm dưới trần điểm cộng, điểm trừ của bảng điểm gốc.",
                "Bonus points and deductions of an added criterion must stand below a cap of the base set.",
            ),
        }
    }
}
