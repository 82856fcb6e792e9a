//! The points of one unit in one emulation year, by layer.

use sea_orm::entity::prelude::*;

use crate::enums::SheetState;

/// The points of one unit in one emulation year, by layer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "score_sheet")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Where it is in its life.
    pub state: SheetState,
    /// Last day on which the unit may object; `None` before it was appraised.
    pub objections_until: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was begun.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
