//! From when a form can be filled in, how long it is taken without a mark after its due day, and more time for single units.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, drop_tables};

/// From when a form can be filled in, how long it is taken without a mark after its due day, and more time for single units.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("report_form_due_day")
            .day_or_null("opens_on")
            .integer_zero("grace_days")
            .add(manager)
            .await?;
        NewTable::with_id("report_extension")
            .reference("form_id", "report_form")
            .reference("period_id", "period")
            .reference("unit_id", "unit")
            .day("until")
            .text("reason")
            .reference_or_null("granted_by", "account")
            .reference_or_null("granted_for", "account")
            .instant("at")
            .index(&["unit_id", "form_id", "period_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_extension"]).await?;
        for column in ["opens_on", "grace_days"] {
            let change = Table::alter()
                .table("report_form_due_day")
                .drop_column(column)
                .to_owned();
            manager.alter_table(change).await?;
        }
        Ok(())
    }
}
