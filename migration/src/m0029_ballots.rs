//! Ballots: the rule, the roll, open votes, sealed papers, receipts and counts.
//!
//! Of a secret ballot no row that holds a choice names a voter, a time or a number of its own: papers lie in the order of the digests of
//! random tokens.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "ballot",
    "ballot_option",
    "ballot_recusal",
    "ballot_roll",
    "ballot_vote",
    "ballot_paper",
    "ballot_receipt",
    "ballot_count",
];

/// Ballots: the rule, the roll, open votes, sealed papers, receipts and counts.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ballots(manager).await?;
        votes(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}

async fn ballots(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    NewTable::with_id("ballot")
        .reference("conference_id", "conference")
        .reference_or_null("round_of", "ballot")
        .integer("round")
        .text("title")
        .one_of("kind", &["APPROVE", "CHOOSE", "ELECT", "RANK"])
        .one_of(
            "purpose",
            &[
                "ADOPT_REPORT",
                "LEADING_UNIT",
                "EXCELLENT_UNITS",
                "CHAIR",
                "DEPUTY",
                "TIE",
                "AWARDS",
                "OTHER",
            ],
        )
        .boolean("secret")
        .integer("seats")
        .one_of("denominator", &["ALL_MEMBERS", "PRESENT", "VOTES_CAST"])
        .integer("threshold_numerator")
        .integer("threshold_denominator")
        .boolean("threshold_exceeded")
        .integer("quorum_numerator")
        .integer("quorum_denominator")
        .boolean("self_vote")
        .day_or_null("written_until")
        .text_or_null("legal_basis")
        .one_of("state", &["DRAFTED", "OPEN", "CLOSED", "TALLIED", "CONFIRMED", "VOID"])
        .text_or_null("roll_hash")
        .bytes_or_null("public_key")
        .bytes_or_null("sealed_key")
        .integer_or_null("votes_cast")
        .integer_or_null("votes_spoiled")
        .text_or_null("outcome")
        .one_of_or_null("recorded", &["COUNTS", "PERCENTAGES", "OUTCOME"])
        .text_or_null("void_reason")
        .version()
        .instant("created_at")
        .instant("updated_at")
        .index(&["conference_id"])
        .index(&["round_of"])
        .check("threshold", "threshold_numerator >= 0 AND threshold_denominator > 0")
        .check("quorum", "quorum_numerator >= 0 AND quorum_denominator > 0")
        // What opens a paper is there only while votes are cast.
        .check("key", "sealed_key IS NULL OR secret AND state = 'OPEN'")
        .create(manager)
        .await?;
    NewTable::with_id("ballot_option")
        .reference("ballot_id", "ballot")
        .integer("position")
        .reference_or_null("unit_id", "unit")
        // Proposals come in a later step.
        .uuid_or_null("proposal_id")
        .text("text")
        .unique(&["ballot_id", "position"])
        .index(&["unit_id"])
        .index(&["proposal_id"])
        .create(manager)
        .await?;
    NewTable::named("ballot_recusal")
        .reference("ballot_id", "ballot")
        .uuid("voter_id")
        .text("reason")
        .primary_key(&["ballot_id", "voter_id"])
        .create(manager)
        .await
}

async fn votes(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    NewTable::named("ballot_roll")
        .reference("ballot_id", "ballot")
        // A unit or a member of a council, as the conference is one of a cluster or of a council.
        .uuid("voter_id")
        .one_of("presence", &["PRESENT", "WRITTEN", "ABSENT"])
        .boolean("recused")
        .boolean("may_vote")
        .boolean("token_given")
        .text_or_null("blinded_hash")
        .primary_key(&["ballot_id", "voter_id"])
        .create(manager)
        .await?;
    NewTable::named("ballot_vote")
        .uuid("ballot_id")
        .uuid("voter_id")
        .text("choice")
        .reference_or_null("cast_by", "account")
        .reference_or_null("cast_for", "account")
        .instant("cast_at")
        .primary_key(&["ballot_id", "voter_id"])
        .references(["ballot_id", "voter_id"], "ballot_roll", ["ballot_id", "voter_id"])
        .create(manager)
        .await?;
    NewTable::named("ballot_paper")
        .reference("ballot_id", "ballot")
        .text("receipt")
        .bytes("sealed")
        .primary_key(&["ballot_id", "receipt"])
        .in_key_order()
        .create(manager)
        .await?;
    NewTable::named("ballot_receipt")
        .reference("ballot_id", "ballot")
        .text("receipt")
        .primary_key(&["ballot_id", "receipt"])
        .in_key_order()
        .create(manager)
        .await?;
    NewTable::named("ballot_count")
        .uuid("option_id")
        .reference("ballot_id", "ballot")
        .boolean("chosen")
        .integer_or_null("votes_for")
        .integer_or_null("votes_against")
        .integer_or_null("votes_abstained")
        .integer_or_null("points")
        .big_integer_or_null("percent")
        .primary_key(&["option_id"])
        .index(&["ballot_id"])
        .create(manager)
        .await
}
