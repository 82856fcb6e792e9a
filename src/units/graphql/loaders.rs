//! Loaders of units and of what belongs to them.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{province, unit, unit_code, unit_name, unit_parent, unit_statistics};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::graphql::{self, Rows};
use crate::policy::Place;
use crate::units::store;

/// A unit that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitId(pub Uuid);

impl Loader<UnitId> for Rows {
    type Value = unit::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[UnitId]) -> Result<HashMap<UnitId, unit::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let units = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(units.into_iter().map(|unit| (UnitId(unit.id), unit)).collect())
    }
}

/// The name in use of a unit, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NameOf(pub Uuid);

impl Loader<NameOf> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[NameOf]) -> Result<HashMap<NameOf, String>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let names = store::plain_names(&self.env.db, &ids, self.env.today()).await?;
        Ok(names.into_iter().map(|(id, name)| (NameOf(id), name)).collect())
    }
}

/// The place of a unit for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlaceOf(pub Uuid);

impl Loader<PlaceOf> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PlaceOf]) -> Result<HashMap<PlaceOf, Place>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let today = self.env.today();
        let units = store::find_many(&self.env.db, &self.reach.by_place(), &ids, today).await?;
        let places = store::places(&self.env.db, &units, today).await?;
        Ok(places.into_iter().map(|(id, place)| (PlaceOf(id), place)).collect())
    }
}

graphql::row_loader!(ProvinceId, province::Model, store::provinces, "A province.");
graphql::parts_loader!(
    NamesOf,
    unit_name::Model,
    store::names,
    unit_id,
    "Names of a unit, the newest first."
);
graphql::parts_loader!(CodesOf, unit_code::Model, store::codes, unit_id, "Codes of a unit.");
graphql::parts_loader!(
    ParentsOf,
    unit_parent::Model,
    store::parents,
    unit_id,
    "Links of a unit to its parents."
);
graphql::parts_loader!(
    StatisticsOf,
    unit_statistics::Model,
    store::statistics,
    unit_id,
    "Head counts of a unit, the newest first."
);
