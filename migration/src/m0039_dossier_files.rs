//! Files in the dossiers of proposals: to which item of the checklist a piece of evidence belongs.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, drop_columns};

/// Files in the dossiers of proposals: to which item of the checklist a piece of evidence belongs.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("evidence")
            .text_or_null("dossier_item")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "evidence", &["dossier_item"], &[]).await
    }
}
