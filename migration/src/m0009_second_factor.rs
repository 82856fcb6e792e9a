//! Second factors with their recovery codes, and when a session last showed who it is.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

/// Second factors with their recovery codes, and when a session last showed who it is.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::named("second_factor")
            .reference("account_id", "account")
            .bytes("sealed_secret")
            .instant("made_at")
            .instant_or_null("confirmed_at")
            .big_integer("last_step")
            .primary_key(&["account_id"])
            .create(manager)
            .await?;
        NewTable::named("recovery_code")
            .reference("account_id", "account")
            .bytes("hash")
            .instant_or_null("used_at")
            .primary_key(&["account_id", "hash"])
            .create(manager)
            .await?;
        MoreColumns::of("session")
            .instant_or_null("confirmed_at")
            .instant_or_null("second_factor_at")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "session", &["confirmed_at", "second_factor_at"], &[]).await?;
        drop_tables(manager, &["second_factor", "recovery_code"]).await
    }
}
