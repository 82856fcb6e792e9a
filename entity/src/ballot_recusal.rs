//! A member does not vote in a ballot, and why.

use sea_orm::entity::prelude::*;

/// A member does not vote in a ballot, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_recusal")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The unit or, of a council, its member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_id: Uuid,
    /// Why.
    pub reason: String,
}

impl ActiveModelBehavior for ActiveModel {}
