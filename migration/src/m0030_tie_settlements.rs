//! Orders given to units that nothing else separates: by a ballot, or by who decides.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

/// Orders given to units that nothing else separates: by a ballot, or by who decides.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("tie_settlement")
            .reference("year_id", "emulation_year")
            .reference("result_id", "result")
            .integer("number")
            .text("reason")
            .reference_or_null("settled_by", "account")
            .reference_or_null("settled_for", "account")
            .instant("settled_at")
            .unique(&["year_id", "number"])
            .index(&["result_id"])
            .create(manager)
            .await?;
        NewTable::named("tie_settlement_unit")
            .reference("settlement_id", "tie_settlement")
            .reference("unit_id", "unit")
            .integer("position")
            .primary_key(&["settlement_id", "unit_id"])
            .unique(&["settlement_id", "position"])
            .index(&["unit_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tie_settlement", "tie_settlement_unit"]).await
    }
}
