//! What a checker found, and what the checked unit replied.

use sea_orm::entity::prelude::*;

use crate::enums::Reply;

/// What a checker found, and what the checked unit replied.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cross_check_finding")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cross-check.
    pub cross_check_id: Uuid,
    /// Code of the criterion; `None` when it is about the unit as a whole.
    pub criterion: Option<String>,
    /// What was found.
    pub text: String,
    /// What was looked at.
    pub evidence_seen: Option<String>,
    /// Who wrote it; `None` for recorded data.
    pub written_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub written_for: Option<Uuid>,
    /// When.
    pub written_at: DateTimeUtc,
    /// Whether the unit agrees; `None` before it replied.
    pub accepted: Option<Reply>,
    /// What the unit replied.
    pub reply: Option<String>,
    /// Who replied; `None` for recorded data.
    pub replied_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub replied_for: Option<Uuid>,
    /// When it replied.
    pub replied_at: Option<DateTimeUtc>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
