//! Stub.
use async_graphql::*;
#[derive(Default)]
pub struct AwardQuery;
#[Object]
impl AwardQuery {
    /// x
    async fn stub_awards(&self) -> i32 {
        0
    }
}
#[derive(Default)]
pub struct AwardMutation;
#[Object]
impl AwardMutation {
    /// x
    async fn stub_awards(&self) -> i32 {
        0
    }
}
#[derive(Clone)]
pub struct AwardType(pub ID);
#[Object]
impl AwardType {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn award_type(_: &Context<'_>, _: uuid::Uuid) -> Result<AwardType> {
    Err(crate::error::Error::NotFound.into())
}
#[derive(Clone)]
pub struct AwardDecision(pub ID);
#[Object]
impl AwardDecision {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn decision(_: &Context<'_>, _: uuid::Uuid) -> Result<AwardDecision> {
    Err(crate::error::Error::NotFound.into())
}
#[derive(Clone)]
pub struct Award(pub ID);
#[Object]
impl Award {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn award(_: &Context<'_>, _: uuid::Uuid) -> Result<Award> {
    Err(crate::error::Error::NotFound.into())
}
