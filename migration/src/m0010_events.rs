//! Events that wait to be told, and what accounts were told.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const EVENTS: &[&str] = &[
    "SESSION_REPLAYED",
    "REPORT_SUBMITTED",
    "REPORT_RETURNED",
    "REPORT_VERIFIED",
    "REPORT_APPROVED",
];

const NOTIFICATIONS: &[&str] = &["SESSION_REPLAYED", "REPORT_RETURNED", "REPORT_APPROVED"];

/// Events that wait to be told, and what accounts were told.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("event")
            .one_of("kind", EVENTS)
            .text("subject_kind")
            .uuid("subject_id")
            .reference_or_null("account_id", "account")
            .text("detail")
            .instant("at")
            .instant("due_at")
            .integer("failures")
            .instant_or_null("handled_at")
            .index(&["handled_at", "due_at", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("notification")
            .reference("account_id", "account")
            .one_of("kind", NOTIFICATIONS)
            .text("subject_kind")
            .uuid("subject_id")
            .text("detail")
            .integer("count")
            .instant("at")
            .instant_or_null("read_at")
            .check("count", "count >= 1")
            .unique(&["account_id", "kind", "subject_id"])
            .index(&["account_id", "at", "id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["event", "notification"]).await
    }
}
