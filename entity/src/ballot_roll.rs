//! A member on the roll of a ballot, as it was frozen when the ballot was opened.

use sea_orm::entity::prelude::*;

use crate::enums::Presence;

/// A member on the roll of a ballot, as it was frozen when the ballot was opened.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_roll")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The unit or, of a council, its member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_id: Uuid,
    /// Whether it is there.
    pub presence: Presence,
    /// Whether it does not vote because the matter concerns it.
    pub recused: bool,
    /// Whether it may vote.
    pub may_vote: bool,
    /// Of a secret ballot: whether its token was given. Without a time.
    pub token_given: bool,
    /// Of a secret ballot that is open: SHA-256 of what was signed blindly, so that a lost answer can be given again.
    pub blinded_hash: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
