//! Councils with their members, and conferences of clusters and councils: the agenda, the roll call, quorum and minutes.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "council",
    "council_member",
    "conference",
    "conference_item",
    "conference_attendance",
];

/// Councils with their members, and conferences of clusters and councils: the agenda, the roll call, quorum and minutes.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        councils(manager).await?;
        NewTable::with_id("conference")
            .reference_or_null("cluster_id", "cluster")
            .reference_or_null("council_id", "council")
            .reference_or_null("year_id", "emulation_year")
            .text("title")
            .day("held_on")
            .text("place")
            .integer("quorum_numerator")
            .integer("quorum_denominator")
            .one_of_or_null("offices_by", &["ELECTION", "RANK", "ORDER", "APPOINTMENT"])
            .one_of("state", &["PLANNED", "OPEN", "CLOSED"])
            .text_or_null("minutes")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .index(&["cluster_id"])
            .index(&["council_id"])
            .index(&["year_id"])
            .check("holder", "(cluster_id IS NULL) <> (council_id IS NULL)")
            .check("offices", "(cluster_id IS NULL) = (offices_by IS NULL)")
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
            // A unit or a member of a council, as the conference is one of a cluster or of a council.
            .uuid("voter_id")
            .one_of("presence", &["PRESENT", "WRITTEN", "ABSENT"])
            .text_or_null("attended_by")
            .primary_key(&["conference_id", "voter_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn councils(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    NewTable::with_id("council")
        .reference("unit_id", "unit")
        .text("name")
        .text_or_null("decision")
        .validity_from()
        .version()
        .instant("created_at")
        .index(&["unit_id"])
        .create(manager)
        .await?;
    NewTable::with_id("council_member")
        .reference("council_id", "council")
        .text("name")
        .one_of(
            "seat",
            &["CHAIR", "VICE_CHAIR", "STANDING_MEMBER", "SECRETARY", "MEMBER"],
        )
        .reference_or_null("account_id", "account")
        .validity_from()
        .version()
        .unique_while_valid(&["council_id"], Some("seat = 'CHAIR'"))
        .unique_while_valid(&["council_id", "account_id"], None)
        .index(&["council_id"])
        .index(&["account_id"])
        .create(manager)
        .await
}
