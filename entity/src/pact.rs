//! What the members of a cluster sign for a year (giao ước thi đua).

use sea_orm::entity::prelude::*;

use crate::enums::PactState;

/// What the members of a cluster sign for a year (giao ước thi đua).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pact")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// 1, and one more for each that follows one that ended.
    pub number: i32,
    /// Where it is in its life.
    pub state: PactState,
    /// What is signed.
    pub text: String,
    /// The version of the criteria set that it freezes.
    pub criteria_version_id: Option<Uuid>,
    /// SHA-256 of text and criteria, taken when it was agreed; signatures are for it.
    pub digest: Option<Vec<u8>>,
    /// When the last member signed.
    pub in_force_at: Option<DateTimeUtc>,
    /// The day on which it ended.
    pub ended_on: Option<Date>,
    /// Why it ended.
    pub end_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was begun.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
