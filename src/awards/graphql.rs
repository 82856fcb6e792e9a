//! The award registry in the schema: arguments turned into use-cases. Types, inputs and loaders stand beside it.

use async_graphql::{Context, Object};
use chrono::NaiveDate;
use uuid::Uuid;

use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, actor, env, loaded, loaders, reach, wants_count};

mod ballots;
mod changes;
mod comparing;
mod dossiers;
mod inputs;
mod loaders;
mod objecting;
mod objections;
mod proposals;
mod proposing;
mod quotas;
mod setting;
mod terms;
mod types;
mod working;

pub use ballots::*;
pub use changes::*;
pub use comparing::*;
pub use dossiers::AwardDossierItem;
pub use inputs::*;
pub use loaders::{AwardProposalId, AwardTypeId};
pub use objecting::*;
pub use objections::*;
pub use proposals::*;
pub use proposing::*;
pub use quotas::*;
pub use setting::*;
pub use terms::*;
pub use types::*;
pub use working::*;

/// Reads of the award registry and its catalogue.
#[derive(Default)]
pub struct AwardQuery;

#[Object]
impl AwardQuery {
    /// The catalogue of kinds of award, by name. Everybody who signs in sees it.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn award_types(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which kinds.")] r#where: Option<AwardTypeWhere>,
        #[graphql(desc = "The day on which they may be given; today when left out.")] as_of: Option<NaiveDate>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardTypeConnection>> {
        actor(ctx)?;
        let env = env(ctx)?;
        let filter = r#where.unwrap_or_default().read(as_of);
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_types(&env.db, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AwardTypeConnection::of(page)))
    }

    /// The registry over the years: the awards that the caller sees, the latest years first unless another order is asked for.
    /// `totalCount` counts entries; for recipients ask `awardCounts`.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn awards(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which awards.")] r#where: Option<AwardWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<AwardOrder>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let order = AwardOrder::read(order_by);
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &reach, env.today(), &filter, order, &args, wants_count(ctx)).await?;
        Ok(Some(AwardConnection::of(page)))
    }

    /// How many recipients there are by kind of award, year, and collective or individual, named and unnamed together, the
    /// latest years first. Counts only what the caller sees. More than 500 groups are refused: narrow it by year.
    #[graphql(complexity = "store::COUNTS_MAX * child_complexity + 1")]
    async fn award_counts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which awards.")] r#where: Option<AwardWhere>,
    ) -> async_graphql::Result<Option<Vec<AwardCount>>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let counts = store::counts(&env.db, &reach, env.today(), &filter).await?;
        Ok(Some(counts.into_iter().map(AwardCount).collect()))
    }

    /// The decisions that the caller sees: those of its own registries, and those that give an award it sees. The latest years
    /// first unless another order is asked for.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn award_decisions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which decisions.")] r#where: Option<AwardDecisionWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<AwardOrder>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AwardDecisionConnection>> {
        let (env, reach) = (env(ctx)?, reach(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let order = AwardOrder::read(order_by);
        let args = PageArgs::new(first, after, last, before);
        let page = store::list_decisions(&env.db, &reach, env.today(), &filter, order, &args, wants_count(ctx)).await?;
        Ok(Some(AwardDecisionConnection::of(page)))
    }
}

/// Writes of the award registry and its catalogue.
#[derive(Default)]
pub struct AwardMutation;

#[Object]
impl AwardMutation {
    /// Adds a kind of award to the common catalogue.
    async fn create_award_type(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The kind of award.")] input: CreateAwardTypeInput,
    ) -> async_graphql::Result<Option<AwardTypePayload>> {
        let new = usecases::NewAwardType {
            code: input.code,
            name: input.name,
            level: input.level,
            recipients: input.recipients,
            legal_basis: input.legal_basis,
            valid_from: input.valid_from,
            valid_to: input.valid_to,
        };
        AwardTypePayload::of(usecases::create_type(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Records a signed decision with all that it gives, in one go or not at all. It cannot be changed afterwards.
    async fn record_award_decision(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The decision.")] mut input: RecordAwardDecisionInput,
    ) -> async_graphql::Result<Option<AwardDecisionPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let key = input.idempotency_key.take();
        let new = input.read()?;
        AwardDecisionPayload::of(usecases::record_decision(env, actor, new, key.as_deref()).await)
    }
}

/// One award for `node`.
pub async fn award(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Award> {
    let award = loaded(loaders(ctx)?.load_one(loaders::AwardId(id)).await)?;
    Ok(award.map(Award).ok_or(Error::NotFound)?)
}
