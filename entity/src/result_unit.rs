//! How one unit stands in a result, for lists and counts; a copy from the snapshot.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{Sector, StandingKind};

/// How one unit stands in a result, for lists and counts; a copy from the snapshot.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result_unit")]
pub struct Model {
    /// The result.
    #[sea_orm(primary_key, auto_increment = false)]
    pub result_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// Its name as written then.
    pub name: String,
    /// Its sector then.
    pub sector: Option<Sector>,
    /// Its province then.
    pub province_id: Option<Uuid>,
    /// How it stands.
    pub standing: StandingKind,
    /// Code of its grade, of one that is rated.
    pub grade: Option<String>,
    /// Vietnamese name of its grade, as the set has it.
    pub grade_title: Option<String>,
    /// Place of its grade among the grades, 1 the best.
    pub grade_order: Option<i32>,
    /// Its total; `None` while something is open.
    pub points: Option<Fixed4>,
    /// Its place in the cluster.
    pub place: Option<i32>,
    /// Where it stands in the list of the result, from 1: by place, and those without one behind.
    pub position: i32,
    /// Whether a quota moved it to a lower grade.
    pub moved: bool,
}

impl ActiveModelBehavior for ActiveModel {}
