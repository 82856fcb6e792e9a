//! What a unit came out of, by an event.

use sea_orm::entity::prelude::*;

/// What a unit came out of, by an event.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_predecessor")]
pub struct Model {
    /// The event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    /// The unit that came out of it.
    pub unit_id: Uuid,
    /// The unit that was there before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub predecessor_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
