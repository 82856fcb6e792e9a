//! Objections before awards are decided, and what people are told of conferences, ballots and awards.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, change_codes, drop_columns, drop_tables};

const EVENTS_BEFORE: &[&str] = &[
    "SESSION_REPLAYED",
    "REPORT_SUBMITTED",
    "REPORT_RETURNED",
    "REPORT_VERIFIED",
    "REPORT_APPROVED",
];

const NOTIFICATIONS_BEFORE: &[&str] = &[
    "SESSION_REPLAYED",
    "REPORT_RETURNED",
    "REPORT_APPROVED",
    "REPORT_DUE_SOON",
    "REPORT_OVERDUE",
    "REPORT_TO_VERIFY",
    "REPORT_TO_APPROVE",
];

const OF_YEARS: &[&str] = &[
    "YEAR_PHASE_OPENED",
    "PACT_OPENED",
    "CROSS_CHECKS_ASSIGNED",
    "FINDINGS_SENT",
    "SHEET_RETURNED",
    "SHEET_APPRAISED",
    "OBJECTION_RAISED",
    "OBJECTION_ANSWERED",
    "RESULT_PUBLISHED",
    "PACT_IN_FORCE",
    "PARTICIPANT_ADDED",
    "PARTICIPANT_WITHDRAWN",
    "REPLIES_SENT",
    "REPLIES_WAIVED",
    "CROSS_CHECK_RETURNED",
    "CROSS_CHECK_WITHDRAWN",
];

/// What is told under the same code as it happened.
const MORE: &[&str] = &[
    "CONFERENCE_PLANNED",
    "CONFERENCE_MOVED",
    "BALLOT_OPENED",
    "BALLOT_CONFIRMED",
    "OFFICES_APPOINTED",
    "AWARD_OUTCOME_TOLD",
    "AWARD_OUTCOME_REOPENED",
    "AWARD_MADE_KNOWN",
    "AWARD_GIVEN",
    "AWARD_REVOKED",
    "AWARD_CORRECTED",
    "AWARD_HANDED_OVER",
    "AWARD_OBJECTION_RAISED",
    "AWARD_OBJECTION_ANSWERED",
];

/// What happened, by which somebody learns that it waits for them.
const EVENTS_MORE: &[&str] = &["AWARD_PROPOSED", "AWARD_ENDORSED", "AWARD_APPRAISED"];

/// That something waits.
const NOTIFICATIONS_MORE: &[&str] = &["AWARD_TO_ENDORSE", "AWARD_TO_APPRAISE", "AWARD_TO_DECIDE"];

/// Objections before awards are decided, and what people are told of conferences, ballots and awards.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        MoreColumns::of("award_proposal")
            .day_or_null("objections_until")
            .add(manager)
            .await?;
        NewTable::with_id("award_objection")
            .reference("proposal_id", "award_proposal")
            .reference("unit_id", "unit")
            .text("text")
            .reference_or_null("raised_by", "account")
            .reference_or_null("raised_for", "account")
            .instant("raised_at")
            .one_of_or_null("outcome", &["UPHELD", "PARTLY_UPHELD", "REFUSED"])
            .text_or_null("answer")
            .reference_or_null("answered_by", "account")
            .reference_or_null("answered_for", "account")
            .instant_or_null("answered_at")
            .version()
            .check(
                "answered",
                "(outcome IS NULL) = (answer IS NULL) AND (outcome IS NULL) = (answered_at IS NULL)",
            )
            .index(&["proposal_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        let events = [EVENTS_BEFORE, OF_YEARS, MORE, EVENTS_MORE].concat();
        change_codes(manager, "event", "kind", &events).await?;
        let notifications = [NOTIFICATIONS_BEFORE, OF_YEARS, MORE, NOTIFICATIONS_MORE].concat();
        change_codes(manager, "notification", "kind", &notifications).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let newer = [MORE, EVENTS_MORE, NOTIFICATIONS_MORE].concat();
        let codes: Vec<String> = newer.iter().map(|code| format!("'{code}'")).collect();
        for table in ["event", "notification"] {
            let newer = format!("DELETE FROM {table} WHERE kind IN ({})", codes.join(", "));
            manager.get_connection().execute_unprepared(&newer).await?;
        }
        change_codes(manager, "event", "kind", &[EVENTS_BEFORE, OF_YEARS].concat()).await?;
        let notifications = [NOTIFICATIONS_BEFORE, OF_YEARS].concat();
        change_codes(manager, "notification", "kind", &notifications).await?;
        drop_tables(manager, &["award_objection"]).await?;
        drop_columns(manager, "award_proposal", &["objections_until"], &[]).await
    }
}
