//! How a step in the life of reports is taken: who may, and what is written with it. One report or many, in the same few statements.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, ReportAction};
use thidua_entity::report_submission;
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::policy::{self, Place, Reach};
use crate::reports::{state, store};
use crate::version::Seen;
use crate::{events, units};

/// A step that may be taken: the report as it was read, and the caller as it acts.
pub(super) struct Taking {
    /// The caller as it acts.
    pub(super) actor: Actor,
    /// The report as it was read.
    pub(super) report: report_submission::Model,
}

/// A report that the caller sees and may take a step with now, at the version that it saw.
pub async fn found(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    action: ReportAction,
) -> Result<(Actor, report_submission::Model)> {
    let report = store::find(tx, &policy::reach(actor), id, env.today()).await?;
    let place = units::store::find_place(tx, &everything(), report.unit_id, env.today()).await?;
    let writers = if state::passes_work(action) {
        store::writers(tx, &[id]).await?
    } else {
        Vec::new()
    };
    let writers: Vec<Uuid> = writers.into_iter().map(|row| row.account_id).collect();
    let taking = may_take(actor, report, (&place, &writers), seen, action)?;
    Ok((taking.actor, taking.report))
}

/// The same, and nobody else changes the report until the transaction ends.
pub async fn held(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    action: ReportAction,
) -> Result<(Actor, report_submission::Model)> {
    // First, so that what is read afterwards is what whoever had it before has left.
    store::lock_many(tx, &policy::reach(actor), &[id], env.today()).await?;
    found(tx, env, actor, (id, seen), action).await
}

/// Where a unit stands is asked whoever asks: the report is seen, but its unit may have moved beyond the caller's reach since, and the
/// policy then refuses.
pub(super) fn everything() -> Reach {
    Reach::everything()
}

/// Lets a step through that the caller may take now, and tells as whom.
pub(super) fn may_take(
    actor: &Actor,
    report: report_submission::Model,
    (place, writers): (&Place, &[Uuid]),
    seen: &Seen,
    action: ReportAction,
) -> Result<Taking> {
    may(actor, &report, (place, writers), action)?;
    seen.check(report.version)?;
    let actor = policy::authorize(actor, state::permission(action), place)?;
    Ok(Taking { actor, report })
}

/// Whether the caller may take a step with a report now; the same checks that `viewerCan` shows.
pub fn may(
    actor: &Actor,
    report: &report_submission::Model,
    (place, writers): (&Place, &[Uuid]),
    action: ReportAction,
) -> Result<()> {
    let permission = state::permission(action);
    policy::check(actor, permission, place)?;
    if state::passes_work(action) {
        policy::not_own_work(actor, permission, writers)?;
    }
    state::next(report.status, action).map(drop)
}

/// Writes the next status of some reports with what else changes, the steps, their traces and what others are told: a fixed number of
/// statements, however many reports.
pub(super) async fn take(
    tx: &impl ConnectionTrait,
    env: &Env,
    takings: Vec<Taking>,
    action: ReportAction,
    change: report_submission::ActiveModel,
    reason: Option<&str>,
) -> Result<Vec<report_submission::Model>> {
    let Some(first) = takings.first() else {
        return Ok(Vec::new());
    };
    let now = env.now();
    let change = report_submission::ActiveModel {
        // A step leads to one status, wherever it begins.
        status: Set(state::next(first.report.status, action)?),
        updated_at: Set(now),
        ..change
    };
    if action == ReportAction::Approve {
        let corrected: Vec<Uuid> = takings.iter().filter_map(|taking| taking.report.corrects_id).collect();
        store::replace(tx, &corrected, now).await?;
    }
    let (actors, reports): (Vec<Actor>, Vec<_>) =
        takings.into_iter().map(|taking| (taking.actor, taking.report)).unzip();
    let reports = store::update_all(tx, &reports, change).await?;
    let taken = || actors.iter().zip(&reports);
    let steps = taken().map(|(actor, report)| store::step(env.new_id(), report, action, (actor, reason), now));
    store::add_steps(tx, steps.collect()).await?;
    let subject = |report: &report_submission::Model| (Kind::ReportSubmission, report.id);
    let detail = |report: &report_submission::Model| json!({ "status": report.status, "reason": reason });
    let traces =
        taken().map(|(actor, report)| audit::entry(env, actor, event(action), subject(report), &detail(report)));
    audit::record_all(tx, traces.collect()).await?;
    if let Some(kind) = told(action) {
        let told = taken().map(|(actor, report)| events::event(env, actor, kind, subject(report), &detail(report)));
        events::tell_all(tx, told.collect()).await?;
    }
    Ok(reports)
}

/// What a step is called in the audit.
pub const fn event(action: ReportAction) -> Event {
    match action {
        ReportAction::Create => Event("REPORT_CREATED"),
        ReportAction::Save => Event("REPORT_SAVED"),
        ReportAction::Submit => Event("REPORT_SUBMITTED"),
        ReportAction::Return => Event("REPORT_RETURNED"),
        ReportAction::Verify => Event("REPORT_VERIFIED"),
        ReportAction::Approve => Event("REPORT_APPROVED"),
        ReportAction::Correct => Event("REPORT_CORRECTED"),
    }
}

/// What others are told of a step; `None` while it concerns only who writes the report.
const fn told(action: ReportAction) -> Option<EventKind> {
    match action {
        ReportAction::Create | ReportAction::Save | ReportAction::Correct => None,
        ReportAction::Submit => Some(EventKind::ReportSubmitted),
        ReportAction::Return => Some(EventKind::ReportReturned),
        ReportAction::Verify => Some(EventKind::ReportVerified),
        ReportAction::Approve => Some(EventKind::ReportApproved),
    }
}
