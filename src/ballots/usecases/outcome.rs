//! What is done with a ballot that was counted: its outcome is confirmed, or it does not count.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::ballot;
use thidua_entity::enums::EventKind;
use uuid::Uuid;

use super::{outcome_of, stepped};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;
use crate::{db, events, input};

/// Confirms the outcome of a ballot. Seats that nobody got stay vacant, unless a further round fills them.
pub async fn confirm(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    let may = (Step::Confirm, Action::OutcomeConfirm);
    let (ref actor, before, _) = stepped(&tx, env, actor, (id, seen), may).await?;
    let confirmed = settle(&tx, env, actor, &before).await?;
    let subject = (Kind::Ballot, id);
    events::tell(&tx, env, actor, EventKind::BallotConfirmed, subject, json!({})).await?;
    tx.commit().await?;
    Ok(confirmed)
}

/// Confirms the outcome of a ballot for somebody who may, in a transaction that is under way.
pub async fn settle(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    before: &ballot::Model,
) -> Result<ballot::Model> {
    let id = before.id;
    let change = ballot::ActiveModel {
        state: Set(state::next(before.state, Step::Confirm)?),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let confirmed = store::update(tx, before, change).await?;
    let options = store::options(tx, &[id]).await?;
    let outcome = outcome_of(&confirmed)?;
    let chosen = outcome.iter().flat_map(|outcome| super::chosen(outcome, &options));
    let detail = json!({ "chosen": chosen.map(|option| option.text.as_str()).collect::<Vec<_>>() });
    audit::record(tx, env, actor, Event("OUTCOME_CONFIRMED"), (Kind::Ballot, id), detail).await?;
    Ok(confirmed)
}

/// Lets a ballot not count, with a reason that the cluster reads. Votes of a secret ballot that was not counted go unread.
pub async fn void(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<ballot::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let may = (Step::Void, Action::ConferenceManage);
    let (ref actor, before, _) = stepped(&tx, env, actor, (id, seen), may).await?;
    store::remove_papers(&tx, id).await?;
    let change = ballot::ActiveModel {
        state: Set(state::next(before.state, Step::Void)?),
        void_reason: Set(Some(reason.clone())),
        sealed_key: Set(None),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let void = store::update(&tx, &before, change).await?;
    let detail = json!({ "from": before.state, "reason": reason });
    audit::record(&tx, env, actor, Event("BALLOT_VOIDED"), (Kind::Ballot, id), detail).await?;
    tx.commit().await?;
    Ok(void)
}
