//! Putting proposals to the ballot of a council. What it votes is taken over in `votes.rs`.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde::Serialize;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, Denominator, ProposalStep};
use thidua_entity::{award_proposal, ballot};
use uuid::Uuid;

use crate::auth::Actor;
use crate::awards::state;
use crate::awards::store;
use crate::awards::terms::Terms;
use crate::ballots::counting;
use crate::ballots::usecases::{NewBallot, NewOption, OPTIONS_MAX, Recusal};
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::units::store as units;
use crate::years::store::View;
use crate::{ballots, conferences, councils, db, idempotency, input};

/// Proposals to be put to a ballot of a council.
#[derive(Serialize)]
pub struct NewAwardBallot<'a> {
    /// The meeting of the council.
    pub conference: Uuid,
    /// The question.
    pub title: &'a str,
    /// The proposals, in the order in which they stand in the ballot.
    pub proposals: Vec<Uuid>,
    /// Whether nobody may know who chose what.
    pub secret: bool,
    /// The share of all members that a proposal needs; that of the terms when not said.
    pub threshold: Option<Fraction>,
    /// Which part of the members must vote; when not said, that of the meeting.
    pub quorum: Option<Fraction>,
    /// Who does not vote.
    pub recused: Vec<Recusal>,
    /// Until which day members that are asked in writing vote.
    pub written_until: Option<NaiveDate>,
    /// The text on which the rule rests.
    pub legal_basis: Option<&'a str>,
    /// A key under which it is drafted once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Drafts the ballot in which a council votes on proposals: yes, no or another opinion on each, counted on all members. The council is one of
/// the unit that decides on them, and each waits for its vote.
pub async fn put_to_ballot(env: &Env, actor: &Actor, new: &NewAwardBallot<'_>) -> Result<ballot::Model> {
    input::list_size("proposalIds", new.proposals.len(), OPTIONS_MAX)?;
    if new.proposals.is_empty() {
        return Err(Error::Invalid(vec![input::required("proposalIds")]));
    }
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "AWARD_BALLOT_DRAFTED", new).await? {
        return ballots::store::find(&tx, &view, first).await;
    }
    let (ref acting, conference) = ballots::usecases::held(&tx, env, actor, new.conference).await?;
    let decider = decider_of(&tx, conference.council_id).await?;
    let seen = store::find_proposals(&tx, &view.reach, &new.proposals, view.today).await?;
    let seen: Vec<Uuid> = seen.iter().map(|row| row.id).collect();
    let locked = store::lock_proposals(&tx, &seen).await?;
    let terms = Wanted::of(&tx, &locked).await?;
    let proposals = waiting(&tx, &new.proposals, locked, decider, &terms).await?;
    let part = threshold(new.threshold, &proposals, &terms)?;
    let members = conferences::usecases::members(&tx, &conference).await?;
    let options = options(&tx, &proposals, conference.held_on).await?;
    let ballot = NewBallot {
        conference: conference.id,
        title: new.title,
        kind: BallotKind::Approve,
        purpose: BallotPurpose::Awards,
        secret: new.secret,
        seats: None,
        nominees: Vec::new(),
        motions: &[],
        denominator: Denominator::AllMembers,
        threshold: counting::Threshold { part, exceeded: false },
        quorum: new.quorum,
        self_vote: true,
        recused: new.recused.clone(),
        written_until: new.written_until,
        legal_basis: new.legal_basis,
        key: None,
    };
    let of = (&conference, members.as_slice());
    let ballot = ballots::usecases::drafted(&tx, env, acting, of, &ballot, &options).await?;
    idempotency::remember(&tx, acting, new.key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}

/// The unit whose council meets.
async fn decider_of(tx: &impl ConnectionTrait, council: Option<Uuid>) -> Result<Uuid> {
    let ids: Vec<Uuid> = council.into_iter().collect();
    let found = councils::store::plain(tx, &ids).await?;
    found.first().map(|council| council.unit_id).ok_or_else(|| {
        Error::invalid(
            "COUNCIL_NEEDED",
            "conferenceId",
            "Chỉ hội đồng thi đua - khen thưởng bỏ phiếu về đề nghị khen thưởng; đây là hội nghị cụm.",
            "A council votes on proposals of awards; this is the conference of a cluster.",
        )
    })
}

/// What the terms of some proposals say.
pub(super) struct Wanted(HashMap<Uuid, Terms>);

impl Wanted {
    pub(super) async fn of(tx: &impl ConnectionTrait, proposals: &[award_proposal::Model]) -> Result<Self> {
        let ids: Vec<Uuid> = proposals.iter().filter_map(|row| row.terms_id).collect();
        let rows = store::terms_by_id(tx, &ids).await?;
        let read = rows.iter().map(|row| Ok((row.id, store::content(row)?)));
        Ok(Self(read.collect::<Result<_>>()?))
    }

    pub(super) fn terms(&self, proposal: &award_proposal::Model) -> Option<&Terms> {
        self.0.get(&proposal.terms_id?)
    }

    fn share(&self, proposal: &award_proposal::Model) -> Option<Fraction> {
        self.terms(proposal)?.threshold
    }

    /// Whether it waits for the vote of its council.
    pub(super) fn waits(&self, proposal: &award_proposal::Model) -> bool {
        state::next(proposal.state, ProposalStep::Vote, self.share(proposal).is_some()).is_ok()
    }
}

/// The proposals as they were named, each once: those of this decider that wait for the vote and are in no other ballot that is under way.
async fn waiting(
    tx: &impl ConnectionTrait,
    named: &[Uuid],
    locked: Vec<award_proposal::Model>,
    decider: Uuid,
    terms: &Wanted,
) -> Result<Vec<award_proposal::Model>> {
    let under_way = [
        BallotState::Drafted,
        BallotState::Open,
        BallotState::Closed,
        BallotState::Tallied,
    ];
    let elsewhere = ballots::store::voted_on(tx, named, &under_way).await?;
    let mut by_id: HashMap<Uuid, award_proposal::Model> = locked.into_iter().map(|row| (row.id, row)).collect();
    let mut proposals = Vec::with_capacity(named.len());
    let mut problems = Vec::new();
    for (at, id) in named.iter().enumerate() {
        let twice = named.iter().take(at).any(|before| before == id);
        let found = by_id.remove(id);
        if found.is_none() && !twice {
            return Err(Error::NotFound);
        }
        let problem = match &found {
            None => Some((
                "NAMED_TWICE",
                "Đề nghị này được nêu hai lần.",
                "This proposal is named twice.",
            )),
            Some(row) if row.decider_id != decider => Some((
                "OTHER_DECIDER",
                "Đề nghị này không do đơn vị của hội đồng này quyết định.",
                "This proposal is not decided by the unit of this council.",
            )),
            Some(row) if !terms.waits(row) => Some((
                "PROPOSAL_NOT_WAITING",
                "Đề nghị này không chờ hội đồng bỏ phiếu.",
                "This proposal does not wait for the vote of a council.",
            )),
            Some(row) if elsewhere.contains(&row.id) => Some((
                "ALREADY_ON_BALLOT",
                "Đề nghị này đang nằm trong một cuộc bỏ phiếu khác chưa kết thúc.",
                "This proposal stands in another ballot that is under way.",
            )),
            Some(_) => None,
        };
        problems.extend(problem.map(|(code, vi, en)| Problem::new(code, format!("proposalIds.{at}"), vi, en)));
        proposals.extend(found);
    }
    Problem::none(problems)?;
    Ok(proposals)
}

/// The share of all members that each proposal needs: what the terms of all ask for, unless the caller says more.
fn threshold(said: Option<Fraction>, proposals: &[award_proposal::Model], terms: &Wanted) -> Result<Fraction> {
    let asked: Vec<Fraction> = proposals.iter().filter_map(|row| terms.share(row)).collect();
    if let Some(said) = said {
        if asked.iter().all(|share| said.is_at_least(*share)) {
            return Ok(said);
        }
        return Err(Error::invalid(
            "THRESHOLD_BELOW_TERMS",
            "threshold",
            "Tỷ lệ này thấp hơn tỷ lệ mà điều kiện khen thưởng đòi hỏi.",
            "This is less than what the terms of an award ask for.",
        ));
    }
    match asked.split_first() {
        Some((first, others)) if others.iter().all(|other| first.equals(*other)) => Ok(*first),
        _ => Err(Error::invalid(
            "THRESHOLD_NEEDED",
            "threshold",
            "Các đề nghị đòi hỏi tỷ lệ khác nhau; hãy nêu tỷ lệ, hoặc bỏ phiếu riêng.",
            "These proposals ask for different shares; say which holds, or vote on them apart.",
        )),
    }
}

/// The proposals as they stand in the ballot: the award and who is to receive it, by the names of the day.
async fn options(
    tx: &impl ConnectionTrait,
    proposals: &[award_proposal::Model],
    day: NaiveDate,
) -> Result<Vec<NewOption>> {
    let kinds: Vec<Uuid> = proposals.iter().map(|row| row.award_type_id).collect();
    let kinds = store::types(tx, &kinds).await?;
    let named: Vec<Uuid> = proposals.iter().map(|row| row.unit_id).collect();
    let names = units::plain_names(tx, &named, day).await?;
    let option = |row: &award_proposal::Model| {
        let kind = kinds.get(&row.award_type_id).ok_or(Error::NotFound)?;
        let unit = names.get(&row.unit_id).map(String::as_str).unwrap_or_default();
        let text = match &row.person {
            Some(person) => format!("{}: {person} ({unit})", kind.name),
            None => format!("{}: {unit}", kind.name),
        };
        Ok(NewOption {
            proposal: Some(row.id),
            text,
            ..NewOption::default()
        })
    };
    proposals.iter().map(option).collect()
}
