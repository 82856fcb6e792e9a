//! What the criteria set and the facts say of sheets, worked out apart from the threads that answer requests.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{ScoreLayer, ScoreSubject};
use thidua_entity::{emulation_year, score_entry};
use uuid::Uuid;

use super::gather;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reckoning::{self, CheckedSet, ClusterFacts, Entry, Layer, Outcome};
use crate::scoring::facts::{self, Gathered};
use crate::years;

/// What a year is scored by, and what is known of its units.
#[derive(Clone, Debug)]
pub struct Known {
    /// The criteria set.
    pub set: Arc<CheckedSet>,
    /// The facts.
    pub gathered: Arc<Gathered>,
}

/// What a year is scored by, and what is known of its units, whoever asks.
pub async fn known(connection: &impl ConnectionTrait, env: &Env, year: &emulation_year::Model) -> Result<Known> {
    let set = years::usecases::criteria(connection, env, year).await?;
    let gathered = gather(connection, year, &set).await?;
    Ok(Known {
        set,
        gathered: Arc::new(gathered),
    })
}

impl Known {
    /// The facts with other entries of some units, and with none of all the others.
    pub fn with_entries(&self, entries: HashMap<Uuid, Entries>) -> ClusterFacts {
        let mut facts = self.gathered.facts.clone();
        for unit in facts.units.values_mut() {
            unit.entries.clear();
        }
        for (unit, entries) in entries {
            if let Some(unit) = facts.units.get_mut(&Kind::Unit.id(unit)) {
                unit.entries = entries;
            }
        }
        facts
    }

    /// What comes out of facts.
    pub async fn reckon(&self, facts: ClusterFacts, up_to: ScoreLayer) -> Result<Outcome> {
        let (set, up_to) = (Arc::clone(&self.set), facts::layer(up_to));
        let working = tokio::task::spawn_blocking(move || reckoning::reckon_up_to(&set, &facts, up_to));
        working.await.map_err(Error::internal)
    }
}

/// The entries of a unit by criterion and layer.
pub type Entries = BTreeMap<String, BTreeMap<Layer, Entry>>;

/// Entries of criteria as the reckoning takes them.
pub fn read<'a>(rows: impl Iterator<Item = &'a score_entry::Model>) -> Result<Entries> {
    let mut entries = Entries::new();
    for row in rows.filter(|row| row.subject == ScoreSubject::Criterion) {
        let entry = Entry {
            given: facts::given(row)?,
            reason: row.reason.clone(),
        };
        let of_code = entries.entry(row.code.clone()).or_default();
        of_code.insert(facts::layer(row.layer), entry);
    }
    Ok(entries)
}

/// What comes out of the entries and declarations of some units that somebody sees, and of no others.
pub async fn reckon_seen(known: &Known, rows: HashMap<Uuid, Vec<score_entry::Model>>) -> Result<Outcome> {
    known.reckon(facts_seen(known, rows)?, ScoreLayer::Council).await
}

/// The facts with the entries and declarations of some units that somebody sees, and with none of others: those bear on no criterion of
/// these.
pub fn facts_seen(known: &Known, rows: HashMap<Uuid, Vec<score_entry::Model>>) -> Result<ClusterFacts> {
    let (mut entries, mut declared) = (HashMap::new(), HashMap::new());
    for (unit, rows) in rows {
        entries.insert(unit, read(rows.iter())?);
        declared.insert(Kind::Unit.id(unit), declarations(rows));
    }
    let mut facts = known.with_entries(entries);
    for (id, unit) in &mut facts.units {
        unit.declared = declared.remove(id).unwrap_or_default();
    }
    Ok(facts)
}

/// What is declared: what the highest layer says.
fn declarations(mut rows: Vec<score_entry::Model>) -> BTreeMap<String, bool> {
    rows.retain(|row| row.subject == ScoreSubject::Declaration);
    rows.sort_by_key(|row| row.layer);
    rows.into_iter().map(|row| (row.code, row.verdict)).collect()
}
