//! The receipt of a paper that was counted. It says nothing of the choice.

use sea_orm::entity::prelude::*;

/// The receipt of a paper that was counted. It says nothing of the choice.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_receipt")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// SHA-256 of the token with which the paper was cast.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
}

impl ActiveModelBehavior for ActiveModel {}
