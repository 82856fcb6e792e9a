//! Which layer's entry stands. Pure.
//!
//! Where scorers give the points, the highest layer that has an entry and may score the criterion. Where they are worked out from
//! reports, these stand above the unit and the cross-checker; cluster, province and council may put others in their place and must say
//! why. An entry that does not fit is a problem and is neither cut to size nor passed over: while it would stand, the criterion is open.

use std::collections::BTreeMap;

use super::facts::{Entry, UnitFacts};
use super::leaf::Leaf;
use super::outcome::{Open, Scored, Scoring, Stands};
use super::problem::FactProblemKind;
use super::set::Layer;

/// Whose entries are heard.
#[derive(Clone, Copy)]
pub(super) struct Heard {
    /// Those of the layers up to this one.
    pub up_to: Layer,
    /// Whether what that layer entered stands above the reports, although it does not in fact: to know what it claims.
    pub claims: bool,
}

/// How a criterion is scored for a unit by the layers that are heard, and what is wrong with entries.
pub(super) fn score(leaf: &Leaf, unit: &UnitFacts, heard: Heard) -> (Scoring, Vec<(Layer, FactProblemKind)>) {
    let up_to = heard.up_to;
    let from_reports = leaf.reported(unit);
    let entries = unit.entries.get(&leaf.node.code);
    let (mut layers, mut open, mut problems) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
    for (layer, entry) in entries.into_iter().flatten().filter(|(layer, _)| **layer <= up_to) {
        match read(leaf, unit, *layer, entry, from_reports.is_some()) {
            Ok(Ok(scored)) => _ = layers.insert(*layer, scored),
            Ok(Err(why)) => _ = open.insert(*layer, why),
            Err(kind) => {
                open.insert(*layer, Open::EntryRefused);
                problems.push((*layer, kind));
            }
        }
    }
    let claimed = |layer: Layer| heard.claims && layer == up_to;
    let counts = |layer: &&Layer| from_reports.is_none() || layer.is_above_reports() || claimed(**layer);
    let highest = layers.keys().chain(open.keys()).filter(counts).max().copied();
    let stands = match highest {
        Some(layer) => match open.remove(&layer) {
            Some(why) => Stands::Open { why },
            None => Stands::Entry { layer },
        },
        None => match &from_reports {
            Some(Ok(_)) => Stands::Reports,
            Some(Err(why)) => Stands::Open { why: why.clone() },
            None => match leaf.nothing_entered(unit) {
                Ok(scored) => Stands::NothingEntered { points: scored.points },
                Err(why) => Stands::Open { why },
            },
        },
    };
    let scoring = Scoring {
        from_reports,
        layers,
        stands,
    };
    (scoring, problems)
}

fn read(
    leaf: &Leaf,
    unit: &UnitFacts,
    layer: Layer,
    entry: &Entry,
    has_reports: bool,
) -> Result<Result<Scored, Open>, FactProblemKind> {
    if !leaf.criterion.scored_by.contains(&layer) {
        return Err(FactProblemKind::LayerMayNot);
    }
    let reason = entry
        .reason
        .as_deref()
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    if has_reports && layer.is_above_reports() && reason.is_none() {
        return Err(FactProblemKind::NoReason);
    }
    let scored = leaf.entered(&entry.given, unit)?;
    Ok(scored.map(|scored| Scored {
        reason: reason.map(str::to_owned),
        ..scored
    }))
}
