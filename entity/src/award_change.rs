//! An award was revoked or corrected by another decision. The award itself stays as it was written.

use sea_orm::entity::prelude::*;

use crate::enums::AwardChangeKind;

/// An award was revoked or corrected by another decision. The award itself stays as it was written.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_change")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The award.
    pub award_id: Uuid,
    /// Revoked or corrected.
    pub kind: AwardChangeKind,
    /// The decision that did it.
    pub decision_id: Uuid,
    /// The legal ground, as written.
    pub ground: String,
    /// The recipient's name as corrected.
    pub recipient_name: Option<String>,
    /// Who recorded it; `None` for recorded data.
    pub recorded_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub recorded_for: Option<Uuid>,
    /// When.
    pub recorded_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
