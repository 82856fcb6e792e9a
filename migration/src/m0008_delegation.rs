//! Delegation (ủy quyền): who holds a role hands it on for some days; and the trace of what was done on behalf of another.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

/// Delegation (ủy quyền): who holds a role hands it on for some days; and the trace of what was done on behalf of another.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("delegation")
            .reference("grant_id", "role_grant")
            .reference("from_account_id", "account")
            .reference("to_account_id", "account")
            .one_of_or_null("scope_kind", &["EVERYTHING", "PROVINCE", "UNIT", "CLUSTER"])
            .uuid_or_null("scope_id")
            .day("valid_from")
            .day("valid_to")
            .text("reason")
            .instant_or_null("revoked_at")
            .instant("created_at")
            .version()
            .check("validity", "valid_from < valid_to")
            .check("scope", "(scope_kind IS NULL) = (scope_id IS NULL)")
            .check("others", "from_account_id <> to_account_id")
            .index(&["grant_id"])
            .index(&["from_account_id"])
            .index(&["to_account_id"])
            .create(manager)
            .await?;
        MoreColumns::of("audit_entry")
            .uuid_or_null("on_behalf_of")
            .index("on_behalf_of")
            .add(manager)
            .await?;
        MoreColumns::of("report_step")
            .uuid_or_null("acted_for")
            .add(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "report_step", &["acted_for"], &[]).await?;
        drop_columns(manager, "audit_entry", &["on_behalf_of"], &["on_behalf_of"]).await?;
        drop_tables(manager, &["delegation"]).await
    }
}
