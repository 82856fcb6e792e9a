//! Somebody sits in a council, from when to when.

use sea_orm::entity::prelude::*;

use crate::enums::CouncilSeat;

/// Somebody sits in a council, from when to when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "council_member")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The council.
    pub council_id: Uuid,
    /// Name as written, NFC.
    pub name: String,
    /// In which seat.
    pub seat: CouncilSeat,
    /// The account that is this member; `None` of who votes on paper only.
    pub account_id: Option<Uuid>,
    /// First day.
    pub valid_from: Date,
    /// First day on which they no longer sit; `None` while they do.
    pub valid_to: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
