//! Emulation years, registrations, targets, pacts, and what happened to units.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "emulation_year",
    "emulation_phase",
    "emulation_step",
    "emulation_participant",
    "registration",
    "target",
    "pact",
    "pact_signature",
    "unit_event",
];
const PHASES: &[&str] = &[
    "PLANNED",
    "REGISTERING",
    "RUNNING",
    "SELF_SCORING",
    "CROSS_CHECKING",
    "APPRAISING",
    "VOTING",
    "DECIDING",
    "PUBLISHED",
];

/// Emulation years, registrations, targets, pacts, and what happened to units.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("emulation_year")
            .reference("cluster_id", "cluster")
            .integer("year")
            .text_or_null("theme")
            .day("starts_on")
            .day("ends_on")
            .day_or_null("school_starts_on")
            .day_or_null("school_ends_on")
            .one_of("phase", PHASES)
            .reference_or_null("criteria_version_id", "criteria_set_version")
            .bytes_or_null("criteria_digest")
            .boolean("blind")
            .integer("objection_days")
            .version()
            .instant("created_at")
            .check("span", "starts_on <= ends_on")
            .check("school", "(school_starts_on IS NULL) = (school_ends_on IS NULL) AND (school_starts_on IS NULL OR school_starts_on <= school_ends_on)")
            .check("objection_days", "objection_days BETWEEN 0 AND 60")
            .unique(&["cluster_id", "year"])
            .index(&["year", "id"])
            .index(&["criteria_version_id"])
            .create(manager)
            .await?;
        NewTable::named("emulation_phase")
            .reference("year_id", "emulation_year")
            .one_of("phase", PHASES)
            .day("starts_on")
            .primary_key(&["year_id", "phase"])
            .create(manager)
            .await?;
        NewTable::with_id("emulation_step")
            .reference("year_id", "emulation_year")
            .one_of("phase", PHASES)
            .text_or_null("reason")
            .reference_or_null("taken_by", "account")
            .reference_or_null("taken_for", "account")
            .instant("taken_at")
            .index(&["year_id"])
            .create(manager)
            .await?;
        NewTable::with_id("emulation_participant")
            .reference("year_id", "emulation_year")
            .reference("unit_id", "unit")
            .one_of("calendar", &["YEAR", "SCHOOL_YEAR"])
            .text_or_null("note")
            .day_or_null("withdrawn_on")
            .text_or_null("withdrawn_reason")
            .version()
            .check("withdrawn", "(withdrawn_on IS NULL) = (withdrawn_reason IS NULL)")
            .unique(&["year_id", "unit_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("registration")
            .reference("year_id", "emulation_year")
            .reference("unit_id", "unit")
            .one_of("kind", &["GRADE", "COLLECTIVE_TITLE", "INDIVIDUAL_TITLE", "MOVEMENT"])
            .text("title")
            .reference_or_null("award_type_id", "award_type")
            .text_or_null("person")
            .text_or_null("late_reason")
            .reference_or_null("registered_by", "account")
            .reference_or_null("registered_for", "account")
            .instant("registered_at")
            .instant_or_null("withdrawn_at")
            .text_or_null("withdrawn_reason")
            .version()
            .index(&["year_id", "unit_id"])
            .index(&["unit_id"])
            .index(&["award_type_id"])
            .create(manager)
            .await?;
        NewTable::with_id("target")
            .reference("year_id", "emulation_year")
            .reference("unit_id", "unit")
            .reference("indicator_id", "indicator")
            .big_integer("value")
            .text("text")
            .reference_or_null("set_by", "account")
            .reference_or_null("set_for", "account")
            .instant("set_at")
            .version()
            .unique(&["year_id", "unit_id", "indicator_id"])
            .index(&["unit_id"])
            .index(&["indicator_id"])
            .create(manager)
            .await?;
        NewTable::with_id("pact")
            .reference("year_id", "emulation_year")
            .integer("number")
            .one_of("state", &["DRAFT", "AGREED", "SIGNING", "IN_FORCE", "ENDED"])
            .text("text")
            .reference_or_null("criteria_version_id", "criteria_set_version")
            .bytes_or_null("digest")
            .instant_or_null("in_force_at")
            .day_or_null("ended_on")
            .text_or_null("end_reason")
            .version()
            .instant("created_at")
            .check("ended", "(state = 'ENDED') = (ended_on IS NOT NULL)")
            .unique(&["year_id", "number"])
            .index(&["criteria_version_id"])
            .create(manager)
            .await?;
        NewTable::with_id("pact_signature")
            .reference("pact_id", "pact")
            .reference("unit_id", "unit")
            .text("signer_name")
            .text_or_null("signer_title")
            .reference_or_null("signed_by", "account")
            .reference_or_null("signed_for", "account")
            .instant("signed_at")
            .unique(&["pact_id", "unit_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("unit_event")
            .reference("unit_id", "unit")
            .one_of("kind", &["FOUNDED", "SPLIT", "MERGED", "CONSOLIDATED"])
            .day("took_effect_on")
            .text_or_null("decision")
            .reference_or_null("recorded_by", "account")
            .reference_or_null("recorded_for", "account")
            .instant("recorded_at")
            .unique(&["unit_id", "kind", "took_effect_on"])
            .create(manager)
            .await?;

        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
