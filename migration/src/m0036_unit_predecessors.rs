//! What a unit came out of: the units that were split, merged or consolidated.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

/// What a unit came out of: the units that were split, merged or consolidated.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::named("unit_predecessor")
            .reference("event_id", "unit_event")
            .reference("unit_id", "unit")
            .reference("predecessor_id", "unit")
            .primary_key(&["event_id", "predecessor_id"])
            .index(&["unit_id"])
            .index(&["predecessor_id"])
            .check("another", "unit_id <> predecessor_id")
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["unit_predecessor"]).await
    }
}
