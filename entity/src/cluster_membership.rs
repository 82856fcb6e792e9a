//! A unit belongs to a cluster, from when to when.

use sea_orm::entity::prelude::*;

/// A unit belongs to a cluster, from when to when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cluster_membership")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cluster.
    pub cluster_id: Uuid,
    /// The member.
    pub unit_id: Uuid,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer belongs; `None` while it does.
    pub valid_to: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
