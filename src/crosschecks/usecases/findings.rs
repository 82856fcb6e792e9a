//! Findings of the checker, and the replies of the checked unit.

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::{Value, json};
use thidua_entity::cross_check;
use thidua_entity::cross_check_finding::{self, ActiveModel};
use thidua_entity::enums::Reply;
use uuid::Uuid;

use super::assignments::kept;
use super::stepped;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::crosschecks::state::{self, Step};
use crate::crosschecks::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::version::Seen;
use crate::years::store::View;
use crate::{db, idempotency, input, years};

/// Most findings of one cross-check.
pub const FINDINGS_MAX: usize = 100;

/// What a checker found.
#[derive(Serialize)]
pub struct Finding<'a> {
    /// Code of the criterion; `None` when it is about the unit as a whole.
    pub criterion: Option<&'a str>,
    /// What was found.
    pub text: &'a str,
    /// What was looked at.
    pub evidence_seen: Option<&'a str>,
}

/// A finding to be written.
#[derive(Serialize)]
pub struct NewFinding<'a> {
    /// The cross-check.
    pub check: Uuid,
    /// What was found.
    pub finding: Finding<'a>,
    /// A key under which it is written once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Writes a finding, while nothing was sent. The checked unit does not see it before that.
pub async fn write_finding(env: &Env, actor: &Actor, new: &NewFinding<'_>) -> Result<cross_check_finding::Model> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "FINDING_WRITTEN", new).await? {
        return store::find_finding(&tx, &View::of(actor, env.today()), first).await;
    }
    let (ref actor, check) = stepped(&tx, env, actor, new.check, Step::WriteFinding).await?;
    state::next(check.state, Step::WriteFinding)?;
    let there = usize::try_from(store::count_findings(&tx, &[check.id]).await?).unwrap_or(FINDINGS_MAX);
    input::list_size("crossCheckId", there + 1, FINDINGS_MAX)?;
    let row = ActiveModel {
        id: Set(env.new_id()),
        cross_check_id: Set(check.id),
        version: Set(1),
        ..said(&tx, env, actor, &check, &new.finding).await?
    };
    let finding = store::add_finding(&tx, row).await?;
    let detail = json!({ "findingId": finding.id, "after": kept(&finding) });
    touched(&tx, env, actor, "FINDING_WRITTEN", (&check, detail)).await?;
    idempotency::remember(&tx, actor, new.key, finding.id).await?;
    tx.commit().await?;
    Ok(finding)
}

/// Writes a finding anew, while nothing was sent. What was replied to it before it came back is gone, for it was said to something else.
pub async fn change_finding(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    finding: &Finding<'_>,
) -> Result<cross_check_finding::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check, before) = of_finding(&tx, env, actor, id, seen, Step::WriteFinding).await?;
    let change = said(&tx, env, actor, &check, finding).await?;
    let finding = store::update_finding(&tx, &before, change).await?;
    let detail = json!({ "findingId": id, "before": kept(&before), "after": kept(&finding) });
    touched(&tx, env, actor, "FINDING_CHANGED", (&check, detail)).await?;
    tx.commit().await?;
    Ok(finding)
}

/// Takes a finding away, while nothing was sent.
pub async fn remove_finding(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<cross_check::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check, before) = of_finding(&tx, env, actor, id, seen, Step::WriteFinding).await?;
    store::remove_finding(&tx, id).await?;
    let detail = json!({ "findingId": id, "before": kept(&before) });
    let check = touched(&tx, env, actor, "FINDING_REMOVED", (&check, detail)).await?;
    tx.commit().await?;
    Ok(check)
}

/// Replies to a finding for the checked unit; who disputes it says why. The checker sees it when the replies are sent.
pub async fn reply(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    (accepted, text): (Reply, Option<&str>),
) -> Result<cross_check_finding::Model> {
    let text = input::paragraph_or_none("text", text)?;
    if accepted == Reply::Disputed && text.is_none() {
        return Err(Error::Invalid(vec![input::required("text")]));
    }
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check, before) = of_finding(&tx, env, actor, id, seen, Step::Reply).await?;
    let change = ActiveModel {
        accepted: Set(Some(accepted)),
        reply: Set(text),
        replied_by: Set(actor.recorded_as()),
        replied_for: Set(actor.acting_for()),
        replied_at: Set(Some(env.now())),
        ..Default::default()
    };
    let finding = store::update_finding(&tx, &before, change).await?;
    let detail = json!({ "findingId": id, "before": kept(&before), "after": kept(&finding) });
    touched(&tx, env, actor, "FINDING_REPLIED", (&check, detail)).await?;
    tx.commit().await?;
    Ok(finding)
}

/// A finding that the caller sees and whose cross-check it may take a step with, and the caller as it acts.
async fn of_finding(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    step: Step,
) -> Result<(Actor, cross_check::Model, cross_check_finding::Model)> {
    let found = store::find_finding(tx, &View::of(actor, env.today()), id).await?;
    let (actor, check) = stepped(tx, env, actor, found.cross_check_id, step).await?;
    state::next(check.state, step)?;
    let finding = store::finding(tx, id).await?;
    seen.check(finding.version)?;
    Ok((actor, check, finding))
}

/// What is found, as it is kept, without a reply.
async fn said(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    check: &cross_check::Model,
    finding: &Finding<'_>,
) -> Result<ActiveModel> {
    let criterion = match finding.criterion {
        Some(code) => Some(criterion(tx, env, check, code).await?),
        None => None,
    };
    Ok(ActiveModel {
        criterion: Set(criterion),
        text: Set(input::paragraph("text", finding.text)?),
        evidence_seen: Set(input::paragraph_or_none("evidenceSeen", finding.evidence_seen)?),
        written_by: Set(actor.recorded_as()),
        written_for: Set(actor.acting_for()),
        written_at: Set(env.now()),
        accepted: Set(None),
        reply: Set(None),
        replied_by: Set(None),
        replied_for: Set(None),
        replied_at: Set(None),
        ..Default::default()
    })
}

/// The code of a section or criterion by which the year is scored.
async fn criterion(tx: &impl ConnectionTrait, env: &Env, check: &cross_check::Model, code: &str) -> Result<String> {
    let code = input::code("criterion", code)?;
    let years = years::store::plain(tx, &[check.year_id]).await?;
    let year = years.get(&check.year_id).ok_or(Error::NotFound)?;
    let set = years::usecases::criteria(tx, env, year).await?;
    if set.set().all_nodes().iter().any(|node| node.code == code) {
        return Ok(code);
    }
    Err(Error::invalid(
        "CRITERION_UNKNOWN",
        "criterion",
        format!("Bảng điểm của năm không có tiêu chí `{code}`."),
        format!("The criteria set of the year has no criterion `{code}`."),
    ))
}

/// Counts a change of what a cross-check holds, so that nobody sends what they have not seen, and records it with what was said before:
/// after a cross-check came back, what was sent and disputed may be written anew.
async fn touched(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: &'static str,
    (check, detail): (&cross_check::Model, Value),
) -> Result<cross_check::Model> {
    let change = cross_check::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let check = store::update(tx, check, change).await?;
    audit::record(tx, env, actor, Event(event), (Kind::CrossCheck, check.id), detail).await?;
    Ok(check)
}
