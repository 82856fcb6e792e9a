//! A step in the life of a score sheet: who did what, when and why. Never changed.

use sea_orm::entity::prelude::*;

use crate::enums::SheetState;

/// A step in the life of a score sheet: who did what, when and why. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "score_step")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The sheet.
    pub sheet_id: Uuid,
    /// Where the sheet came to be.
    pub state: SheetState,
    /// Why, for a return.
    pub reason: Option<String>,
    /// Who took it; `None` for recorded data.
    pub taken_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub taken_for: Option<Uuid>,
    /// When.
    pub taken_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
