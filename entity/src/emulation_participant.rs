//! A unit that takes part in an emulation year. Its scores stay here, also when it moves to another cluster.

use sea_orm::entity::prelude::*;

use crate::enums::YearCalendar;

/// A unit that takes part in an emulation year. Its scores stay here, also when it moves to another cluster.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emulation_participant")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// By which calendar it is judged.
    pub calendar: YearCalendar,
    /// Why it was added later than the others, or what else is to be known.
    pub note: Option<String>,
    /// First day on which it no longer takes part; `None` while it does.
    pub withdrawn_on: Option<Date>,
    /// Why it no longer takes part.
    pub withdrawn_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
