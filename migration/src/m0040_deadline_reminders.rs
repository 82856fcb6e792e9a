//! Reminders of written votes that end and of steps of proposals that are due.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, change_codes, drop_tables};

/// What was told before: the same codes as events and as notifications.
const BOTH_BEFORE: &[&str] = &[
    "SESSION_REPLAYED",
    "REPORT_RETURNED",
    "REPORT_APPROVED",
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

const EVENTS_BEFORE: &[&str] = &[
    "REPORT_SUBMITTED",
    "REPORT_VERIFIED",
    "AWARD_PROPOSED",
    "AWARD_ENDORSED",
    "AWARD_APPRAISED",
];

const NOTIFICATIONS_BEFORE: &[&str] = &[
    "REPORT_DUE_SOON",
    "REPORT_OVERDUE",
    "REPORT_TO_VERIFY",
    "REPORT_TO_APPROVE",
    "AWARD_TO_ENDORSE",
    "AWARD_TO_APPRAISE",
    "AWARD_TO_DECIDE",
];

/// That a last day is near, or over.
const DUE: &[&str] = &["VOTE_DUE_SOON", "AWARD_STEP_DUE_SOON", "AWARD_STEP_OVERDUE"];

/// Reminders of written votes that end and of steps of proposals that are due.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("deadline_reminder")
            .one_of("kind", DUE)
            .uuid("subject_id")
            .day("until")
            .instant("at")
            .unique(&["subject_id", "kind", "until"])
            .create(manager)
            .await?;
        let events = [BOTH_BEFORE, EVENTS_BEFORE, DUE].concat();
        change_codes(manager, "event", "kind", &events).await?;
        let notifications = [BOTH_BEFORE, NOTIFICATIONS_BEFORE, DUE].concat();
        change_codes(manager, "notification", "kind", &notifications).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let codes: Vec<String> = DUE.iter().map(|code| format!("'{code}'")).collect();
        for table in ["event", "notification"] {
            let newer = format!("DELETE FROM {table} WHERE kind IN ({})", codes.join(", "));
            manager.get_connection().execute_unprepared(&newer).await?;
        }
        change_codes(manager, "event", "kind", &[BOTH_BEFORE, EVENTS_BEFORE].concat()).await?;
        let notifications = [BOTH_BEFORE, NOTIFICATIONS_BEFORE].concat();
        change_codes(manager, "notification", "kind", &notifications).await?;
        drop_tables(manager, &["deadline_reminder"]).await
    }
}
