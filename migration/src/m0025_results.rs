//! Results of emulation years with their snapshots, and quotas across clusters.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "result",
    "result_snapshot",
    "result_grade",
    "result_unit",
    "quota_ruling",
];

/// Results of emulation years with their snapshots, and quotas across clusters.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("result")
            .reference("year_id", "emulation_year")
            .integer("number")
            .one_of("state", &["COMPUTED", "PUBLISHED"])
            .integer("engine")
            .text("hash")
            .text("facts_hash")
            .text("rules_hash")
            .reference_or_null("corrects_id", "result")
            .text_or_null("correction_reason")
            .reference_or_null("computed_by", "account")
            .reference_or_null("computed_for", "account")
            .instant("computed_at")
            .reference_or_null("published_by", "account")
            .reference_or_null("published_for", "account")
            .instant_or_null("published_at")
            .version()
            .check("published", "(state = 'PUBLISHED') = (published_at IS NOT NULL)")
            .check("correction", "(corrects_id IS NULL) = (correction_reason IS NULL)")
            .unique(&["year_id", "number"])
            .index(&["corrects_id"])
            .create(manager)
            .await?;
        NewTable::named("result_snapshot")
            .reference("result_id", "result")
            .bytes("content")
            .primary_key(&["result_id"])
            .create(manager)
            .await?;
        NewTable::named("result_grade")
            .reference("result_id", "result")
            .text("grade")
            .text("title")
            .integer("grade_order")
            .primary_key(&["result_id", "grade"])
            .create(manager)
            .await?;
        NewTable::named("result_unit")
            .reference("result_id", "result")
            .reference("unit_id", "unit")
            .text("name")
            .one_of_or_null(
                "sector",
                &[
                    "STATE_ADMINISTRATION",
                    "PUBLIC_SERVICE",
                    "EDUCATION",
                    "STATE_ENTERPRISE",
                    "PRIVATE_ENTERPRISE",
                    "FOREIGN_INVESTED_ENTERPRISE",
                    "OCCUPATIONAL",
                ],
            )
            .reference_or_null("province_id", "province")
            .one_of("standing", &["RATED", "NOT_ELIGIBLE", "NOT_RATED"])
            .text_or_null("grade")
            .text_or_null("grade_title")
            .integer_or_null("grade_order")
            .big_integer_or_null("points")
            .integer_or_null("place")
            .integer("position")
            .boolean("moved")
            .primary_key(&["result_id", "unit_id"])
            .check(
                "grade",
                "(standing = 'RATED') = (grade IS NOT NULL) AND (grade IS NULL) = (grade_order IS NULL) AND (grade IS NULL) = (grade_title IS NULL)",
            )
            .unique(&["result_id", "position"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("quota_ruling")
            .reference("unit_id", "unit")
            .integer("year")
            .integer("number")
            .text("grade")
            .text("content")
            .reference_or_null("ruled_by", "account")
            .reference_or_null("ruled_for", "account")
            .instant("ruled_at")
            .unique(&["unit_id", "year", "number"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
