//! When, where and by whom an award was handed over.

use sea_orm::entity::prelude::*;

/// When, where and by whom an award was handed over.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_handover")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The award.
    pub award_id: Uuid,
    /// The day.
    pub held_on: Date,
    /// Where.
    pub place: String,
    /// By whom, as written.
    pub handed_by: String,
    /// What else is to be said.
    pub note: Option<String>,
    /// Who recorded it; `None` for recorded data.
    pub recorded_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub recorded_for: Option<Uuid>,
    /// When.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
