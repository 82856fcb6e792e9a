//! A council of emulation and commendation (hội đồng thi đua - khen thưởng) of a unit.

use sea_orm::entity::prelude::*;

/// A council of emulation and commendation (hội đồng thi đua - khen thưởng) of a unit.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "council")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit to which it belongs.
    pub unit_id: Uuid,
    /// Name as written, NFC.
    pub name: String,
    /// The decision that set it up, as written.
    pub decision: Option<String>,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer exists; `None` while it does.
    pub valid_to: Option<Date>,
    /// Counts changes, those of members too; a write names the one it saw.
    pub version: i32,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
