//! A step that was taken with a proposal.

use sea_orm::entity::prelude::*;

use crate::enums::ProposalStep;

/// A step that was taken with a proposal.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_proposal_step")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The proposal.
    pub proposal_id: Uuid,
    /// Which step.
    pub step: ProposalStep,
    /// What was said with it.
    pub reason: Option<String>,
    /// The last day on which it was to be taken.
    pub due_on: Option<Date>,
    /// Whether it was taken after that day.
    pub late: bool,
    /// Who took it; `None` for recorded data.
    pub taken_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub taken_for: Option<Uuid>,
    /// When.
    pub taken_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
