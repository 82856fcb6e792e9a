//! A unit does not check another, and why.

use sea_orm::entity::prelude::*;

/// A unit does not check another, and why.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cross_check_recusal")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// Who does not check.
    pub checker_id: Uuid,
    /// Whom.
    pub checked_id: Uuid,
    /// Why.
    pub reason: String,
    /// Who recorded it; `None` for recorded data.
    pub recorded_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub recorded_for: Option<Uuid>,
    /// When.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
