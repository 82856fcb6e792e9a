//! Opening a ballot: its roll is frozen, and a secret one gets its keys.

use sea_orm::Set;
use serde_json::json;
use thidua_entity::enums::EventKind;
use thidua_entity::{ballot, ballot_roll};
use uuid::Uuid;

use super::{called, stepped};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::state::{self, Step};
use crate::ballots::{roll, store, tokens};
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;
use crate::{conferences, db, events};

/// Opens a ballot of a conference that has its quorum. From now on its roll is what the roll call said at this moment, and votes are cast.
pub async fn open(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    let may = (Step::Open, Action::ConferenceManage);
    let (ref actor, before, conference) = stepped(&tx, env, actor, (id, seen), may).await?;
    let attendance = conferences::store::attendance(&tx, &[conference.id]).await?;
    let counted = conferences::usecases::counted(&attendance);
    let quorum = conferences::usecases::quorum_of(&conference);
    if !counted.has_quorum(quorum) {
        return Err(Error::WrongState(counted.told(quorum)));
    }
    let recusals = store::recusals(&tx, &[id]).await?;
    let in_writing = before.written_until.is_some_and(|until| until >= env.today());
    let entries = called(&attendance, &recusals, in_writing);
    if !entries.iter().any(|entry| entry.may_vote) {
        return Err(Error::WrongState(Text::new(
            "Không có ai được bỏ phiếu.",
            "There is nobody who may vote.",
        )));
    }
    let hash = roll::digest(id, &entries);
    let rows = entries.iter().map(|entry| ballot_roll::ActiveModel {
        ballot_id: Set(id),
        voter_id: Set(entry.voter),
        presence: Set(entry.presence),
        recused: Set(entry.recused),
        may_vote: Set(entry.may_vote),
        token_given: Set(false),
        blinded_hash: Set(None),
    });
    store::add_roll(&tx, rows.collect()).await?;
    let mut change = ballot::ActiveModel {
        state: Set(state::next(before.state, Step::Open)?),
        roll_hash: Set(Some(hash.clone())),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    if before.secret {
        let keys = tokio::task::spawn_blocking(tokens::make_keys);
        let keys = keys.await.map_err(Error::internal)??;
        change.public_key = Set(Some(keys.public));
        change.sealed_key = Set(Some(env.sealer.seal(id, &keys.private)?));
    }
    let opened = store::update(&tx, &before, change).await?;
    let voters = entries.iter().filter(|entry| entry.may_vote).count();
    let detail = json!({ "rollHash": hash, "members": entries.len(), "voters": voters });
    let subject = (Kind::Ballot, id);
    audit::record(&tx, env, actor, Event("BALLOT_OPENED"), subject, detail).await?;
    // The only word of a ballot before its outcome: of votes nothing is told.
    events::tell(&tx, env, actor, EventKind::BallotOpened, subject, json!({})).await?;
    tx.commit().await?;
    Ok(opened)
}
