//! Score sheets with their entries by layer, and objections.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

const TABLES: &[&str] = &["score_sheet", "score_step", "score_entry", "objection"];
const STATES: &[&str] = &[
    "DRAFT",
    "SELF_SUBMITTED",
    "CROSS_CHECKED",
    "CLUSTER_APPRAISED",
    "PROVINCE_APPRAISED",
    "DECIDED",
    "PUBLISHED",
];

/// Score sheets with their entries by layer, and objections.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("score_sheet")
            .reference("year_id", "emulation_year")
            .reference("unit_id", "unit")
            .one_of("state", STATES)
            .day_or_null("objections_until")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .unique(&["year_id", "unit_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("score_step")
            .reference("sheet_id", "score_sheet")
            .one_of("state", STATES)
            .text_or_null("reason")
            .reference_or_null("taken_by", "account")
            .reference_or_null("taken_for", "account")
            .instant("taken_at")
            .index(&["sheet_id"])
            .create(manager)
            .await?;
        NewTable::with_id("score_entry")
            .reference("sheet_id", "score_sheet")
            .one_of("layer", &["OWN", "CROSS_CHECK", "CLUSTER", "PROVINCE", "COUNCIL"])
            .one_of("subject", &["CRITERION", "DECLARATION"])
            .text("code")
            .integer("edition")
            .boolean("standing")
            .one_of("kind", &["POINTS", "VERDICT", "COUNT", "EVENTS"])
            .big_integer_or_null("points")
            .boolean("verdict")
            .integer_or_null("count")
            .text_or_null("events")
            .text_or_null("reason")
            .reference_or_null("unit_id", "unit")
            .reference_or_null("written_by", "account")
            .reference_or_null("written_for", "account")
            .instant("written_at")
            .check("events", "(kind = 'EVENTS') = (events IS NOT NULL)")
            .check("points", "(kind = 'POINTS') = (points IS NOT NULL)")
            .check("count", "(kind = 'COUNT') = (count IS NOT NULL)")
            .unique(&["sheet_id", "layer", "subject", "code", "edition"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("objection")
            .reference("sheet_id", "score_sheet")
            .text_or_null("criterion")
            .text("text")
            .reference_or_null("raised_by", "account")
            .reference_or_null("raised_for", "account")
            .instant("raised_at")
            .one_of_or_null("outcome", &["UPHELD", "PARTLY_UPHELD", "REFUSED"])
            .text_or_null("answer")
            .reference_or_null("answered_by", "account")
            .reference_or_null("answered_for", "account")
            .instant_or_null("answered_at")
            .version()
            .check(
                "answered",
                "(outcome IS NULL) = (answer IS NULL) AND (outcome IS NULL) = (answered_at IS NULL)",
            )
            .index(&["sheet_id"])
            .create(manager)
            .await?;
        MoreColumns::of("evidence")
            .text_or_null("criterion")
            .add(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_columns(manager, "evidence", &["criterion"], &[]).await?;
        drop_tables(manager, TABLES).await
    }
}
