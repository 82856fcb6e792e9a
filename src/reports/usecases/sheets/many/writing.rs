//! Writes what a sheet of many units asks for: one transaction, in which each report is looked at again.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, Set};
use thidua_entity::enums::ReportAction;
use thidua_entity::{audit_entry, report_step, report_submission};
use uuid::Uuid;

use super::comparing::Fill;
use super::standing::{Standing, UnitStanding};
use super::told::{refusal, stale};
use crate::audit;
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::policy;
use crate::reports::merging::Writer;
use crate::reports::store;
use crate::reports::usecases::save::{self, IntoReport, Ready, Written};
use crate::reports::usecases::sheets::FillMode;
use crate::reports::usecases::{begun_trace, event};
use crate::sheets::Conflict;

/// Writes the rows that can still be taken, all or none in atomic mode; tells which reports were written, and what came in the way
/// since the sheet was compared.
pub async fn write(
    env: &Env,
    actor: &Actor,
    seen: &Standing,
    fills: &[Fill],
    mode: FillMode,
) -> Result<(HashSet<Uuid>, Vec<Conflict>)> {
    // All that can be made before is: on SQLite nobody else writes from here on.
    let ready: Vec<ReadyFill<'_>> = fills.iter().map(|fill| ReadyFill::of(env, fill)).collect();
    let ids: Vec<Uuid> = fills.iter().map(|fill| fill.unit).collect();
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor).by_place();
    let now = Standing::held(&tx, (env, actor), &reach, (seen.form.id, seen.period.id), &ids).await?;
    if now.version.id != seen.version.id {
        return Err(super::super::of_another_form());
    }
    let units: HashMap<Uuid, &UnitStanding> = now.units.iter().map(|one| (one.unit.id, one)).collect();
    let (mut conflicts, mut fit) = (Vec::new(), Vec::new());
    for ready in ready {
        match still_fits(ready.fill, units.get(&ready.fill.unit).copied(), &now)? {
            Ok(()) => fit.push(ready),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    let begun = begin(&tx, &fit).await?;
    let (fit, late): (Vec<_>, Vec<_>) = fit
        .into_iter()
        .partition(|ready| !ready.fill.begun || begun.contains(&ready.fill.report.id));
    conflicts.extend(late.iter().map(|ready| ready.fill.stale()));
    if fit.is_empty() || (mode == FillMode::Atomic && !conflicts.is_empty()) {
        tx.rollback().await?;
        return Ok((HashSet::new(), conflicts));
    }
    let written = fit.iter().map(|ready| ready.fill.report.id).collect();
    change(&tx, env, fit).await?;
    tx.commit().await?;
    Ok((written, conflicts))
}

/// What a row asks for, with every row of the database made.
struct ReadyFill<'a> {
    fill: &'a Fill,
    into: Ready,
    /// Of a report that is begun: the step, and what the audit keeps.
    begun: Option<(report_step::ActiveModel, audit_entry::ActiveModel)>,
    saved: audit_entry::ActiveModel,
}

impl<'a> ReadyFill<'a> {
    fn of(env: &Env, fill: &'a Fill) -> Self {
        let (report, actor) = (&fill.report, &fill.actor);
        let into = IntoReport {
            report: report.id,
            version: fill.version(),
            writer: Writer {
                account: actor.recorded_as(),
                seen: report.version,
            },
            begun: fill.begun,
            written: Written {
                touched: fill.written.touched.clone(),
                rows: fill.written.rows.clone(),
                ..Written::default()
            },
        };
        let step = |action| store::step(env.new_id(), report, action, (actor, None), report.created_at);
        let begun = fill
            .begun
            .then(|| (step(ReportAction::Create), begun_trace(env, actor, report)));
        let detail = save::detail(report.version, &fill.typed);
        let subject = (Kind::ReportSubmission, report.id);
        Self {
            fill,
            into: into.ready(env),
            begun,
            saved: audit::entry(env, actor, event(ReportAction::Save), subject, &detail),
        }
    }
}

/// Whether a row can be taken now as it could when the sheet was compared, the caller acting as it did then.
fn still_fits(fill: &Fill, unit: Option<&UnitStanding>, now: &Standing) -> Result<Result<(), Conflict>> {
    let Some(unit) = unit else {
        return Ok(Err(fill.stale()));
    };
    let same = match &unit.report {
        None => fill.begun,
        Some(report) => (report.id, report.version) == (fill.report.id, fill.report.version),
    };
    if !same || !unit.actor.authors().eq(fill.actor.authors()) {
        return Ok(Err(fill.stale()));
    }
    match unit.may_fill_in(now) {
        Ok(()) => Ok(Ok(())),
        Err(why) => refusal(fill.at, &unit.unit.name, why).map(Err),
    }
}

impl Fill {
    fn stale(&self) -> Conflict {
        stale(self.at, &self.outcome().name)
    }
}

/// Begins the reports that are not there; tells which. By hand one is begun and then written: two versions.
async fn begin(tx: &impl ConnectionTrait, fit: &[ReadyFill<'_>]) -> Result<HashSet<Uuid>> {
    let new = fit.iter().map(|ready| ready.fill).filter(|fill| fill.begun);
    let mut new: Vec<report_submission::Model> = new
        .map(|fill| report_submission::Model {
            version: fill.version(),
            ..fill.report.clone()
        })
        .collect();
    new.sort_by_key(|report| report.unit_id);
    store::begin_all(tx, &new).await
}

/// Writes the figures, that the reports which were there have changed, and the steps and the audit, as for one report that is begun
/// and written.
async fn change(tx: &impl ConnectionTrait, env: &Env, fit: Vec<ReadyFill<'_>>) -> Result<()> {
    let there = fit.iter().map(|ready| ready.fill).filter(|fill| !fill.begun);
    let there: Vec<report_submission::Model> = there.map(|fill| fill.report.clone()).collect();
    if !there.is_empty() {
        let changed = report_submission::ActiveModel {
            updated_at: Set(env.now()),
            ..Default::default()
        };
        store::update_all(tx, &there, changed).await?;
    }
    let wrote = fit.iter().map(|ready| ready.fill).flat_map(|fill| {
        let report = fill.report.id;
        fill.actor.authors().map(move |account| (report, account))
    });
    let wrote: Vec<(Uuid, Uuid)> = wrote.collect();
    let (mut into, mut steps, mut begun, mut saved) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ready in fit {
        into.push(ready.into);
        saved.push(ready.saved);
        if let Some((step, trace)) = ready.begun {
            steps.push(step);
            begun.push(trace);
        }
    }
    save::write(tx, into).await?;
    store::add_all_writers(tx, wrote.into_iter()).await?;
    if !steps.is_empty() {
        store::add_steps(tx, steps).await?;
        audit::record_all(tx, begun).await?;
    }
    audit::record_all(tx, saved).await
}
