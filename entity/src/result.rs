//! What came out of an emulation year: computed, and published once it is decided. A published one never changes.

use sea_orm::entity::prelude::*;

use crate::enums::ResultState;

/// What came out of an emulation year: computed, and published once it is decided. A published one never changes.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// 1, and one more for each that followed.
    pub number: i32,
    /// Whether it is published.
    pub state: ResultState,
    /// Which way of reckoning made it.
    pub engine: i32,
    /// SHA-256 of its snapshot, hexadecimal.
    pub hash: String,
    /// SHA-256 of the facts in it: a result is stale once the facts are others.
    pub facts_hash: String,
    /// SHA-256 of the criteria set in it.
    pub rules_hash: String,
    /// The published one that this one corrects.
    pub corrects_id: Option<Uuid>,
    /// Why it is corrected.
    pub correction_reason: Option<String>,
    /// Who had it computed; `None` for recorded data.
    pub computed_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub computed_for: Option<Uuid>,
    /// When.
    pub computed_at: DateTimeUtc,
    /// Who published it; `None` for recorded data.
    pub published_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub published_for: Option<Uuid>,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
