//! Clusters, memberships and offices as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use thidua_entity::enums::{ChosenBy, ClusterForm, ClusterPurpose, Office};
use thidua_entity::{cluster, cluster_membership, cluster_office};

use super::{ClusterId, ClusterName, ClusterPlace, InsideOf, MembershipsIn, OfficesOf};
use crate::clusters::rules::{CLUSTERS_MAX, Span};
use crate::graphql::{ViewerCan, connection, env, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units;
use crate::units::graphql::{NameOf, NamesOf, Unit, UnitId};

/// An emulation cluster (cụm) or bloc (khối); a bloc may hold clusters.
#[derive(Clone)]
pub struct Cluster(pub cluster::Model);

impl From<cluster::Model> for Cluster {
    fn from(row: cluster::Model) -> Self {
        Self(row)
    }
}

/// An emulation cluster (cụm) or bloc (khối); a bloc may hold clusters.
#[Object]
impl Cluster {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Cluster, self.0.id)
    }
    /// Bloc or cluster.
    async fn form(&self) -> ClusterForm {
        self.0.form
    }
    /// Emulation, or only an area of management.
    async fn purpose(&self) -> ClusterPurpose {
        self.0.purpose
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The unit that set it up; null when it is beyond what the caller sees.
    async fn organiser(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.organiser_id)).await)?.map(Unit))
    }
    /// Name in use of the unit that set it up; known also where the unit itself is beyond the caller's reach.
    async fn organiser_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.organiser_id)).await)?.unwrap_or_default())
    }
    /// The bloc that holds it; null when there is none, and when it is beyond what the caller sees.
    async fn bloc(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Cluster>> {
        let Some(bloc) = self.0.parent_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ClusterId(bloc)).await)?.map(Cluster))
    }
    /// Name of the bloc that holds it; null when there is none.
    async fn bloc_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(bloc) = self.0.parent_id else {
            return Ok(None);
        };
        loaded(loaders(ctx)?.load_one(ClusterName(bloc)).await)
    }
    /// The clusters of a bloc on a day that the caller sees, by name; at most 100. Empty for a cluster.
    #[graphql(complexity = "CLUSTERS_CHARGED * child_complexity + 1")]
    async fn clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Vec<Cluster>> {
        if self.0.form != ClusterForm::Bloc {
            return Ok(Vec::new());
        }
        let day = as_of.unwrap_or(env(ctx)?.today());
        let inside = loaded(loaders(ctx)?.load_one(InsideOf(self.0.id)).await)?.unwrap_or_default();
        let on_day = inside.iter().filter(|row| Span::from(*row).holds_on(day));
        Ok(on_day.take(CLUSTERS_MAX).cloned().map(Cluster).collect())
    }
    /// The units that belong to it on a day, by name; at most 500. Members of the clusters of a bloc are found there.
    #[graphql(complexity = "MEMBERS_CHARGED * child_complexity + 1")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Vec<ClusterMembership>> {
        let day = as_of.unwrap_or(env(ctx)?.today());
        let memberships = loaded(loaders(ctx)?.load_one(MembershipsIn(self.0.id)).await)?.unwrap_or_default();
        let on_day = memberships.iter().filter(|row| Span::from(*row).holds_on(day));
        Ok(on_day.cloned().map(|row| ClusterMembership { row, day }).collect())
    }
    /// Its offices on a day: the chair, then the deputies.
    #[graphql(complexity = "OFFICES_CHARGED * child_complexity + 1")]
    async fn offices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Vec<ClusterOffice>> {
        let day = as_of.unwrap_or(env(ctx)?.today());
        let offices = loaded(loaders(ctx)?.load_one(OfficesOf(self.0.id)).await)?.unwrap_or_default();
        let on_day = offices.iter().filter(|row| Span::from(*row).holds_on(day));
        Ok(on_day.cloned().map(|row| ClusterOffice { row, day }).collect())
    }
    /// The decision that set it up, as written; null when unknown.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// First day on which it no longer exists; null while it does. Its members and offices stay readable with `asOf`.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
    /// Counts changes, those of members and offices too; give it back as `version` when you change the cluster.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(ClusterPlace(self.0.id)).await)?.unwrap_or_default();
        let actions = [
            Action::ClusterManage,
            Action::SummaryRead,
            Action::SummaryReadUnapproved,
            Action::SummaryReadDrafts,
            Action::AccountManage,
        ];
        Ok(ViewerCan::at(ctx, &place, &actions)?)
    }
}

/// For how many items a bloc's clusters, a cluster's members and offices are charged against the bound of complexity: what
/// clusters have as a rule (5 to 15 members), with room.
const CLUSTERS_CHARGED: usize = 20;
const MEMBERS_CHARGED: usize = 20;
const OFFICES_CHARGED: usize = 4;

/// Name of a unit on a day, whoever asks: who belongs to a cluster is known to whoever sees the cluster.
async fn name_on(ctx: &Context<'_>, unit: uuid::Uuid, day: NaiveDate) -> async_graphql::Result<String> {
    let names = loaded(loaders(ctx)?.load_one(NamesOf(unit)).await)?.unwrap_or_default();
    match units::store::name_on(&names, day) {
        Some(name) => Ok(name.to_owned()),
        None => Ok(loaded(loaders(ctx)?.load_one(NameOf(unit)).await)?.unwrap_or_default()),
    }
}

/// A unit belongs to a cluster, from when to when.
#[derive(Clone)]
pub struct ClusterMembership {
    row: cluster_membership::Model,
    day: NaiveDate,
}

/// A unit belongs to a cluster, from when to when.
#[Object]
impl ClusterMembership {
    /// Opaque id; `endClusterMembership` takes it.
    async fn id(&self) -> ID {
        id(Kind::ClusterMembership, self.row.id)
    }
    /// Official name of the member on the day for which members were asked.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_on(ctx, self.row.unit_id, self.day).await
    }
    /// The member; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.row.unit_id)).await)?.map(Unit))
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.row.valid_from
    }
    /// First day on which it no longer belongs; null while no end is known.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.row.valid_to
    }
    /// Counts changes; give it back as `version` when you end the membership.
    async fn version(&self) -> i32 {
        self.row.version
    }
}

/// A unit holds an office of a cluster. Offices belong to units, not to persons: officers of the unit have the powers.
#[derive(Clone)]
pub struct ClusterOffice {
    row: cluster_office::Model,
    day: NaiveDate,
}

/// A unit holds an office of a cluster. Offices belong to units, not to persons: officers of the unit have the powers.
#[Object]
impl ClusterOffice {
    /// Opaque id; `endClusterOffice` takes it.
    async fn id(&self) -> ID {
        id(Kind::ClusterOffice, self.row.id)
    }
    /// Chair or deputy.
    async fn office(&self) -> Office {
        self.row.office
    }
    /// Official name of the unit on the day for which offices were asked.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name_on(ctx, self.row.unit_id, self.day).await
    }
    /// The unit that holds it; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.row.unit_id)).await)?.map(Unit))
    }
    /// How it was chosen; null when unknown.
    async fn chosen_by(&self) -> Option<ChosenBy> {
        self.row.chosen_by
    }
    /// Who acts for the unit, as written; null when nobody is named.
    async fn acting_person(&self) -> Option<&str> {
        self.row.acting_person.as_deref()
    }
    /// The decision that recognises it, as written; null when unknown.
    async fn decision(&self) -> Option<&str> {
        self.row.decision.as_deref()
    }
    /// First day; powers begin on it.
    async fn valid_from(&self) -> NaiveDate {
        self.row.valid_from
    }
    /// First day on which it is no longer held; null while no end is known.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.row.valid_to
    }
    /// Counts changes; give it back as `version` when you end the office.
    async fn version(&self) -> i32 {
        self.row.version
    }
}

connection!(ClusterConnection, ClusterEdge, Cluster, "clusters");
payload!(ClusterPayload, cluster: Cluster, "a cluster, its members or its offices");
