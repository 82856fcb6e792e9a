//! Proposals of awards: their dossiers, their steps, and the places that they take in quotas.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "award_proposal",
    "award_proposal_step",
    "award_dossier_item",
    "award_reservation",
];

const STATES: &[&str] = &[
    "PROPOSED",
    "ENDORSED",
    "APPRAISED",
    "VOTED",
    "APPROVED",
    "REFUSED",
    "REDUCED",
    "FORWARDED",
];

/// Proposals of awards: their dossiers, their steps, and the places that they take in quotas.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("award_proposal")
            .reference("award_type_id", "award_type")
            .reference_or_null("terms_id", "award_terms")
            .integer("year")
            .one_of("recipient", &["COLLECTIVE", "INDIVIDUAL"])
            .reference("unit_id", "unit")
            .text_or_null("person")
            .text_or_null("person_key")
            .reference("proposer_id", "unit")
            .reference("decider_id", "unit")
            .text("merit")
            .text("merit_key")
            .one_of("state", STATES)
            .one_of_or_null("outcome_from", STATES)
            .instant_or_null("released_at")
            .text("eligibility")
            .text_or_null("exception_reason")
            .day_or_null("due_on")
            .integer_or_null("in_favour")
            .integer_or_null("council_members")
            .integer_or_null("council_present")
            .day_or_null("voted_on")
            .reference_or_null("ballot_id", "ballot")
            .boolean_or_null("ballot_chose")
            .reference_or_null("reduced_to_id", "award_type")
            .reference_or_null("reduced_terms_id", "award_terms")
            .text_or_null("forwarded_to")
            .reference_or_null("decision_id", "award_decision")
            .reference_or_null("award_id", "award")
            .reference_or_null("created_by", "account")
            .reference_or_null("created_for", "account")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .index(&["unit_id", "year"])
            .index(&["proposer_id"])
            .index(&["decider_id", "year"])
            .index(&["award_type_id", "year"])
            .index(&["ballot_id"])
            .index(&["decision_id"])
            .index(&["award_id"])
            .check(
                "person",
                "(recipient = 'INDIVIDUAL') = (person IS NOT NULL)",
            )
            .check(
                "counts",
                "in_favour IS NULL OR in_favour >= 0 AND in_favour <= council_members AND council_present <= council_members",
            )
            .check("ballot", "(ballot_id IS NULL) = (ballot_chose IS NULL)")
            .create(manager)
            .await?;
        NewTable::with_id("award_proposal_step")
            .reference("proposal_id", "award_proposal")
            .one_of(
                "step",
                &[
                    "PROPOSE", "ENDORSE", "APPRAISE", "VOTE", "APPROVE", "REFUSE", "REDUCE", "FORWARD",
                ],
            )
            .text_or_null("reason")
            .day_or_null("due_on")
            .boolean("late")
            .reference_or_null("taken_by", "account")
            .reference_or_null("taken_for", "account")
            .instant("taken_at")
            .index(&["proposal_id"])
            .create(manager)
            .await?;
        NewTable::with_id("award_dossier_item")
            .reference("proposal_id", "award_proposal")
            .text("code")
            .text("document")
            .text_or_null("number")
            .day_or_null("dated")
            .text_or_null("signer")
            .reference_or_null("ticked_by", "account")
            .reference_or_null("ticked_for", "account")
            .instant("ticked_at")
            .unique(&["proposal_id", "code"])
            .create(manager)
            .await?;
        NewTable::with_id("award_reservation")
            .reference("quota_id", "award_quota")
            .reference("proposal_id", "award_proposal")
            .boolean("counted")
            .instant("taken_at")
            .instant_or_null("released_at")
            .unique(&["quota_id", "proposal_id"])
            .index(&["proposal_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
