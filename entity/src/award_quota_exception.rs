//! A unit whose proposals, all or some more of them, do not count against a quota.

use sea_orm::entity::prelude::*;

/// A unit whose proposals, all or some more of them, do not count against a quota.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_quota_exception")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The quota.
    pub quota_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// How many of its proposals do not count; `None` for all.
    pub extra: Option<i32>,
    /// Why.
    pub reason: String,
    /// Who set it; `None` for recorded data.
    pub set_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub set_for: Option<Uuid>,
    /// When.
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
