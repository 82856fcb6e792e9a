//! What the queries and mutations of cross-checks take.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::{CrossCheckState, Reply};

use crate::crosschecks::store::CrossCheckFilter;
use crate::crosschecks::usecases::{Finding, Minutes, NewDraw};
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;

/// Which cross-checks a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct CrossCheckWhere {
    /// Only those of this emulation year.
    year_id: Option<ID>,
    /// Only those that this unit makes.
    checker_id: Option<ID>,
    /// Only those in which this unit is checked.
    checked_id: Option<ID>,
    /// Only those in this state.
    state: Option<CrossCheckState>,
}

impl CrossCheckWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<CrossCheckFilter> {
        Ok(CrossCheckFilter {
            year: read_id(Kind::EmulationYear, self.year_id.as_ref())?,
            checker: read_id(Kind::Unit, self.checker_id.as_ref())?,
            checked: read_id(Kind::Unit, self.checked_id.as_ref())?,
            state: self.state,
        })
    }
}

/// A draw of who checks whom.
#[derive(InputObject)]
pub struct DrawCrossChecksInput {
    /// The emulation year; it is SELF_SCORING or CROSS_CHECKING.
    year_id: ID,
    /// How many units each checks, 1 to 3; each is checked by as many. A score sheet has one layer for the cross-check, whoever writes it: of
    /// several checkers each sees, and may replace with a reason, what the others gave, in a blind year too.
    #[graphql(default = 1)]
    checks_per_unit: i32,
    /// What the draw is made with, at most 100 characters: any text, such as a number that somebody drew before all. A part that is made up is
    /// added and printed with it, so that nobody tries out before which seed gives what. With `dryRun` it is the whole seed: that of a kept
    /// draw repeats it.
    seed: Option<String>,
    /// The `number` of the last draw of the year that you saw; leave it out when there was none. So of two who draw at once one is told
    /// `STALE_VERSION`.
    replaces: Option<i32>,
    /// Whether to show what would be drawn, and keep nothing.
    #[graphql(default)]
    pub dry_run: bool,
    /// A key of your own, at most 100 characters: asked again with it, it is drawn once.
    idempotency_key: Option<String>,
}

impl DrawCrossChecksInput {
    /// The draw as the use-case takes it.
    pub fn read(&self) -> Result<NewDraw<'_>> {
        Ok(NewDraw {
            year: Kind::EmulationYear.parse(&self.year_id)?,
            checks_per_unit: self.checks_per_unit,
            seed: self.seed.as_deref(),
            replaces: self.replaces,
            key: self.idempotency_key.as_deref(),
        })
    }
}

/// A unit that does not check another.
#[derive(InputObject)]
pub struct RecordRecusalInput {
    /// The emulation year.
    pub year_id: ID,
    /// The unit that does not check.
    pub checker_id: ID,
    /// Whom it does not check.
    pub checked_id: ID,
    /// Why.
    pub reason: String,
}

/// A recusal to be taken back.
#[derive(InputObject)]
pub struct WithdrawRecusalInput {
    /// The `id` of the recusal.
    pub id: ID,
}

/// A cross-check to be assigned by hand.
#[derive(InputObject)]
pub struct AssignCrossCheckInput {
    /// The emulation year; it is RUNNING, SELF_SCORING or CROSS_CHECKING.
    pub year_id: ID,
    /// The unit that checks.
    pub checker_id: ID,
    /// The unit that is checked.
    pub checked_id: ID,
    /// Why it is not drawn; the cluster reads it.
    pub reason: String,
}

/// A step with a cross-check.
#[derive(InputObject)]
pub struct CrossCheckStepInput {
    /// The cross-check.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
}

/// A step with a cross-check that needs a reason.
#[derive(InputObject)]
pub struct CrossCheckReasonInput {
    /// The cross-check.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// Why.
    pub reason: String,
}

/// What a checker found.
#[derive(InputObject)]
pub struct FindingInput {
    /// Code of the section or criterion of the year's criteria; left out when it is about the unit as a whole.
    criterion: Option<String>,
    /// What was found.
    text: String,
    /// What was looked at: papers, books, premises.
    evidence_seen: Option<String>,
}

impl FindingInput {
    /// The finding as the use-case takes it.
    pub fn read(&self) -> Finding<'_> {
        Finding {
            criterion: self.criterion.as_deref(),
            text: &self.text,
            evidence_seen: self.evidence_seen.as_deref(),
        }
    }
}

/// A finding to be written.
#[derive(InputObject)]
pub struct WriteFindingInput {
    /// The cross-check.
    pub cross_check_id: ID,
    /// What was found.
    #[graphql(flatten)]
    pub finding: FindingInput,
    /// A key of your own, at most 100 characters: asked again with it, it is written once.
    pub idempotency_key: Option<String>,
}

/// A finding to be written anew.
#[derive(InputObject)]
pub struct ChangeFindingInput {
    /// The finding.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What was found.
    #[graphql(flatten)]
    pub finding: FindingInput,
}

/// A finding to be taken away.
#[derive(InputObject)]
pub struct RemoveFindingInput {
    /// The finding.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
}

/// A reply to a finding.
#[derive(InputObject)]
pub struct ReplyToFindingInput {
    /// The finding.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// Whether the unit agrees.
    pub reply: Reply,
    /// What it says to it; who disputes a finding says why.
    pub text: Option<String>,
}

/// The minutes of a cross-check.
#[derive(InputObject)]
pub struct WriteMinutesInput {
    /// The cross-check.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// The day of the visit.
    held_on: NaiveDate,
    /// Where.
    place: String,
    /// Who was there.
    attendance: String,
    /// The minutes.
    minutes: String,
}

impl WriteMinutesInput {
    /// The minutes as the use-case takes them.
    pub fn read(&self) -> Minutes<'_> {
        Minutes {
            held_on: self.held_on,
            place: &self.place,
            attendance: &self.attendance,
            text: &self.minutes,
        }
    }
}
