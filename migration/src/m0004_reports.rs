//! Periods, indicators, forms with versions, reports with figures and the steps of their lives.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "period",
    "indicator",
    "report_form",
    "report_form_version",
    "report_form_kind",
    "report_form_item",
    "report_submission",
    "report_value",
    "report_step",
    "report_writer",
];

const PERIOD_KINDS: &[&str] = &["YEAR", "SCHOOL_YEAR", "HALF", "QUARTER", "MONTH", "TERM", "CUSTOM"];

const STATUSES: &[&str] = &["DRAFT", "SUBMITTED", "RETURNED", "VERIFIED", "APPROVED", "REPLACED"];

/// Periods, indicators, forms with versions, reports with figures and the steps of their lives.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("period")
            .reference("owner_id", "unit")
            .text("code")
            .text("name")
            .one_of("kind", PERIOD_KINDS)
            .day("starts_on")
            .day("ends_on")
            .day_or_null("due_on")
            .version()
            .check("span", "starts_on <= ends_on")
            .unique(&["owner_id", "code"])
            .index(&["starts_on", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("indicator")
            .text("code")
            .text("name")
            .text("unit_of_measure")
            .one_of("number_form", &["INTEGER", "DECIMAL", "MONEY", "PERCENTAGE"])
            .one_of("aggregation", &["STOCK", "FLOW", "RATE"])
            .reference_or_null("numerator_id", "indicator")
            .reference_or_null("denominator_id", "indicator")
            .big_integer("scale")
            .text_or_null("description")
            .version()
            .check(
                "rate",
                "(aggregation = 'RATE') = (numerator_id IS NOT NULL) \
                 AND (numerator_id IS NULL) = (denominator_id IS NULL) AND scale >= 1",
            )
            .unique(&["code"])
            .create(manager)
            .await?;
        NewTable::with_id("report_form")
            .reference("owner_id", "unit")
            .text("code")
            .text("name")
            .one_of("periodicity", PERIOD_KINDS)
            .version()
            .unique(&["owner_id", "code"])
            .index(&["code", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("report_form_version")
            .reference("form_id", "report_form")
            .integer("number")
            .one_of("state", &["DRAFT", "PUBLISHED", "RETIRED"])
            .text_or_null("legal_basis")
            .instant_or_null("published_at")
            .version()
            .unique(&["form_id", "number"])
            .create(manager)
            .await?;
        NewTable::named("report_form_kind")
            .reference("form_version_id", "report_form_version")
            .text("unit_kind")
            .primary_key(&["form_version_id", "unit_kind"])
            .create(manager)
            .await?;
        NewTable::named("report_form_item")
            .reference("form_version_id", "report_form_version")
            .reference("indicator_id", "indicator")
            .integer("position")
            .boolean("required")
            .primary_key(&["form_version_id", "indicator_id"])
            .unique(&["form_version_id", "position"])
            .index(&["indicator_id"])
            .create(manager)
            .await?;
        NewTable::with_id("report_submission")
            .reference("unit_id", "unit")
            .reference("period_id", "period")
            .reference("form_id", "report_form")
            .reference("form_version_id", "report_form_version")
            .day("period_ends_on")
            .integer("revision")
            .reference_or_null("corrects_id", "report_submission")
            .text_or_null("correction_reason")
            .one_of("status", STATUSES)
            .boolean("late")
            .text_or_null("note")
            .instant_or_null("submitted_at")
            .instant_or_null("approved_at")
            .reference_or_null("author_id", "account")
            .version()
            .instant("created_at")
            .instant("updated_at")
            .check("sent", "status = 'DRAFT' OR submitted_at IS NOT NULL")
            .check(
                "approved",
                "(status = 'APPROVED' OR status = 'REPLACED') = (approved_at IS NOT NULL)",
            )
            .check(
                "correction",
                "(revision > 1) = (corrects_id IS NOT NULL) AND (corrects_id IS NULL) = (correction_reason IS NULL)",
            )
            .unique(&["form_id", "period_id", "unit_id", "revision"])
            .unique(&["corrects_id"])
            .index(&["unit_id", "period_id"])
            .index(&["period_id", "form_id", "status"])
            .index(&["updated_at", "id"])
            .index(&["form_version_id"])
            .create(manager)
            .await?;
        NewTable::named("report_value")
            .reference("submission_id", "report_submission")
            .reference("indicator_id", "indicator")
            .big_integer("value")
            .big_integer_or_null("upper")
            .one_of("qualifier", &["EXACT", "MORE_THAN", "NEARLY", "ABOUT", "RANGE"])
            .one_of("nature", &["ACTUAL", "ESTIMATE"])
            .text("raw")
            .instant("updated_at")
            .primary_key(&["submission_id", "indicator_id"])
            .check("value", "value BETWEEN -999999999999999999 AND 999999999999999999")
            .check("upper", "upper BETWEEN -999999999999999999 AND 999999999999999999")
            .check(
                "range",
                "(qualifier = 'RANGE') = (upper IS NOT NULL) AND (upper IS NULL OR value < upper)",
            )
            .index(&["indicator_id"])
            .create(manager)
            .await?;
        NewTable::named("report_writer")
            .reference("submission_id", "report_submission")
            .reference("account_id", "account")
            .primary_key(&["submission_id", "account_id"])
            .create(manager)
            .await?;
        NewTable::with_id("report_step")
            .reference("submission_id", "report_submission")
            .one_of(
                "action",
                &["CREATE", "SAVE", "SUBMIT", "RETURN", "VERIFY", "APPROVE", "CORRECT"],
            )
            .one_of("status", STATUSES)
            .reference_or_null("account_id", "account")
            .text_or_null("reason")
            .instant("at")
            .check("reason", "action <> 'RETURN' OR reason IS NOT NULL")
            .index(&["submission_id", "id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
