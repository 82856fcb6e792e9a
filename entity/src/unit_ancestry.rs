//! Every unit above every unit, with the days: the closure of `unit_parent`, kept up by the units store.

use sea_orm::entity::prelude::*;

/// Every unit above every unit, with the days: the closure of `unit_parent`, kept up by the units store.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_ancestry")]
pub struct Model {
    /// The upper unit; the unit itself at depth 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_id: Uuid,
    /// The lower unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// First day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// First day on which it no longer holds; `9999-12-31` while it does, so that ranges compare without a case.
    pub valid_to: Date,
    /// Steps between the two; 0 for the unit itself.
    pub depth: i32,
}

impl ActiveModelBehavior for ActiveModel {}
