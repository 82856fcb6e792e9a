//! Cross-checks: draws, recusals, findings and replies.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "cross_check_draw",
    "cross_check_recusal",
    "cross_check",
    "cross_check_finding",
];

/// Cross-checks: draws, recusals, findings and replies.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("cross_check_draw")
            .reference("year_id", "emulation_year")
            .integer("number")
            .text("seed")
            .integer("method")
            .text("inputs")
            .text("outcome")
            .reference_or_null("drawn_by", "account")
            .reference_or_null("drawn_for", "account")
            .instant("drawn_at")
            .unique(&["year_id", "number"])
            .create(manager)
            .await?;
        NewTable::with_id("cross_check_recusal")
            .reference("year_id", "emulation_year")
            .reference("checker_id", "unit")
            .reference("checked_id", "unit")
            .text("reason")
            .reference_or_null("recorded_by", "account")
            .reference_or_null("recorded_for", "account")
            .instant("recorded_at")
            .unique(&["year_id", "checker_id", "checked_id"])
            .index(&["checker_id"])
            .index(&["checked_id"])
            .check("others", "checker_id <> checked_id")
            .create(manager)
            .await?;
        NewTable::with_id("cross_check")
            .reference("year_id", "emulation_year")
            .reference_or_null("draw_id", "cross_check_draw")
            .reference("checker_id", "unit")
            .reference("checked_id", "unit")
            .text_or_null("reason")
            .one_of("state", &["ASSIGNED", "FINDINGS_SENT", "REPLIED", "MINUTED"])
            .day_or_null("held_on")
            .text_or_null("place")
            .text_or_null("attendance")
            .text_or_null("minutes")
            .text_or_null("return_reason")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .unique(&["year_id", "checker_id", "checked_id"])
            .index(&["checker_id"])
            .index(&["checked_id"])
            .index(&["draw_id"])
            .check("others", "checker_id <> checked_id")
            .create(manager)
            .await?;
        NewTable::with_id("cross_check_finding")
            .reference("cross_check_id", "cross_check")
            .text_or_null("criterion")
            .text("text")
            .text_or_null("evidence_seen")
            .reference_or_null("written_by", "account")
            .reference_or_null("written_for", "account")
            .instant("written_at")
            .one_of_or_null("accepted", &["AGREED", "DISPUTED"])
            .text_or_null("reply")
            .reference_or_null("replied_by", "account")
            .reference_or_null("replied_for", "account")
            .instant_or_null("replied_at")
            .version()
            .index(&["cross_check_id"])
            .check("replied", "(accepted IS NULL) = (replied_at IS NULL)")
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
