//! A unit does not vote in a ballot, and why.

use sea_orm::entity::prelude::*;

/// A unit does not vote in a ballot, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_recusal")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
    /// Why.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
