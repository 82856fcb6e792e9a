//! One cluster in one year: theme, phase, pact, criteria set, results.

use sea_orm::entity::prelude::*;

use crate::enums::YearPhase;

/// One cluster in one year: theme, phase, pact, criteria set, results.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emulation_year")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cluster.
    pub cluster_id: Uuid,
    /// The year it is called after: 2026.
    pub year: i32,
    /// Its theme, as written.
    pub theme: Option<String>,
    /// First day of the span for which units on the calendar year are judged; later than 1 January when the cluster began in mid-year.
    pub starts_on: Date,
    /// Last day of that span, included.
    pub ends_on: Date,
    /// First day of the span for which units on the school year are judged; `None` when there are none.
    pub school_starts_on: Option<Date>,
    /// Last day of that span.
    pub school_ends_on: Option<Date>,
    /// Where it is in its life.
    pub phase: YearPhase,
    /// The version of the criteria set that it is scored by; frozen with the pact.
    pub criteria_version_id: Option<Uuid>,
    /// SHA-256 of what that version holds, taken when the pact came into force; `None` before.
    pub criteria_digest: Option<Vec<u8>>,
    /// Whether points of others are hidden from a scorer until its own are in.
    pub blind: bool,
    /// Days in which a unit may object after its sheet was appraised, 0 to 60.
    pub objection_days: i32,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was opened.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
