//! What happened to a unit that bears on whether it is rated.

use sea_orm::entity::prelude::*;

use crate::enums::UnitEventKind;

/// What happened to a unit that bears on whether it is rated.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_event")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// What.
    pub kind: UnitEventKind,
    /// The day on which it took effect.
    pub took_effect_on: Date,
    /// The decision, as written.
    pub decision: Option<String>,
    /// Who recorded it; `None` for recorded data.
    pub recorded_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub recorded_for: Option<Uuid>,
    /// When.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
