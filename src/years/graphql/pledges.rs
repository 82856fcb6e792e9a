//! What the mutations of participants, registrations, targets and pacts take.

use async_graphql::{ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use thidua_entity::enums::{RegistrationKind, YearCalendar};

use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;
use crate::years::usecases::NewRegistration;

/// A unit that takes part later than the others.
#[derive(InputObject)]
pub struct AddParticipantInput {
    /// The year.
    pub year_id: ID,
    /// The unit: a member of the cluster on some day of the year. One that had withdrawn takes part again.
    pub unit_id: ID,
    /// By which calendar it is judged; left out, schools by the school year when there is one.
    pub calendar: Option<YearCalendar>,
    /// Why it is added.
    pub note: String,
}

/// What is said anew of a participant. A field that is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateParticipantInput {
    /// The participant.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// By which calendar it is judged; until units check each other.
    pub calendar: Option<YearCalendar>,
    /// What is to be known; null when there is nothing.
    pub note: MaybeUndefined<String>,
}

/// A unit that no longer takes part.
#[derive(InputObject)]
pub struct WithdrawParticipantInput {
    /// The participant.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// First day on which it no longer takes part. It has come, since the unit is out as soon as this is recorded; and it lies in the year,
    /// when that has begun.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// What a unit registers for.
#[derive(InputObject)]
pub struct RegisterInput {
    /// The year.
    year_id: ID,
    /// The unit.
    unit_id: ID,
    /// What it is for. A unit has one grade that it aims at.
    kind: RegistrationKind,
    /// The grade by its code in the criteria set, the title or the movement as written.
    title: String,
    /// The kind of award, when it is in the catalogue; for titles only.
    award_type_id: Option<ID>,
    /// For whom; for `INDIVIDUAL_TITLE`, and only there.
    person: Option<String>,
    /// Why it comes late; needed after the phase `REGISTERING`.
    late_reason: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, the first registration is the answer.
    pub idempotency_key: Option<String>,
}

impl RegisterInput {
    /// The input as the use-case takes it.
    pub fn read(self) -> Result<NewRegistration> {
        Ok(NewRegistration {
            year: Kind::EmulationYear.parse(&self.year_id)?,
            unit: Kind::Unit.parse(&self.unit_id)?,
            kind: self.kind,
            title: self.title,
            award_type: read_id(Kind::AwardType, self.award_type_id.as_ref())?,
            person: self.person,
            late_reason: self.late_reason,
        })
    }
}

/// A registration that is taken back.
#[derive(InputObject)]
pub struct WithdrawRegistrationInput {
    /// The registration.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why; needed after the phase `REGISTERING`.
    pub reason: Option<String>,
}

/// What a unit promises.
#[derive(InputObject)]
pub struct SetTargetInput {
    /// The year.
    pub year_id: ID,
    /// The unit.
    pub unit_id: ID,
    /// Code of the indicator: one that is a whole number, a decimal, money or a percentage.
    pub indicator_code: String,
    /// The figure as people write it: `1.671`, `295 triệu đồng`, `93,35%`. One number, not about or more than.
    pub text: String,
    /// The version of the target that you saw; leave it out when there is none yet.
    pub version: Option<i32>,
    /// Why it comes late; needed after the phase `REGISTERING`.
    pub late_reason: Option<String>,
}

/// A target that was not meant.
#[derive(InputObject)]
pub struct RemoveTargetInput {
    /// The target.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why; needed after the phase `REGISTERING`.
    pub reason: Option<String>,
}

/// A pact to be begun.
#[derive(InputObject)]
pub struct BeginPactInput {
    /// The year.
    pub year_id: ID,
    /// Its text, at most 50000 characters.
    pub text: String,
}

/// The text of a pact.
#[derive(InputObject)]
pub struct WritePactInput {
    /// The pact.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Its text, at most 50000 characters.
    pub text: String,
}

/// A pact that takes a step in its life.
#[derive(InputObject)]
pub struct PactStepInput {
    /// The pact.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
}

/// A signature under a pact.
#[derive(InputObject)]
pub struct SignPactInput {
    /// The pact.
    pub id: ID,
    /// The `sha256` of the pact as you saw it: what is signed. `STALE_VERSION` when it is another by now.
    pub sha256: String,
    /// The unit that signs.
    pub unit_id: ID,
    /// Who signs for it.
    pub signer_name: String,
    /// As what: Chủ tịch.
    pub signer_title: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, it is signed once.
    pub idempotency_key: Option<String>,
}

/// The end of a pact.
#[derive(InputObject)]
pub struct EndPactInput {
    /// The pact.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why, such as a reform in mid-year.
    pub reason: String,
}
