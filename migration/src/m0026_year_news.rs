//! What people are told of emulation years.

use sea_orm_migration::prelude::*;

use crate::ddl::change_codes;

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
];

/// What people are told of emulation years.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change_codes(manager, "event", "kind", &[EVENTS_BEFORE, OF_YEARS].concat()).await?;
        change_codes(
            manager,
            "notification",
            "kind",
            &[NOTIFICATIONS_BEFORE, OF_YEARS].concat(),
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let codes: Vec<String> = OF_YEARS.iter().map(|code| format!("'{code}'")).collect();
        for table in ["event", "notification"] {
            let newer = format!("DELETE FROM {table} WHERE kind IN ({})", codes.join(", "));
            manager.get_connection().execute_unprepared(&newer).await?;
        }
        change_codes(manager, "event", "kind", EVENTS_BEFORE).await?;
        change_codes(manager, "notification", "kind", NOTIFICATIONS_BEFORE).await
    }
}
