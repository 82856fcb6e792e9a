//! What becomes of an award: its bonus, the code by which anybody verifies it, corrections, revocation, handing over.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_columns, drop_tables};

const TABLES: &[&str] = &["award_change", "award_handover", "award_reliance"];

const COLUMNS: &[&str] = &["bonus", "bonus_raw", "bonus_factor", "base_salary", "verify_code"];

const UNIQUE_CODE: &str = "uq_award_verify_code";

/// What becomes of an award: its bonus, the code by which anybody verifies it, corrections, revocation, handing over.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("award")
            .big_integer_or_null("bonus")
            .big_integer_or_null("bonus_raw")
            .big_integer_or_null("bonus_factor")
            .big_integer_or_null("base_salary")
            .text_or_null("verify_code")
            .add(manager)
            .await?;
        let code = Index::create()
            .table("award")
            .name(UNIQUE_CODE)
            .col("verify_code")
            .unique()
            .to_owned();
        manager.create_index(code).await?;
        NewTable::with_id("award_change")
            .reference("award_id", "award")
            .one_of("kind", &["REVOKED", "CORRECTED"])
            .reference("decision_id", "award_decision")
            .text("ground")
            .text_or_null("recipient_name")
            .reference_or_null("recorded_by", "account")
            .reference_or_null("recorded_for", "account")
            .instant("recorded_at")
            .index(&["award_id"])
            .index(&["decision_id"])
            .check("name", "(kind = 'CORRECTED') = (recipient_name IS NOT NULL)")
            .create(manager)
            .await?;
        NewTable::with_id("award_handover")
            .reference("award_id", "award")
            .day("held_on")
            .text("place")
            .text("handed_by")
            .text_or_null("note")
            .reference_or_null("recorded_by", "account")
            .reference_or_null("recorded_for", "account")
            .instant("recorded_at")
            .unique(&["award_id"])
            .create(manager)
            .await?;
        NewTable::named("award_reliance")
            .reference("award_id", "award")
            .reference("relied_on_id", "award")
            .primary_key(&["award_id", "relied_on_id"])
            .index(&["relied_on_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await?;
        manager.drop_index(Index::drop().name(UNIQUE_CODE).to_owned()).await?;
        drop_columns(manager, "award", COLUMNS, &[]).await
    }
}
