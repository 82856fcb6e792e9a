//! A case: an award is proposed for somebody, and goes through its steps until it is decided.

use sea_orm::entity::prelude::*;

use crate::enums::{ProposalState, Recipient};

/// A case: an award is proposed for somebody, and goes through its steps until it is decided.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_proposal")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of award.
    pub award_type_id: Uuid,
    /// The terms with which the case began, and which it keeps; `None` where the kind had none.
    pub terms_id: Option<Uuid>,
    /// Year of achievement.
    pub year: i32,
    /// Collective or individual.
    pub recipient: Recipient,
    /// The unit that is to receive it, or within which the person stands.
    pub unit_id: Uuid,
    /// The person's name, of an individual.
    pub person: Option<String>,
    /// The person's name without case and accents, for finding the same person again.
    pub person_key: Option<String>,
    /// Whether that person is a woman; `None` of a collective, and when it was not said.
    pub is_woman: Option<bool>,
    /// The unit that proposes.
    pub proposer_id: Uuid,
    /// The unit whose council and standing committee decide.
    pub decider_id: Uuid,
    /// For what.
    pub merit: String,
    /// For what, without case and accents, for finding the same merit again.
    pub merit_key: String,
    /// Where it is in its life.
    pub state: ProposalState,
    /// Where it was before its outcome; `None` while it has none.
    pub outcome_from: Option<ProposalState>,
    /// When the outcome was told to the side that proposes; `None` before.
    pub released_at: Option<DateTimeUtc>,
    /// Last day on which units may object to the outcome that was told; `None` before, and where nobody is asked.
    pub objections_until: Option<Date>,
    /// How it was judged at its last step, rule by rule, as JSON.
    pub eligibility: String,
    /// Why it goes on although a rule is not kept.
    pub exception_reason: Option<String>,
    /// Last day of the step for which it waits.
    pub due_on: Option<Date>,
    /// How many of the council were in favour.
    pub in_favour: Option<i32>,
    /// How many members the council has.
    pub council_members: Option<i32>,
    /// How many of them were present; the others are asked in writing.
    pub council_present: Option<i32>,
    /// The day of the vote.
    pub voted_on: Option<Date>,
    /// The ballot, where it was held in the service.
    pub ballot_id: Option<Uuid>,
    /// Whether that ballot chose it; `None` without one.
    pub ballot_chose: Option<bool>,
    /// The lower kind of award to which it was reduced.
    pub reduced_to_id: Option<Uuid>,
    /// The terms of that kind.
    pub reduced_terms_id: Option<Uuid>,
    /// To whom it was forwarded, as written.
    pub forwarded_to: Option<String>,
    /// The decision that gave the award.
    pub decision_id: Option<Uuid>,
    /// The award that it gave.
    pub award_id: Option<Uuid>,
    /// Who proposed; `None` for recorded data.
    pub created_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub created_for: Option<Uuid>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was proposed.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
