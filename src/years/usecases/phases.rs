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
use crate::years::{pact, store};
use crate::{criteria, db, input, units};

/// Takes a year on to its next phase, when everything is there that this needs. From DECIDING it goes on by publishing its result.
pub async fn advance(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<emulation_year::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year) = managed(&tx, env, actor, id, Action::YearAdvance).await?;
    seen.check(year.version)?;
    let next = state::advance(year.phase, &readiness(&tx, env, &year).await?)?;
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
pub async fn readiness(
    connection: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
) -> Result<Readiness> {
    let participants = store::taking_part(connection, year.id).await?;
    let pacts = store::pacts(connection, &[year.id]).await?;
    let unsigned = match pacts.last().filter(|pact| pact::is_signed(pact.state)) {
        Some(pact) => {
            let signatures = store::signatures(connection, &[pact.id]).await?;
            let waits = |unit: &Uuid| signatures.iter().all(|one| one.unit_id != *unit);
            let unsigned: Vec<Uuid> = participants.iter().copied().filter(waits).collect();
            let mut names = units::store::plain_names(connection, &unsigned, env.today()).await?;
            unsigned.iter().filter_map(|unit| names.remove(unit)).collect()
        }
        None => Vec::new(),
    };
    Ok(Readiness {
        participants: participants.len(),
        criteria: year.criteria_version_id.is_some(),
        pact: pacts.last().map(|pact| pact.state),
        unsigned,
    })
}

/// Puts a year that was locked into another phase and writes the step. The caller has asked whether it may, records the deed and commits:
/// publishing a result does it with `PUBLISHED`. Where no pact froze the criteria, the phase does in which the first units score
/// themselves, and it lets go of them only while no score sheet was begun.
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
    if phase >= scored_from(year) {
        if year.criteria_digest.is_none() {
            change.criteria_digest = Set(digest(tx, year.criteria_version_id).await?);
        }
    } else if year.criteria_digest.is_some() && !store::scoring_has_begun(tx, year.id).await? {
        let pacts = store::pacts(tx, &[year.id]).await?;
        if pacts.last().is_none_or(|pact| pact.state != PactState::InForce) {
            change.criteria_digest = Set(None);
        }
    }
    let entered = store::update(tx, year, change).await?;
    take_step(tx, env, actor, &entered, reason).await?;
    Ok(entered)
}

/// The phase in which the first units of a year score themselves: schools do while it runs.
pub(super) const fn scored_from(year: &emulation_year::Model) -> YearPhase {
    if year.school_starts_on.is_some() {
        YearPhase::Running
    } else {
        YearPhase::SelfScoring
    }
}

/// The digest of a version of criteria, when there is one.
pub(super) async fn digest(tx: &impl ConnectionTrait, version: Option<Uuid>) -> Result<Option<Vec<u8>>> {
    Ok(match version {
        Some(version) => Some(criteria::store::version(tx, version).await?.digest),
        None => None,
    })
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
