//! What is open in a cluster, in the schema.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use thidua_entity::cluster;
use thidua_entity::enums::HandoverKind;

use super::open::Item;
use super::usecases;
use crate::clusters::graphql::Cluster;
use crate::graphql::{actor, env, id, language};
use crate::ids::Kind;

/// Reads of what is open in a cluster.
#[derive(Default)]
pub struct HandoverQuery;

/// For how much a handover is charged: it looks into a dozen lists.
const GATHERING: usize = 200;
/// For how many items it is charged: there are as many kinds, and few are there at once.
const ITEMS_CHARGED: usize = 15;

#[Object]
impl HandoverQuery {
    /// Everything that is open in a cluster, for whoever takes it on (bàn giao cụm): chair and deputies, the organiser, and officers of a unit
    /// that will hold an office of it. Each sees what it sees elsewhere: of a coming office, powers and sight begin with its first day.
    #[graphql(complexity = "GATHERING + child_complexity")]
    async fn cluster_handover(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The cluster.")] cluster_id: ID,
    ) -> async_graphql::Result<Option<ClusterHandover>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let cluster = Kind::Cluster.parse(&cluster_id)?;
        let (cluster, items) = Box::pin(usecases::gather(env, actor, cluster)).await?;
        Ok(Some(ClusterHandover { cluster, items }))
    }
}

/// Everything that is open in a cluster, as far as the caller sees it.
pub struct ClusterHandover {
    cluster: cluster::Model,
    items: Vec<Item>,
}

/// Everything that is open in a cluster, as far as the caller sees it.
#[Object]
impl ClusterHandover {
    /// The cluster.
    async fn cluster(&self) -> Cluster {
        Cluster(self.cluster.clone())
    }
    /// What is open, in the order of the year; empty when nothing is.
    #[graphql(complexity = "ITEMS_CHARGED * child_complexity + 1")]
    async fn items(&self) -> Vec<HandoverItem> {
        self.items.iter().cloned().map(HandoverItem).collect()
    }
}

/// Something that is open in a cluster.
pub struct HandoverItem(Item);

/// Something that is open in a cluster. Of years and offices there is one item each, of everything else one for all.
#[Object]
impl HandoverItem {
    /// Of what kind it is.
    async fn kind(&self) -> HandoverKind {
        self.0.kind
    }
    /// How much of it there is; 1 or more, and 1000 where there may be more.
    async fn count(&self) -> usize {
        self.0.count
    }
    /// The oldest day on which something of it is, or was, due; null where there is none.
    async fn due_on(&self) -> Option<NaiveDate> {
        self.0.due_on
    }
    /// What is to be done, in the caller's language.
    async fn sentence(&self, ctx: &Context<'_>) -> &str {
        self.0.sentence.in_language(language(ctx))
    }
    /// Opaque ids of the first things to open with `node`, those that are due earliest; at most 5.
    async fn node_ids(&self) -> Vec<ID> {
        self.0.nodes.iter().map(|(kind, uuid)| id(*kind, *uuid)).collect()
    }
}
