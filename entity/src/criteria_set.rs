//! A criteria set (bảng điểm) under one code; what it holds is in its versions.

use sea_orm::entity::prelude::*;

/// A criteria set (bảng điểm) under one code; what it holds is in its versions.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criteria_set")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that issues it, for clusters of units below; `None` when a cluster owns it.
    pub unit_id: Option<Uuid>,
    /// The cluster whose own it is; `None` when a unit issues it.
    pub cluster_id: Option<Uuid>,
    /// The set of a unit that the cluster adapts; `None` when it begins with nothing.
    pub base_id: Option<Uuid>,
    /// Short code, unique for its owner.
    pub code: String,
    /// Name as written, NFC.
    pub name: String,
    /// Code and name folded, for search.
    pub search_key: String,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
