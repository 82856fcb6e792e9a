//! Loaders of cross-checks and their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{cross_check, cross_check_draw, cross_check_finding};
use uuid::Uuid;

use crate::crosschecks::{store, usecases};
use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::years::store::View;

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    View {
        reach: rows.reach.clone(),
        today: rows.env.today(),
    }
}

/// A cross-check that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CrossCheckId(pub Uuid);

impl Loader<CrossCheckId> for Rows {
    type Value = cross_check::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CrossCheckId]) -> Result<HashMap<CrossCheckId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let checks = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(checks.into_iter().map(|row| (CrossCheckId(row.id), row)).collect())
    }
}

/// A draw that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CrossCheckDrawId(pub Uuid);

impl Loader<CrossCheckDrawId> for Rows {
    type Value = cross_check_draw::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CrossCheckDrawId]) -> Result<HashMap<CrossCheckDrawId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let draws = store::find_draws(&self.env.db, &view(self), &ids).await?;
        Ok(draws.into_iter().map(|row| (CrossCheckDrawId(row.id), row)).collect())
    }
}

/// The findings of a cross-check that are seen, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FindingsOf(pub Uuid);

impl Loader<FindingsOf> for Rows {
    type Value = Arc<Vec<cross_check_finding::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[FindingsOf]) -> Result<HashMap<FindingsOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut findings: HashMap<Uuid, Vec<cross_check_finding::Model>> = HashMap::new();
        for row in store::findings(&self.env.db, &view(self), &ids).await? {
            findings.entry(row.cross_check_id).or_default().push(row);
        }
        let findings = findings.into_iter();
        Ok(findings
            .map(|(check, rows)| (FindingsOf(check), Arc::new(rows)))
            .collect())
    }
}

/// Whether a draw, made again from what went into it, gives the pairs that it gave then: once for each draw that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Repeated(pub Uuid);

impl Loader<Repeated> for Rows {
    type Value = bool;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[Repeated]) -> Result<HashMap<Repeated, bool>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let draws = store::find_draws(&self.env.db, &view(self), &ids).await?;
        let drawing = tokio::task::spawn_blocking(move || {
            let again = |draw: &cross_check_draw::Model| Ok((Repeated(draw.id), usecases::is_repeatable(draw)?));
            draws.iter().map(again).collect::<crate::error::Result<HashMap<_, _>>>()
        });
        Ok(drawing.await.map_err(Error::internal)??)
    }
}

parts_loader!(
    FinishedIn,
    store::Finished,
    store::finished,
    year_id,
    "The units of a year whose score sheets have passed their cross-check."
);
