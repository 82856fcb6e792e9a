//! What is done with results. Computing one is here, all else in files of its own.

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
use crate::reckoning::{CheckedSet, ENGINE, NAMED_MAX};
use crate::scoring::facts::{Gathered, is_appraised};
use crate::scoring::usecases::gather;
use crate::version::Seen;
use crate::{input, scoring, years};

mod publishing;
mod quotas;
mod reading;

pub use publishing::publish;
pub use quotas::{Held, NewRuling, hold, rule};
pub use reading::{
    GradeCounts, Recomputed, Staleness, as_of_now, explain, grade_counts, open, opened, published_warnings, recompute,
    staleness, what_if,
};

/// What a year would be reckoned with now.
pub struct Basis {
    /// The criteria.
    pub set: CheckedSet,
    /// The facts, with the quotas that were ruled over several clusters.
    pub gathered: Gathered,
}

/// What a year would be reckoned with now: a fixed number of statements, however many units.
pub async fn basis(connection: &impl ConnectionTrait, env: &Env, year: &emulation_year::Model) -> Result<Basis> {
    let set = years::usecases::criteria(connection, year).await?;
    let mut gathered = gather(connection, year, &set).await?;
    let place = years::usecases::place(connection, env, year).await?;
    let ruled = ruled::holding(store::rulings(connection, &place.lineage, year.year).await?);
    for row in &ruled {
        gathered
            .facts
            .rulings
            .extend(ruled::to_cluster(row, set.set(), &gathered.facts)?);
    }
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
/// published in its turn; the published one stays as it is.
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

/// Computes and keeps the result of a locked year, unless nothing has changed since the last one.
async fn keep(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    corrects: Option<(&result::Model, String)>,
) -> Result<result::Model> {
    let Basis { set, gathered } = basis(tx, env, year).await?;
    all_at_least(&gathered, "SHEETS_NOT_APPRAISED", is_appraised)?;
    let (sealed, opened) = seal(set, &gathered).await?;
    let last = store::newest(tx, &[year.id]).await?.into_iter().next();
    let same = last.filter(|last| last.hash == sealed.hash);
    if let Some(same) = same {
        match &corrects {
            None if same.state == ResultState::Computed => return Ok(same),
            Some(_) if same.state == ResultState::Published => return Err(nothing_to_correct()),
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

fn nothing_to_correct() -> Error {
    Error::invalid(
        "NOTHING_TO_CORRECT",
        "id",
        "Tính lại cho đúng kết quả đã công bố nên không có gì để đính chính.",
        "Computed anew it is the published result, so there is nothing to correct.",
    )
}

/// Reckons apart from the threads that answer requests, and seals what came of it.
async fn seal(set: CheckedSet, gathered: &Gathered) -> Result<(Sealed, Snapshot)> {
    let facts = gathered.facts.clone();
    let sealing = tokio::task::spawn_blocking(move || {
        let sealed = snapshot::seal(&set, &facts)?;
        let opened = snapshot::open(&sealed.bytes)?;
        Ok((sealed, opened))
    });
    sealing.await.map_err(Error::internal)?.map_err(unsound)
}

/// A snapshot that we made and cannot use is a fault of ours.
fn unsound(problem: SnapshotProblem) -> Error {
    Error::internal(format!("a snapshot is not sound: {problem:?}"))
}

/// Lets through when there are participants and the sheets of all of them have come so far.
fn all_at_least(gathered: &Gathered, code: &'static str, is_so_far: fn(SheetState) -> bool) -> Result<()> {
    if gathered.facts.units.is_empty() {
        return Err(Error::invalid(
            "NO_PARTICIPANTS",
            "yearId",
            "Năm thi đua không có đơn vị nào tham gia.",
            "Nobody takes part in the year.",
        ));
    }
    let mut behind = Vec::new();
    for (id, unit) in &gathered.facts.units {
        let sheet = gathered.sheets.get(&Kind::Unit.parse(id)?);
        if !sheet.is_some_and(|sheet| is_so_far(sheet.state)) {
            behind.push(unit.name.as_str());
        }
    }
    if behind.is_empty() {
        return Ok(());
    }
    let (count, some) = (
        behind.len(),
        behind.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join("; "),
    );
    let rest = if count > NAMED_MAX { "; …" } else { "" };
    let (vi, en) = match code {
        "SHEETS_NOT_DECIDED" => ("được hội đồng quyết định", "decided"),
        _ => ("được cụm thẩm định", "appraised"),
    };
    Err(Error::invalid(
        code,
        "yearId",
        format!("Còn {count} đơn vị có phiếu chấm chưa {vi}: {some}{rest}."),
        format!("The sheets of {count} units are not {en} yet: {some}{rest}."),
    ))
}

/// The sheets of a year that some objection waits at.
async fn open_objections(tx: &impl ConnectionTrait, gathered: &Gathered) -> Result<usize> {
    let sheets: Vec<Uuid> = gathered.sheets.values().map(|sheet| sheet.id).collect();
    let objections = scoring::store::objections(tx, &sheets).await?;
    Ok(objections.iter().filter(|one| one.outcome.is_none()).count())
}
