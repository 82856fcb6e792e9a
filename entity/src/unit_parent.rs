//! Which unit manages which, from when to when.

use sea_orm::entity::prelude::*;

/// Which unit manages which, from when to when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_parent")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The lower unit.
    pub unit_id: Uuid,
    /// The unit directly above.
    pub parent_id: Uuid,
    /// First day; the earliest day there is (`0001-01-01`) when unknown.
    pub valid_from: Date,
    /// First day on which it no longer holds; `None` while it does.
    pub valid_to: Option<Date>,
    /// The decision that says so, as written.
    pub decision: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
