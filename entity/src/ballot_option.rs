//! What can be chosen in a ballot: a unit, a proposal of an award, or a plain motion.

use sea_orm::entity::prelude::*;

/// What can be chosen in a ballot: a unit, a proposal of an award, or a plain motion.
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
    /// The unit; `None` for anything else.
    pub unit_id: Option<Uuid>,
    /// The proposal of an award; `None` for anything else.
    pub proposal_id: Option<Uuid>,
    /// The motion, the name of the unit then, or the award with its recipient.
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
