//! A step in the life of an emulation year: who opened which phase, when and why. Never changed.

use sea_orm::entity::prelude::*;

use crate::enums::YearPhase;

/// A step in the life of an emulation year: who opened which phase, when and why. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "emulation_step")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The phase it came to be in.
    pub phase: YearPhase,
    /// Why, for a step back.
    pub reason: Option<String>,
    /// Who took it; `None` for recorded data.
    pub taken_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub taken_for: Option<Uuid>,
    /// When.
    pub taken_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
