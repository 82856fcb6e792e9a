//! The trace of every change, written in the transaction of the change itself: who did what to which thing.

use sea_orm::{ConnectionTrait, EntityTrait, Set};
use serde_json::Value;
use thidua_entity::audit_entry;
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::request;

/// What happened, in a word that the audit keeps for ever: `REPORT_SUBMITTED`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event(pub &'static str);

/// Records that `actor` did something. `detail` is a JSON object with what changed; it holds no secret.
pub async fn record(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: Event,
    subject: (Kind, Uuid),
    detail: Value,
) -> Result<()> {
    record_all(tx, vec![entry(env, actor, event, subject, &detail)]).await
}

/// The entry of something that `actor` does now, to be recorded with [`record_all`].
pub fn entry(
    env: &Env,
    actor: &Actor,
    event: Event,
    (kind, id): (Kind, Uuid),
    detail: &Value,
) -> audit_entry::ActiveModel {
    audit_entry::ActiveModel {
        id: Set(env.new_id()),
        at: Set(env.now()),
        account_id: Set(actor.recorded_as()),
        on_behalf_of: Set(actor.acting_for()),
        action: Set(event.0.to_owned()),
        subject_kind: Set(kind.type_name().to_owned()),
        subject_id: Set(id),
        detail: Set(detail.to_string()),
        request_id: Set(request::current().map(|record| record.id.clone())),
    }
}

/// Records what was done to several things, in one statement.
pub async fn record_all(tx: &impl ConnectionTrait, entries: Vec<audit_entry::ActiveModel>) -> Result<()> {
    audit_entry::Entity::insert_many(entries)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}
