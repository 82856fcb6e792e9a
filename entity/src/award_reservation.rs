//! The place of a proposal in a quota, from the moment it is proposed.

use sea_orm::entity::prelude::*;

/// The place of a proposal in a quota, from the moment it is proposed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_reservation")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The quota.
    pub quota_id: Uuid,
    /// The proposal.
    pub proposal_id: Uuid,
    /// Whether it counts; not by an exception.
    pub counted: bool,
    /// When it was taken.
    pub taken_at: DateTimeUtc,
    /// When it became free again; `None` while it is held.
    pub released_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
