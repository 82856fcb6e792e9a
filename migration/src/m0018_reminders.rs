//! Reminders of reports that are due, and the letters that gather what somebody has not read.

use sea_orm_migration::prelude::*;

use crate::ddl::{MoreColumns, NewTable, change_codes, drop_columns, drop_tables};

const NOTIFICATIONS_BEFORE: &[&str] = &["SESSION_REPLAYED", "REPORT_RETURNED", "REPORT_APPROVED"];

const NOTIFICATIONS: &[&str] = &[
    "SESSION_REPLAYED",
    "REPORT_RETURNED",
    "REPORT_APPROVED",
    "REPORT_DUE_SOON",
    "REPORT_OVERDUE",
    "REPORT_TO_VERIFY",
    "REPORT_TO_APPROVE",
];

/// Reminders of reports that are due, and the letters that gather what somebody has not read.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        change_codes(manager, "notification", "kind", NOTIFICATIONS).await?;
        MoreColumns::of("notification")
            .instant_or_null("mailed_at")
            .add(manager)
            .await?;
        NewTable::with_id("report_reminder")
            .one_of("kind", &["DUE_SOON", "OVERDUE"])
            .reference("form_id", "report_form")
            .reference("period_id", "period")
            .reference("unit_id", "unit")
            .day("until")
            .instant("at")
            .unique(&["form_id", "period_id", "unit_id", "kind", "until"])
            .create(manager)
            .await?;
        NewTable::named("mail_digest")
            .reference("account_id", "account")
            .one_of("rhythm", &["NEVER", "DAILY", "WEEKLY"])
            .day_or_null("sent_on")
            .instant("due_at")
            .integer("failures")
            .primary_key(&["account_id"])
            .create(manager)
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["report_reminder", "mail_digest"]).await?;
        let codes = NOTIFICATIONS_BEFORE.iter().map(|code| format!("'{code}'"));
        let newer = format!(
            "DELETE FROM notification WHERE kind NOT IN ({})",
            codes.collect::<Vec<_>>().join(", ")
        );
        manager.get_connection().execute_unprepared(&newer).await?;
        drop_columns(manager, "notification", &["mailed_at"], &[]).await?;
        change_codes(manager, "notification", "kind", NOTIFICATIONS_BEFORE).await
    }
}
