//! Loaders of criteria sets, their versions and what these hold.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{criteria_set, criteria_set_version};
use uuid::Uuid;

use crate::criteria::figures::Catalogue;
use crate::criteria::store::{self, View};
use crate::criteria::{content, usecases};
use crate::error::Error;
use crate::graphql::Rows;
use crate::policy::Place;
use crate::reckoning;

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    let today = rows.env.today();
    match &rows.actor {
        Some(actor) => View::of(actor, today),
        None => View::nobody(today),
    }
}

/// A criteria set that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CriteriaSetId(pub Uuid);

impl Loader<CriteriaSetId> for Rows {
    type Value = criteria_set::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CriteriaSetId]) -> Result<HashMap<CriteriaSetId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sets = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(sets.into_iter().map(|row| (CriteriaSetId(row.id), row)).collect())
    }
}

/// The place of a criteria set for the policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CriteriaSetPlace(pub Uuid);

impl Loader<CriteriaSetPlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CriteriaSetPlace]) -> Result<HashMap<CriteriaSetPlace, Place>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sets = store::find_many(&self.env.db, &view(self), &ids).await?;
        let places = usecases::places(&self.env.db, &self.env, &sets).await?;
        let places = places.into_iter();
        Ok(places.map(|(id, place)| (CriteriaSetPlace(id), place)).collect())
    }
}

/// Versions of a criteria set that are seen, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CriteriaVersionsOf(pub Uuid);

impl Loader<CriteriaVersionsOf> for Rows {
    type Value = Arc<Vec<criteria_set_version::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CriteriaVersionsOf]) -> Result<HashMap<CriteriaVersionsOf, Self::Value>, Self::Error> {
        let sets: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut versions: HashMap<Uuid, Vec<criteria_set_version::Model>> = HashMap::new();
        for row in store::versions_of(&self.env.db, &view(self), &sets).await? {
            versions.entry(row.set_id).or_default().push(row);
        }
        let versions = versions.into_iter();
        Ok(versions
            .map(|(set, rows)| (CriteriaVersionsOf(set), Arc::new(rows)))
            .collect())
    }
}

/// A version of a criteria set that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CriteriaVersionId(pub Uuid);

impl Loader<CriteriaVersionId> for Rows {
    type Value = criteria_set_version::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CriteriaVersionId]) -> Result<HashMap<CriteriaVersionId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let versions = store::find_versions(&self.env.db, &view(self), &ids).await?;
        Ok(versions
            .into_iter()
            .map(|row| (CriteriaVersionId(row.id), row))
            .collect())
    }
}

/// What a version of a criteria set holds, whoever asks: the version, or one that adapts it, was found before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentOf(pub Uuid);

impl Loader<ContentOf> for Rows {
    type Value = Arc<reckoning::CriteriaSet>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ContentOf]) -> Result<HashMap<ContentOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::contents(&self.env.db, &ids).await?.into_iter();
        let contents = rows.map(|row| Ok((ContentOf(row.version_id), Arc::new(content::read(&row.content)?))));
        Ok(contents.collect::<Result<_, Error>>()?)
    }
}

/// The catalogue of indicators as sets are checked against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CatalogueOf;

impl Loader<CatalogueOf> for Rows {
    type Value = Arc<Catalogue>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CatalogueOf]) -> Result<HashMap<CatalogueOf, Self::Value>, Self::Error> {
        let catalogue = Arc::new(usecases::catalogue(&self.env.db).await?);
        Ok(keys.iter().map(|key| (*key, Arc::clone(&catalogue))).collect())
    }
}
