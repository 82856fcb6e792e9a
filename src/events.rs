//! What others are told of, written in the transaction of the change itself. Who is told, and how, is decided later
//! (`notifications/`), so that no change waits for it and none is told that did not happen.

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::Value;
use thidua_entity::enums::EventKind;
use thidua_entity::event;
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
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

/// What is told of something that `actor` does now, with [`tell_all`].
pub fn event(
    env: &Env,
    actor: &Actor,
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
        account_id: Set(actor.recorded_as()),
        detail: Set(detail.to_string()),
        at: Set(now),
        due_at: Set(now),
        failures: Set(0),
        handled_at: Set(None),
    }
}

/// Tells of several things, in one statement.
pub async fn tell_all(tx: &impl ConnectionTrait, events: Vec<event::ActiveModel>) -> Result<()> {
    event::Entity::insert_many(events).exec_without_returning(tx).await?;
    Ok(())
}
