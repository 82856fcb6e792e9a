//! Clusters in the schema: arguments turned into reads and use-cases, and the loaders of their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Object};
use chrono::NaiveDate;
use thidua_entity::{cluster, cluster_membership, cluster_office};
use uuid::Uuid;

use super::rules::Span;
use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::graphql::{self, Rows, actor, env, loaded, loaders, reach, wants_count};
use crate::ids::Kind;
use crate::policy::{Place, Resource};

mod inputs;
mod types;

use inputs::{
    AddClusterMemberInput, ClusterOrder, ClusterWhere, CreateClusterInput, EndClusterInput, EndClusterMembershipInput,
    EndClusterOfficeInput, SetClusterOfficeInput, UpdateClusterInput,
};
pub use types::{Cluster, ClusterConnection, ClusterMembership, ClusterOffice, ClusterPayload};

/// Reads of clusters.
#[derive(Default)]
pub struct ClusterQuery;

#[Object]
impl ClusterQuery {
    /// The clusters and blocs that the caller sees, by name unless another order is asked for: those that it organises or
    /// leads, and those to which its units belong or belonged.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn clusters(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which clusters.")] r#where: Option<ClusterWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<ClusterOrder>,
        #[graphql(desc = "The day that counts for life and membership; today when left out.")] as_of: Option<NaiveDate>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ClusterConnection>> {
        let env = env(ctx)?;
        let filter = r#where.unwrap_or_default().read(as_of)?;
        let order = ClusterOrder::read(order_by);
        let args = PageArgs::new(first, after, last, before);
        let count = wants_count(ctx);
        let page = store::list(&env.db, &reach(ctx)?, env.today(), &filter, order, &args, count).await?;
        Ok(Some(ClusterConnection::of(page)))
    }
}

/// Writes of clusters.
#[derive(Default)]
pub struct ClusterMutation;

#[Object]
impl ClusterMutation {
    /// Sets up a cluster or bloc over the units below an organiser.
    async fn create_cluster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cluster.")] mut input: CreateClusterInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let key = input.idempotency_key.take();
        ClusterPayload::of(usecases::create(env(ctx)?, actor(ctx)?, input.read()?, key.as_deref()).await)
    }

    /// Changes the name or the decision of a cluster.
    async fn update_cluster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateClusterInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let cluster = Kind::Cluster.parse(&input.id)?;
        let change = usecases::ClusterChange {
            name: input.name,
            decision: input.decision.as_opt_ref().map(Option::<&_>::cloned),
        };
        ClusterPayload::of(usecases::update(env(ctx)?, actor(ctx)?, cluster, input.version, change).await)
    }

    /// Ends a cluster on a day, and with it its memberships and offices. Nothing is deleted. The clusters of a bloc end first.
    async fn end_cluster(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndClusterInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let cluster = Kind::Cluster.parse(&input.id)?;
        ClusterPayload::of(usecases::end(env(ctx)?, actor(ctx)?, cluster, input.version, input.on).await)
    }

    /// Takes a unit into a cluster from a day on. A unit is in one emulation cluster of an organiser at a time.
    async fn add_cluster_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The member.")] input: AddClusterMemberInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let cluster = Kind::Cluster.parse(&input.cluster_id)?;
        let new = usecases::NewMember {
            unit: Kind::Unit.parse(&input.unit_id)?,
            valid_from: input.valid_from,
            valid_to: input.valid_to,
        };
        ClusterPayload::of(usecases::add_member(env(ctx)?, actor(ctx)?, cluster, input.version, new).await)
    }

    /// Lets a member go on a day, and with it the offices that it holds as a member.
    async fn end_cluster_membership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndClusterMembershipInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let membership = Kind::ClusterMembership.parse(&input.id)?;
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        ClusterPayload::of(usecases::end_membership(env, actor, membership, input.version, input.on).await)
    }

    /// Gives an office of a cluster to a member from a day on. There is one chair at a time: the one before ends on that day,
    /// and so does another office of the same unit in this cluster.
    async fn set_cluster_office(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The office.")] input: SetClusterOfficeInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let (cluster, version) = (Kind::Cluster.parse(&input.cluster_id)?, input.version);
        ClusterPayload::of(usecases::set_office(env(ctx)?, actor(ctx)?, cluster, version, input.read()?).await)
    }

    /// Ends an office on a day; its powers end with it.
    async fn end_cluster_office(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The end.")] input: EndClusterOfficeInput,
    ) -> async_graphql::Result<Option<ClusterPayload>> {
        let office = Kind::ClusterOffice.parse(&input.id)?;
        ClusterPayload::of(usecases::end_office(env(ctx)?, actor(ctx)?, office, input.version, input.on).await)
    }
}

/// One cluster for `node`.
pub async fn cluster(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Cluster> {
    let cluster = loaded(loaders(ctx)?.load_one(ClusterId(id)).await)?;
    Ok(cluster.map(Cluster).ok_or(Error::NotFound)?)
}

/// The clusters of which a unit itself is a member on a day, as far as the caller sees them.
pub async fn clusters_of(ctx: &Context<'_>, unit: Uuid, day: NaiveDate) -> async_graphql::Result<Vec<Cluster>> {
    // Also where it is a member of none: that there is none is told to who sees clusters.
    reach(ctx)?.shows(Resource::Clusters)?;
    let memberships = loaded(loaders(ctx)?.load_one(MembershipsOf(unit)).await)?.unwrap_or_default();
    let on_day = memberships.iter().filter(|row| Span::from(*row).holds_on(day));
    let keys: Vec<ClusterId> = on_day.map(|row| ClusterId(row.cluster_id)).collect();
    let mut clusters = loaded(loaders(ctx)?.load_many(keys.iter().copied()).await)?;
    Ok(keys
        .iter()
        .filter_map(|key| clusters.remove(key))
        .map(Cluster)
        .collect())
}

/// A cluster that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClusterId(pub Uuid);

impl Loader<ClusterId> for Rows {
    type Value = cluster::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ClusterId]) -> Result<HashMap<ClusterId, cluster::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let clusters = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(clusters.into_iter().map(|row| (ClusterId(row.id), row)).collect())
    }
}

/// The name of a cluster, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClusterName(pub Uuid);

impl Loader<ClusterName> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ClusterName]) -> Result<HashMap<ClusterName, String>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let names = store::plain_names(&self.env.db, &ids).await?;
        Ok(names.into_iter().map(|(id, name)| (ClusterName(id), name)).collect())
    }
}

/// The place of a cluster for the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClusterPlace(pub Uuid);

impl Loader<ClusterPlace> for Rows {
    type Value = Place;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ClusterPlace]) -> Result<HashMap<ClusterPlace, Place>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let today = self.env.today();
        let clusters = store::find_many(&self.env.db, &self.reach, &ids, today).await?;
        let places = store::places(&self.env.db, &clusters, today).await?;
        Ok(places
            .into_iter()
            .map(|(id, place)| (ClusterPlace(id), place))
            .collect())
    }
}

/// The clusters of a bloc that are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InsideOf(pub Uuid);

impl Loader<InsideOf> for Rows {
    type Value = Arc<Vec<cluster::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[InsideOf]) -> Result<HashMap<InsideOf, Self::Value>, Arc<Error>> {
        let blocs: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let mut inside: HashMap<Uuid, Vec<cluster::Model>> = HashMap::new();
        for row in store::inside(&self.env.db, &self.reach, &blocs, self.env.today()).await? {
            if let Some(bloc) = row.parent_id {
                inside.entry(bloc).or_default().push(row);
            }
        }
        Ok(inside
            .into_iter()
            .map(|(bloc, rows)| (InsideOf(bloc), Arc::new(rows)))
            .collect())
    }
}

graphql::parts_loader!(
    MembershipsIn,
    cluster_membership::Model,
    store::memberships,
    cluster_id,
    "Memberships in a cluster, of all times, by the members' names."
);
graphql::parts_loader!(
    MembershipsOf,
    cluster_membership::Model,
    store::memberships_of,
    unit_id,
    "Memberships of a unit, of all times, the oldest first."
);
graphql::parts_loader!(
    OfficesOf,
    cluster_office::Model,
    store::offices,
    cluster_id,
    "Offices of a cluster, of all times, chairs first."
);
