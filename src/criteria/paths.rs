//! Where something stands in a criteria set, for who wrote it: as a tree (REST) or with its nodes in a list (GraphQL). Pure.
//!
//! The reckoning says `nodes[2].children[0].measure.share`. On REST that is `content.nodes.2.children.0.measure.share`, on GraphQL
//! `content.nodes.7.part.criterion.measure.target.share`, where 7 is the node's place in reading order.

use crate::reckoning::{Condition, CriteriaSet, Measure, Node, Part, TieBreakBy};

/// How who asks writes a set and reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A tree, as it is stored.
    Tree,
    /// Its nodes in a list, in reading order.
    List,
}

/// The nodes with their paths, in reading order.
pub fn nodes(set: &CriteriaSet) -> Vec<(String, &Node)> {
    fn gather<'a>(nodes: &'a [Node], path: &str, found: &mut Vec<(String, &'a Node)>) {
        for (index, node) in nodes.iter().enumerate() {
            let path = format!("{path}[{index}]");
            found.push((path.clone(), node));
            gather(node.children(), &format!("{path}.children"), found);
        }
    }
    let mut found = Vec::new();
    gather(&set.nodes, "nodes", &mut found);
    found
}

/// The places of a set, as its writer knows them: gathered once for everything that is told of it.
pub struct Places<'a> {
    set: &'a CriteriaSet,
    shape: Shape,
    nodes: Vec<(String, &'a Node)>,
}

impl<'a> Places<'a> {
    /// Those of a set in the shape in which it was written.
    pub fn of(set: &'a CriteriaSet, shape: Shape) -> Self {
        Self {
            set,
            shape,
            nodes: nodes(set),
        }
    }

    /// The path of the node with a code.
    pub fn path(&self, code: &str) -> Option<&str> {
        let mut here = self.nodes.iter().filter(|(_, node)| node.code == code);
        here.next().map(|(path, _)| path.as_str())
    }

    /// A path of the reckoning as the field that the set's writer knows.
    pub fn written(&self, path: &str) -> String {
        let path = match self.shape {
            Shape::Tree => path.to_owned(),
            Shape::List => self.listed(path),
        };
        format!("content.{}", path.replace('[', ".").replace(']', ""))
    }

    fn listed(&self, path: &str) -> String {
        let within = match self.node_at(path) {
            Some((place, node, rest)) => join(&format!("nodes[{place}]"), &in_node(node, rest)),
            None => in_rules(path, self.set),
        };
        for (ending, ours) in ENDINGS {
            let before = within.strip_suffix(ending);
            if let Some(before) = before.filter(|before| before.is_empty() || before.ends_with('.')) {
                return format!("{before}{ours}");
            }
        }
        within
    }

    /// The deepest node on a path: its place in reading order, itself, and the rest of the path.
    fn node_at<'b>(&self, path: &'b str) -> Option<(usize, &'a Node, &'b str)> {
        let on_it = |at: &str| {
            path.strip_prefix(at)
                .filter(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let mut all = self.nodes.iter().enumerate();
        let (place, (at, node)) = all.rfind(|(_, (at, _))| on_it(at).is_some())?;
        let rest = on_it(at).unwrap_or_default().trim_start_matches('.');
        Some((place, node, rest))
    }
}

/// How the list of nodes calls what the tree calls otherwise: endings of paths.
const ENDINGS: &[(&str, &str)] = &[
    ("title.vi", "title"),
    ("title.en", "titleEn"),
    ("target.target.value", "target.fixedTarget"),
    ("target.target.indicator", "target.targetIndicatorCode"),
    ("count.indicator", "indicatorCode"),
    ("indicator", "indicatorCode"),
    ("declaration", "declarationCode"),
    ("by.points.node", "by.points.nodeCode"),
];

fn join(path: &str, rest: &str) -> String {
    if rest.is_empty() {
        path.to_owned()
    } else {
        format!("{path}.{rest}")
    }
}

/// Where something stands in a node of the list.
fn in_node(node: &Node, rest: &str) -> String {
    let first = rest.split(['.', '[']).next().unwrap_or_default();
    match (first, &node.part) {
        ("type", _) => "part".to_owned(),
        ("children", _) => "part.section".to_owned(),
        ("bonusCap" | "deductionCap" | "rescale", _) => format!("part.section.{rest}"),
        ("measure", Part::Criterion(criterion)) => {
            let below = rest.strip_prefix("measure.").unwrap_or_default();
            let kind = match &criterion.measure {
                _ if below.is_empty() => "",
                Measure::Manual | Measure::PassFail => "scored",
                Measure::Target { .. } => "target",
                Measure::PerCount { .. } => "perCount",
                Measure::Events { .. } => "events",
                Measure::Formula { .. } => "formula",
            };
            join("part.criterion.measure", &join(kind, below))
                .trim_end_matches('.')
                .to_owned()
        }
        ("role" | "step" | "evidenceRequired" | "scoredBy" | "whenMissing", _) => format!("part.criterion.{rest}"),
        _ => rest.to_owned(),
    }
}

/// Where something stands in what follows from the points.
fn in_rules(path: &str, set: &CriteriaSet) -> String {
    let part = |list: &str, middle: &str| {
        let (index, rest) = path.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
        let rest = rest.strip_prefix(middle)?;
        Some((index.parse::<usize>().ok()?, rest.to_owned()))
    };
    if let Some((index, rest)) = part("gates", ".condition.")
        && let Some(gate) = set.gates.get(index)
    {
        let (kind, rest) = match &gate.condition {
            Condition::Declared { .. } => ("declared", rest),
            Condition::NodesReach { .. } => ("nodesReach", rest.replacen("nodes", "nodeCodes", 1)),
            Condition::Formula { .. } => ("formula", rest),
        };
        return format!("gates[{index}].condition.{kind}.{rest}");
    }
    if let Some((index, rest)) = part("tieBreaks", ".by.")
        && let Some(tie_break) = set.tie_breaks.get(index)
    {
        let kind = match &tie_break.by {
            TieBreakBy::Points { .. } => "points",
            TieBreakBy::Figure { .. } => "figure",
            TieBreakBy::FewerDeductions | TieBreakBy::Ballot => "other",
        };
        return format!("tieBreaks[{index}].by.{kind}.{rest}");
    }
    path.to_owned()
}
