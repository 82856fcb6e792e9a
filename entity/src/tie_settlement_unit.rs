//! Where a unit stands in an order that was given to units nothing else separated.

use sea_orm::entity::prelude::*;

/// Where a unit stands in an order that was given to units nothing else separated.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tie_settlement_unit")]
pub struct Model {
    /// The settlement.
    #[sea_orm(primary_key, auto_increment = false)]
    pub settlement_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// 1 for the one that stands before the others.
    pub position: i32,
}

impl ActiveModelBehavior for ActiveModel {}
