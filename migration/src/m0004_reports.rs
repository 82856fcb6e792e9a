//! Periods, indicators, forms with versions, reports with figures and the steps of their lives.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "period",
    "indicator",
    "indicator_choice",
    "report_form",
    "report_form_version",
    "report_form_kind",
    "report_form_sector",
    "report_form_section",
    "report_form_item",
    "report_form_due_day",
    "report_submission",
    "report_value",
    "report_step",
    "report_writer",
];

const PERIOD_KINDS: &[&str] = &["YEAR", "SCHOOL_YEAR", "HALF", "QUARTER", "MONTH", "TERM", "CUSTOM"];

const NUMBER_FORMS: &[&str] = &["INTEGER", "DECIMAL", "MONEY", "PERCENTAGE", "YES_NO", "CHOICE", "TEXT"];

const SECTORS: &[&str] = &[
    "STATE_ADMINISTRATION",
    "PUBLIC_SERVICE",
    "EDUCATION",
    "STATE_ENTERPRISE",
    "PRIVATE_ENTERPRISE",
    "FOREIGN_INVESTED_ENTERPRISE",
    "OCCUPATIONAL",
];

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
            .one_of("number_form", NUMBER_FORMS)
            .one_of("aggregation", &["STOCK", "FLOW", "RATE", "NONE"])
            .reference_or_null("numerator_id", "indicator")
            .reference_or_null("denominator_id", "indicator")
            .big_integer("scale")
            .big_integer_or_null("lowest")
            .big_integer_or_null("highest")
            .boolean("by_women")
            .boolean("by_sector")
            .text_or_null("description")
            .version()
            .check("bounds", "lowest IS NULL OR highest IS NULL OR lowest <= highest")
            .check(
                "rate",
                "(aggregation = 'RATE') = (numerator_id IS NOT NULL) \
                 AND (numerator_id IS NULL) = (denominator_id IS NULL) AND scale >= 1",
            )
            .unique(&["code"])
            .create(manager)
            .await?;
        NewTable::named("indicator_choice")
            .reference("indicator_id", "indicator")
            .text("code")
            .integer("position")
            .text("label")
            .primary_key(&["indicator_id", "code"])
            .unique(&["indicator_id", "position"])
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
            .one_of_or_null("size_by", &["WORKERS", "MEMBERS"])
            .big_integer_or_null("size_fewest")
            .big_integer_or_null("size_most")
            .instant_or_null("published_at")
            .version()
            .check(
                "size",
                "(size_by IS NULL) = (size_fewest IS NULL AND size_most IS NULL) AND (size_fewest IS NULL OR size_fewest >= 0) \
                 AND (size_fewest IS NULL OR size_most IS NULL OR size_fewest <= size_most)",
            )
            .unique(&["form_id", "number"])
            .create(manager)
            .await?;
        NewTable::named("report_form_kind")
            .reference("form_version_id", "report_form_version")
            .text("unit_kind")
            .primary_key(&["form_version_id", "unit_kind"])
            .create(manager)
            .await?;
        NewTable::named("report_form_sector")
            .reference("form_version_id", "report_form_version")
            .one_of("sector", SECTORS)
            .primary_key(&["form_version_id", "sector"])
            .create(manager)
            .await?;
        NewTable::named("report_form_section")
            .reference("form_version_id", "report_form_version")
            .integer("position")
            .text_or_null("title")
            .text_or_null("help")
            .primary_key(&["form_version_id", "position"])
            .create(manager)
            .await?;
        NewTable::named("report_form_item")
            .reference("form_version_id", "report_form_version")
            .reference("indicator_id", "indicator")
            .integer("section")
            .integer("position")
            .boolean("required")
            .text_or_null("help")
            .big_integer_or_null("lowest")
            .big_integer_or_null("highest")
            .boolean("by_women")
            .boolean("by_sector")
            .primary_key(&["form_version_id", "indicator_id"])
            .references(
                ["form_version_id", "section"],
                "report_form_section",
                ["form_version_id", "position"],
            )
            .check("bounds", "lowest IS NULL OR highest IS NULL OR lowest <= highest")
            .unique(&["form_version_id", "position"])
            .index(&["indicator_id"])
            .create(manager)
            .await?;
        NewTable::named("report_form_due_day")
            .reference("form_id", "report_form")
            .reference("period_id", "period")
            .day("due_on")
            .version()
            .primary_key(&["form_id", "period_id"])
            .index(&["period_id"])
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
            .one_of("part", PARTS)
            .big_integer_or_null("value")
            .big_integer_or_null("upper")
            .text_or_null("choice")
            .one_of("qualifier", &["EXACT", "MORE_THAN", "NEARLY", "ABOUT", "RANGE"])
            .one_of("nature", &["ACTUAL", "ESTIMATE"])
            .text("raw")
            .instant("updated_at")
            .primary_key(&["submission_id", "indicator_id", "part"])
            .check("value", "value BETWEEN -999999999999999999 AND 999999999999999999")
            .check("upper", "upper BETWEEN -999999999999999999 AND 999999999999999999")
            .check(
                "range",
                "(qualifier = 'RANGE') = (upper IS NOT NULL) AND (upper IS NULL OR value < upper)",
            )
            .check(
                "answer",
                "(value IS NULL OR choice IS NULL) AND (value IS NOT NULL OR (upper IS NULL AND qualifier = 'EXACT'))",
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
