//! Who says what stands for each figure of a report, and what was typed for a figure that another had changed meanwhile.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

/// Who says what stands for each figure of a report, and what was typed for a figure that another had changed meanwhile.
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
        NewTable::named("report_mark")
            .reference("submission_id", "report_submission")
            .uuid("indicator_id")
            .one_of("part", PARTS)
            .integer("version")
            .reference_or_null("account_id", "account")
            .instant("at")
            .primary_key(&["submission_id", "indicator_id", "part", "version"])
            .create(manager)
            .await?;
        NewTable::with_id("report_rival")
            .reference("submission_id", "report_submission")
            .uuid("indicator_id")
            .one_of("part", PARTS)
            .text("raw")
            .one_of_or_null("nature", &["ACTUAL", "ESTIMATE"])
            .integer("version")
            .reference_or_null("account_id", "account")
            .instant("at")
            .unique(&["submission_id", "indicator_id", "part", "account_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_mark", "report_rival"]).await
    }
}
