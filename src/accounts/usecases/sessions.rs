//! Signing in and out, and the tokens between.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};
use serde_json::{Value, json};
use thidua_entity::enums::EventKind;
use thidua_entity::{account, session};
use uuid::Uuid;

use super::{USERNAME_MAX, access_changed, read_username, second_factor};
use crate::accounts::store::TokenOf;
use crate::accounts::{passwords, store};
use crate::audit::{self, Event};
use crate::auth::{self, Actor};
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events;
use crate::ids::Kind;
use crate::request;

mod opening;
pub use opening::SESSIONS_MAX;
pub(super) use opening::{By, open};

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
/// Where the account has a second factor, its code is asked for once the password is right, never before.
pub async fn sign_in(env: &Env, username: &str, password: &str, code: Option<&str>) -> Result<SignedIn> {
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
    let second_factor = second_factor::asked_for(&tx, env, account.id, code, || Error::WrongPassword).await?;
    let tokens = open(&tx, env, &account, By::Password, second_factor).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// Within this time after its use, a refresh token that comes again was sent twice at once, by two windows of one app, say.
const TWICE_AT_ONCE: Duration = Duration::seconds(5);

/// Exchanges a refresh token for the next pair. Each is used once: of many at the same moment one wins, and the others are told
/// to wait (`RATE_LIMITED`). Later it may come again only as long as the token that was given for it has not been used: then
/// the answer was lost on the way, and another takes the place of the lost one. Else it has been copied, and the whole session
/// ends.
pub async fn refresh(env: &Env, refresh_token: &str) -> Result<SignedIn> {
    let hash = auth::hash_secret(refresh_token);
    // Looked at without the write lock first: guesses must not make those wait who have something to write.
    let known = store::token(&env.db, &hash).await?.filter(|known| is_live(known, env));
    let account = known.ok_or(Error::Unauthenticated)?.account;
    let tx = db::begin_write(&env.db).await?;
    store::lock(&tx, account.id).await?;
    let known = store::token(&tx, &hash).await?.filter(|known| is_live(known, env));
    let TokenOf {
        token,
        session,
        account,
    } = known.ok_or(Error::Unauthenticated)?;
    if token.superseded_at.is_some() || store::successor_used(&tx, &hash).await? {
        end_sessions(&tx, env, account.id, Sessions::This(session.id), "REPLAY").await?;
        record(&tx, env, &account, session.id, (Event("REFRESH_REPLAYED"), json!({}))).await?;
        let (owner, subject) = (owner(&account, session.id), (Kind::Session, session.id));
        events::tell(&tx, env, &owner, EventKind::SessionReplayed, subject, json!({})).await?;
        tracing::warn!(account.id = %account.id, session.id = %session.id, "A refresh token came back after use: its session has ended");
        tx.commit().await?;
        return Err(Error::Unauthenticated);
    }
    if let Some(used_at) = token.used_at {
        wait_until(env, used_at + TWICE_AT_ONCE)?;
    }
    store::supersede_successors(&tx, &hash, env.now()).await?;
    store::use_refresh_token(&tx, &hash, env.now()).await?;
    store::session_used(&tx, session.id, client(), env.now()).await?;
    let tokens = hand_out(&tx, env, account.id, session.id, Some(&hash)).await?;
    tx.commit().await?;
    Ok(tokens)
}

/// `RATE_LIMITED` before a moment, with the whole seconds until then.
fn wait_until(env: &Env, moment: DateTime<Utc>) -> Result<()> {
    let left = (moment - env.now()).num_milliseconds();
    match u64::try_from(left) {
        Ok(left @ 1..) => Err(Error::RateLimited {
            retry_after: left.div_ceil(1_000),
        }),
        _ => Ok(()),
    }
}

fn is_live(known: &TokenOf, env: &Env) -> bool {
    let session = &known.session;
    session.ended_at.is_none() && session.expires_at > env.now() && known.account.locked_at.is_none()
}

/// Address and name of the client at hand, as a session keeps them.
fn client() -> (Option<String>, Option<String>) {
    let client = request::current()
        .map(|record| record.client.clone())
        .unwrap_or_default();
    (client.address.map(|address| address.to_string()), client.name)
}

async fn hand_out(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: Uuid,
    session: Uuid,
    parent: Option<&[u8]>,
) -> Result<SignedIn> {
    let (refresh_token, hash) = auth::new_secret();
    store::add_refresh_token(tx, session, parent, hash, env.now()).await?;
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
    let Some(TokenOf { session, account, .. }) = store::token(&env.db, &hash).await? else {
        return Ok(());
    };
    let tx = db::begin_write(&env.db).await?;
    store::lock(&tx, account.id).await?;
    if end_sessions(&tx, env, account.id, Sessions::This(session.id), "LOGOUT").await? > 0 {
        record(&tx, env, &account, session.id, (Event("SIGNED_OUT"), json!({}))).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Which sessions of an account.
#[derive(Clone, Copy, Debug)]
pub enum Sessions {
    /// Every one.
    All,
    /// Every one but this.
    AllBut(Uuid),
    /// This one.
    This(Uuid),
    /// Every one that came by this link to an identity provider, but the other.
    ByLink {
        /// The link.
        link: Uuid,
        /// The other.
        but: Uuid,
    },
}

/// Ends sessions of an account, at once and on every instance, and tells how many. Whoever does lets lock the row of the account
/// first, so that those who change sessions and those who change the account wait for each other in one order.
pub async fn end_sessions(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: Uuid,
    which: Sessions,
    reason: &'static str,
) -> Result<u64> {
    let of_account = Condition::all().add(session::Column::AccountId.eq(account));
    let which = match which {
        Sessions::All => of_account,
        Sessions::AllBut(id) => of_account.add(session::Column::Id.ne(id)),
        Sessions::This(id) => of_account.add(session::Column::Id.eq(id)),
        Sessions::ByLink { link, but } => of_account
            .add(session::Column::ProviderLinkId.eq(link))
            .add(session::Column::Id.ne(but)),
    };
    let ended = store::end_sessions(tx, which, reason, env.now()).await?;
    if ended > 0 {
        access_changed(tx, env, &[account]).await?;
    }
    Ok(ended)
}

/// Ends one of the caller's own sessions. That of others does not exist for it.
pub async fn end_own_session(env: &Env, actor: &Actor, id: Uuid) -> Result<session::Model> {
    let tx = db::begin_write(&env.db).await?;
    store::lock(&tx, actor.account_id).await?;
    let session = store::own_session(&tx, actor.account_id, id, env.now()).await?;
    end_sessions(&tx, env, actor.account_id, Sessions::This(id), "ENDED").await?;
    audit::record(&tx, env, actor, Event("SESSION_ENDED"), (Kind::Session, id), json!({})).await?;
    tx.commit().await?;
    Ok(session)
}

/// Ends all sessions of the caller but one, most often the one at hand, and tells that one.
pub async fn end_other_sessions(env: &Env, actor: &Actor, kept: Uuid) -> Result<session::Model> {
    let tx = db::begin_write(&env.db).await?;
    store::lock(&tx, actor.account_id).await?;
    let session = store::own_session(&tx, actor.account_id, kept, env.now()).await?;
    let ended = end_sessions(&tx, env, actor.account_id, Sessions::AllBut(kept), "ENDED").await?;
    let (subject, detail) = ((Kind::Session, kept), json!({ "ended": ended }));
    audit::record(&tx, env, actor, Event("OTHER_SESSIONS_ENDED"), subject, detail).await?;
    tx.commit().await?;
    Ok(session)
}

async fn record(
    tx: &impl ConnectionTrait,
    env: &Env,
    account: &account::Model,
    session: Uuid,
    (event, detail): (Event, Value),
) -> Result<()> {
    let subject = (Kind::Account, account.id);
    audit::record(tx, env, &owner(account, session), event, subject, detail).await
}

/// The owner of a session, who may do nothing by that alone.
fn owner(account: &account::Model, session: Uuid) -> Actor {
    Actor::new(account.id, account.username.clone(), session, Vec::new())
}

/// Deletes sessions that have long been over. The service does it now and then by itself.
pub async fn forget_old_sessions(env: &Env) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    let forgotten = store::forget_sessions(&tx, env.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}
