//! The steps in the life of an emulation year.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, PactState, YearPhase};
use thidua_entity::{emulation_step, emulation_year};
use uuid::Uuid;

use super::managed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;
use crate::years::state::{self, Readiness};
use crate::years::store;
use crate::{criteria, db, input};

/// Takes a year on to its next phase, when everything is there that this needs. From DECIDING it goes on by publishing its result.
pub async fn advance(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<emulation_year::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year) = managed(&tx, env, actor, id, Action::YearAdvance).await?;
    seen.check(year.version)?;
    let next = state::advance(year.phase, readiness(&tx, &year).await?)?;
    let entered = enter(&tx, env, actor, &year, next, None).await?;
    let detail = json!({ "from": year.phase, "to": next });
    let event = Event("EMULATION_YEAR_ADVANCED");
    audit::record(&tx, env, actor, event, (Kind::EmulationYear, id), detail).await?;
    tell(&tx, env, actor, &entered, None).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Takes a year back to the phase before, with a reason. What was written stays.
pub async fn step_back(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<emulation_year::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year) = managed(&tx, env, actor, id, Action::YearManage).await?;
    seen.check(year.version)?;
    let Some(before) = state::before(year.phase) else {
        return Err(Error::WrongState(Text::new(
            "Từ giai đoạn này không lùi lại được.",
            "There is no step back from this phase.",
        )));
    };
    let entered = enter(&tx, env, actor, &year, before, Some(&reason)).await?;
    let detail = json!({ "from": year.phase, "to": before, "reason": reason });
    let event = Event("EMULATION_YEAR_STEPPED_BACK");
    audit::record(&tx, env, actor, event, (Kind::EmulationYear, id), detail).await?;
    tell(&tx, env, actor, &entered, Some(reason)).await?;
    tx.commit().await?;
    Ok(entered)
}

/// Tells those who take part which phase has begun.
async fn tell(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    reason: Option<String>,
) -> Result<()> {
    let told = OfYear {
        phase: Some(year.phase),
        reason,
        ..OfYear::to(year.id, store::taking_part(tx, year.id).await?)
    };
    let subject = (Kind::EmulationYear, year.id);
    events::tell_of_year(tx, env, actor, EventKind::YearPhaseOpened, subject, &told).await
}

/// What there is of what a year needs to go on.
pub async fn readiness(connection: &impl ConnectionTrait, year: &emulation_year::Model) -> Result<Readiness> {
    let participants = store::taking_part(connection, year.id).await?.len();
    let pacts = store::pacts(connection, &[year.id]).await?;
    Ok(Readiness {
        participants,
        criteria: year.criteria_version_id.is_some(),
        pact: pacts.last().map(|pact| pact.state),
    })
}

/// Puts a year that was locked into another phase and writes the step. The caller has asked whether it may, records the deed and commits:
/// publishing a result does it with `PUBLISHED`. Where no pact froze the criteria, scoring does, as long as it lasts.
pub async fn enter(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    phase: YearPhase,
    reason: Option<&str>,
) -> Result<emulation_year::Model> {
    let mut change = emulation_year::ActiveModel {
        phase: Set(phase),
        ..Default::default()
    };
    if phase == YearPhase::SelfScoring
        && year.criteria_digest.is_none()
        && let Some(version) = year.criteria_version_id
    {
        let version = criteria::store::version(tx, version).await?;
        change.criteria_digest = Set(Some(version.digest));
    }
    if phase == YearPhase::Running && year.phase == YearPhase::SelfScoring {
        let pacts = store::pacts(tx, &[year.id]).await?;
        if pacts.last().is_none_or(|pact| pact.state != PactState::InForce) {
            change.criteria_digest = Set(None);
        }
    }
    let entered = store::update(tx, year, change).await?;
    take_step(tx, env, actor, &entered, reason).await?;
    Ok(entered)
}

/// Writes into which phase a year came, by whom, and why.
pub(super) async fn take_step(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    year: &emulation_year::Model,
    reason: Option<&str>,
) -> Result<()> {
    let step = emulation_step::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        phase: Set(year.phase),
        reason: Set(reason.map(str::to_owned)),
        taken_by: Set(actor.recorded_as()),
        taken_for: Set(actor.acting_for()),
        taken_at: Set(env.now()),
    };
    store::add_step(tx, step).await
}
