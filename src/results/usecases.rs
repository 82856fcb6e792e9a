//! What is done with results. Computing one is here, all else in files of its own.

use std::sync::Arc;

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{ResultState, SheetState, YearPhase};
use thidua_entity::{emulation_year, result};
use uuid::Uuid;

use super::store::{self, View};
use super::{rows, ruled};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::snapshot::{self, Sealed, Snapshot, SnapshotProblem};
use crate::reckoning::{CheckedSet, ENGINE};
use crate::scoring::facts::Gathered;
use crate::scoring::usecases::gather;
use crate::version::Seen;
use crate::{input, scoring, years};

mod explaining;
mod gaps;
mod holding;
mod publishing;
mod quotas;
mod readiness;
mod reading;
mod ties;

pub use explaining::{Asks, Behind, Told, explain};
pub use gaps::{gaps, leniency};
pub use publishing::publish;
pub use quotas::{Held, NewRuling, hold, rule};
use readiness::{SheetsNot, all_at_least};
pub use reading::{
    GradeCounts, Recomputed, Staleness, as_of_now, grade_counts, open, opened, recompute, staleness, what_if,
};
pub use ties::{NewSettlement, settle_tie};

/// What a year would be reckoned with now.
pub struct Basis {
    /// The criteria.
    pub set: Arc<CheckedSet>,
    /// The facts, with the quotas that were ruled over several clusters and the ties that were settled.
    pub gathered: Gathered,
}

/// What a year would be reckoned with now: a fixed number of statements, however many units.
pub async fn basis(connection: &impl ConnectionTrait, env: &Env, year: &emulation_year::Model) -> Result<Basis> {
    let set = years::usecases::criteria(connection, env, year).await?;
    let mut gathered = gather(connection, year, &set).await?;
    let place = years::usecases::place(connection, env, year).await?;
    let ruled = ruled::holding(store::rulings(connection, &place.lineage, year.year).await?);
    for row in &ruled {
        gathered
            .facts
            .rulings
            .extend(ruled::to_cluster(row, set.set(), &gathered.facts)?);
    }
    ties::into_facts(store::settlements(connection, year.id).await?, &mut gathered.facts);
    Ok(Basis { set, gathered })
}

/// Computes the result of a year and keeps it. When nothing has changed since the last one, that is the answer.
pub async fn compute(env: &Env, actor: &Actor, year: Uuid) -> Result<result::Model> {
    let tx = db::begin_write(&env.db).await?;
    let found = years::store::find(&tx, &View::of(actor, env.today()).years(), year).await?;
    let place = years::usecases::place(&tx, env, &found).await?;
    let actor = &policy::authorize(actor, Action::ResultCompute, &place)?;
    let year = years::store::lock(&tx, year).await?;
    let phases = [YearPhase::Appraising, YearPhase::Voting, YearPhase::Deciding];
    years::state::demand(year.phase, &phases)?;
    if store::published(&tx, year.id).await?.is_some() {
        return Err(Error::WrongState(Text::new(
            "Kết quả của năm thi đua đã công bố; muốn sửa thì đính chính.",
            "A result of the year is published already; it can only be corrected.",
        )));
    }
    let result = keep(&tx, env, actor, &year, None).await?;
    tx.commit().await?;
    Ok(result)
}

/// Computes the result of a published year anew, with the reason for which the published one is corrected. It binds nobody before it is
/// published in its turn; the published one stays as it is. Asked again with the same reason it is the same. When sheets were taken back
/// and the same comes out after all, there is nothing to correct: they are published again with the result that there is.
pub async fn correct(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<result::Model> {
    let reason = input::explanation("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let found = store::find(&tx, &View::of(actor, env.today()), id).await?;
    let (ref actor, year) = deciding(&tx, env, actor, &found).await?;
    seen.check(found.version)?;
    let last = store::published(&tx, year.id).await?;
    if last.as_ref().map(|last| last.id) != Some(found.id) {
        return Err(Error::invalid(
            "NOT_LAST_PUBLISHED",
            "id",
            "Chỉ đính chính được kết quả công bố gần nhất của năm thi đua.",
            "Only the result of the year that was published last is corrected.",
        ));
    }
    let result = keep(&tx, env, actor, &year, Some((&found, reason))).await?;
    tx.commit().await?;
    Ok(result)
}

/// The year of a result that the caller may publish and correct, locked, and the caller as it acts.
async fn deciding(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    result: &result::Model,
) -> Result<(Actor, emulation_year::Model)> {
    let view = View::of(actor, env.today()).years();
    let year = years::store::find(tx, &view, result.year_id).await?;
    let place = years::usecases::place(tx, env, &year).await?;
    let acting = policy::authorize(actor, Action::ResultPublish, &place)?;
    Ok((acting, years::store::lock(tx, year.id).await?))
}

/// A result is the last of its year, whatever its state.
fn is_last(newest: &[result::Model], found: &result::Model) -> Result<()> {
    if newest.iter().any(|last| last.id == found.id) {
        return Ok(());
    }
    Err(Error::invalid(
        "NOT_LAST",
        "id",
        "Đã có kết quả tính sau kết quả này; chỉ kết quả tính gần nhất còn được xét.",
        "Another result was computed after this one; only the last one counts.",
    ))
}

/// Computes and keeps the result of a year that is locked, unless nothing has changed since the last one.
pub async fn keep(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    corrects: Option<(&result::Model, String)>,
) -> Result<result::Model> {
    let Basis { set, gathered } = basis(tx, env, year).await?;
    all_at_least(&set, &gathered, SheetsNot::Appraised)?;
    let (sealed, opened) = seal(Arc::clone(&set), &gathered).await?;
    if let Some((old, reason)) = &corrects
        && old.hash == sealed.hash
    {
        confirm(tx, env, actor, (old, reason), &set, &gathered).await?;
        return Ok((*old).clone());
    }
    let last = store::newest(tx, &[year.id]).await?.into_iter().next();
    let same = last.filter(|last| last.hash == sealed.hash);
    if let Some(same) = same {
        match &corrects {
            None if same.state == ResultState::Computed => return Ok(same),
            Some((old, reason))
                if same.corrects_id == Some(old.id) && same.correction_reason.as_ref() == Some(reason) =>
            {
                return Ok(same);
            }
            _ => {}
        }
    }
    let number = store::next_number(tx, year.id).await?;
    let (corrects, reason) = corrects.map(|(old, reason)| (old.id, reason)).unzip();
    let row = result::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        number: Set(number),
        state: Set(ResultState::Computed),
        engine: Set(i32::try_from(ENGINE).map_err(Error::internal)?),
        hash: Set(sealed.hash.clone()),
        facts_hash: Set(opened.hashes.facts.clone()),
        rules_hash: Set(opened.hashes.rules.clone()),
        corrects_id: Set(corrects),
        correction_reason: Set(reason),
        computed_by: Set(actor.recorded_as()),
        computed_for: Set(actor.acting_for()),
        computed_at: Set(env.now()),
        published_by: Set(None),
        published_for: Set(None),
        published_at: Set(None),
        version: Set(1),
    };
    let rows = rows::of(&opened.rules, &opened.outcome);
    let result = store::insert(tx, row, sealed.bytes, &opened.rules.bands, &rows, &gathered.units).await?;
    let event = Event(if corrects.is_some() {
        "RESULT_CORRECTED"
    } else {
        "RESULT_COMPUTED"
    });
    let detail = json!({ "yearId": year.id, "number": number, "sha256": result.hash, "correctsId": corrects });
    audit::record(tx, env, actor, event, (Kind::EmulationResult, result.id), detail).await?;
    Ok(result)
}

/// Publishes sheets again that were taken back and are decided as they were, with the result that says so already.
async fn confirm(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (result, reason): (&result::Model, &str),
    set: &CheckedSet,
    gathered: &Gathered,
) -> Result<()> {
    let mut sheets = gathered.sheets.values();
    if !sheets.any(|sheet| sheet.state == SheetState::Decided) {
        return Err(nothing_to_correct());
    }
    all_at_least(set, gathered, SheetsNot::Decided)?;
    scoring::store::publish_all(tx, result.year_id, actor, env.now(), || env.new_id()).await?;
    let detail = json!({ "yearId": result.year_id, "number": result.number, "reason": reason });
    let event = Event("RESULT_CONFIRMED");
    audit::record(tx, env, actor, event, (Kind::EmulationResult, result.id), detail).await
}

fn nothing_to_correct() -> Error {
    Error::invalid(
        "NOTHING_TO_CORRECT",
        "id",
        "Tính lại cho đúng kết quả đã công bố nên không có gì để đính chính.",
        "Computed anew it is the published result, so there is nothing to correct.",
    )
}

/// Reckons apart from the threads that answer requests, and seals what came of it.
async fn seal(set: Arc<CheckedSet>, gathered: &Gathered) -> Result<(Sealed, Snapshot)> {
    let facts = gathered.facts.clone();
    let sealing = tokio::task::spawn_blocking(move || {
        let sealed = snapshot::seal(&set, &facts)?;
        let opened = snapshot::open(&sealed.bytes)?;
        Ok((sealed, opened))
    });
    sealing.await.map_err(Error::internal)?.map_err(unsound)
}

/// A snapshot of another engine stands as it is and is not worked out anew; one that we made and cannot use is a fault of ours.
fn unsound(problem: SnapshotProblem) -> Error {
    if let SnapshotProblem::OtherEngine { engine } = problem {
        return Error::WrongState(Text::new(
            format!(
                "Kết quả do bộ tính số {engine} lập, nay dùng bộ tính số {ENGINE}: chỉ xem được, không tính lại được."
            ),
            format!(
                "Engine {engine} made this result, and engine {ENGINE} is in use: it can be read and not worked out again."
            ),
        ));
    }
    Error::internal(format!("a snapshot is not sound: {problem:?}"))
}
