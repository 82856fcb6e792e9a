//! A grade that units could have in a result, also when none has it; a copy from the snapshot.

use sea_orm::entity::prelude::*;

/// A grade that units could have in a result, also when none has it; a copy from the snapshot.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result_grade")]
pub struct Model {
    /// The result.
    #[sea_orm(primary_key, auto_increment = false)]
    pub result_id: Uuid,
    /// Its code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub grade: String,
    /// Its name then.
    pub title: String,
    /// Where it stands among the grades, 1 the best.
    pub grade_order: i32,
}

impl ActiveModelBehavior for ActiveModel {}
