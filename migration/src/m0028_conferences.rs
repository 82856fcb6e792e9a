//! Conferences: the agenda, the roll call, quorum and minutes.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &["conference", "conference_item", "conference_attendance"];

/// Conferences: the agenda, the roll call, quorum and minutes.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("conference")
            .reference("cluster_id", "cluster")
            .reference_or_null("year_id", "emulation_year")
            .text("title")
            .day("held_on")
            .text("place")
            .integer("quorum_numerator")
            .integer("quorum_denominator")
            .one_of("offices_by", &["ELECTION", "RANK", "ORDER", "APPOINTMENT"])
            .one_of("state", &["PLANNED", "OPEN", "CLOSED"])
            .text_or_null("minutes")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .index(&["cluster_id"])
            .index(&["year_id"])
            .check(
                "quorum",
                "quorum_numerator >= 0 AND quorum_denominator > 0 AND quorum_numerator <= quorum_denominator",
            )
            .create(manager)
            .await?;
        NewTable::named("conference_item")
            .reference("conference_id", "conference")
            .integer("position")
            .text("text")
            .primary_key(&["conference_id", "position"])
            .create(manager)
            .await?;
        NewTable::named("conference_attendance")
            .reference("conference_id", "conference")
            .reference("unit_id", "unit")
            .one_of("presence", &["PRESENT", "WRITTEN", "ABSENT"])
            .text_or_null("attended_by")
            .primary_key(&["conference_id", "unit_id"])
            .index(&["unit_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
