//! How points, grades, quotas and places come out of a criteria set and the facts: the reckoning of an emulation year. Pure and exact:
//! no database, no clock, no float. Equal facts give equal results, byte for byte, in whatever order they came.
//!
//! ```text
//! CriteriaSet → CheckedSet ┐
//!                          ├ reckon → Outcome → explain, what_if, Snapshot
//! ClusterFacts ────────────┘
//! ```
//!
//! - **Criteria** (`leaf.rs`, `layers.rs`) have points from reports or from the highest layer that may score them. Missing is not zero:
//!   a criterion without what it needs is open, and its unit not rated.
//! - **Sections** (`sums.rs`) add up, weigh, cap and scale up. The one rule of rounding is in `points.rs`.
//! - **Rating** (`rating.rs`, `quotas.rs`) goes from points to a grade through gates and quotas. Not eligible and not rated are not grades.
//! - **Ranking** (`ranking.rs`, `order.rs`) goes from points to places through tie-breaks, and never by the order of arrival.

mod adapting;
mod applies;
mod check;
mod crowd;
mod difference;
mod explain;
mod facts;
mod layers;
mod leading;
mod leaf;
mod measure;
mod names;
mod order;
mod outcome;
mod points;
mod problem;
mod quotas;
mod ranking;
mod rating;
mod rules;
mod sentences;
mod set;
pub mod snapshot;
mod sums;
#[cfg(test)]
mod tests;
mod verdict;
mod what_if;
mod words;
mod working;

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;

pub use self::adapting::*;
pub use self::check::CheckedSet;
use self::crowd::{Crowd, Crowds};
pub use self::difference::*;
pub use self::explain::*;
pub use self::facts::*;
use self::layers::Heard;
use self::leaf::Leaf;
pub use self::measure::*;
use self::names::Wholes;
pub use self::outcome::*;
pub use self::problem::*;
pub use self::quotas::{Graded, hold_quota};
use self::rating::{GateAt, Scored as ScoredUnit};
pub use self::rules::*;
pub use self::set::*;
use self::sums::Adding;
pub use self::verdict::*;
pub use self::what_if::*;
pub use self::working::*;

/// Counts changes of what equal facts give. A snapshot names the one it was made with.
pub const ENGINE: u32 = 1;
/// Most sections and criteria of a set.
pub const NODES_MAX: usize = 500;
/// Most levels of a set.
pub const DEPTH_MAX: usize = 8;
/// Most grades, gates, quotas, tie-breaks, and the like, of a set; most kinds of event of a criterion.
pub const PARTS_MAX: usize = 50;
/// Most different sizes at which the filters of a set begin or end.
pub const SIZES_MAX: usize = 20;
/// Most characters of a title or a legal basis.
pub const TEXT_MAX: usize = 1_000;
/// Most points of anything.
pub const POINTS_MAX: i64 = 1_000_000;
/// Largest weight.
pub const WEIGHT_MAX: i64 = 100;
/// Most units that are named in a reason or a trace, so that what comes out grows no faster than what goes in.
pub const NAMED_MAX: usize = 20;
/// Most months that a unit may have to work before it is rated.
pub const MONTHS_MAX: u32 = 120;

/// What comes out of a set and the facts, with the entries of all layers.
pub fn reckon(set: &CheckedSet, facts: &ClusterFacts) -> Outcome {
    reckon_up_to(set, facts, Layer::Council)
}

/// What would come out if only the layers up to one had scored: how a unit sees itself, how its neighbours see it.
pub fn reckon_up_to(checked: &CheckedSet, facts: &ClusterFacts, up_to: Layer) -> Outcome {
    reckon_heard(checked, facts, Heard { up_to, claims: false })
}

/// The same by the word of one layer: what it entered stands above the reports too. What a unit claims, and not what reports leave of it.
pub fn reckon_claimed(checked: &CheckedSet, facts: &ClusterFacts, by: Layer) -> Outcome {
    reckon_heard(
        checked,
        facts,
        Heard {
            up_to: by,
            claims: true,
        },
    )
}

fn reckon_heard(checked: &CheckedSet, facts: &ClusterFacts, heard: Heard) -> Outcome {
    let set = checked.set();
    let mut crowds = Crowds::of(facts);
    let leaves = leaves(checked, &mut crowds);
    let gates = gates(checked, &crowds.passing(&[]));
    let chain = ranking::chain(&set.tie_breaks);
    let (mut units, mut standings) = (BTreeMap::new(), BTreeMap::new());
    let (mut contenders, mut problems) = (Vec::new(), Vec::new());
    for (id, unit) in &facts.units {
        let mut adding = Adding::new(&leaves, id, unit, heard);
        let total = adding.total(set);
        problems.append(&mut adding.problems);
        problems.extend(strays(&leaves, &adding.nodes, id, unit, heard.up_to));
        let scored = ScoredUnit {
            unit,
            total: &total,
            nodes: &adding.nodes,
        };
        let (standing, gates) = rating::rate(set, &gates, &checked.names, &scored);
        if !matches!(standing, Standing::NotEligible { .. }) {
            contenders.extend(ranking::contender(
                id,
                &set.tie_breaks,
                facts,
                unit,
                &total,
                &adding.nodes,
            ));
        }
        standings.insert(id.clone(), standing);
        units.insert(id.as_str(), (unit, total, adding.nodes, gates));
    }
    let quotas = quotas::hold(set, &facts.rulings, &chain, &contenders, &mut standings);
    let ranking = ranking::rank(contenders, &chain);
    let places: BTreeMap<&str, u32> = ranking
        .places
        .iter()
        .map(|one| (one.unit.as_str(), one.place))
        .collect();
    let count = |is: &dyn Fn(&Standing) -> bool| {
        u32::try_from(standings.values().filter(|standing| is(standing)).count()).unwrap_or(u32::MAX)
    };
    let tally = set.bands.iter().map(|band| GradeCount {
        grade: band.grade.clone(),
        units: count(&|standing| quotas::grade(standing) == Some(band.grade.as_str())),
    });
    Outcome {
        tally: tally.collect(),
        not_eligible: count(&|standing| matches!(standing, Standing::NotEligible { .. })),
        not_rated: count(&|standing| matches!(standing, Standing::NotRated { .. })),
        units: units
            .into_iter()
            .filter_map(|(id, (unit, total, nodes, gates))| {
                let outcome = UnitOutcome {
                    name: unit.name.clone(),
                    total,
                    nodes,
                    gates,
                    standing: standings.get(id)?.clone(),
                    place: places.get(id).copied(),
                };
                Some((id.to_owned(), outcome))
            })
            .collect(),
        quotas,
        rulings: facts.rulings.clone(),
        ranking,
        problems,
    }
}

/// Whether a unit is rated for its period at all: it was there long enough, and still is.
pub fn is_eligible(set: &CriteriaSet, unit: &UnitFacts) -> bool {
    rating::not_eligible(&set.eligibility, unit).is_empty()
}

/// Some units by name, and no more than [`NAMED_MAX`].
fn named(units: impl Iterator<Item = String>) -> Vec<String> {
    units.take(NAMED_MAX).collect()
}

/// The criteria with what each needs to know of the cluster as a whole, which is worked out once.
fn leaves<'a>(checked: &'a CheckedSet, crowds: &mut Crowds<'a>) -> BTreeMap<&'a str, Leaf<'a>> {
    fn gather<'a>(
        nodes: &'a [Node],
        above: &mut Vec<&'a AppliesTo>,
        checked: &'a CheckedSet,
        crowds: &mut Crowds<'a>,
        leaves: &mut BTreeMap<&'a str, Leaf<'a>>,
    ) {
        for node in nodes {
            above.push(&node.applies_to);
            match &node.part {
                Part::Section(section) => gather(&section.children, above, checked, crowds, leaves),
                Part::Criterion(criterion) => {
                    let formula = checked.formulas.get(&node.code);
                    let leaf = Leaf::new(node, criterion, formula, &checked.names, &crowds.passing(above));
                    leaves.insert(&node.code, leaf);
                }
            }
            above.pop();
        }
    }
    let mut leaves = BTreeMap::new();
    gather(&checked.set().nodes, &mut Vec::new(), checked, crowds, &mut leaves);
    leaves
}

/// The gates with what they ask for, which is worked out once.
fn gates<'a>(checked: &'a CheckedSet, all: &Crowd) -> Vec<GateAt<'a>> {
    let nodes = checked.set().all_nodes();
    let maxima: BTreeMap<&str, Fixed4> = nodes.into_iter().map(|node| (node.code.as_str(), node.max)).collect();
    let at = |gate: &'a Gate| {
        let formula = checked.gate_formulas.get(&gate.code);
        let least = |code: &String, share| points::times(maxima.get(code.as_str()).copied().unwrap_or_default(), share);
        GateAt {
            gate,
            formula,
            wholes: formula.map_or_else(Wholes::default, |formula| {
                Wholes::of(formula.names(), &checked.names, all)
            }),
            least: match &gate.condition {
                Condition::NodesReach { nodes, share } => nodes.iter().map(|code| least(code, *share)).collect(),
                Condition::Declared { .. } | Condition::Formula { .. } => Vec::new(),
            },
        }
    };
    checked.set().gates.iter().map(at).collect()
}

/// Entries of criteria that are not in the set, or not for the unit.
fn strays(
    leaves: &BTreeMap<&str, Leaf>,
    nodes: &BTreeMap<String, NodeOutcome>,
    id: &str,
    unit: &UnitFacts,
    up_to: Layer,
) -> Vec<FactProblem> {
    let is_scored = |code: &str| leaves.contains_key(code) && nodes.contains_key(code);
    let stray = unit.entries.iter().filter(|(code, _)| !is_scored(code));
    let mut problems = Vec::new();
    for (code, entries) in stray {
        let kind = if leaves.contains_key(code.as_str()) {
            FactProblemKind::DoesNotApply
        } else {
            FactProblemKind::UnknownCriterion
        };
        let layers: BTreeSet<Layer> = entries.keys().copied().filter(|layer| *layer <= up_to).collect();
        problems.extend(layers.into_iter().map(|layer| FactProblem {
            unit: id.to_owned(),
            criterion: code.clone(),
            layer,
            kind: kind.clone(),
        }));
    }
    problems
}
