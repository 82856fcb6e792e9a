//! Whether a person who is proposed for an award is a woman, for ties.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, drop_columns};

/// Whether a person who is proposed for an award is a woman, for ties.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("award_proposal")
            .boolean_or_null("is_woman")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "award_proposal", &["is_woman"], &[]).await
    }
}
