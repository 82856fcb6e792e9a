//! Writes what a sheet of many units asks for: one transaction, in which each report is looked at again.

use std::collections::{HashMap, HashSet};

use sea_orm::{ConnectionTrait, Set};
use thidua_entity::enums::ReportAction;
use thidua_entity::report_submission;
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
use crate::reports::usecases::save::{self, IntoReport, Written};
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
    let tx = db::begin_write(&env.db).await?;
    let ids: Vec<Uuid> = fills.iter().map(|fill| fill.unit).collect();
    let reach = policy::reach(actor).by_place();
    let now = Standing::held(&tx, (env, actor), &reach, (seen.form.id, seen.period.id), &ids).await?;
    if now.version.id != seen.version.id {
        return Err(super::super::of_another_form());
    }
    let units: HashMap<Uuid, &UnitStanding> = now.units.iter().map(|one| (one.unit.id, one)).collect();
    let mut conflicts = Vec::new();
    let mut fit: Vec<(&Fill, &Actor)> = Vec::new();
    for fill in fills {
        match still_fits(fill, units.get(&fill.unit).copied(), &now)? {
            Ok(actor) => fit.push((fill, actor)),
            Err(conflict) => conflicts.push(conflict),
        }
    }
    let begun = begin(&tx, &fit).await?;
    let (fit, late): (Vec<_>, Vec<_>) = fit
        .into_iter()
        .partition(|(fill, _)| !fill.begun || begun.contains(&fill.report.id));
    conflicts.extend(late.iter().map(|(fill, _)| fill.stale()));
    if fit.is_empty() || (mode == FillMode::Atomic && !conflicts.is_empty()) {
        tx.rollback().await?;
        return Ok((HashSet::new(), conflicts));
    }
    change(&tx, env, &fit).await?;
    trace(&tx, env, &fit).await?;
    tx.commit().await?;
    Ok((fit.iter().map(|(fill, _)| fill.report.id).collect(), conflicts))
}

/// Whether a row can be taken now as it could when the sheet was compared, and as whom the caller acts.
fn still_fits<'a>(fill: &Fill, unit: Option<&'a UnitStanding>, now: &Standing) -> Result<Result<&'a Actor, Conflict>> {
    let Some(unit) = unit else {
        return Ok(Err(fill.stale()));
    };
    let same = match &unit.report {
        None => fill.begun,
        Some(report) => (report.id, report.version) == (fill.report.id, fill.report.version),
    };
    if !same {
        return Ok(Err(fill.stale()));
    }
    match unit.may_fill_in(now) {
        Ok(()) => Ok(Ok(&unit.actor)),
        Err(why) => refusal(fill.at, &unit.unit.name, why).map(Err),
    }
}

impl Fill {
    fn stale(&self) -> Conflict {
        stale(self.at, &self.outcome().name)
    }
}

/// Begins the reports that are not there; tells which. By hand one is begun and then written: two versions.
async fn begin(tx: &impl ConnectionTrait, fit: &[(&Fill, &Actor)]) -> Result<HashSet<Uuid>> {
    let new = fit.iter().filter(|(fill, _)| fill.begun);
    let mut new: Vec<report_submission::Model> = new
        .map(|(fill, _)| report_submission::Model {
            version: fill.version(),
            ..fill.report.clone()
        })
        .collect();
    new.sort_by_key(|report| report.unit_id);
    store::begin_all(tx, &new).await
}

/// Writes the figures, and that the reports which were there have changed.
async fn change(tx: &impl ConnectionTrait, env: &Env, fit: &[(&Fill, &Actor)]) -> Result<()> {
    let there = fit.iter().filter(|(fill, _)| !fill.begun);
    let there: Vec<report_submission::Model> = there.map(|(fill, _)| fill.report.clone()).collect();
    if !there.is_empty() {
        let changed = report_submission::ActiveModel {
            updated_at: Set(env.now()),
            ..Default::default()
        };
        store::update_all(tx, &there, changed).await?;
    }
    let into = |(fill, actor): &(&Fill, &Actor)| IntoReport {
        report: fill.report.id,
        version: fill.version(),
        writer: Writer {
            account: actor.recorded_as(),
            seen: fill.report.version,
        },
        begun: fill.begun,
        written: Written {
            touched: fill.written.touched.clone(),
            rows: fill.written.rows.clone(),
            ..Written::default()
        },
    };
    save::write(tx, env, fit.iter().map(into).collect()).await?;
    let wrote = fit
        .iter()
        .flat_map(|(fill, actor)| actor.authors().map(|account| (fill.report.id, account)));
    store::add_all_writers(tx, wrote).await
}

/// Writes the steps and the audit, as for one report that is begun and written.
async fn trace(tx: &impl ConnectionTrait, env: &Env, fit: &[(&Fill, &Actor)]) -> Result<()> {
    let begun = || fit.iter().filter(|(fill, _)| fill.begun);
    let steps = begun().map(|(fill, actor)| {
        let report = &fill.report;
        store::step(
            env.new_id(),
            report,
            ReportAction::Create,
            (actor, None),
            report.created_at,
        )
    });
    let steps: Vec<_> = steps.collect();
    if !steps.is_empty() {
        store::add_steps(tx, steps).await?;
        let traces = begun().map(|(fill, actor)| begun_trace(env, actor, &fill.report));
        audit::record_all(tx, traces.collect()).await?;
    }
    let saved = fit.iter().map(|(fill, actor)| {
        let subject = (Kind::ReportSubmission, fill.report.id);
        let detail = save::detail(fill.report.version, &fill.typed);
        audit::entry(env, actor, event(ReportAction::Save), subject, &detail)
    });
    audit::record_all(tx, saved.collect()).await
}
