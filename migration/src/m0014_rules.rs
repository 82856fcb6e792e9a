//! Rules between the figures of a form, and what units say to those that their reports break.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

/// Rules between the figures of a form, and what units say to those that their reports break.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::named("report_form_rule")
            .reference("form_version_id", "report_form_version")
            .text("code")
            .integer("position")
            .text("expression")
            .one_of("severity", &["BLOCK", "WARN", "INFORM"])
            .one_of("missing", &["SKIP", "ZERO", "FAILS"])
            .text("message")
            .text_or_null("basis")
            .primary_key(&["form_version_id", "code"])
            .unique(&["form_version_id", "position"])
            .create(manager)
            .await?;
        NewTable::named("report_explanation")
            .reference("submission_id", "report_submission")
            .text("rule_code")
            .text("text")
            .reference_or_null("account_id", "account")
            .uuid_or_null("acted_for")
            .instant("at")
            .primary_key(&["submission_id", "rule_code"])
            .index(&["account_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_form_rule", "report_explanation"]).await
    }
}
