//! Loaders of conferences and their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{conference, conference_attendance, conference_item};
use uuid::Uuid;

use crate::conferences::store;
use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::policy::{Place, Reach};
use crate::years::store::View;
use crate::{clusters, councils};

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    View {
        reach: rows.reach.clone(),
        today: rows.env.today(),
    }
}

/// A conference that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConferenceId(pub Uuid);

impl Loader<ConferenceId> for Rows {
    type Value = conference::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ConferenceId]) -> Result<HashMap<ConferenceId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(rows.into_iter().map(|row| (ConferenceId(row.id), row)).collect())
    }
}

/// The place of the cluster or the council of a conference, for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConferencePlace(pub Uuid);

impl Loader<ConferencePlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ConferencePlace]) -> Result<HashMap<ConferencePlace, Place>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let conferences = store::plain(&self.env.db, &ids).await?;
        let today = self.env.today();
        let clusters: Vec<Uuid> = conferences.iter().filter_map(|row| row.cluster_id).collect();
        let clusters = clusters::store::find_many(&self.env.db, &Reach::everything(), &clusters, today).await?;
        let mut places = clusters::store::places(&self.env.db, &clusters, today).await?;
        let councils: Vec<Uuid> = conferences.iter().filter_map(|row| row.council_id).collect();
        if !councils.is_empty() {
            let councils = councils::store::plain(&self.env.db, &councils).await?;
            places.extend(councils::store::places(&self.env.db, &councils, today).await?);
        }
        let of = |row: &conference::Model| {
            let holder = row.cluster_id.or(row.council_id)?;
            Some((ConferencePlace(row.id), places.get(&holder)?.clone()))
        };
        Ok(conferences.iter().filter_map(of).collect())
    }
}

parts_loader!(
    ItemsOf,
    conference_item::Model,
    store::items,
    conference_id,
    "The agenda of a conference, in its order."
);
parts_loader!(
    AttendanceOf,
    conference_attendance::Model,
    store::attendance,
    conference_id,
    "Who is there at a conference."
);
