//! Criteria sets and their versions as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use thidua_entity::enums::CriteriaSetState;
use thidua_entity::{criteria_set, criteria_set_version};

use super::rules::CriteriaSetContent;
use super::{CatalogueOf, ContentOf, CriteriaSetId, CriteriaSetPlace, CriteriaVersionId, CriteriaVersionsOf};
use crate::accounts::graphql::account_name;
use crate::clusters::graphql::{Cluster, ClusterId};
use crate::criteria::content;
use crate::criteria::paths::Shape;
use crate::criteria::usecases;
use crate::error::Error;
use crate::graphql::{UserError, ViewerCan, connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units::graphql::{NameOf, Unit, UnitId};

/// A criteria set (bảng điểm) under one code; what it holds is in its versions.
#[derive(Clone)]
pub struct CriteriaSet(pub criteria_set::Model);

impl From<criteria_set::Model> for CriteriaSet {
    fn from(row: criteria_set::Model) -> Self {
        Self(row)
    }
}

/// A criteria set (bảng điểm) under one code; what it holds is in its versions.
#[Object]
impl CriteriaSet {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::CriteriaSet, self.0.id)
    }
    /// Short code, unique for its owner.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The unit that issues it; null when a cluster owns it, and when the unit is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let Some(unit) = self.0.unit_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(unit)).await)?.map(Unit))
    }
    /// Name in use of the unit that issues it, also where the unit itself is beyond the caller's reach; null when a cluster owns it.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(unit) = self.0.unit_id else { return Ok(None) };
        loaded(loaders(ctx)?.load_one(NameOf(unit)).await)
    }
    /// The cluster whose own it is; null when a unit issues it.
    async fn cluster(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Cluster>> {
        let Some(cluster) = self.0.cluster_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ClusterId(cluster)).await)?.map(Cluster))
    }
    /// The set that the cluster adapts; null when it begins with nothing, and when that is beyond what the caller sees.
    async fn base(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSet>> {
        let Some(base) = self.0.base_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(CriteriaSetId(base)).await)?.map(CriteriaSet))
    }
    /// Its versions that the caller sees, the newest first; at most 100. A draft is seen by who writes it and by who stands above.
    #[graphql(complexity = "4 * child_complexity")]
    async fn versions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CriteriaSetVersion>> {
        let versions = loaded(loaders(ctx)?.load_one(CriteriaVersionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(versions.iter().cloned().map(CriteriaSetVersion).collect())
    }
    /// The newest version in force; null when none is published.
    async fn published(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        self.newest(ctx, CriteriaSetState::Published).await
    }
    /// The draft; null when there is none, and for who does not see it.
    async fn draft(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        self.newest(ctx, CriteriaSetState::Draft).await
    }
    /// Counts changes of code and name.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(CriteriaSetPlace(self.0.id)).await)?.unwrap_or_default();
        Ok(ViewerCan::at(ctx, &place, &[Action::CriteriaManage])?)
    }
}

impl CriteriaSet {
    async fn newest(
        &self,
        ctx: &Context<'_>,
        state: CriteriaSetState,
    ) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        let versions = loaded(loaders(ctx)?.load_one(CriteriaVersionsOf(self.0.id)).await)?.unwrap_or_default();
        let newest = versions.iter().find(|one| one.state == state);
        Ok(newest.cloned().map(CriteriaSetVersion))
    }
}

/// One version of a criteria set.
#[derive(Clone)]
pub struct CriteriaSetVersion(pub criteria_set_version::Model);

impl From<criteria_set_version::Model> for CriteriaSetVersion {
    fn from(row: criteria_set_version::Model) -> Self {
        Self(row)
    }
}

impl From<(criteria_set::Model, criteria_set_version::Model)> for CriteriaSetVersion {
    fn from((_, row): (criteria_set::Model, criteria_set_version::Model)) -> Self {
        Self(row)
    }
}

/// One version of a criteria set.
#[Object]
impl CriteriaSetVersion {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::CriteriaSetVersion, self.0.id)
    }
    /// 1, 2, 3 …
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Draft, published, retired.
    async fn state(&self) -> CriteriaSetState {
        self.0.state
    }
    /// The set of which it is a version.
    async fn set(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSet>> {
        Ok(loaded(loaders(ctx)?.load_one(CriteriaSetId(self.0.set_id)).await)?.map(CriteriaSet))
    }
    /// The version of the base set that it adapts; null when it adapts none, and when that is beyond what the caller sees.
    async fn base_version(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        let Some(base) = self.0.base_version_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(CriteriaVersionId(base)).await)?.map(CriteriaSetVersion))
    }
    /// The text it rests on.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// SHA-256 of what it holds, as the service writes it. Of a published version it never changes.
    async fn sha256(&self) -> String {
        content::hex(&self.0.digest)
    }
    /// When it was published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
    /// Name of who published it; null of a draft and of recorded data.
    async fn published_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.published_by).await
    }
    /// What it holds.
    #[graphql(complexity = "40 * child_complexity")]
    async fn content(&self, ctx: &Context<'_>) -> async_graphql::Result<CriteriaSetContent> {
        let set = loaded(loaders(ctx)?.load_one(ContentOf(self.0.id)).await)?;
        Ok(set.ok_or(Error::NotFound)?.as_ref().into())
    }
    /// Everything that keeps a draft from being published; empty when nothing is wrong, and of a version that was published. `field` is a
    /// path within the version.
    #[graphql(complexity = "500 + 10 * child_complexity")]
    async fn problems(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UserError>> {
        if self.0.state != CriteriaSetState::Draft {
            return Ok(Vec::new());
        }
        let loaders = loaders(ctx)?;
        let set = loaded(loaders.load_one(ContentOf(self.0.id)).await)?.ok_or(Error::NotFound)?;
        let base = match self.0.base_version_id {
            Some(base) => loaded(loaders.load_one(ContentOf(base)).await)?,
            None => None,
        };
        let catalogue = loaded(loaders.load_one(CatalogueOf).await)?.unwrap_or_default();
        let problems = usecases::wrong_with(set, base, catalogue, Shape::List).await?;
        Ok(problems.into_iter().map(UserError::from).collect())
    }
    /// Counts changes; give it back as `version` when you write, publish or retire it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

connection!(CriteriaSetConnection, CriteriaSetEdge, CriteriaSet, "criteria sets");
payload!(CriteriaSetPayload, criteria_set: CriteriaSet, "a criteria set");
payload!(CriteriaSetVersionPayload, set_version: CriteriaSetVersion, "a version of a criteria set");
