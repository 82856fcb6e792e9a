//! What a unit promised for an indicator in an emulation year.

use sea_orm::entity::prelude::*;

use crate::Fixed4;

/// What a unit promised for an indicator in an emulation year.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "target")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The indicator.
    pub indicator_id: Uuid,
    /// What it promised.
    pub value: Fixed4,
    /// As it was typed.
    pub text: String,
    /// Why it was set after the phase of registering; `None` when it was in time.
    pub late_reason: Option<String>,
    /// Who set it; `None` for recorded data.
    pub set_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub set_for: Option<Uuid>,
    /// When.
    pub set_at: DateTimeUtc,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
