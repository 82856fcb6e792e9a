//! What an option got in a ballot.

use sea_orm::entity::prelude::*;

use crate::Fixed4;

/// What an option got in a ballot.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_count")]
pub struct Model {
    /// The option.
    #[sea_orm(primary_key, auto_increment = false)]
    pub option_id: Uuid,
    /// The ballot.
    pub ballot_id: Uuid,
    /// Whether it was chosen.
    pub chosen: bool,
    /// Votes for it; `None` where they are not known or not shown.
    pub votes_for: Option<i32>,
    /// Votes against it, where there are any.
    pub votes_against: Option<i32>,
    /// Abstentions, where there are any.
    pub votes_abstained: Option<i32>,
    /// Points of its places, where units are ranked.
    pub points: Option<i32>,
    /// Percent of the votes, where only that was recorded.
    pub percent: Option<Fixed4>,
}

impl ActiveModelBehavior for ActiveModel {}
