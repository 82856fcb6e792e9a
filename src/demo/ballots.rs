//! Ballots of the demonstration. Votes are planned; what comes of them the service itself counts, so that each ballot explains itself.

use std::iter::repeat_n;

use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, Denominator, ProposalState, RecordedAs};
use thidua_entity::{award_proposal, ballot, ballot_option, ballot_roll, ballot_vote, conference_attendance};
use uuid::Uuid;

use super::plan::{Plan, broken};
use super::store;
use crate::auth::Actor;
use crate::ballots::choice::Choice;
use crate::ballots::counting::Threshold;
use crate::ballots::roll::{self, Entry};
use crate::ballots::usecases::{Recorded, count, keep, settle};
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result};

/// More than half.
const MAJORITY: Threshold = Threshold {
    part: Fraction {
        numerator: 1,
        denominator: 2,
    },
    exceeded: true,
};

/// Two thirds, as the terms of the awards of the demonstration ask for.
const TWO_THIRDS: Threshold = Threshold {
    part: Fraction::TWO_THIRDS,
    exceeded: false,
};

/// A ballot as the file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewBallot {
    title: String,
    kind: BallotKind,
    purpose: BallotPurpose,
    #[serde(default)]
    secret: bool,
    seats: Option<usize>,
    #[serde(default)]
    nominees: Vec<String>,
    #[serde(default)]
    motions: Vec<String>,
    /// Units whose appraised proposals of awards are voted on.
    #[serde(default)]
    proposals: Vec<String>,
    /// So many members each, in the order of the memberships, chose this.
    #[serde(default)]
    votes: Vec<(usize, Choice)>,
    /// A member that has not voted yet.
    skip: Option<String>,
    end: End,
}

/// How far a ballot has come.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum End {
    Drafted,
    Open,
    Tallied,
    Confirmed,
    /// Confirmed; held on paper, of which these options were chosen, by their places.
    Recorded(Vec<usize>),
}

/// A ballot that the service counts once all is written.
pub struct PlannedBallot {
    id: Uuid,
    end: End,
    options: Vec<Uuid>,
    by: Uuid,
    council: Uuid,
    at: DateTime<Utc>,
}

/// The conference at which a ballot is held.
pub struct Run<'a> {
    /// Its roll.
    pub attendance: &'a [conference_attendance::Model],
    /// When the ballot is held.
    pub at: DateTime<Utc>,
    /// Who runs it for the organiser.
    pub by: Uuid,
    /// Who confirms what was voted.
    pub council: Uuid,
}

/// An option: the unit, the proposal, and what is written of it.
type Written = (Option<Uuid>, Option<Uuid>, String);

fn options(plan: &Plan, new: &NewBallot) -> Result<Vec<Written>> {
    let nominees = plan.units(&new.nominees)?;
    let nominees = nominees.into_iter().map(|unit| (Some(unit.id), None, unit.name));
    let motions = new.motions.iter().map(|text| (None, None, text.clone()));
    let mut all: Vec<Written> = nominees.chain(motions).collect();
    for code in &new.proposals {
        let unit = plan.unit(code)?;
        let appraised = |row: &&award_proposal::Model| row.unit_id == unit.id && row.state == ProposalState::Appraised;
        let row = plan.rows.award_proposals.iter().find(appraised);
        let row = row.ok_or_else(|| broken(format!("no appraised proposal of {code}")))?;
        let kind = plan.rows.award_types.iter().find(|kind| kind.id == row.award_type_id);
        let kind = kind.ok_or_else(|| broken("a proposal without a kind"))?;
        all.push((None, Some(row.id), format!("{}: {}", kind.name, unit.name)));
    }
    Ok(all)
}

/// Plans a ballot with its options, its roll and its votes.
pub fn put(plan: &mut Plan, of: &Run<'_>, new: &NewBallot) -> Result<()> {
    let (attendance, at) = (of.attendance, of.at);
    let id = plan.id_at(at);
    let conference_id = attendance.first().map(|row| row.conference_id);
    let conference_id = conference_id.ok_or_else(|| broken("a conference without members"))?;
    let texts = options(plan, new)?;
    let mut options = Vec::with_capacity(texts.len());
    for (position, (unit_id, proposal_id, text)) in (1..).zip(texts) {
        let option = ballot_option::Model {
            id: plan.id_at(at),
            ballot_id: id,
            position,
            unit_id,
            proposal_id,
            text,
        };
        options.push(option.id);
        plan.rows.ballot_options.push(option);
    }
    let opened = !matches!(new.end, End::Drafted | End::Recorded(_));
    let roll_hash = if opened {
        Some(vote(plan, new, (id, attendance), at)?)
    } else {
        None
    };
    let (quorum_numerator, quorum_denominator) = Fraction::TWO_THIRDS.to_store();
    let (threshold, denominator) = if new.purpose == BallotPurpose::Awards {
        (TWO_THIRDS, Denominator::AllMembers)
    } else {
        (MAJORITY, Denominator::Present)
    };
    let (threshold_numerator, threshold_denominator) = threshold.part.to_store();
    let row = ballot::Model {
        id,
        conference_id,
        round_of: None,
        round: 1,
        title: new.title.clone(),
        kind: new.kind,
        purpose: new.purpose,
        secret: new.secret,
        seats: i32::try_from(new.seats.unwrap_or(1)).map_err(Error::internal)?,
        denominator,
        threshold_numerator,
        threshold_denominator,
        threshold_exceeded: threshold.exceeded,
        quorum_numerator,
        quorum_denominator,
        self_vote: true,
        written_until: None,
        legal_basis: None,
        state: if opened {
            BallotState::Open
        } else {
            BallotState::Drafted
        },
        roll_hash,
        public_key: None,
        sealed_key: None,
        votes_cast: None,
        votes_spoiled: None,
        outcome: None,
        recorded: None,
        void_reason: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    plan.rows.ballots.push(row);
    let planned = PlannedBallot {
        id,
        end: new.end.clone(),
        options,
        by: of.by,
        council: of.council,
        at,
    };
    plan.ballots.push(planned);
    Ok(())
}

/// Plans the roll of a ballot and the votes of its members; gives the digest of the roll.
fn vote(
    plan: &mut Plan,
    new: &NewBallot,
    (id, attendance): (Uuid, &[conference_attendance::Model]),
    at: DateTime<Utc>,
) -> Result<String> {
    let entries: Vec<Entry> = attendance
        .iter()
        .map(|row| Entry::of(row.voter_id, row.presence, false, false))
        .collect();
    let rows = entries.iter().map(|entry| ballot_roll::Model {
        ballot_id: id,
        voter_id: entry.voter,
        presence: entry.presence,
        recused: entry.recused,
        may_vote: entry.may_vote,
        token_given: false,
        blinded_hash: None,
    });
    plan.rows.ballot_roll.extend(rows);
    let skip = new.skip.as_deref().map(|code| plan.unit(code)).transpose()?;
    let skip = skip.map(|unit| unit.id);
    let voters = entries
        .iter()
        .filter(|entry| entry.may_vote && Some(entry.voter) != skip);
    let choices = new.votes.iter().flat_map(|(times, choice)| repeat_n(choice, *times));
    for (entry, choice) in voters.zip(choices) {
        plan.rows.ballot_votes.push(ballot_vote::Model {
            ballot_id: id,
            voter_id: entry.voter,
            choice: serde_json::to_string(choice).map_err(Error::internal)?,
            cast_by: plan.officers.get(&entry.voter).copied(),
            cast_for: None,
            cast_at: at,
        });
    }
    Ok(roll::digest(id, &entries))
}

/// Counts the ballots that are closed, keeps what paper says of the others, and confirms.
pub async fn decide(tx: &impl ConnectionTrait, env: &Env, planned: &[PlannedBallot]) -> Result<()> {
    let by = |account| Actor::new(account, String::new(), Uuid::nil(), Vec::new());
    for one in planned {
        let then = env.showing(one.at);
        let row = store::ballot(tx, one.id).await?;
        let counted = match &one.end {
            End::Drafted | End::Open => continue,
            End::Tallied | End::Confirmed => count(tx, &then, &by(one.by), &row).await?,
            End::Recorded(chosen) => {
                let recorded = Recorded {
                    what: RecordedAs::Outcome,
                    papers: None,
                    options: Vec::new(),
                    chosen: chosen
                        .iter()
                        .filter_map(|&place| one.options.get(place).copied())
                        .collect(),
                };
                keep(tx, &then, &by(one.by), &row, &recorded).await?
            }
        };
        if one.end != End::Tallied {
            settle(tx, &then, &by(one.council), &counted).await?;
        }
    }
    Ok(())
}
