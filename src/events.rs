//! What others are told of, written in the transaction of the change itself. Who is told, and how, is decided later
//! (`notifications/`), so that no change waits for it and none is told that did not happen.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thidua_entity::enums::{EventKind, YearPhase};
use thidua_entity::event;
use uuid::Uuid;

use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;

/// Tells that `actor` did something to a thing. `detail` is a JSON object with what the thing itself does not keep; it holds no
/// secret.
pub async fn tell(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    kind: EventKind,
    subject: (Kind, Uuid),
    detail: Value,
) -> Result<()> {
    tell_all(tx, vec![event(env, actor, kind, subject, &detail)]).await
}

/// What an event of an emulation year says beside its thing, and whom it concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfYear {
    /// The year.
    pub year: Uuid,
    /// The units whose officers are told.
    pub units: Vec<Uuid>,
    /// The unit that it is about, when it is about one.
    #[serde(default)]
    pub about: Option<Uuid>,
    /// The phase that was opened.
    #[serde(default)]
    pub phase: Option<YearPhase>,
    /// Why, as written.
    #[serde(default)]
    pub reason: Option<String>,
}

impl OfYear {
    /// What concerns these units of a year, and nothing more.
    pub fn to(year: Uuid, units: Vec<Uuid>) -> Self {
        Self {
            year,
            units,
            about: None,
            phase: None,
            reason: None,
        }
    }
}

/// Tells of something in an emulation year. Where it concerns nobody, nothing is told.
pub async fn tell_of_year(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    kind: EventKind,
    subject: (Kind, Uuid),
    told: &OfYear,
) -> Result<()> {
    if told.units.is_empty() {
        return Ok(());
    }
    let detail = serde_json::to_value(told).map_err(Error::internal)?;
    tell(tx, env, actor, kind, subject, detail).await
}

/// Which offices of a cluster were given after a conference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OfOffices {
    /// First day of the offices.
    pub from: NaiveDate,
    /// The chair, when one was found.
    pub chair: Option<Uuid>,
    /// The deputies.
    pub deputies: Vec<Uuid>,
    /// Who held an office until that day and has none from then on.
    pub former: Vec<Uuid>,
}

/// Tells which offices were given after a conference.
pub async fn tell_of_offices(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    subject: (Kind, Uuid),
    told: &OfOffices,
) -> Result<()> {
    let detail = serde_json::to_value(told).map_err(Error::internal)?;
    tell(tx, env, actor, EventKind::OfficesAppointed, subject, detail).await
}

/// What is told of something that `actor` does now, with [`tell_all`].
pub fn event(env: &Env, actor: &Actor, kind: EventKind, subject: (Kind, Uuid), detail: &Value) -> event::ActiveModel {
    event::ActiveModel {
        account_id: Set(actor.recorded_as()),
        ..by_nobody(env, kind, subject, detail)
    }
}

/// What is told of something that nobody does, with [`tell_all`]: that a day has come.
pub fn by_nobody(
    env: &Env,
    kind: EventKind,
    (subject_kind, subject_id): (Kind, Uuid),
    detail: &Value,
) -> event::ActiveModel {
    let now = env.now();
    event::ActiveModel {
        id: Set(env.new_id()),
        kind: Set(kind),
        subject_kind: Set(subject_kind.type_name().to_owned()),
        subject_id: Set(subject_id),
        account_id: Set(None),
        detail: Set(detail.to_string()),
        at: Set(now),
        due_at: Set(now),
        failures: Set(0),
        handled_at: Set(None),
    }
}

/// Which last day those concerned are reminded of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfDeadline {
    /// The last day.
    pub until: NaiveDate,
}

/// Tells of several things, in few statements.
pub async fn tell_all(tx: &impl ConnectionTrait, events: Vec<event::ActiveModel>) -> Result<()> {
    for some in events.chunks(db::ROWS_AT_ONCE) {
        event::Entity::insert_many(some.to_vec())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(())
}
