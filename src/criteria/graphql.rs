//! Criteria sets in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object};
use uuid::Uuid;

use super::paths::Shape;
use super::store;
use super::usecases::{self, Compared, Draft};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, UserError, actor, env, loaded, read_id, wants_count};
use crate::ids::Kind;
use crate::version::Seen;

mod difference;
mod enums;
mod inputs;
mod loaders;
mod nodes;
mod reading;
mod rules;
mod showing;
#[cfg(test)]
mod tests;
mod types;

pub use enums::{QuotaEnforcement, QuotaRounding, ScoreLayer};
use inputs::{
    AdaptCriteriaSetInput, CheckCriteriaSetInput, CreateCriteriaSetInput, CriteriaSetVersionStepInput,
    CriteriaSetWhere, WriteCriteriaSetDraftInput,
};
pub use loaders::{CatalogueOf, ContentOf, CriteriaSetId, CriteriaSetPlace, CriteriaVersionId, CriteriaVersionsOf};
pub use types::{
    CriteriaSet, CriteriaSetConnection, CriteriaSetPayload, CriteriaSetVersion, CriteriaSetVersionPayload,
};

/// Reads of criteria sets.
#[derive(Default)]
pub struct CriteriaQuery;

#[Object]
impl CriteriaQuery {
    /// The criteria sets that the caller sees, by code: those that units at or above its own issue, and those of its clusters.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn criteria_sets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sets.")] r#where: Option<CriteriaSetWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<CriteriaSetConnection>> {
        let env = env(ctx)?;
        let view = store::View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(CriteriaSetConnection::of(page)))
    }

    /// What changed from one version to another, of one set or of two: so a cluster's set is compared with its base.
    #[graphql(complexity = "50 + 40 * child_complexity")]
    async fn criteria_set_diff(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the version to begin with.")] from_id: ID,
        #[graphql(desc = "Id of the version to compare it with.")] to_id: ID,
    ) -> async_graphql::Result<Option<Compared>> {
        let parse = |id: &ID| Kind::CriteriaSetVersion.parse(id);
        let ids = (parse(&from_id)?, parse(&to_id)?);
        Ok(Some(usecases::compare(env(ctx)?, actor(ctx)?, ids).await?))
    }

    /// Everything that would keep a set from being published, without storing it; empty when nothing is wrong. `field` is the path within
    /// `input`.
    #[graphql(complexity = "500 + 10 * child_complexity")]
    async fn check_criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The set.")] input: CheckCriteriaSetInput,
    ) -> async_graphql::Result<Option<Vec<UserError>>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let base = read_id(Kind::CriteriaSetVersion, input.base_version_id.as_ref())?;
        let checked = async { usecases::check(env, actor, input.content.read()?, base, Shape::List).await };
        let problems = match checked.await {
            Err(Error::Invalid(problems)) => problems,
            checked => checked?,
        };
        Ok(Some(problems.into_iter().map(UserError::from).collect()))
    }
}

/// Writes of criteria sets.
#[derive(Default)]
pub struct CriteriaMutation;

#[Object]
impl CriteriaMutation {
    /// Begins a criteria set of a unit or of a cluster, still without a version.
    async fn create_criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The set.")] input: CreateCriteriaSetInput,
    ) -> async_graphql::Result<Option<CriteriaSetPayload>> {
        let new = usecases::NewSet {
            owner: input.owner.read()?,
            code: &input.code,
            name: &input.name,
        };
        CriteriaSetPayload::of(usecases::create(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Begins the criteria set of a cluster with what a version in force of a unit above holds. The draft is then changed within the bounds
    /// of that (`adaptable`).
    async fn adapt_criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version, for which cluster.")] input: AdaptCriteriaSetInput,
    ) -> async_graphql::Result<Option<CriteriaSetPayload>> {
        let cluster = Kind::Cluster.parse(&input.cluster_id)?;
        let base = Kind::CriteriaSetVersion.parse(&input.base_version_id)?;
        let called = (input.code.as_str(), input.name.as_str());
        CriteriaSetPayload::of(usecases::adapt(env(ctx)?, actor(ctx)?, cluster, base, called).await)
    }

    /// Writes the next version of a criteria set as a draft, or the draft that there is anew. It may still be wrong: what is wrong is in
    /// `problems` of the version, and only publishing refuses it.
    async fn write_criteria_set_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it holds.")] input: WriteCriteriaSetDraftInput,
    ) -> async_graphql::Result<Option<CriteriaSetVersionPayload>> {
        let set = Kind::CriteriaSet.parse(&input.set_id)?;
        let base_version = read_id(Kind::CriteriaSetVersion, input.base_version_id.as_ref())?;
        let seen = input.version.map(Seen::from);
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let written = async {
            let draft = Draft {
                content: input.content.read()?,
                base_version,
                shape: Shape::List,
            };
            usecases::write_draft(env, actor, set, draft, seen).await
        };
        CriteriaSetVersionPayload::of(written.await)
    }

    /// Publishes a draft: from now on it can be chosen for a year, and it never changes again. Versions published before stay in force until
    /// they are retired. Refused with everything that is wrong with it; `field` is then a path within the version.
    async fn publish_criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: CriteriaSetVersionStepInput,
    ) -> async_graphql::Result<Option<CriteriaSetVersionPayload>> {
        let version = Kind::CriteriaSetVersion.parse(&input.id)?;
        let (env, actor, seen) = (env(ctx)?, actor(ctx)?, Seen::from(input.version));
        CriteriaSetVersionPayload::of(usecases::publish(env, actor, version, &seen, Shape::List).await)
    }

    /// Retires a published version: nobody chooses or adapts it any more; years that have it keep it.
    async fn retire_criteria_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which version.")] input: CriteriaSetVersionStepInput,
    ) -> async_graphql::Result<Option<CriteriaSetVersionPayload>> {
        let version = Kind::CriteriaSetVersion.parse(&input.id)?;
        let (env, actor, seen) = (env(ctx)?, actor(ctx)?, Seen::from(input.version));
        CriteriaSetVersionPayload::of(usecases::retire(env, actor, version, &seen).await)
    }
}

/// One criteria set for `node`.
pub async fn set(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<CriteriaSet> {
    let set = loaded(graphql::loaders(ctx)?.load_one(CriteriaSetId(id)).await)?;
    Ok(set.map(CriteriaSet).ok_or(Error::NotFound)?)
}

/// One version of a criteria set for `node`.
pub async fn version(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<CriteriaSetVersion> {
    let version = loaded(graphql::loaders(ctx)?.load_one(CriteriaVersionId(id)).await)?;
    Ok(version.map(CriteriaSetVersion).ok_or(Error::NotFound)?)
}
