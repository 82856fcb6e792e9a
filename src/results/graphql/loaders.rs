//! Loaders of results: rows, snapshots, tallies and ties, each with one statement for all that are asked together.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{result, result_unit};
use uuid::Uuid;

use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::reckoning::snapshot::Snapshot;
use crate::results::store::{self, Count, View};
use crate::results::usecases;

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    let today = rows.env.today();
    match &rows.actor {
        Some(actor) => View::of(actor, today),
        None => View::nobody(today),
    }
}

/// A result that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResultId(pub Uuid);

impl Loader<ResultId> for Rows {
    type Value = result::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ResultId]) -> Result<HashMap<ResultId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(found.into_iter().map(|row| (ResultId(row.id), row)).collect())
    }
}

/// What a result was made with and what came out; the result was found before. Read and verified once in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SnapshotOf(pub Uuid);

impl Loader<SnapshotOf> for Rows {
    type Value = Arc<Snapshot>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SnapshotOf]) -> Result<HashMap<SnapshotOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut snapshots = HashMap::new();
        for (id, bytes) in store::snapshots(&self.env.db, &ids).await? {
            snapshots.insert(SnapshotOf(id), Arc::new(usecases::opened(bytes).await?));
        }
        Ok(snapshots)
    }
}

/// How many units of a result stand how, the best grade first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TallyOf(pub Uuid);

impl Loader<TallyOf> for Rows {
    type Value = Arc<Vec<Count>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[TallyOf]) -> Result<HashMap<TallyOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut tallies: HashMap<Uuid, Vec<Count>> = HashMap::new();
        for (result, count) in store::tallies(&self.env.db, &ids).await? {
            tallies.entry(result).or_default().push(count);
        }
        let tallies = tallies.into_iter();
        Ok(tallies
            .map(|(result, counts)| (TallyOf(result), Arc::new(counts)))
            .collect())
    }
}

parts_loader!(
    TiedIn,
    result_unit::Model,
    store::tied,
    result_id,
    "The units of a result that share a place with others, in the order of the list."
);
