//! Whom a pact covers since it was agreed, why targets came late, why a cross-check went on without replies, and more news of years.

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

const OF_YEARS_BEFORE: &[&str] = &[
    "YEAR_PHASE_OPENED",
    "PACT_OPENED",
    "CROSS_CHECKS_ASSIGNED",
    "FINDINGS_SENT",
    "SHEET_RETURNED",
    "SHEET_APPRAISED",
    "OBJECTION_RAISED",
    "OBJECTION_ANSWERED",
    "RESULT_PUBLISHED",
];

const MORE: &[&str] = &[
    "PACT_IN_FORCE",
    "PARTICIPANT_ADDED",
    "PARTICIPANT_WITHDRAWN",
    "REPLIES_SENT",
    "REPLIES_WAIVED",
    "CROSS_CHECK_RETURNED",
    "CROSS_CHECK_WITHDRAWN",
];

/// Of a pact that is not in force everybody who takes part is covered; of one in force those who signed: others joined later.
const COVERED: &str = "INSERT INTO pact_cover (pact_id, unit_id) \
     SELECT pact.id, member.unit_id FROM pact JOIN emulation_participant member ON member.year_id = pact.year_id \
     WHERE member.withdrawn_on IS NULL AND (pact.state IN ('AGREED', 'SIGNING') OR pact.state = 'IN_FORCE' AND EXISTS \
     (SELECT 1 FROM pact_signature signed WHERE signed.pact_id = pact.id AND signed.unit_id = member.unit_id))";

/// Whom a pact covers since it was agreed, why targets came late, why a cross-check went on without replies, and more news of years.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::named("pact_cover")
            .reference("pact_id", "pact")
            .reference("unit_id", "unit")
            .primary_key(&["pact_id", "unit_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        manager.get_connection().execute_unprepared(COVERED).await?;
        MoreColumns::of("target")
            .text_or_null("late_reason")
            .add(manager)
            .await?;
        MoreColumns::of("cross_check")
            .text_or_null("waived_reason")
            .add(manager)
            .await?;
        let events = [EVENTS_BEFORE, OF_YEARS_BEFORE, MORE].concat();
        change_codes(manager, "event", "kind", &events).await?;
        let notifications = [NOTIFICATIONS_BEFORE, OF_YEARS_BEFORE, MORE].concat();
        change_codes(manager, "notification", "kind", &notifications).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let codes: Vec<String> = MORE.iter().map(|code| format!("'{code}'")).collect();
        for table in ["event", "notification"] {
            let newer = format!("DELETE FROM {table} WHERE kind IN ({})", codes.join(", "));
            manager.get_connection().execute_unprepared(&newer).await?;
        }
        change_codes(manager, "event", "kind", &[EVENTS_BEFORE, OF_YEARS_BEFORE].concat()).await?;
        let notifications = [NOTIFICATIONS_BEFORE, OF_YEARS_BEFORE].concat();
        change_codes(manager, "notification", "kind", &notifications).await?;
        drop_columns(manager, "cross_check", &["waived_reason"], &[]).await?;
        drop_columns(manager, "target", &["late_reason"], &[]).await?;
        drop_tables(manager, &["pact_cover"]).await
    }
}
