//! The loaders of the award registry: one statement for all rows that an answer asks for together, within the caller's reach.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{award, award_decision, award_type};
use uuid::Uuid;

use crate::awards::store;
use crate::error::{Error, Result};
use crate::graphql::Rows;

/// A kind of award.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AwardTypeId(pub Uuid);

impl Loader<AwardTypeId> for Rows {
    type Value = award_type::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AwardTypeId]) -> Result<HashMap<AwardTypeId, award_type::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let types = store::types(&self.env.db, &ids).await?;
        Ok(types.into_iter().map(|(id, kind)| (AwardTypeId(id), kind)).collect())
    }
}

/// A decision that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AwardDecisionId(pub Uuid);

impl Loader<AwardDecisionId> for Rows {
    type Value = award_decision::Model;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[AwardDecisionId],
    ) -> Result<HashMap<AwardDecisionId, award_decision::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let decisions = store::find_decisions(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(decisions
            .into_iter()
            .map(|decision| (AwardDecisionId(decision.id), decision))
            .collect())
    }
}

/// An award that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AwardId(pub Uuid);

impl Loader<AwardId> for Rows {
    type Value = award::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AwardId]) -> Result<HashMap<AwardId, award::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let awards = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(awards.into_iter().map(|award| (AwardId(award.id), award)).collect())
    }
}

/// The awards of a decision that are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AwardsOf(pub Uuid);

impl Loader<AwardsOf> for Rows {
    type Value = Arc<Vec<award::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AwardsOf]) -> Result<HashMap<AwardsOf, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut awards: HashMap<Uuid, Vec<award::Model>> = HashMap::new();
        for award in store::awards_of(&self.env.db, &self.reach, &ids, self.env.today()).await? {
            awards.entry(award.decision_id).or_default().push(award);
        }
        Ok(awards
            .into_iter()
            .map(|(decision, awards)| (AwardsOf(decision), Arc::new(awards)))
            .collect())
    }
}
