//! What can be chosen in a ballot: a unit, or a plain motion.

use sea_orm::entity::prelude::*;

/// What can be chosen in a ballot: a unit, or a plain motion.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_option")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The ballot.
    pub ballot_id: Uuid,
    /// Its place, from 1.
    pub position: i32,
    /// The unit; `None` for a motion.
    pub unit_id: Option<Uuid>,
    /// The motion, or the name of the unit then.
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
