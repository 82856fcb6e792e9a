//! Closing a ballot, by which it is counted at once: of secret votes nothing stays but the sums and the receipts, and no two of them in one row.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::Presence;
use thidua_entity::{ballot, ballot_count, ballot_option, ballot_receipt, ballot_roll};
use uuid::Uuid;

use super::secrecy::opened;
use super::{frozen, rule_of, stepped, stored};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::choice::Choice;
use crate::ballots::counting::{self, Counts, Decision, Outcome, Turnout};
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;

/// Closes a ballot and counts it. Not while members that are asked in writing still have time and have not all voted.
pub async fn close(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    let may = (Step::Close, Action::ConferenceManage);
    let (ref actor, before, _) = stepped(&tx, env, actor, (id, seen), may).await?;
    let closed = count(&tx, env, actor, &before).await?;
    tx.commit().await?;
    Ok(closed)
}

/// Counts a ballot that somebody may close, in a transaction that is under way.
pub async fn count(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    before: &ballot::Model,
) -> Result<ballot::Model> {
    let id = before.id;
    let roll = store::roll(tx, &[id]).await?;
    let options = store::options(tx, &[id]).await?;
    let votes = if before.secret {
        papers(tx, env, id).await?
    } else {
        named(tx, id).await?
    };
    let turnout = crate::ballots::roll::turnout(&frozen(&roll), u64::try_from(votes.len()).unwrap_or(u64::MAX));
    window_is_over(env, before, &roll, turnout)?;
    if before.secret {
        no_more_than_tokens(&roll, votes.len())?;
    }
    let counts = counting::count(options.len(), &votes);
    let decision = counting::decide(&rule_of(before), turnout, &counts.options);
    let hidden = counting::is_hidden(before.secret, turnout.cast);
    let decision = if hidden {
        counting::without_order(before.kind, decision)
    } else {
        decision
    };
    store::add_counts(tx, rows(before, &options, (!hidden).then_some(&counts), &decision)).await?;
    let outcome = Outcome {
        turnout: Some(turnout),
        hidden,
        decision,
    };
    let change = ballot::ActiveModel {
        state: Set(state::next(state::next(before.state, Step::Close)?, Step::Tally)?),
        votes_cast: Set(Some(stored(turnout.cast))),
        votes_spoiled: Set((!hidden).then_some(stored(counts.spoiled))),
        outcome: Set(Some(serde_json::to_string(&outcome).map_err(Error::internal)?)),
        sealed_key: Set(None),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let closed = store::update(tx, before, change).await?;
    let chosen: Vec<&str> = super::chosen(&outcome, &options)
        .map(|option| option.text.as_str())
        .collect();
    let detail = json!({ "votesCast": turnout.cast, "chosen": chosen });
    audit::record(tx, env, actor, Event("BALLOT_CLOSED"), (Kind::Ballot, id), detail).await?;
    Ok(closed)
}

/// The named votes.
async fn named(tx: &impl ConnectionTrait, id: Uuid) -> Result<Vec<Choice>> {
    let votes = store::votes(tx, &[id]).await?;
    let read = votes
        .iter()
        .map(|row| serde_json::from_str(&row.choice).map_err(Error::internal));
    read.collect()
}

/// The secret votes, opened; their receipts are written and the papers gone.
async fn papers(tx: &impl ConnectionTrait, env: &Env, id: Uuid) -> Result<Vec<Choice>> {
    let papers = store::papers(tx, id).await?;
    let choices: Result<Vec<Choice>> = papers.iter().map(|paper| opened(env, id, &paper.sealed)).collect();
    let receipts = papers.into_iter().map(|paper| ballot_receipt::ActiveModel {
        ballot_id: Set(id),
        receipt: Set(paper.receipt),
    });
    store::add_receipts(tx, receipts.collect()).await?;
    store::remove_papers(tx, id).await?;
    choices
}

/// Sees that nobody who holds the key has added votes: there are no more than tokens that members took, which everybody sees on the roll.
fn no_more_than_tokens(roll: &[ballot_roll::Model], votes: usize) -> Result<()> {
    if votes <= roll.iter().filter(|row| row.token_given).count() {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Có nhiều phiếu hơn số mã đã cấp; không thể kiểm phiếu, hãy hủy cuộc bỏ phiếu này.",
        "There are more votes than tokens that were given; it cannot be counted: void this ballot.",
    )))
}

fn window_is_over(env: &Env, ballot: &ballot::Model, roll: &[ballot_roll::Model], turnout: Turnout) -> Result<()> {
    let asked = roll.iter().any(|row| row.presence == Presence::Written && row.may_vote);
    match ballot.written_until {
        Some(until) if asked && until >= env.today() && turnout.cast < turnout.voters => {
            Err(Error::WrongState(Text::new(
                format!(
                    "Còn thành viên được lấy ý kiến bằng văn bản đến hết ngày {}; chưa thể đóng bỏ phiếu.",
                    until.format("%d/%m/%Y")
                ),
                format!("Members are asked in writing until {until}; the ballot cannot be closed yet."),
            )))
        }
        _ => Ok(()),
    }
}

/// What each option got; without numbers where they are hidden.
pub(super) fn rows(
    ballot: &ballot::Model,
    options: &[ballot_option::Model],
    counts: Option<&Counts>,
    decision: &Decision,
) -> Vec<ballot_count::ActiveModel> {
    use thidua_entity::enums::BallotKind;
    let row = |(place, option): (usize, &ballot_option::Model)| {
        let count = counts.and_then(|counts| counts.options.get(place));
        let shown = |number: Option<u64>| Set(number.map(stored));
        let approves = ballot.kind == BallotKind::Approve;
        let ranks = ballot.kind == BallotKind::Rank;
        ballot_count::ActiveModel {
            option_id: Set(option.id),
            ballot_id: Set(ballot.id),
            chosen: Set(decision.chosen.contains(&place)),
            votes_for: shown(count.map(|count| count.votes_for)),
            votes_against: shown(count.filter(|_| approves).map(|count| count.against)),
            votes_abstained: shown(count.filter(|_| approves).map(|count| count.abstained)),
            points: shown(count.filter(|_| ranks).map(|count| count.points)),
            percent: Set(None),
        }
    };
    options.iter().enumerate().map(row).collect()
}
