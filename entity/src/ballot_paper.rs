//! A paper of a secret ballot that is open: a choice, sealed. It says nothing of who cast it or when, and is gone after the count.

use sea_orm::entity::prelude::*;

/// A paper of a secret ballot that is open: a choice, sealed. It says nothing of who cast it or when, and is gone after the count.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_paper")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// SHA-256 of the token with which it was cast.
    #[sea_orm(primary_key, auto_increment = false)]
    pub receipt: String,
    /// The choice, padded and sealed.
    pub sealed: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
