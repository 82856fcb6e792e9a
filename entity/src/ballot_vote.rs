//! What a member chose in an open ballot. Never changed.

use sea_orm::entity::prelude::*;

/// What a member chose in an open ballot. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot_vote")]
pub struct Model {
    /// The ballot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ballot_id: Uuid,
    /// The unit or, of a council, its member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_id: Uuid,
    /// The choice, as JSON.
    pub choice: String,
    /// Who cast it; `None` for recorded data.
    pub cast_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub cast_for: Option<Uuid>,
    /// When.
    pub cast_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
