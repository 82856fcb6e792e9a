//! Loaders of emulation years and their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{
    emulation_participant, emulation_phase, emulation_step, emulation_year, pact, pact_signature, registration, target,
};
use uuid::Uuid;

use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::policy::{Place, Reach};
use crate::years::store::{self, View};
use crate::years::usecases;
use crate::{clusters, units};

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

/// A participation in a year that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ParticipantId(pub Uuid);

impl Loader<ParticipantId> for Rows {
    type Value = emulation_participant::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ParticipantId]) -> Result<HashMap<ParticipantId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_participants(&self.env.db, &view(self), &ids).await?;
        Ok(rows.into_iter().map(|row| (ParticipantId(row.id), row)).collect())
    }
}

/// A pact of a year that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PactId(pub Uuid);

impl Loader<PactId> for Rows {
    type Value = pact::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PactId]) -> Result<HashMap<PactId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_pacts(&self.env.db, &view(self), &ids).await?;
        Ok(rows.into_iter().map(|row| (PactId(row.id), row)).collect())
    }
}

/// A unit in an emulation year: what it registered for, promised, may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InYear {
    /// The year.
    pub year: Uuid,
    /// The unit.
    pub unit: Uuid,
}

fn years_and_units<K: Copy>(keys: &[K], of: impl Fn(K) -> InYear) -> (Vec<Uuid>, Vec<Uuid>) {
    let distinct = |ids: Vec<Uuid>| {
        let mut ids = ids;
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    (
        distinct(keys.iter().map(|&key| of(key).year).collect()),
        distinct(keys.iter().map(|&key| of(key).unit).collect()),
    )
}

/// What a unit registered for in a year, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RegistrationsOf(pub InYear);

impl Loader<RegistrationsOf> for Rows {
    type Value = Arc<Vec<registration::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[RegistrationsOf]) -> Result<HashMap<RegistrationsOf, Self::Value>, Self::Error> {
        let (years, units) = years_and_units(keys, |key| key.0);
        let mut of: HashMap<InYear, Vec<registration::Model>> = HashMap::new();
        for row in store::registrations(&self.env.db, &units, &years).await? {
            let (year, unit) = (row.year_id, row.unit_id);
            of.entry(InYear { year, unit }).or_default().push(row);
        }
        let of = of.into_iter();
        Ok(of.map(|(key, rows)| (RegistrationsOf(key), Arc::new(rows))).collect())
    }
}

/// What a unit promised in a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TargetsOf(pub InYear);

impl Loader<TargetsOf> for Rows {
    type Value = Arc<Vec<target::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[TargetsOf]) -> Result<HashMap<TargetsOf, Self::Value>, Self::Error> {
        let (years, units) = years_and_units(keys, |key| key.0);
        let mut of: HashMap<InYear, Vec<target::Model>> = HashMap::new();
        for row in store::targets(&self.env.db, &units, &years).await? {
            let (year, unit) = (row.year_id, row.unit_id);
            of.entry(InYear { year, unit }).or_default().push(row);
        }
        let of = of.into_iter();
        Ok(of.map(|(key, rows)| (TargetsOf(key), Arc::new(rows))).collect())
    }
}

/// The place of what a unit does in a year, for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InYearPlace(pub InYear);

impl Loader<InYearPlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[InYearPlace]) -> Result<HashMap<InYearPlace, Place>, Self::Error> {
        let (years, units) = years_and_units(keys, |key| key.0);
        let (everything, today) = (Reach::everything(), self.env.today());
        let years = store::plain(&self.env.db, &years).await?;
        let clusters: Vec<Uuid> = years.values().map(|year| year.cluster_id).collect();
        let clusters = clusters::store::find_many(&self.env.db, &everything, &clusters, today).await?;
        let units = units::store::find_many(&self.env.db, &everything, &units, today).await?;
        let places = units::store::places(&self.env.db, &units, today).await?;
        let place = |key: &InYearPlace| {
            let year = years.get(&key.0.year)?;
            let cluster = clusters.iter().find(|cluster| cluster.id == year.cluster_id)?;
            let place = usecases::in_cluster(places.get(&key.0.unit)?.clone(), cluster);
            Some((*key, place))
        };
        Ok(keys.iter().filter_map(place).collect())
    }
}

parts_loader!(
    SignaturesOf,
    pact_signature::Model,
    store::signatures,
    pact_id,
    "The signatures of a pact, the first first."
);
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
