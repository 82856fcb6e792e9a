//! Signing in and out, and the tokens between.

use chrono::Duration;
use sea_orm::{ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::{account, session};
use uuid::Uuid;

use super::{USERNAME_MAX, read_username};
use crate::accounts::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::{self, Actor, Claims};
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;

/// What a client gets for signing in or refreshing.
pub struct SignedIn {
    /// Short-lived token for the `Authorization` header.
    pub access_token: String,
    /// One-time token for the next access token.
    pub refresh_token: String,
    /// Seconds the access token lives.
    pub expires_in: i64,
}

/// How long sessions that are over are kept, with their tokens: a copied token that comes back is still told from a made-up
/// one.
const KEPT: Duration = Duration::days(7);

/// Signs in with name and password. An unknown name and a wrong password have the same answer and take the same time.
pub async fn sign_in(env: &Env, username: &str, password: &str) -> Result<SignedIn> {
    // What cannot be a name belongs to nobody; the database is not asked about it.
    let name = read_username(username).ok();
    if password.len() > passwords::BYTES_MAX {
        return Err(Error::WrongPassword);
    }
    let found = match &name {
        Some(name) => store::by_username(&env.db, name).await?,
        None => None,
    };
    let hash = found.as_ref().map(|account| account.password_hash.as_str());
    let name = name.unwrap_or_else(|| username.chars().take(USERNAME_MAX).collect());
    let matches = env.passwords.verify(&name, password, hash, env.now()).await?;
    let Some(account) = found.filter(|account| matches && account.locked_at.is_none()) else {
        return Err(Error::WrongPassword);
    };
    let tx = db::begin_write(&env.db).await?;
    // Hashing takes long enough for somebody to lock the account or change its password meanwhile.
    let now_as = store::lock(&tx, account.id).await?;
    if now_as.locked_at.is_some() || now_as.password_hash != account.password_hash {
        return Err(Error::WrongPassword);
    }
    let now = env.now();
    let session = session::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(account.id),
        created_at: Set(now),
        expires_at: Set(now + env.session_life),
        ended_at: Set(None),
        end_reason: Set(None),
    }
    .insert(&tx)
    .await?;
    record(&tx, env, &account, &session, Event("SIGNED_IN")).await?;
    let tokens = hand_out(&tx, env, account.id, session.id).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Exchanges a refresh token for the next pair. Each is used once: of many at the same moment one wins, and a token that
/// comes back after use has been copied, so its whole session ends.
pub async fn refresh(env: &Env, refresh_token: &str) -> Result<SignedIn> {
    let hash = auth::hash_secret(refresh_token);
    // Looked at without the write lock first: guesses must not make those wait who have something to write.
    live_session(&env.db, env, &hash).await?;
    let tx = db::begin_write(&env.db).await?;
    let (session, account) = live_session(&tx, env, &hash).await?;
    if store::use_refresh_token(&tx, &hash, env.now()).await? {
        let tokens = hand_out(&tx, env, account.id, session.id).await?;
        tx.commit().await?;
        return Ok(tokens);
    }
    let this = session::Column::Id.eq(session.id).into();
    // Of many copies that come back at once, the first ends the session; the others find it ended.
    if store::end_sessions(&tx, this, "REPLAY", env.now()).await? > 0 {
        record(&tx, env, &account, &session, Event("REFRESH_REPLAYED")).await?;
        tracing::warn!(account.id = %account.id, session.id = %session.id, "A refresh token came back after use: its session has ended");
    }
    tx.commit().await?;
    Err(Error::Unauthenticated)
}

async fn live_session(
    connection: &impl ConnectionTrait,
    env: &Env,
    hash: &[u8],
) -> Result<(session::Model, account::Model)> {
    store::session_of_token(connection, hash)
        .await?
        .filter(|(session, account)| {
            session.ended_at.is_none() && session.expires_at > env.now() && account.locked_at.is_none()
        })
        .ok_or(Error::Unauthenticated)
}

async fn hand_out(tx: &impl ConnectionTrait, env: &Env, account: Uuid, session: Uuid) -> Result<SignedIn> {
    let (refresh_token, hash) = auth::new_secret();
    store::add_refresh_token(tx, session, hash, env.now()).await?;
    let (access_token, expires_in) = env.tokens.issue(account, session, env.now())?;
    Ok(SignedIn {
        access_token,
        refresh_token,
        expires_in,
    })
}

/// Signs out: the session ends at once, and with it every access token that names it. An unknown token is no error.
pub async fn sign_out(env: &Env, refresh_token: &str) -> Result<()> {
    let hash = auth::hash_secret(refresh_token);
    let Some((session, account)) = store::session_of_token(&env.db, &hash).await? else {
        return Ok(());
    };
    let tx = db::begin_write(&env.db).await?;
    let this = Condition::all().add(session::Column::Id.eq(session.id));
    if store::end_sessions(&tx, this, "LOGOUT", env.now()).await? > 0 {
        record(&tx, env, &account, &session, Event("SIGNED_OUT")).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn record(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: &account::Model,
    session: &session::Model,
    event: Event,
) -> Result<()> {
    let actor = Actor::new(account.id, account.username.clone(), session.id, Vec::new());
    audit::record(tx, env, &actor, event, (Kind::Account, account.id), json!({})).await
}

/// Who a session is today, for a request whose token says this.
pub async fn actor(env: &Env, claims: &Claims) -> Result<Actor> {
    store::actor(&env.db, claims.sid, env.now(), env.today())
        .await?
        .ok_or(Error::Unauthenticated)
}

/// Deletes sessions that have long been over. The service does it now and then by itself.
pub async fn forget_old_sessions(env: &Env) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    let forgotten = store::forget_sessions(&tx, env.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}
