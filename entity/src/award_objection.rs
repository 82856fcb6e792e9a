//! What a unit holds against the outcome of a proposal before it is decided, and the answer.

use sea_orm::entity::prelude::*;

use crate::enums::ObjectionOutcome;

/// What a unit holds against the outcome of a proposal before it is decided, and the answer.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_objection")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The proposal.
    pub proposal_id: Uuid,
    /// The unit that objects.
    pub unit_id: Uuid,
    /// What the unit says.
    pub text: String,
    /// Who raised it; `None` for recorded data.
    pub raised_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub raised_for: Option<Uuid>,
    /// When.
    pub raised_at: DateTimeUtc,
    /// What came of it; `None` while it is open.
    pub outcome: Option<ObjectionOutcome>,
    /// The answer.
    pub answer: Option<String>,
    /// Who answered it; `None` for recorded data.
    pub answered_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub answered_for: Option<Uuid>,
    /// When it was answered.
    pub answered_at: Option<DateTimeUtc>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
