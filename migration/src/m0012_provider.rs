//! Sign-in through the province's identity provider: which person there is which account here, and sign-ins under way.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

/// Sign-in through the province's identity provider: which person there is which account here, and sign-ins under way.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("provider_link")
            .reference("account_id", "account")
            .text("issuer")
            .text("subject")
            .instant("linked_at")
            .reference("linked_by", "account")
            .unique(&["issuer", "subject"])
            .unique(&["account_id", "issuer"])
            .create(manager)
            .await?;
        NewTable::with_id("provider_flow")
            .bytes("flow_hash")
            .bytes("state_hash")
            .text("issuer")
            .text("redirect_uri")
            .bytes("sealed_secrets")
            .reference_or_null("account_id", "account")
            .instant("made_at")
            .instant("expires_at")
            .instant_or_null("code_taken_at")
            .text_or_null("subject")
            .instant_or_null("authenticated_at")
            .instant_or_null("used_at")
            .unique(&["flow_hash"])
            .index(&["expires_at"])
            .create(manager)
            .await?;
        MoreColumns::of("session")
            .uuid_or_null("provider_link_id")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "session", &["provider_link_id"], &[]).await?;
        drop_tables(manager, &["provider_link", "provider_flow"]).await
    }
}
