//! The steps in the life of a report: sending, sending back, verifying, approving.

use sea_orm::{ConnectionTrait, DatabaseTransaction, Set};
use serde::Serialize;
use thidua_entity::enums::{FigurePart, ReportAction};
use thidua_entity::{report_form_item, report_rival, report_submission, report_value};
use uuid::Uuid;

use super::comments::{self, Remark};
use super::findings::{self, Explained};
use super::taking::{self, Taking, event, held};
use crate::auth::Actor;
use crate::env::{self, Env};
use crate::error::{Error, Problem, Result};
use crate::policy;
use crate::reports::parts::{self, Figure};
use crate::reports::store;
use crate::version::Seen;
use crate::{db, forms, idempotency, input, version};

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

/// Sends a report. Every compulsory figure must be there, and parts must go with their totals. Of the rules of its form, none that
/// blocks may be broken, and what is said to those that only warn is kept. Sent for the first time after
/// the due day, the days of grace and the time that the unit was given, it is marked late.
pub async fn submit(
    env: &Env,
    actor: &Actor,
    step: &Step<'_>,
    explanations: Vec<Explained>,
) -> Result<report_submission::Model> {
    let explanations = findings::tidied(explanations)?;
    let begun = match begin(env, actor, step, ReportAction::Submit, &(step, &explanations)).await? {
        Begun::New(begun) => begun,
        Begun::Done(report) => return Ok(*report),
    };
    let (tx, Taking { actor, report }) = (&begun.tx, &begun.taking);
    let mut problems = undecided(tx, report).await?;
    problems.extend(comments::unanswered(tx, report).await?);
    problems.extend(incomplete(tx, report).await?);
    problems.extend(findings::settle(tx, env, actor, report, &explanations).await?);
    Problem::none(problems)?;
    let now = env.now();
    // A mark of the first sending: neither mending nor correcting makes a report late, or in time.
    let late = match (report.submitted_at, report.corrects_id) {
        (None, None) => {
            let periods = forms::store::periods(tx, &[report.period_id]).await?;
            let period = periods.into_iter().next().ok_or(Error::NotFound)?;
            let deadline = forms::store::deadline(tx, report.form_id, &period, report.unit_id).await?;
            deadline.is_late_on(env::day_of(now))
        }
        _ => report.late,
    };
    let change = report_submission::ActiveModel {
        late: Set(late),
        submitted_at: Set(Some(now)),
        figures_locked: Set(false),
        author_id: Set(actor.recorded_as()),
        ..Default::default()
    };
    store::add_writers(tx, report.id, actor.authors()).await?;
    store::keep_sending(tx, env.new_id(), report, actor, now).await?;
    begun.take(env, change, None).await
}

/// Where two wrote different things and nobody who has seen both has decided.
async fn undecided(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Vec<Problem>> {
    let rivals = store::rivals(tx, &[report.id]).await?;
    if rivals.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rivals.iter().map(|rival| rival.indicator_id).collect();
    let indicators = forms::store::indicators(tx, &ids).await?;
    let problem = |rival: &report_rival::Model| {
        let indicator = indicators.iter().find(|row| row.id == rival.indicator_id);
        let (field, vi, en) = match indicator {
            Some(row) if rival.part == FigurePart::Total => (format!("figures.{}", row.code), &*row.name, &*row.name),
            Some(row) => (
                format!("figures.{}.{}", row.code, rival.part.code()),
                &*row.name,
                &*row.name,
            ),
            None => ("note".to_owned(), "Ghi chú", "The note"),
        };
        Problem::new(
            "CONFLICT_OPEN",
            field,
            format!("«{vi}» có hai người nhập khác nhau; hãy xem cả hai (conflicts) rồi nhập lại số đúng."),
            format!("“{en}” was written differently by two people; look at both (conflicts) and write it again."),
        )
    };
    Ok(rivals.iter().map(problem).collect())
}

/// Compulsory figures that are missing, and parts that do not go with their totals.
async fn incomplete(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Vec<Problem>> {
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
        return Ok(Vec::new());
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
    Ok(problems)
}

/// Why a report is sent back.
#[derive(Debug, Serialize)]
pub struct SendBack<'a> {
    /// The reason; the unit reads it.
    pub reason: &'a str,
    /// What is said of single figures. The unit answers each before it sends the report again.
    pub remarks: &'a [Remark],
    /// Whether the unit may change the other figures too. Without remarks it may.
    pub all_open: bool,
}

/// Sends a report back with a reason that the unit reads. Where single figures are remarked on, only these may be changed, unless all
/// are left open.
pub async fn send_back(
    env: &Env,
    actor: &Actor,
    step: &Step<'_>,
    why: &SendBack<'_>,
) -> Result<report_submission::Model> {
    let reason = input::paragraph("reason", why.reason)?;
    let begun = match begin(env, actor, step, ReportAction::Return, &(step, why)).await? {
        Begun::New(begun) => begun,
        Begun::Done(report) => return Ok(*report),
    };
    let (tx, Taking { actor, report }) = (&begun.tx, &begun.taking);
    let remarks = comments::remarks(tx, env, actor, report, why.remarks).await?;
    let change = report_submission::ActiveModel {
        returned_version: Set((!remarks.is_empty()).then(|| version::next(report.version))),
        figures_locked: Set(!remarks.is_empty() && !why.all_open),
        ..Default::default()
    };
    store::add_comments(tx, remarks).await?;
    begun.take(env, change, Some(&reason)).await
}

/// What sending back without remarks changes beside the status.
pub(super) fn without_remarks() -> report_submission::ActiveModel {
    report_submission::ActiveModel {
        returned_version: Set(None),
        figures_locked: Set(false),
        ..Default::default()
    }
}

/// Finds a report complete and consistent.
pub async fn verify(env: &Env, actor: &Actor, step: &Step<'_>) -> Result<report_submission::Model> {
    match begin(env, actor, step, ReportAction::Verify, &step).await? {
        Begun::New(begun) => begun.take(env, Default::default(), None).await,
        Begun::Done(report) => Ok(*report),
    }
}

/// Approves a report of which nothing is left open that was said: from now on it counts in the totals of approved reports, in the place of the one that it corrects.
pub async fn approve(env: &Env, actor: &Actor, step: &Step<'_>) -> Result<report_submission::Model> {
    let begun = match begin(env, actor, step, ReportAction::Approve, &step).await? {
        Begun::New(begun) => begun,
        Begun::Done(report) => return Ok(*report),
    };
    if store::with_open_comments(&begun.tx, &[step.report])
        .await?
        .contains(&step.report)
    {
        return Err(comments::not_settled());
    }
    begun.take(env, approval(env), None).await
}

/// What an approval changes beside the status.
pub(super) fn approval(env: &Env) -> report_submission::ActiveModel {
    report_submission::ActiveModel {
        approved_at: Set(Some(env.now())),
        ..Default::default()
    }
}

/// What became of asking for a step.
pub(super) enum Begun<'a> {
    /// It may be taken.
    New(Box<Beginning<'a>>),
    /// It was taken before under the same key; the report as it is now.
    Done(Box<report_submission::Model>),
}

/// A step that may be taken, in the transaction that will change the report.
pub(super) struct Beginning<'a> {
    pub(super) tx: DatabaseTransaction,
    pub(super) taking: Taking,
    pub(super) action: ReportAction,
    pub(super) key: Option<&'a str>,
}

/// Begins a step of one report. `request` is all that was asked for, so that the same key is refused for something else.
pub(super) async fn begin<'a>(
    env: &Env,
    actor: &Actor,
    step: &Step<'a>,
    action: ReportAction,
    request: &impl Serialize,
) -> Result<Begun<'a>> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, step.key, event(action).0, request).await? {
        let report = store::find(&tx, &policy::reach(actor), first, env.today()).await?;
        return Ok(Begun::Done(Box::new(report)));
    }
    let (actor, report) = held(&tx, env, actor, (step.report, &step.seen), action).await?;
    Ok(Begun::New(Box::new(Beginning {
        tx,
        taking: Taking { actor, report },
        action,
        key: step.key,
    })))
}

impl Beginning<'_> {
    /// Takes the step and commits.
    async fn take(
        self,
        env: &Env,
        change: report_submission::ActiveModel,
        reason: Option<&str>,
    ) -> Result<report_submission::Model> {
        let Self {
            tx,
            taking,
            action,
            key,
        } = self;
        let actor = taking.actor.clone();
        let taken = taking::take(&tx, env, vec![taking], action, change, reason).await?;
        let report = taken.into_iter().next().ok_or(Error::NotFound)?;
        idempotency::remember(&tx, &actor, key, report.id).await?;
        tx.commit().await?;
        Ok(report)
    }
}
