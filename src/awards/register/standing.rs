//! Whether a decision of a register stands in the registry already. Pure.

use thidua_entity::enums::Recipient;
use thidua_entity::{award, award_decision};
use uuid::Uuid;

use super::decisions::Gathered;
use crate::awards::decision::ReadDecision;
use crate::awards::number;
use crate::text;

/// How a decision of a register stands to those of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is not there.
    New,
    /// It is there with the very same content.
    Same,
    /// It is there with other content.
    Otherwise,
}

/// A decision of the registry with what it gives.
pub struct Stands<'a> {
    /// The decision.
    pub decision: &'a award_decision::Model,
    /// What it gives; `None` when it gives another number of awards, so that they were not even read.
    pub awards: Option<Vec<&'a award::Model>>,
}

/// The issuer among those of a registry: an outside one by its name, whatever case and accents; empty for the owner itself.
pub fn issuer_key(decision: &ReadDecision) -> String {
    let name = decision.issuer_name.as_deref().unwrap_or_default();
    match decision.issuer {
        Some(_) => String::new(),
        None => number::outside_issuer_key(name),
    }
}

/// Whether both are the same paper: the number is the issuer's once a year; without a number, the year, the date and the source.
pub fn is_same_paper(gathered: &Gathered, other: &award_decision::Model) -> bool {
    let read = &gathered.decision;
    if (other.owner_id, &other.issuer_key) != (read.owner, &issuer_key(read)) {
        return false;
    }
    match (read.number.as_deref(), &other.number_key) {
        (Some(number), Some(key)) => {
            other.number_year == read.number_year() && number::key(number).as_bytes() == key.as_slice()
        }
        (None, None) => {
            let source = |source: &Option<String>| text::fold(source.as_deref().unwrap_or_default());
            (other.year, other.decided_on) == (read.year, read.decided_on)
                && source(&other.source) == source(&read.source)
        }
        _ => false,
    }
}

/// How a decision stands to those that are the same paper, and which of them is the same.
pub fn stands<'a>(gathered: &Gathered, papers: &[Stands<'a>]) -> (Standing, Option<&'a award_decision::Model>) {
    let same = papers.iter().find(|one| is_same(&gathered.decision, one));
    match (same, papers.first()) {
        (Some(same), _) => (Standing::Same, Some(same.decision)),
        (None, Some(other)) => (Standing::Otherwise, Some(other.decision)),
        (None, None) => (Standing::New, None),
    }
}

/// Whether a decision that stands there says all that the register says, and gives the same awards in whatever order.
fn is_same(read: &ReadDecision, one: &Stands<'_>) -> bool {
    let other = one.decision;
    let agrees = |said: &Option<String>, there: &Option<String>| said.is_none() || said == there;
    let Some(awards) = &one.awards else { return false };
    if (other.year, other.decided_on) != (read.year, read.decided_on) || !agrees(&read.signer, &other.signer) {
        return false;
    }
    let mut there: Vec<_> = awards.iter().map(|award| content(award)).collect();
    let mut here: Vec<_> = read
        .awards
        .iter()
        .map(|award| {
            let (name, note) = (award.recipient_name.as_deref(), award.note.as_deref());
            let is_collective = award.recipient == Recipient::Collective;
            (award.award_type, award.unit, is_collective, name, award.count, note)
        })
        .collect();
    there.sort_unstable();
    here.sort_unstable();
    there == here
}

type Content<'a> = (Uuid, Uuid, bool, Option<&'a str>, i32, Option<&'a str>);

fn content(award: &award::Model) -> Content<'_> {
    let is_collective = award.recipient == Recipient::Collective;
    let (name, note) = (award.recipient_name.as_deref(), award.note.as_deref());
    (
        award.award_type_id,
        award.unit_id,
        is_collective,
        name,
        award.count,
        note,
    )
}
