//! What is said of reports and figures, and which figures of a report that was sent back may be changed.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_tables};

/// What is said of reports and figures, and which figures of a report that was sent back may be changed.
#[derive(DeriveMigrationName)]
pub struct Migration;

const PARTS: &[&str] = &[
    "TOTAL",
    "WOMEN",
    "SECTOR_STATE_ADMINISTRATION",
    "SECTOR_PUBLIC_SERVICE",
    "SECTOR_EDUCATION",
    "SECTOR_STATE_ENTERPRISE",
    "SECTOR_PRIVATE_ENTERPRISE",
    "SECTOR_FOREIGN_INVESTED_ENTERPRISE",
    "SECTOR_OCCUPATIONAL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("report_submission")
            .integer_or_null("returned_version")
            .boolean_no("figures_locked")
            .add(manager)
            .await?;
        NewTable::with_id("report_comment")
            .reference("submission_id", "report_submission")
            .reference_or_null("indicator_id", "indicator")
            .one_of("part", PARTS)
            .text("text")
            .integer_or_null("returned_version")
            .reference_or_null("account_id", "account")
            .reference_or_null("acted_for", "account")
            .instant("at")
            .text_or_null("answer")
            .reference_or_null("answered_by", "account")
            .instant_or_null("answered_at")
            .reference_or_null("resolved_by", "account")
            .instant_or_null("resolved_at")
            .index(&["submission_id", "id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_comment"]).await?;
        for column in ["returned_version", "figures_locked"] {
            let change = Table::alter().table("report_submission").drop_column(column).to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
