//! The loaders of the award registry: one statement for all rows that an answer asks for together, within the caller's reach.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{
    award, award_change, award_decision, award_dossier_item, award_handover, award_proposal, award_proposal_step,
    award_quota_exception, award_terms, award_type,
};
use uuid::Uuid;

use crate::awards::store;
use crate::error::{Error, Result};
use crate::graphql::{self, Rows};

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

graphql::row_loader!(
    AwardTermsId,
    award_terms::Model,
    store::terms_by_id,
    "A version of terms."
);
graphql::parts_loader!(
    TermsOf,
    award_terms::Model,
    store::terms_of,
    award_type_id,
    "Every version of the terms of a kind of award, the newest first."
);
graphql::parts_loader!(
    ExceptionsOf,
    award_quota_exception::Model,
    store::exceptions,
    quota_id,
    "The exceptions of a quota."
);
graphql::parts_loader!(
    StepsOf,
    award_proposal_step::Model,
    store::proposal_steps,
    proposal_id,
    "The steps of a proposal, the oldest first."
);
graphql::parts_loader!(
    DossierOf,
    award_dossier_item::Model,
    store::dossier_items,
    proposal_id,
    "The documents of a proposal's dossier."
);
graphql::parts_loader!(
    ChangesOf,
    award_change::Model,
    store::changes_of,
    award_id,
    "What became of an award, the oldest first."
);
graphql::parts_loader!(
    HandoversOf,
    award_handover::Model,
    store::handovers_of,
    award_id,
    "When an award was handed over."
);

/// A proposal that is seen, as the caller sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AwardProposalId(pub Uuid);

impl Loader<AwardProposalId> for Rows {
    type Value = award_proposal::Model;
    type Error = Arc<Error>;

    async fn load(
        &self,
        keys: &[AwardProposalId],
    ) -> Result<HashMap<AwardProposalId, award_proposal::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let rows = store::find_proposals(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(rows.into_iter().map(|row| (AwardProposalId(row.id), row)).collect())
    }
}

/// How many places of a quota are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TakenOf(pub Uuid);

impl Loader<TakenOf> for Rows {
    type Value = i64;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[TakenOf]) -> Result<HashMap<TakenOf, i64>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let taken = store::taken(&self.env.db, &ids).await?;
        Ok(taken.into_iter().map(|(id, count)| (TakenOf(id), count)).collect())
    }
}

/// The awards on which an award relies and that were revoked since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ShakenOf(pub Uuid);

impl Loader<ShakenOf> for Rows {
    type Value = Arc<Vec<award::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ShakenOf]) -> Result<HashMap<ShakenOf, Self::Value>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut grounds: HashMap<Uuid, Vec<award::Model>> = HashMap::new();
        for (relying, ground) in store::shaken(&self.env.db, &self.reach, &ids, self.env.today()).await? {
            grounds.entry(relying).or_default().push(ground);
        }
        Ok(grounds
            .into_iter()
            .map(|(id, rows)| (ShakenOf(id), Arc::new(rows)))
            .collect())
    }
}
