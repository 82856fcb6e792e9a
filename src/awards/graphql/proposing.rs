//! What clients send about proposals, decisions on them, and what becomes of awards.

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::ProposalState;

use crate::awards::store::ProposalFilter;
use crate::awards::usecases::{Another, Conclusion, Document, HandOver, NewAwards, NewProposal, Outcome, Vote};
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;

/// Which proposals a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardProposalWhere {
    /// Only those of this kind of award.
    type_id: Option<ID>,
    /// Only those of this year of achievement.
    year: Option<i32>,
    /// Only those for this very unit, or for a person of it.
    unit_id: Option<ID>,
    /// Only those that this unit proposes.
    proposer_id: Option<ID>,
    /// Only those that this unit decides.
    decider_id: Option<ID>,
    /// Only those in this state, as far as it was told.
    state: Option<ProposalState>,
}

impl AwardProposalWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<ProposalFilter> {
        Ok(ProposalFilter {
            award_type: read_id(Kind::AwardType, self.type_id.as_ref())?,
            year: self.year,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            proposer: read_id(Kind::Unit, self.proposer_id.as_ref())?,
            decider: read_id(Kind::Unit, self.decider_id.as_ref())?,
            state: self.state,
        })
    }
}

/// An award to be proposed for a unit, or for a person within it.
#[derive(InputObject)]
pub struct ProposeAwardInput {
    /// The kind of award.
    type_id: ID,
    /// Year of achievement; not after this year.
    year: i32,
    /// The unit that proposes.
    proposer_id: ID,
    /// The unit that is to receive it, or within which the person stands: the one that proposes, or one below it.
    unit_id: ID,
    /// The person's name; leave it out for the unit itself.
    person: Option<String>,
    /// Whether that person is a woman, where the terms put women first at equal merit; leave it out of a unit, or when not known.
    is_woman: Option<bool>,
    /// For what, at most 4000 characters. One merit is proposed once, in one form.
    merit: String,
    /// The unit whose council decides, at or above the one that proposes; the nearest of the award's level when left out.
    decider_id: Option<ID>,
    /// Why it is proposed although a rule is not kept; kept with the case.
    exception_reason: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, it is proposed once.
    pub idempotency_key: Option<String>,
}

impl ProposeAwardInput {
    /// The proposal as the use-case takes it.
    pub fn read(&self) -> Result<NewProposal<'_>> {
        Ok(NewProposal {
            award_type: Kind::AwardType.parse(&self.type_id)?,
            year: self.year,
            unit: Kind::Unit.parse(&self.unit_id)?,
            person: self.person.as_deref(),
            is_woman: self.is_woman,
            proposer: Kind::Unit.parse(&self.proposer_id)?,
            decider: read_id(Kind::Unit, self.decider_id.as_ref())?,
            merit: &self.merit,
            exception_reason: self.exception_reason.as_deref(),
        })
    }
}

/// A document of a dossier that is there.
#[derive(InputObject)]
pub struct TickAwardDossierInput {
    /// The proposal.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// Code of the item of the checklist.
    code: String,
    /// What the document is, as written.
    document: String,
    /// Its number as written.
    number: Option<String>,
    /// Its day.
    dated: Option<NaiveDate>,
    /// Who signed it, as written.
    signer: Option<String>,
}

impl TickAwardDossierInput {
    /// The document as the use-case takes it.
    pub fn read(&self) -> Document<'_> {
        Document {
            code: &self.code,
            document: &self.document,
            number: self.number.as_deref(),
            dated: self.dated,
            signer: self.signer.as_deref(),
        }
    }
}

/// A step with a proposal.
#[derive(InputObject)]
pub struct EndorseAwardProposalInput {
    /// The proposal.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What is said with it.
    pub note: Option<String>,
}

/// A proposal to be appraised.
#[derive(InputObject)]
pub struct AppraiseAwardProposalInput {
    /// The proposal.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What is said with it.
    pub note: Option<String>,
    /// Why it goes on although a rule is not kept; the reason given before stays when left out.
    pub exception_reason: Option<String>,
}

/// How the council voted on a proposal.
#[derive(InputObject)]
pub struct RecordAwardVoteInput {
    /// The proposal.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// How many were in favour, those asked in writing included.
    in_favour: i32,
    /// How many members the council has, 1 to 1000.
    members: i32,
    /// How many of them were present.
    present: i32,
    /// The day of the meeting; not after today.
    held_on: NaiveDate,
    /// What else is to be said.
    note: Option<String>,
}

impl RecordAwardVoteInput {
    /// The vote as the use-case takes it.
    pub fn read(&self) -> Vote<'_> {
        Vote {
            in_favour: self.in_favour,
            members: self.members,
            present: self.present,
            held_on: self.held_on,
            note: self.note.as_deref(),
        }
    }
}

/// What is concluded on a proposal.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AwardConclusion {
    /// It is approved. Where the council votes, that takes the share of all members that the terms ask for.
    Approve,
    /// It is refused.
    Refuse,
    /// It is approved for a lower award.
    Reduce,
    /// It is forwarded to a higher level.
    Forward,
}

/// A conclusion on a proposal. The side that proposes does not learn of it before outcomes are told together.
#[derive(InputObject)]
pub struct ConcludeAwardProposalInput {
    /// The proposal.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What is concluded.
    outcome: AwardConclusion,
    /// Why; for all but an approval it must be said.
    reason: Option<String>,
    /// With REDUCE: the lower kind of award.
    reduced_to_id: Option<ID>,
    /// With FORWARD: to whom, as written.
    forwarded_to: Option<String>,
}

impl ConcludeAwardProposalInput {
    /// The conclusion as the use-case takes it.
    pub fn read(&self) -> Result<Conclusion<'_>> {
        Ok(Conclusion {
            outcome: match self.outcome {
                AwardConclusion::Approve => Outcome::Approve,
                AwardConclusion::Refuse => Outcome::Refuse,
                AwardConclusion::Reduce => Outcome::Reduce,
                AwardConclusion::Forward => Outcome::Forward,
            },
            reason: self.reason.as_deref(),
            reduced_to: read_id(Kind::AwardType, self.reduced_to_id.as_ref())?,
            forwarded_to: self.forwarded_to.as_deref(),
        })
    }
}

/// Outcomes to be told together.
#[derive(InputObject)]
pub struct ReleaseAwardOutcomesInput {
    /// The unit that decided.
    pub decider_id: ID,
    /// The kind of award that was proposed.
    pub type_id: ID,
    /// Year of achievement.
    pub year: i32,
    /// A key of your own, at most 100 characters: asked again with it, they are told once.
    pub idempotency_key: Option<String>,
}

/// A signed decision on proposals.
#[derive(InputObject)]
pub struct DecideAwardsInput {
    /// The unit that decides.
    decider_id: ID,
    /// Number as written, `737/QĐ-LĐLĐ`; an issuer gives it once a year.
    number: String,
    /// Date of signing; not after today. Its base salary is the one by which bonuses are reckoned.
    decided_on: NaiveDate,
    /// Who signed, as written.
    signer: Option<String>,
    /// The text it rests on, as written.
    legal_basis: Option<String>,
    /// The issuer as written; must be said for awards that somebody outside the union gives.
    issuer_name: Option<String>,
    /// The proposals that it grants, 1 to 500, of one year of achievement: approved, or reduced to a lower award.
    proposal_ids: Vec<ID>,
    /// A key of your own, at most 100 characters: asked again with it, it is decided once.
    pub idempotency_key: Option<String>,
}

impl DecideAwardsInput {
    /// The decision as the use-case takes it.
    pub fn read(self) -> Result<NewAwards> {
        let proposals = self.proposal_ids.iter().map(|id| Kind::AwardProposal.parse(id));
        Ok(NewAwards {
            decider: Kind::Unit.parse(&self.decider_id)?,
            proposals: proposals.collect::<Result<_>>()?,
            number: self.number,
            decided_on: self.decided_on,
            signer: self.signer,
            legal_basis: self.legal_basis,
            issuer_name: self.issuer_name,
        })
    }
}

/// Another decision, by which an award is revoked.
#[derive(InputObject)]
pub struct RevokeAwardInput {
    /// The award.
    id: ID,
    /// Number of the decision that revokes it, as written.
    number: String,
    /// Its date of signing; not before that of the decision that gave the award.
    decided_on: NaiveDate,
    /// Who signed it, as written.
    signer: Option<String>,
    /// The text on which it rests, as written.
    legal_basis: String,
    /// Why: what was declared falsely, forged, or found out later.
    ground: String,
    /// A key of your own, at most 100 characters: asked again with it, it is revoked once.
    pub idempotency_key: Option<String>,
}

impl RevokeAwardInput {
    /// The decision as the use-case takes it.
    pub fn read(&self) -> Result<Another<'_>> {
        Ok(Another {
            award: Kind::Award.parse(&self.id)?,
            number: &self.number,
            decided_on: self.decided_on,
            signer: self.signer.as_deref(),
            legal_basis: &self.legal_basis,
            ground: &self.ground,
            recipient_name: None,
        })
    }
}

/// Another decision, by which the recipient's name of an award is corrected.
#[derive(InputObject)]
pub struct CorrectAwardInput {
    /// The award.
    id: ID,
    /// The recipient's name as it should be.
    recipient_name: String,
    /// Number of the decision that corrects it, as written.
    number: String,
    /// Its date of signing; not before that of the decision that gave the award.
    decided_on: NaiveDate,
    /// Who signed it, as written.
    signer: Option<String>,
    /// The text on which it rests, as written.
    legal_basis: String,
    /// Why.
    ground: String,
    /// A key of your own, at most 100 characters: asked again with it, it is corrected once.
    pub idempotency_key: Option<String>,
}

impl CorrectAwardInput {
    /// The decision as the use-case takes it.
    pub fn read(&self) -> Result<Another<'_>> {
        Ok(Another {
            award: Kind::Award.parse(&self.id)?,
            number: &self.number,
            decided_on: self.decided_on,
            signer: self.signer.as_deref(),
            legal_basis: &self.legal_basis,
            ground: &self.ground,
            recipient_name: Some(&self.recipient_name),
        })
    }
}

/// How an award was handed over.
#[derive(InputObject)]
pub struct HandOverAwardInput {
    /// The award.
    id: ID,
    /// The day, from that of the decision to today.
    held_on: NaiveDate,
    /// Where.
    place: String,
    /// By whom, as written.
    handed_by: String,
    /// What else is to be said.
    note: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, it is recorded once.
    pub idempotency_key: Option<String>,
}

impl HandOverAwardInput {
    /// The occasion as the use-case takes it.
    pub fn read(&self) -> Result<HandOver<'_>> {
        Ok(HandOver {
            award: Kind::Award.parse(&self.id)?,
            held_on: self.held_on,
            place: &self.place,
            handed_by: &self.handed_by,
            note: self.note.as_deref(),
        })
    }
}
