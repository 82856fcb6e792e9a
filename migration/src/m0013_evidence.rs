//! Files beside reports and their figures, and the content that the store of files holds for them.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

/// Files beside reports and their figures, and the content that the store of files holds for them.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("stored_file")
            .bytes("sha256")
            .big_integer("bytes")
            .text("media_type")
            .instant("wanted_at")
            .instant_or_null("gone_at")
            .check("bytes", "bytes > 0")
            .unique(&["sha256"])
            .index(&["gone_at", "wanted_at"])
            .create(manager)
            .await?;
        NewTable::with_id("evidence")
            .reference("file_id", "stored_file")
            .text("subject_kind")
            .uuid("subject_id")
            .reference("unit_id", "unit")
            .reference_or_null("indicator_id", "indicator")
            .text("file_name")
            .text_or_null("note")
            .reference_or_null("added_by", "account")
            .reference_or_null("added_for", "account")
            .instant("added_at")
            .reference_or_null("removed_by", "account")
            .reference_or_null("removed_for", "account")
            .text_or_null("remove_reason")
            .instant_or_null("removed_at")
            .index(&["subject_id", "subject_kind", "id"])
            .index(&["file_id"])
            .index(&["unit_id", "added_at"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["stored_file", "evidence"]).await
    }
}
