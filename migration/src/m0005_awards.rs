//! The award registry: kinds of award, decisions and their recipients as written then.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &["award_type", "award_decision", "award"];

/// The award registry: kinds of award, decisions and their recipients as written then.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("award_type")
            .text("code")
            .text("name")
            .bytes("sort_key")
            .one_of(
                "level",
                &["STATE", "CONFEDERATION", "PROVINCE", "UPPER", "GRASSROOTS", "CLUSTER"],
            )
            .one_of("recipients", &["COLLECTIVE", "INDIVIDUAL", "BOTH"])
            .text_or_null("legal_basis")
            .validity()
            .version()
            .unique(&["code"])
            .index(&["sort_key", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("award_decision")
            .text_or_null("number")
            .bytes_or_null("number_key")
            .integer("number_year")
            .integer("year")
            .day_or_null("decided_on")
            .reference_or_null("issuer_id", "unit")
            .text("issuer_name")
            .text("issuer_key")
            .text_or_null("signer")
            .text_or_null("legal_basis")
            .text_or_null("source")
            .reference("owner_id", "unit")
            .instant("created_at")
            // Within a registry, so that nobody learns from a refusal what others have recorded.
            .unique(&["owner_id", "issuer_key", "number_year", "number_key"])
            .index(&["issuer_id"])
            .index(&["number_key"])
            .index(&["year", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("award")
            .reference("decision_id", "award_decision")
            .reference("award_type_id", "award_type")
            .integer("year")
            .one_of("recipient", &["COLLECTIVE", "INDIVIDUAL"])
            .reference("unit_id", "unit")
            .text_or_null("recipient_name")
            .integer("count")
            .text_or_null("note")
            .check("count", "count >= 1 AND (recipient_name IS NULL OR count = 1)")
            .index(&["decision_id"])
            .index(&["unit_id", "year"])
            .index(&["year", "id"])
            .index(&["award_type_id", "year"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
