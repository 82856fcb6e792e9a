//! What reports said each time they were sent.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::ddl::{NewTable, drop_tables};

/// What reports said each time they were sent.
#[derive(DeriveMigrationName)]
pub struct Migration;

const PARTS: &[&str] = &[
    "TOTAL",
    "WOMEN",
    "SECTOR_STATE_ADMINISTRATION",
    "SECTOR_PUBLIC_SERVICE",
    "SECTOR_EDUCATION",
    "SECTOR_STATE_ENTERPRISE",
    "SECTOR_PRIVATE_ENTERPRISE",
    "SECTOR_FOREIGN_INVESTED_ENTERPRISE",
    "SECTOR_OCCUPATIONAL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("report_sending")
            .reference("submission_id", "report_submission")
            .integer("number")
            .text_or_null("note")
            .reference_or_null("account_id", "account")
            .reference_or_null("acted_for", "account")
            .instant("at")
            .unique(&["submission_id", "number"])
            .check("number", "number >= 1")
            .create(manager)
            .await?;
        NewTable::named("report_sent_value")
            .reference("sending_id", "report_sending")
            .reference("indicator_id", "indicator")
            .one_of("part", PARTS)
            .big_integer_or_null("value")
            .big_integer_or_null("upper")
            .text_or_null("choice")
            .one_of("qualifier", &["EXACT", "MORE_THAN", "NEARLY", "ABOUT", "RANGE"])
            .one_of("nature", &["ACTUAL", "ESTIMATE"])
            .text("raw")
            .instant("updated_at")
            .primary_key(&["sending_id", "indicator_id", "part"])
            .create(manager)
            .await?;
        NewTable::named("report_sent_explanation")
            .reference("sending_id", "report_sending")
            .text("rule_code")
            .text("text")
            .primary_key(&["sending_id", "rule_code"])
            .create(manager)
            .await?;
        keep_what_stands(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &["report_sending", "report_sent_value", "report_sent_explanation"],
        )
        .await
    }
}

/// What stands in a report that is with its reviewers is what was last sent; it is kept as the first sending that is known. Of a report that
/// was sent back before this step, what was sent is not known any more.
async fn keep_what_stands(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let new_id = if manager.get_database_backend() == DbBackend::Sqlite {
        "randomblob(16)"
    } else {
        "gen_random_uuid()"
    };
    let sendings = format!(
        "INSERT INTO report_sending (id, submission_id, number, note, account_id, acted_for, at) \
         SELECT {new_id}, id, 1, note, NULL, NULL, submitted_at FROM report_submission \
         WHERE status NOT IN ('DRAFT', 'RETURNED')"
    );
    const VALUES: &str = "INSERT INTO report_sent_value \
         (sending_id, indicator_id, part, value, upper, choice, qualifier, nature, raw, updated_at) \
         SELECT report_sending.id, indicator_id, part, value, upper, choice, qualifier, nature, raw, updated_at \
         FROM report_value JOIN report_sending ON report_sending.submission_id = report_value.submission_id";
    const EXPLANATIONS: &str = "INSERT INTO report_sent_explanation (sending_id, rule_code, text) \
         SELECT report_sending.id, rule_code, text FROM report_explanation \
         JOIN report_sending ON report_sending.submission_id = report_explanation.submission_id";
    for step in [sendings.as_str(), VALUES, EXPLANATIONS] {
        connection.execute_unprepared(step).await?;
    }
    Ok(())
}
