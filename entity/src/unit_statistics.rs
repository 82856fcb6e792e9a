//! Head counts of a unit on one day.

use sea_orm::entity::prelude::*;

/// Head counts of a unit on one day.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_statistics")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// The day of the count.
    pub as_of: Date,
    /// Workers, public employees and labourers; `None` when not counted.
    pub workers: Option<i64>,
    /// Union members; `None` when not counted.
    pub members: Option<i64>,
    /// Women among the members; `None` when not counted.
    pub women_members: Option<i64>,
    /// Where the count comes from, as written.
    pub source: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
