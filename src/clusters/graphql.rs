//! Stub.
use async_graphql::*;
#[derive(Default)]
pub struct ClusterQuery;
#[Object]
impl ClusterQuery {
    /// x
    async fn stub_clusters(&self) -> i32 {
        0
    }
}
#[derive(Default)]
pub struct ClusterMutation;
#[Object]
impl ClusterMutation {
    /// x
    async fn stub_clusters(&self) -> i32 {
        0
    }
}
#[derive(Clone)]
pub struct Cluster(pub ID);
#[Object]
impl Cluster {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn cluster(_: &Context<'_>, _: uuid::Uuid) -> Result<Cluster> {
    Err(crate::error::Error::NotFound.into())
}
