//! Places in a cluster with what separated neighbours. Pure. Rating and ranking are two things: a gate or a quota changes no place.

use thidua_entity::Fixed4;

use super::NAMED_MAX;
use super::facts::{ClusterFacts, Figure, UnitFacts};
use super::named;
use super::order::{Contender, Slot, order};
use super::outcome::{NodeOutcome, Total};
use super::rules::{Better, TieBreak, TieBreakBy};
use super::verdict::{Passed, Placed, Ranking, SeparatedBy, Separation};

/// Which way each comparison goes: the total first, then the tie-breaks.
pub(super) fn chain(tie_breaks: &[TieBreak]) -> Vec<Better> {
    let ways = tie_breaks.iter().map(|one| match &one.by {
        TieBreakBy::Points { .. } => Better::Higher,
        TieBreakBy::Figure { better, .. } => *better,
        TieBreakBy::FewerDeductions | TieBreakBy::Ballot => Better::Lower,
    });
    [Better::Higher].into_iter().chain(ways).collect()
}

/// A unit with what it is compared by; nothing while its total is open.
pub(super) fn contender(
    id: &str,
    tie_breaks: &[TieBreak],
    facts: &ClusterFacts,
    unit: &UnitFacts,
    total: &Total,
    nodes: &std::collections::BTreeMap<String, NodeOutcome>,
) -> Option<Contender> {
    let points = total.points?;
    let keys = tie_breaks.iter().map(|one| match &one.by {
        TieBreakBy::Points { node } => nodes.get(node).and_then(|node| node.points),
        TieBreakBy::Figure { indicator, .. } => {
            let number = unit.figures.get(indicator).and_then(Figure::number);
            number.and_then(|number| number.exactly()?.to_figure(4))
        }
        TieBreakBy::FewerDeductions => Some(total.deductions),
        TieBreakBy::Ballot => facts
            .ballot
            .get(id)
            .and_then(|place| Fixed4::from_integer((*place).into())),
    });
    Some(Contender {
        unit: id.to_owned(),
        keys: [Some(points)].into_iter().chain(keys).collect(),
    })
}

/// The places of units.
pub(super) fn rank(contenders: Vec<Contender>, chain: &[Better]) -> Ranking {
    let slots = order(contenders, chain);
    let mut ranking = Ranking::default();
    let mut place = 0;
    for (index, slot) in slots.iter().enumerate() {
        if index == 0 || slot.cut.is_some() {
            place = u32::try_from(index + 1).unwrap_or(u32::MAX);
        }
        ranking.places.push(Placed {
            unit: slot.contender.unit.clone(),
            place,
            points: key(slot, 0),
        });
    }
    ranking.trace = slots
        .iter()
        .zip(slots.iter().skip(1))
        .map(|(above, below)| separation(above, below))
        .collect();
    ranking
}

fn key(slot: &Slot, at: usize) -> Fixed4 {
    slot.contender.keys.get(at).copied().flatten().unwrap_or_default()
}

fn separation(above: &Slot, below: &Slot) -> Separation {
    let by = match below.cut {
        None => SeparatedBy::Nothing,
        Some(0) => SeparatedBy::Points {
            above: key(above, 0),
            below: key(below, 0),
        },
        Some(at) => SeparatedBy::TieBreak {
            index: at - 1,
            above: key(above, at),
            below: key(below, at),
        },
    };
    // So many names in all, so that a long chain of comparisons for which the same is missing stays short.
    let mut room = NAMED_MAX;
    let passed = below.passed.iter().filter_map(|(at, unknown)| {
        let told = named(unknown.iter().take(room).cloned());
        room -= told.len();
        Some(Passed {
            index: at.checked_sub(1)?,
            even: unknown.is_empty(),
            unknown: told,
        })
    });
    Separation {
        above: above.contender.unit.clone(),
        below: below.contender.unit.clone(),
        by,
        passed: passed.collect(),
    }
}
