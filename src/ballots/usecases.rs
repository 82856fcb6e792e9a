//! What is done with ballots. Drafting, opening, voting, counting and what follows are in files of their own.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::BallotState;
use thidua_entity::{
    ballot, ballot_count, ballot_option, ballot_recusal, ballot_roll, conference, conference_attendance,
};
use uuid::Uuid;

use super::counting::{Count, Outcome, Rule, Threshold};
use super::roll::Entry;
use super::state::{self, Step};
use super::{sentences, store};
use crate::auth::Actor;
use crate::conferences;
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::policy::{self, Action};
use crate::version::Seen;
use crate::years::store::View;

mod counted;
mod drafting;
mod further;
mod offices;
mod opening;
mod outcome;
mod recording;
mod secrecy;
mod ties;
mod voting;

pub use counted::{close, count};
pub use drafting::{NewBallot, NewOption, OPTIONS_MAX, Recusal, draft, drafted, held};
pub use further::draft_further_round;
pub use offices::{NewOffices, appoint};
pub use opening::open;
pub use outcome::{confirm, settle, void};
pub use recording::{OnPaper, Recorded, keep, record};
pub use secrecy::{cast_paper, take_token};
pub use ties::settle_tie;
pub use voting::{NewVote, cast};

/// A ballot that the caller sees and may take a step with, at the version that the caller saw, with its conference, both locked until the
/// transaction ends; and the caller as it acts.
async fn stepped(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    (step, action): (Step, Action),
) -> Result<(Actor, ballot::Model, conference::Model)> {
    let found = store::find(tx, &View::of(actor, env.today()), id).await?;
    let conference = conference_of(tx, &found).await?;
    let place = conferences::usecases::place(tx, env, &conference).await?;
    let actor = policy::authorize(actor, action, &place)?;
    // The conference before the ballot, as calling the roll locks it.
    let conference = conferences::store::lock(tx, conference.id).await?;
    let ballot = store::lock(tx, id).await?;
    seen.check(ballot.version)?;
    state::next(ballot.state, step)?;
    conferences::state::next(conference.state, conferences::state::Step::Vote)?;
    Ok((actor, ballot, conference))
}

/// The conference of a ballot, whoever asks.
pub async fn conference_of(connection: &impl ConnectionTrait, ballot: &ballot::Model) -> Result<conference::Model> {
    let found = conferences::store::plain(connection, &[ballot.conference_id]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// The rule of a ballot, as it was drafted.
pub fn rule_of(ballot: &ballot::Model) -> Rule {
    Rule {
        kind: ballot.kind,
        seats: usize::try_from(ballot.seats).unwrap_or(0),
        denominator: ballot.denominator,
        threshold: Threshold {
            part: Fraction::stored(ballot.threshold_numerator, ballot.threshold_denominator),
            exceeded: ballot.threshold_exceeded,
        },
        quorum: Fraction::stored(ballot.quorum_numerator, ballot.quorum_denominator),
    }
}

/// What came of a ballot; `None` before the count.
pub fn outcome_of(ballot: &ballot::Model) -> Result<Option<Outcome>> {
    let outcome = ballot.outcome.as_deref().map(serde_json::from_str);
    outcome.transpose().map_err(Error::internal)
}

/// What came of a ballot whose outcome holds; `WRONG_STATE` before it is confirmed. From then on it never changes.
pub fn confirmed_outcome(ballot: &ballot::Model) -> Result<Outcome> {
    match (ballot.state, outcome_of(ballot)?) {
        (BallotState::Confirmed, Some(outcome)) => Ok(outcome),
        _ => Err(Error::WrongState(Text::new(
            "Kết quả bỏ phiếu chưa được xác nhận.",
            "The outcome of the ballot is not confirmed.",
        ))),
    }
}

/// The options that were chosen, in the order of the outcome.
pub fn chosen<'a>(
    outcome: &'a Outcome,
    options: &'a [ballot_option::Model],
) -> impl Iterator<Item = &'a ballot_option::Model> {
    outcome.decision.chosen.iter().filter_map(|&place| options.get(place))
}

/// The roll of a ballot as the roll call and the recusals make it.
fn called(
    attendance: &[conference_attendance::Model],
    recusals: &[ballot_recusal::Model],
    in_writing: bool,
) -> Vec<Entry> {
    let entry = |row: &conference_attendance::Model| {
        let recused = recusals.iter().any(|one| one.voter_id == row.voter_id);
        Entry::of(row.voter_id, row.presence, recused, in_writing)
    };
    attendance.iter().map(entry).collect()
}

/// The roll of a ballot as it was frozen.
fn frozen(roll: &[ballot_roll::Model]) -> Vec<Entry> {
    let entry = |row: &ballot_roll::Model| Entry {
        voter: row.voter_id,
        presence: row.presence,
        recused: row.recused,
        may_vote: row.may_vote,
    };
    roll.iter().map(entry).collect()
}

/// The digest of a roll as it stands in the table now.
pub fn digest_of(ballot: Uuid, roll: &[ballot_roll::Model]) -> String {
    super::roll::digest(ballot, &frozen(roll))
}

/// Why a ballot came out as it did, sentence by sentence; empty before the count.
pub fn explanation(
    ballot: &ballot::Model,
    options: &[ballot_option::Model],
    counts: &[ballot_count::Model],
) -> Result<Vec<Text>> {
    let Some(outcome) = outcome_of(ballot)? else {
        return Ok(Vec::new());
    };
    let each = counts_of(options, counts);
    let names: Vec<String> = options.iter().map(|option| option.text.clone()).collect();
    Ok(sentences::explained(&sentences::Told {
        rule: &rule_of(ballot),
        outcome: &outcome,
        names: &names,
        counts: each.as_deref(),
        spoiled: ballot.votes_spoiled.and_then(|spoiled| u64::try_from(spoiled).ok()),
        recorded: ballot.recorded,
    }))
}

/// What each option got, in their order; `None` where no numbers are kept.
fn counts_of(options: &[ballot_option::Model], counts: &[ballot_count::Model]) -> Option<Vec<Count>> {
    options.iter().map(|option| count_of(option, counts)).collect()
}

/// What an option got; `None` where no numbers are kept.
fn count_of(option: &ballot_option::Model, counts: &[ballot_count::Model]) -> Option<Count> {
    let row = counts.iter().find(|row| row.option_id == option.id)?;
    let number = |number: Option<i32>| number.and_then(|number| u64::try_from(number).ok());
    if row.votes_for.is_none() && row.points.is_none() {
        return None;
    }
    Some(Count {
        votes_for: number(row.votes_for).unwrap_or(0),
        against: number(row.votes_against).unwrap_or(0),
        abstained: number(row.votes_abstained).unwrap_or(0),
        points: number(row.points).unwrap_or(0),
    })
}

/// A number as it is stored.
fn stored(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
