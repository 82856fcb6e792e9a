//! When a phase of an emulation year is planned to begin.

use sea_orm::entity::prelude::*;

use crate::enums::YearPhase;

/// When a phase of an emulation year is planned to begin.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emulation_phase")]
pub struct Model {
    /// The year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year_id: Uuid,
    /// The phase.
    #[sea_orm(primary_key, auto_increment = false)]
    pub phase: YearPhase,
    /// The day on which it is to begin.
    pub starts_on: Date,
}

impl ActiveModelBehavior for ActiveModel {}
