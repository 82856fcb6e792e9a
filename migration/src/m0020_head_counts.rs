//! Which indicators are head counts of a unit.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, drop_columns};

/// Which indicators are head counts of a unit.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("indicator")
            .one_of_or_null("head_count", &["WORKERS", "MEMBERS", "WOMEN_MEMBERS"])
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "indicator", &["head_count"], &[]).await
    }
}
