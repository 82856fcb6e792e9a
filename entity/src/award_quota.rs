//! How many of a kind of award may be proposed for a year from below a unit, or from a cluster.

use sea_orm::entity::prelude::*;

/// How many of a kind of award may be proposed for a year from below a unit, or from a cluster.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_quota")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of award.
    pub award_type_id: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// The unit that set it.
    pub setter_id: Uuid,
    /// The unit from which, and from below which, proposals count; `None` for a cluster.
    pub unit_id: Option<Uuid>,
    /// The cluster from whose members proposals count; `None` for a unit.
    pub cluster_id: Option<Uuid>,
    /// Whichever of the two it is, for the unique rule.
    pub subject_id: Uuid,
    /// How many.
    pub most: i32,
    /// The text it rests on, as written.
    pub legal_basis: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was first set.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
