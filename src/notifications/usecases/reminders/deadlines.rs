//! Reminding of the last days of votes in writing and of steps of proposals. A reminder is an event by nobody, so those concerned are told as
//! of anything that happens.

use chrono::{Days, NaiveDate};
use sea_orm::Set;
use thidua_entity::deadline_reminder;
use thidua_entity::enums::{DeadlineKind, EventKind};
use uuid::Uuid;

use super::LATE_DAYS_MAX;
use crate::env::{self, Env};
use crate::error::{Error, Result};
use crate::events::{self, OfDeadline};
use crate::ids::Kind;
use crate::notifications::store::reminders::deadlines as store;
use crate::{awards, ballots, db};

/// How many days before a last day it is near. Votes and steps are given a few days, so earlier is no news.
const NEAR_DAYS: u64 = 2;
/// Things that are looked at at once.
const AT_ONCE: u64 = 200;

/// A last day of a ballot or a proposal.
type Deadline = (DeadlineKind, Uuid, NaiveDate);

/// Reminds of ballots in which one votes in writing and whose last day is near. Not on the day on which they were opened.
pub(super) async fn of_votes(env: &Env) -> Result<usize> {
    let (today, near, _) = days(env);
    let (mut reminded, mut after) = (0, None);
    loop {
        let closing = ballots::store::closing(&env.db, (today, near), after, AT_ONCE).await?;
        let Some(last) = closing.last() else {
            return Ok(reminded);
        };
        after = Some(last.id);
        let opened_before = closing.iter().filter(|ballot| env::day_of(ballot.updated_at) < today);
        let due =
            opened_before.filter_map(|ballot| Some((DeadlineKind::VoteDueSoon, ballot.id, ballot.written_until?)));
        reminded += give(env, due.collect()).await?;
    }
}

/// Reminds of proposals that wait for a step whose last day is near or over. That it is near is no news on the day on which they came to it.
pub(super) async fn of_steps(env: &Env) -> Result<usize> {
    let (today, near, long_ago) = days(env);
    let (mut reminded, mut after) = (0, None);
    loop {
        let waiting = awards::store::waiting_until(&env.db, (long_ago, near), after, AT_ONCE).await?;
        let Some(last) = waiting.last() else {
            return Ok(reminded);
        };
        after = Some(last.id);
        let due = waiting.iter().filter_map(|proposal| match proposal.due_on? {
            until if until < today => Some((DeadlineKind::AwardStepOverdue, proposal.id, until)),
            until if env::day_of(proposal.updated_at) < today => {
                Some((DeadlineKind::AwardStepDueSoon, proposal.id, until))
            }
            _ => None,
        });
        reminded += give(env, due.collect()).await?;
    }
}

/// Today, the last day that is near, and the first that is not over for too long.
fn days(env: &Env) -> (NaiveDate, NaiveDate, NaiveDate) {
    let today = env.today();
    let near = today.checked_add_days(Days::new(NEAR_DAYS)).unwrap_or(today);
    let long_ago = today.checked_sub_days(Days::new(LATE_DAYS_MAX)).unwrap_or(today);
    (today, near, long_ago)
}

/// Reminds of those last days of which nobody was reminded, and tells of how many.
async fn give(env: &Env, due: Vec<Deadline>) -> Result<usize> {
    let subjects: Vec<Uuid> = due.iter().map(|(_, subject, _)| *subject).collect();
    let reminded = store::reminded(&env.db, &subjects).await?;
    let row = |(kind, subject, until): Deadline| deadline_reminder::ActiveModel {
        id: Set(env.new_id()),
        kind: Set(kind),
        subject_id: Set(subject),
        until: Set(until),
        at: Set(env.now()),
    };
    let rows: Vec<_> = due.into_iter().filter(|one| !reminded.contains(one)).map(row).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    let tx = db::begin_write(&env.db).await?;
    let given = store::remind(&tx, rows).await?;
    let events: Result<Vec<_>> = given.iter().map(|reminder| event(env, reminder)).collect();
    events::tell_all(&tx, events?).await?;
    tx.commit().await?;
    Ok(given.len())
}

fn event(env: &Env, reminder: &deadline_reminder::Model) -> Result<thidua_entity::event::ActiveModel> {
    let (kind, of) = match reminder.kind {
        DeadlineKind::VoteDueSoon => (EventKind::VoteDueSoon, Kind::Ballot),
        DeadlineKind::AwardStepDueSoon => (EventKind::AwardStepDueSoon, Kind::AwardProposal),
        DeadlineKind::AwardStepOverdue => (EventKind::AwardStepOverdue, Kind::AwardProposal),
    };
    let said = serde_json::to_value(OfDeadline { until: reminder.until }).map_err(Error::internal)?;
    Ok(events::by_nobody(env, kind, (of, reminder.subject_id), &said))
}
