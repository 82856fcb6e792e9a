//! Who calls: accounts, grants, sessions; what was done: the audit; what was asked before: idempotency keys.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "account",
    "role_grant",
    "session",
    "refresh_token",
    "audit_entry",
    "idempotency_key",
];

/// Who calls: accounts, grants, sessions; what was done: the audit; what was asked before: idempotency keys.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("account")
            .text("username")
            .text("display_name")
            .text("search_key")
            .text("password_hash")
            .instant_or_null("locked_at")
            .version()
            .instant("created_at")
            .reference_or_null("created_by", "account")
            .unique(&["username"])
            .index(&["created_by"])
            .create(manager)
            .await?;
        NewTable::with_id("role_grant")
            .reference("account_id", "account")
            .one_of(
                "role",
                &[
                    "ADMIN",
                    "SPECIALIST",
                    "STANDING_COMMITTEE",
                    "UNIT_OFFICER",
                    "VIEWER",
                    "SERVICE",
                ],
            )
            .one_of("scope_kind", &["EVERYTHING", "PROVINCE", "UNIT", "CLUSTER"])
            .uuid_or_null("scope_id")
            .day("valid_from")
            .day_or_null("valid_to")
            // Equal days are a grant that was withdrawn before it held.
            .check("validity", "valid_to IS NULL OR valid_from <= valid_to")
            .reference_or_null("granted_by", "account")
            .version()
            .check("scope", "(scope_kind = 'EVERYTHING') = (scope_id IS NULL)")
            .index(&["account_id"])
            .index(&["scope_id"])
            .create(manager)
            .await?;
        NewTable::with_id("session")
            .reference("account_id", "account")
            .instant("created_at")
            .instant("expires_at")
            .instant_or_null("ended_at")
            .text_or_null("end_reason")
            .index(&["account_id"])
            .index(&["expires_at"])
            .create(manager)
            .await?;
        NewTable::named("refresh_token")
            .bytes("hash")
            .reference("session_id", "session")
            .instant("issued_at")
            .instant_or_null("used_at")
            .primary_key(&["hash"])
            .index(&["session_id"])
            .create(manager)
            .await?;
        NewTable::with_id("audit_entry")
            .instant("at")
            .reference_or_null("account_id", "account")
            .text("action")
            .text("subject_kind")
            .uuid("subject_id")
            .text("detail")
            .text_or_null("request_id")
            .index(&["subject_id", "id"])
            .index(&["account_id", "id"])
            .create(manager)
            .await?;
        NewTable::named("idempotency_key")
            .reference("account_id", "account")
            .text("key")
            .text("operation")
            .bytes("fingerprint")
            .uuid("subject_id")
            .instant("at")
            .primary_key(&["account_id", "key"])
            .index(&["at"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
