//! Holding a quota over the units of several clusters. The ruling is kept; each cluster's result is stale then, and has the moves in it
//! when it is computed again.
//!
//! Many clusters are gathered and reckoned with before anything is locked. Within the transaction it is asked whether each still has the very
//! result that was looked at, and whether nobody else ruled meanwhile; the years are locked for it, so that none is published beside it.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::ResultState;
use thidua_entity::{Fixed4, quota_ruling, result};
use uuid::Uuid;

use super::holding::{CLUSTERS_MAX, held};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::{QuotaOutcome, Rounding};
use crate::results::ruled::{self, Looked};
use crate::results::store;
use crate::{db, idempotency, units, years};

/// A quota to be held.
#[derive(Clone, Debug, Serialize)]
pub struct NewRuling {
    /// The unit that organises the clusters, or stands above their organisers.
    pub unit: Uuid,
    /// The year.
    pub year: i32,
    /// What it is called.
    pub title: String,
    /// The grade that is limited.
    pub grade: String,
    /// Units of which grades are counted.
    pub base: Vec<String>,
    /// So many per cent of them.
    pub percent: Fixed4,
    /// How the number is made whole.
    pub rounding: Rounding,
    /// The text it rests on.
    pub basis: Option<String>,
    /// A key under which it is ruled once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<String>,
}

/// What came of holding a quota.
#[derive(Clone, Debug)]
pub struct Held {
    /// The ruling; nothing when it was only tried.
    pub ruling: Option<quota_ruling::Model>,
    /// What came of it.
    pub outcome: QuotaOutcome,
    /// The names of the units that are over it, in its order.
    pub names: Vec<String>,
}

/// What a quota would do, for who may rule it. Nothing is stored.
pub async fn hold(env: &Env, actor: &Actor, new: NewRuling) -> Result<Held> {
    let place = units::store::find_place(&env.db, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    policy::check(actor, Action::QuotaRule, &place)?;
    let (ruled, names) = held(&env.db, env, &new).await?;
    Ok(Held {
        ruling: None,
        outcome: ruled.outcome,
        names,
    })
}

/// Holds a quota and keeps whom it moves. One that was ruled before by the same unit for the same year and grade holds no more.
pub async fn rule(env: &Env, actor: &Actor, new: NewRuling) -> Result<Held> {
    let place = units::store::find_place(&env.db, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    policy::check(actor, Action::QuotaRule, &place)?;
    if new.key.is_some() {
        // Asked before anything is reckoned: the ruling itself has made stale what it looked at.
        let tx = db::begin_write(&env.db).await?;
        let key = new.key.as_deref();
        if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "QUOTA_RULED", &new).await? {
            return ruled_before(&tx, env, first).await;
        }
        tx.rollback().await?;
    }
    let rulings = store::ruling_ids(&env.db, new.year).await?;
    let (ruled, names) = held(&env.db, env, &new).await?;
    let tx = db::begin_write(&env.db).await?;
    let key = new.key.as_deref();
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "QUOTA_RULED", &new).await? {
        return ruled_before(&tx, env, first).await;
    }
    let place = units::store::find_place(&tx, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    let actor = &policy::authorize(actor, Action::QuotaRule, &place)?;
    units::store::lock(&tx, new.unit).await?;
    unmoved(&tx, env, &new, (&ruled.results, &rulings)).await?;
    let made = store::count_rulings(&tx, new.unit, new.year).await?;
    let row = quota_ruling::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(new.unit),
        year: Set(new.year),
        number: Set(i32::try_from(made + 1).map_err(Error::internal)?),
        grade: Set(new.grade),
        content: Set(serde_json::to_string(&ruled).map_err(Error::internal)?),
        ruled_by: Set(actor.recorded_as()),
        ruled_for: Set(actor.acting_for()),
        ruled_at: Set(env.now()),
    };
    let row = row.insert(&tx).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    let detail = json!({
        "unitId": row.unit_id, "year": row.year, "grade": row.grade,
        "base": ruled.outcome.base, "allowed": ruled.outcome.allowed, "moved": ruled.outcome.over.len(),
    });
    let event = Event("QUOTA_RULED");
    audit::record(&tx, env, actor, event, (Kind::QuotaRuling, row.id), detail).await?;
    tx.commit().await?;
    Ok(Held {
        ruling: Some(row),
        outcome: ruled.outcome,
        names,
    })
}

/// What came of a ruling when it was made.
async fn ruled_before(connection: &impl ConnectionTrait, env: &Env, id: Uuid) -> Result<Held> {
    let row = store::ruling(connection, id).await?;
    let outcome = ruled::read(&row)?.outcome;
    let over = outcome.over.iter().map(|one| Kind::Unit.parse(&one.unit));
    let over: Vec<Uuid> = over.collect::<Result<_>>()?;
    let known = units::store::plain_names(connection, &over, env.today()).await?;
    let names = over.iter().map(|unit| known.get(unit).cloned().unwrap_or_default());
    Ok(Held {
        names: names.collect(),
        ruling: Some(row),
        outcome,
    })
}

/// Lets through when each cluster still has the result that was looked at, unpublished, and nobody ruled a quota meanwhile. Whoever would
/// publish one of them, or rule over it, waits from here on.
async fn unmoved(
    tx: &impl ConnectionTrait,
    env: &Env,
    new: &NewRuling,
    (looked, rulings): (&[Looked], &[Uuid]),
) -> Result<()> {
    let years = store::years_below(tx, new.unit, new.year, env.today(), CLUSTERS_MAX).await?;
    let ids: Vec<Uuid> = years.iter().map(|year| year.id).collect();
    years::store::lock_many(tx, &ids).await?;
    let now = store::newest(tx, &ids).await?;
    let is_looked_at = |result: &result::Model| {
        let is_it = |one: &Looked| one.result == result.id && one.hash == result.hash;
        result.state == ResultState::Computed && looked.iter().any(is_it)
    };
    let same = now.len() == looked.len() && ids.len() == looked.len() && now.iter().all(is_looked_at);
    if same && store::ruling_ids(tx, new.year).await? == rulings {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Kết quả của một cụm, hoặc tỷ lệ xét chung, vừa được người khác thay đổi. Hãy xem lại rồi xét.",
        "Somebody has just changed the result of a cluster, or ruled a quota. Look again, then rule.",
    )))
}
