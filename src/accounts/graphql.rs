//! Stub.
use async_graphql::*;
#[derive(Default)]
pub struct AccountQuery;
#[Object]
impl AccountQuery {
    /// x
    async fn stub_accounts(&self) -> i32 {
        0
    }
}
#[derive(Default)]
pub struct AccountMutation;
#[Object]
impl AccountMutation {
    /// x
    async fn stub_accounts(&self) -> i32 {
        0
    }
}
#[derive(Clone)]
pub struct Account(pub ID);
#[Object]
impl Account {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn account(_: &Context<'_>, _: uuid::Uuid) -> Result<Account> {
    Err(crate::error::Error::NotFound.into())
}
