//! Drawing who checks whom, trying a draw without keeping it, and repeating one.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{CrossCheckState, EventKind, YearCalendar};
use thidua_entity::{cross_check, cross_check_draw, emulation_participant, emulation_year};
use uuid::Uuid;

use super::{begun, managed, participants};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::crosschecks::pairing::{self, Impossible, Inputs, METHOD, Outcome, Pair};
use crate::crosschecks::{state, store};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::years::store::View;
use crate::{db, idempotency, input, units, version, years};

/// Most draws of a year: who draws again and again until it fits is to be noticed.
const DRAWS_MAX: usize = 20;
/// Most characters of the part of a seed that somebody names.
const NAMED_MAX: usize = 100;

/// A draw to be made.
#[derive(Serialize)]
pub struct NewDraw<'a> {
    /// The year.
    pub year: Uuid,
    /// How many units each checks.
    pub checks_per_unit: i32,
    /// What it is made with beside a part that is made up when it is kept; what a trial is made with.
    pub seed: Option<&'a str>,
    /// The number of the last draw that the caller saw; none when there was none.
    pub replaces: Option<i32>,
    /// A key under which it is drawn once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// What a draw would give.
pub struct Trial {
    /// What it was made with.
    pub seed: String,
    /// What went into it.
    pub inputs: Inputs,
    /// What came out.
    pub outcome: Outcome,
}

/// Draws who checks whom, and assigns it. A former draw of which nobody has begun anything is replaced as a whole, for only as a whole it is
/// balanced; once a drawn check is begun, nothing is drawn any more. What was assigned by hand stays, and the same pair is not drawn.
pub async fn draw(env: &Env, actor: &Actor, new: &NewDraw<'_>) -> Result<cross_check_draw::Model> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "CROSS_CHECKS_DRAWN", new).await? {
        return store::find_draw(&tx, &View::of(actor, env.today()), first).await;
    }
    let (ref actor, year) = managed(&tx, env, actor, new.year, state::DRAWING).await?;
    let last = store::last_draw(&tx, year.id).await?;
    if new.replaces.unwrap_or(0) != last {
        return Err(Error::StaleVersion { current: last });
    }
    let former = unbegun(&tx, year.id).await?;
    input::list_size("yearId", usize::try_from(last).unwrap_or(DRAWS_MAX) + 1, DRAWS_MAX)?;
    let seed = match new.seed {
        // Nobody knows before the draw what comes out, not even who names a number that was drawn before all.
        Some(seed) => format!("{}·{}", named(seed)?, made_up()),
        None => made_up(),
    };
    let drawn = tried(&tx, env, &year, new, seed).await?;
    let ids: Vec<Uuid> = former.iter().map(|check| check.id).collect();
    store::remove_checks(&tx, &ids).await?;
    let row = store::add_draw(&tx, row(env, actor, (&year, last), &drawn)?).await?;
    let checks = drawn
        .outcome
        .pairs
        .iter()
        .map(|&pair| assignment(env, year.id, Some(row.id), pair, None));
    store::add_checks(&tx, checks.collect()).await?;
    let replaced: Vec<Pair> = former
        .iter()
        .map(|check| (check.checker_id, check.checked_id))
        .collect();
    let detail = json!({
        "yearId": year.id, "number": row.number, "seed": row.seed, "pairs": drawn.outcome.pairs.len(), "replaced": replaced,
    });
    let subject = (Kind::CrossCheckDraw, row.id);
    audit::record(&tx, env, actor, Event("CROSS_CHECKS_DRAWN"), subject, detail).await?;
    let told = OfYear::to(year.id, drawn.inputs.units.iter().copied().collect());
    events::tell_of_year(&tx, env, actor, EventKind::CrossChecksAssigned, subject, &told).await?;
    idempotency::remember(&tx, actor, new.key, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

/// What a draw with this seed would give now, without keeping it. A kept draw comes out again from the seed that was printed, as long as
/// nothing changes that goes into it.
pub async fn try_draw(env: &Env, actor: &Actor, new: &NewDraw<'_>) -> Result<Trial> {
    let tx = db::begin_read(&env.db).await?;
    let year = years::store::find(&tx, &View::of(actor, env.today()), new.year).await?;
    let place = years::usecases::place(&tx, env, &year).await?;
    // Nothing is written, so nobody is acted for.
    let _acting = policy::authorize(actor, Action::CrossCheckManage, &place)?;
    years::state::demand(year.phase, state::DRAWING)?;
    let seed = match new.seed {
        Some(seed) => input::short_text("seed", seed)?,
        None => made_up(),
    };
    let drawn = tried(&tx, env, &year, new, seed).await?;
    tx.commit().await?;
    Ok(drawn)
}

/// Whether a kept draw, made again from what went into it, gives the pairs that it gave then.
pub fn is_repeatable(draw: &cross_check_draw::Model) -> Result<bool> {
    let again = pairing::draw(&read_inputs(draw)?, &draw.seed, draw.method);
    Ok(again.is_ok_and(|again| read_outcome(draw).is_ok_and(|kept| again.pairs == kept.pairs)))
}

/// What went into a draw.
pub fn read_inputs(draw: &cross_check_draw::Model) -> Result<Inputs> {
    serde_json::from_str(&draw.inputs).map_err(Error::internal)
}

/// What came out of a draw.
pub fn read_outcome(draw: &cross_check_draw::Model) -> Result<Outcome> {
    serde_json::from_str(&draw.outcome).map_err(Error::internal)
}

/// The row of an assignment that is just made.
pub(super) fn assignment(
    env: &Env,
    year: Uuid,
    draw: Option<Uuid>,
    (checker, checked): Pair,
    reason: Option<String>,
) -> cross_check::ActiveModel {
    cross_check::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year),
        draw_id: Set(draw),
        checker_id: Set(checker),
        checked_id: Set(checked),
        reason: Set(reason),
        state: Set(CrossCheckState::Assigned),
        held_on: Set(None),
        place: Set(None),
        attendance: Set(None),
        minutes: Set(None),
        return_reason: Set(None),
        waived_reason: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
        updated_at: Set(env.now()),
    }
}

/// The cross-checks of a year that were drawn, locked, none of which is begun.
async fn unbegun(tx: &impl ConnectionTrait, year: Uuid) -> Result<Vec<cross_check::Model>> {
    let checks = store::lock_all(tx, year).await?.into_iter();
    let checks: Vec<cross_check::Model> = checks.filter(|check| check.draw_id.is_some()).collect();
    let ids: Vec<Uuid> = checks.iter().map(|check| check.id).collect();
    let all_assigned = checks.iter().all(|check| check.state == CrossCheckState::Assigned);
    let is_begun = !all_assigned
        || store::count_findings(tx, &ids).await? > 0
        || !store::points(tx, year, &checks).await?.is_empty();
    if is_begun {
        return Err(begun());
    }
    Ok(checks)
}

async fn tried(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
    new: &NewDraw<'_>,
    seed: String,
) -> Result<Trial> {
    let assigned = store::assigned_by_hand(connection, year.id).await?;
    let finished = store::finished(connection, &[year.id]).await?;
    // A school that is checked when its year ends is not checked again with the others.
    let has_its_check = |row: &emulation_participant::Model| {
        finished.iter().any(|one| one.unit_id == row.unit_id)
            || row.calendar == YearCalendar::SchoolYear && assigned.iter().any(|(_, checked)| *checked == row.unit_id)
    };
    let (left_out, units): (Vec<_>, Vec<_>) = participants(connection, year.id).await?.partition(has_its_check);
    let ids = |rows: Vec<emulation_participant::Model>| rows.iter().map(|row| row.unit_id).collect::<BTreeSet<Uuid>>();
    let (left_out, units) = (ids(left_out), ids(units));
    let last_year = store::pairs_of(connection, year.cluster_id, year.year.saturating_sub(1)).await?;
    let of_these = |pairs: Vec<Pair>| {
        let both = |(one, other): &Pair| units.contains(one) && units.contains(other);
        pairs.into_iter().filter(both).collect::<BTreeSet<Pair>>()
    };
    let inputs = Inputs {
        checks_per_unit: usize::try_from(new.checks_per_unit).unwrap_or(0),
        recusals: of_these(store::recused(connection, year.id).await?),
        assigned: of_these(assigned),
        last_year: of_these(last_year),
        units,
        left_out,
    };
    let (given, with) = (inputs.clone(), seed.clone());
    // Milliseconds as a rule; a large cluster with many recusals takes longer.
    let drawn = tokio::task::spawn_blocking(move || pairing::draw(&given, &with, METHOD));
    match drawn.await.map_err(Error::internal)? {
        Ok(outcome) => Ok(Trial { seed, inputs, outcome }),
        Err(why) => Err(impossible(connection, env, &inputs, &why).await?),
    }
}

async fn impossible(connection: &impl ConnectionTrait, env: &Env, inputs: &Inputs, why: &Impossible) -> Result<Error> {
    let units: Vec<Uuid> = inputs.units.iter().copied().collect();
    let names: HashMap<Uuid, String> = units::store::plain_names(connection, &units, env.today()).await?;
    let text = why.told(&|unit| names.get(&unit).cloned().unwrap_or_default());
    let (code, field) = match why {
        Impossible::TooFewUnits => ("TOO_FEW_UNITS", "checksPerUnit"),
        Impossible::TooManyUnits => ("TOO_MANY_UNITS", "yearId"),
        Impossible::Recusals { .. } => ("RECUSALS_IN_THE_WAY", "yearId"),
        Impossible::UnknownMethod => ("METHOD_UNKNOWN", "yearId"),
    };
    Ok(Error::invalid(code, field, text.vi, text.en))
}

/// The part of a seed that somebody names: short enough that the whole can be given to a trial.
fn named(seed: &str) -> Result<String> {
    let seed = input::short_text("seed", seed)?;
    if seed.chars().count() <= NAMED_MAX {
        return Ok(seed);
    }
    Err(Error::invalid(
        "TOO_LONG",
        "seed",
        format!("Tối đa {NAMED_MAX} ký tự."),
        format!("At most {NAMED_MAX} characters."),
    ))
}

/// A seed that nobody chose: 64 random bits in letters that are easily read out.
fn made_up() -> String {
    format!("{:016x}", rand::random::<u64>())
}

fn row(
    env: &Env,
    actor: &Actor,
    (year, last): (&emulation_year::Model, i32),
    drawn: &Trial,
) -> Result<cross_check_draw::ActiveModel> {
    Ok(cross_check_draw::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        number: Set(version::next(last)),
        seed: Set(drawn.seed.clone()),
        method: Set(METHOD),
        inputs: Set(serde_json::to_string(&drawn.inputs).map_err(Error::internal)?),
        outcome: Set(serde_json::to_string(&drawn.outcome).map_err(Error::internal)?),
        drawn_by: Set(actor.recorded_as()),
        drawn_for: Set(actor.acting_for()),
        drawn_at: Set(env.now()),
    })
}
