//! Loaders of emulation years and their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{emulation_participant, emulation_phase, emulation_step, emulation_year, pact};
use uuid::Uuid;

use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::policy::Place;
use crate::years::store::{self, View};
use crate::years::usecases;

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    View {
        reach: rows.reach.clone(),
        today: rows.env.today(),
    }
}

/// An emulation year that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EmulationYearId(pub Uuid);

impl Loader<EmulationYearId> for Rows {
    type Value = emulation_year::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EmulationYearId]) -> Result<HashMap<EmulationYearId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let years = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(years.into_iter().map(|row| (EmulationYearId(row.id), row)).collect())
    }
}

/// The place of an emulation year for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct YearPlace(pub Uuid);

impl Loader<YearPlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[YearPlace]) -> Result<HashMap<YearPlace, Place>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let years: Vec<emulation_year::Model> = store::plain(&self.env.db, &ids).await?.into_values().collect();
        let places = usecases::places(&self.env.db, &self.env, &years).await?;
        Ok(places.into_iter().map(|(id, place)| (YearPlace(id), place)).collect())
    }
}

parts_loader!(
    ParticipantsOf,
    emulation_participant::Model,
    store::participants,
    year_id,
    "Who takes part in an emulation year, also those that withdrew."
);
parts_loader!(
    PhasesOf,
    emulation_phase::Model,
    store::phases,
    year_id,
    "When the phases of an emulation year are planned to begin, in their order."
);
parts_loader!(
    StepsOf,
    emulation_step::Model,
    store::steps,
    year_id,
    "The steps in the life of an emulation year, the oldest first."
);
parts_loader!(
    PactsOf,
    pact::Model,
    store::pacts,
    year_id,
    "The pacts of an emulation year, the oldest first."
);
