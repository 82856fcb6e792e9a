//! The steps in the life of a report: sending, sending back, verifying, approving.

use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{FigurePart, ReportAction};
use thidua_entity::{report_form_item, report_submission, report_value};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::{self, Env};
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::policy::{self, Place};
use crate::reports::parts::{self, Figure};
use crate::reports::{state, store};
use crate::version::Seen;
use crate::{db, forms, idempotency, input, units};

/// A step that somebody wants to take.
#[derive(Clone, Debug, Serialize)]
pub struct Step<'a> {
    /// With which report.
    pub report: Uuid,
    /// The version that they saw.
    pub seen: Seen,
    /// A key under which the same step is taken once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Sends a report. Every compulsory figure must be there, and parts must go with their totals. Sent for the first time after the due day, it is marked late.
pub async fn submit(env: &Env, actor: &Actor, step: &Step<'_>) -> Result<report_submission::Model> {
    let begun = match begin(env, actor, step, ReportAction::Submit, &step).await? {
        Begun::New(begun) => begun,
        Begun::Done(report) => return Ok(report),
    };
    let (tx, actor, report) = (&begun.tx, &begun.actor, &begun.report);
    complete(tx, report).await?;
    let now = env.now();
    let late = match report.submitted_at {
        Some(_) => report.late,
        None => {
            let periods = forms::store::periods(tx, &[report.period_id]).await?;
            let period = periods.into_iter().next().ok_or(Error::NotFound)?;
            let due = forms::store::due_on(tx, report.form_id, &period).await?;
            due.is_some_and(|due| env::day_of(now) > due)
        }
    };
    let change = report_submission::ActiveModel {
        late: Set(late),
        submitted_at: Set(Some(now)),
        author_id: Set(actor.recorded_as()),
        ..Default::default()
    };
    store::add_writers(tx, report.id, actor.authors()).await?;
    begun.take(env, change, None).await
}

/// Every compulsory figure is there, and parts go with their totals; else each missing figure and each contradiction is told.
async fn complete(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<()> {
    let items = forms::store::items(tx, &[report.form_version_id]).await?;
    let values = store::values(tx, &[report.id]).await?;
    let is_missing = |item: &report_form_item::Model| {
        let is_it =
            |value: &report_value::Model| value.indicator_id == item.indicator_id && value.part == FigurePart::Total;
        item.required && !values.iter().any(is_it)
    };
    let has_parts = |item: &report_form_item::Model| item.by_women || item.by_sector;
    let looked_at: Vec<_> = items
        .iter()
        .filter(|item| is_missing(item) || has_parts(item))
        .collect();
    if looked_at.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = looked_at.iter().map(|item| item.indicator_id).collect();
    let indicators = forms::store::indicators(tx, &ids).await?;
    let mut problems = Vec::new();
    for item in looked_at {
        let Some(indicator) = indicators.iter().find(|row| row.id == item.indicator_id) else {
            continue;
        };
        let (code, name) = (&indicator.code, &indicator.name);
        if is_missing(item) {
            problems.push(Problem::new(
                "REQUIRED",
                format!("figures.{code}"),
                format!("Thiếu số liệu «{name}»."),
                format!("The figure “{name}” is missing."),
            ));
        }
        let own = values.iter().filter(|value| value.indicator_id == indicator.id);
        let figures = own.filter_map(|value| {
            Some(Figure {
                part: value.part,
                reading: store::reading(value)?,
                typed: &value.raw,
            })
        });
        problems.extend(parts::problems((code, name), &figures.collect::<Vec<_>>()));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(problems))
    }
}

/// Sends a report back with a reason that the unit reads.
pub async fn send_back(env: &Env, actor: &Actor, step: &Step<'_>, reason: &str) -> Result<report_submission::Model> {
    let reason = input::paragraph("reason", reason)?;
    match begin(env, actor, step, ReportAction::Return, &(step, &reason)).await? {
        Begun::New(begun) => begun.take(env, Default::default(), Some(reason)).await,
        Begun::Done(report) => Ok(report),
    }
}

/// Finds a report complete and consistent.
pub async fn verify(env: &Env, actor: &Actor, step: &Step<'_>) -> Result<report_submission::Model> {
    match begin(env, actor, step, ReportAction::Verify, &step).await? {
        Begun::New(begun) => begun.take(env, Default::default(), None).await,
        Begun::Done(report) => Ok(report),
    }
}

/// Approves a report: from now on it counts in the totals of approved reports.
pub async fn approve(env: &Env, actor: &Actor, step: &Step<'_>) -> Result<report_submission::Model> {
    let change = report_submission::ActiveModel {
        approved_at: Set(Some(env.now())),
        ..Default::default()
    };
    match begin(env, actor, step, ReportAction::Approve, &step).await? {
        Begun::New(begun) => begun.take(env, change, None).await,
        Begun::Done(report) => Ok(report),
    }
}

/// What became of asking for a step.
enum Begun<'a> {
    /// It may be taken.
    New(Taking<'a>),
    /// It was taken before under the same key; the report as it is now.
    Done(report_submission::Model),
}

/// A step that may be taken: the report as it was read, in the transaction that will change it.
struct Taking<'a> {
    tx: DatabaseTransaction,
    /// The caller as it acts.
    actor: Actor,
    report: report_submission::Model,
    action: ReportAction,
    key: Option<&'a str>,
}

async fn begin<'a>(
    env: &Env,
    actor: &Actor,
    step: &Step<'a>,
    action: ReportAction,
    request: &impl Serialize,
) -> Result<Begun<'a>> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, step.key, event(action).0, request).await? {
        let report = store::find(&tx, &policy::reach(actor), first, env.today()).await?;
        return Ok(Begun::Done(report));
    }
    let (actor, report) = found(&tx, env, actor, (step.report, &step.seen), action).await?;
    Ok(Begun::New(Taking {
        tx,
        actor,
        report,
        action,
        key: step.key,
    }))
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
    let place = unit_place(tx, env, report.unit_id).await?;
    let writers = if state::passes_work(action) {
        store::writers(tx, &[id]).await?
    } else {
        Vec::new()
    };
    let writers: Vec<Uuid> = writers.into_iter().map(|row| row.account_id).collect();
    may(actor, &report, (&place, &writers), action)?;
    seen.check(report.version)?;
    Ok((policy::authorize(actor, state::permission(action), &place)?, report))
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

async fn unit_place(tx: &impl ConnectionTrait, env: &Env, unit: Uuid) -> Result<Place> {
    // The report is seen; its unit may have moved beyond the caller's reach since, and the policy then refuses.
    let everything = policy::Reach {
        everything: true,
        ..Default::default()
    };
    units::store::find_place(tx, &everything, unit, env.today()).await
}

impl Taking<'_> {
    /// Writes the next status with its step and its trace, and commits.
    async fn take(
        self,
        env: &Env,
        change: report_submission::ActiveModel,
        reason: Option<String>,
    ) -> Result<report_submission::Model> {
        let Self {
            tx,
            actor,
            report,
            action,
            key,
        } = self;
        let now = env.now();
        let change = report_submission::ActiveModel {
            status: Set(state::next(report.status, action)?),
            updated_at: Set(now),
            ..change
        };
        let report = store::update(&tx, &report, report.version, change).await?;
        let by = (&actor, reason.clone());
        store::add_step(&tx, env.new_id(), &report, action, by, now).await?;
        let detail = json!({ "status": report.status, "reason": reason });
        let subject = (Kind::ReportSubmission, report.id);
        audit::record(&tx, env, &actor, event(action), subject, detail).await?;
        idempotency::remember(&tx, &actor, key, report.id).await?;
        tx.commit().await?;
        Ok(report)
    }
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
    }
}
