//! Sessions that their owner can tell apart and end; refresh tokens whose lost answer may be asked for again; the moment at which
//! somebody's access last changed, by which every instance notices.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, drop_columns};

/// Sessions that their owner can tell apart and end; refresh tokens whose lost answer may be asked for again; the moment at which
/// somebody's access last changed, by which every instance notices.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("account")
            .instant_or_null("access_changed_at")
            .index("access_changed_at")
            .add(manager)
            .await?;
        MoreColumns::of("session")
            .instant_or_null("last_used_at")
            .text_or_null("address")
            .text_or_null("client")
            .add(manager)
            .await?;
        MoreColumns::of("refresh_token")
            .bytes_or_null("parent_hash")
            .instant_or_null("superseded_at")
            .index("parent_hash")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let token = ["parent_hash", "superseded_at"];
        drop_columns(manager, "refresh_token", &token, &["parent_hash"]).await?;
        drop_columns(manager, "session", &["last_used_at", "address", "client"], &[]).await?;
        let changed = &["access_changed_at"];
        drop_columns(manager, "account", changed, changed).await
    }
}
