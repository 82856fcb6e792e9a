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

/// Name shown of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountName(pub uuid::Uuid);

impl async_graphql::dataloader::Loader<AccountName> for crate::graphql::Rows {
    type Value = String;
    type Error = std::sync::Arc<crate::error::Error>;

    async fn load(
        &self,
        keys: &[AccountName],
    ) -> std::result::Result<std::collections::HashMap<AccountName, String>, Self::Error> {
        let ids: Vec<uuid::Uuid> = keys.iter().map(|key| key.0).collect();
        let accounts = super::store::names(&self.env.db, &ids).await?;
        Ok(accounts
            .into_iter()
            .map(|account| (AccountName(account.id), account.display_name))
            .collect())
    }
}
