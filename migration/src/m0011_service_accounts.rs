//! Service accounts: other systems that call, and the secrets by which they get tokens.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

/// Service accounts: other systems that call, and the secrets by which they get tokens.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("account").boolean_no("service").add(manager).await?;
        NewTable::named("service_account")
            .reference("account_id", "account")
            .text("purpose")
            .text("contact")
            .one_of("place_kind", &["EVERYTHING", "PROVINCE", "UNIT", "CLUSTER"])
            .uuid_or_null("place_id")
            .text("scopes")
            .text("networks")
            .day("valid_to")
            .instant_or_null("disabled_at")
            .instant_or_null("last_used_at")
            .text_or_null("last_used_address")
            .version()
            .check("place", "(place_kind = 'EVERYTHING') = (place_id IS NULL)")
            .primary_key(&["account_id"])
            .index(&["place_id"])
            .create(manager)
            .await?;
        NewTable::with_id("service_secret")
            .reference("account_id", "account")
            .bytes("hash")
            .text("hint")
            .instant("created_at")
            .instant_or_null("last_used_at")
            .text_or_null("last_used_address")
            .instant_or_null("retired_at")
            .unique(&["hash"])
            .index(&["account_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["service_account", "service_secret"]).await?;
        drop_columns(manager, "account", &["service"], &[]).await
    }
}
