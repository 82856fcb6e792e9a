//! Taking over what a council voted in the service: all proposals of its ballot at once.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::award_proposal::{self, ActiveModel};
use thidua_entity::enums::{BallotPurpose, Presence, ProposalStep};
use thidua_entity::{ballot, ballot_count, ballot_option};
use uuid::Uuid;

use super::ballots::Wanted;
use super::decisions::not_their_own;
use super::steps::{Stepped, take};
use crate::auth::Actor;
use crate::awards::store;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::policy::{self, Action};
use crate::version::Seen;
use crate::years::store::View;
use crate::{ballots, conferences, db};

/// Takes over what a council voted in a confirmed ballot: all its proposals get their vote in one go, or none does. Nobody takes over a vote
/// on what they proposed themselves.
pub async fn take_votes(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    let found = ballots::store::find(&tx, &View::of(actor, env.today()), id).await?;
    let conference = ballots::usecases::conference_of(&tx, &found).await?;
    let place = conferences::usecases::place(&tx, env, &conference).await?;
    let acting = &policy::authorize(actor, Action::AwardDecide, &place)?;
    let ballot = ballots::store::lock(&tx, id).await?;
    seen.check(ballot.version)?;
    let voted = Voted::of(&tx, &ballot).await?;
    let ids: Vec<Uuid> = voted.options.iter().filter_map(|option| option.proposal_id).collect();
    let proposals = store::lock_proposals(&tx, &ids).await?;
    not_their_own(actor, &proposals)?;
    let terms = Wanted::of(&tx, &proposals).await?;
    still_waiting(&voted, &proposals, &terms)?;
    for proposal in proposals {
        let change = ActiveModel {
            ballot_id: Set(Some(id)),
            ballot_chose: Set(Some(voted.chose(proposal.id))),
            in_favour: Set(voted.in_favour(proposal.id)),
            council_members: Set(voted.members),
            council_present: Set(voted.present),
            voted_on: Set(Some(conference.held_on)),
            ..Default::default()
        };
        let detail =
            json!({ "ballotId": id, "chosen": voted.chose(proposal.id), "inFavour": voted.in_favour(proposal.id) });
        let of = Stepped {
            actor: acting.clone(),
            shown: proposal.state,
            terms: terms.terms(&proposal).cloned(),
            proposal,
        };
        let event = ("AWARD_VOTE_TAKEN", detail);
        take(&tx, env, &of, (ProposalStep::Vote, None), change, event).await?;
    }
    tx.commit().await?;
    Ok(ballot)
}

/// What a ballot about proposals came to.
struct Voted {
    options: Vec<ballot_option::Model>,
    counts: Vec<ballot_count::Model>,
    members: Option<i32>,
    present: Option<i32>,
}

impl Voted {
    /// Of a ballot whose outcome is confirmed, in which enough voted.
    async fn of(tx: &impl ConnectionTrait, ballot: &ballot::Model) -> Result<Self> {
        if ballot.purpose != BallotPurpose::Awards {
            return Err(Error::invalid(
                "NOT_ABOUT_AWARDS",
                "ballotId",
                "Cuộc bỏ phiếu này không về đề nghị khen thưởng.",
                "This ballot is not about proposals of awards.",
            ));
        }
        let outcome = ballots::usecases::confirmed_outcome(ballot)?;
        if !outcome.decision.quorum {
            return Err(Error::invalid(
                "NO_QUORUM",
                "ballotId",
                "Chưa đủ số thành viên bỏ phiếu nên cuộc bỏ phiếu này chưa quyết định gì; cần bỏ phiếu lại.",
                "Too few voted, so this ballot decided nothing; vote again.",
            ));
        }
        let stored = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        let members = outcome.turnout.map(|turnout| stored(turnout.members));
        Ok(Self {
            options: ballots::store::options(tx, &[ballot.id]).await?,
            counts: ballots::store::counts(tx, &[ballot.id]).await?,
            // Nothing is known of who was present where nothing is known of who could vote.
            present: members
                .zip(present(tx, ballot).await?)
                .map(|(members, present)| present.min(members)),
            members,
        })
    }

    fn count(&self, proposal: Uuid) -> Option<&ballot_count::Model> {
        let option = self
            .options
            .iter()
            .find(|option| option.proposal_id == Some(proposal))?;
        self.counts.iter().find(|row| row.option_id == option.id)
    }

    fn chose(&self, proposal: Uuid) -> bool {
        self.count(proposal).is_some_and(|row| row.chosen)
    }

    /// How many were in favour; `None` where a small secret ballot, or a record, does not tell.
    fn in_favour(&self, proposal: Uuid) -> Option<i32> {
        self.members.and(self.count(proposal)?.votes_for)
    }
}

/// How many were present: by the frozen roll, or by the roll call where the ballot was recorded from paper.
async fn present(tx: &impl ConnectionTrait, ballot: &ballot::Model) -> Result<Option<i32>> {
    let roll = ballots::store::roll(tx, &[ballot.id]).await?;
    let present = if roll.is_empty() {
        let rows = conferences::store::attendance(tx, &[ballot.conference_id]).await?;
        rows.iter().filter(|row| row.presence == Presence::Present).count()
    } else {
        let there = roll
            .iter()
            .filter(|row| row.presence == Presence::Present && !row.recused);
        there.count()
    };
    Ok(i32::try_from(present).ok())
}

/// Sees that every proposal of a ballot still waits for its vote; each that does not is named.
fn still_waiting(voted: &Voted, proposals: &[award_proposal::Model], terms: &Wanted) -> Result<()> {
    let waits = |option: &&ballot_option::Model| {
        let proposal = proposals.iter().find(|row| Some(row.id) == option.proposal_id);
        proposal.is_some_and(|row| terms.waits(row))
    };
    let late = voted.options.iter().filter(|option| !waits(option));
    let problems: Vec<Problem> = late
        .map(|option| {
            Problem::new(
                "PROPOSAL_NOT_WAITING",
                "ballotId",
                format!("“{}” không còn chờ hội đồng bỏ phiếu.", option.text),
                format!("“{}” no longer waits for the vote of a council.", option.text),
            )
        })
        .collect();
    Problem::none(problems)
}
