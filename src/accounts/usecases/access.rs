//! A change of somebody's access is noticed at once, on every instance, though no request asks the database for it.
//!
//! Whatever changes what somebody may do calls [`access_changed`] in its transaction. PostgreSQL tells the other instances at
//! the commit; besides, every instance asks each second who changed, so that a lost word, or a command run beside the service on
//! SQLite, delays it by a second and no more. See [`crate::accounts::callers`].

use std::sync::Arc;
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::accounts::callers::Remembered;
use crate::accounts::store::{self, SessionToday};
use crate::accounts::usecases::services::caller_by;
use crate::auth::{Caller, Presented, Proof};
use crate::db::{self, Listener};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy;
use crate::settings::DatabaseSettings;

/// Where instances tell each other whose access changes.
const CHANNEL: &str = "thidua_access";
/// Told when it changes for too many to name.
const MANY: &str = "*";
/// Most accounts that are told one by one.
const TOLD_MAX: usize = 50;
/// How often changes are asked for.
const ASK_EVERY: StdDuration = StdDuration::from_secs(1);
/// How far back they are asked for: a change is noted when it is made and seen when it is committed, and clocks differ.
const LOOK_BACK: Duration = Duration::seconds(90);
/// How long to wait before listening again after the connection failed.
const LISTEN_AGAIN_AFTER: StdDuration = StdDuration::from_secs(5);

/// Notes in the transaction of the change that the access of some accounts changes.
pub async fn access_changed(tx: &impl ConnectionTrait, env: &Env, accounts: &[Uuid]) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    // In one order, so that two who change the access of the same people wait for each other and do not lock up.
    let mut accounts = accounts.to_vec();
    accounts.sort_unstable();
    accounts.iter().for_each(|account| env.callers.doubt(*account));
    store::access_changed(tx, &accounts, env.now()).await?;
    if accounts.len() > TOLD_MAX {
        return db::tell(tx, CHANNEL, MANY).await;
    }
    for account in &accounts {
        db::tell(tx, CHANNEL, &account.to_string()).await?;
    }
    Ok(())
}

/// The same for the officers of some units, whose offices of clusters give them powers, and for those who act on their behalf.
pub async fn officers_changed(tx: &impl ConnectionTrait, env: &Env, units: &[Uuid]) -> Result<()> {
    let mut officers = store::officers(tx, units).await?;
    officers.extend(store::bound_to(tx, &officers, env.today()).await?);
    access_changed(tx, env, &officers).await
}

/// Who calls with a token that says this.
pub async fn caller(env: &Env, presented: &Presented) -> Result<Caller> {
    match presented {
        Presented::Person(claims) => caller_of(env, claims.sid).await,
        Presented::Service(claims) => caller_by(env, claims).await,
    }
}

/// Who signed in to a session, at this moment: out of the memory, or out of the database; `UNAUTHENTICATED` when it is over.
pub async fn caller_of(env: &Env, session: Uuid) -> Result<Caller> {
    let (now, today) = (env.now(), env.today());
    if let Some(actor) = env.callers.get(session, now, today) {
        return Ok(Caller::new(actor));
    }
    let read = store::session_today(&env.db, session, now, today).await?;
    let read = read.ok_or(Error::Unauthenticated)?;
    let (proof, until) = proof(env, &read);
    let mut actor = read.actor;
    actor.proof = proof;
    let actor = Arc::new(actor);
    let remembered = Remembered {
        actor: Arc::clone(&actor),
        day: today,
        holds_until: until.map_or(read.expires_at, |until| until.min(read.expires_at)),
        access_changed_at: read.access_changed_at,
    };
    env.callers.remember(session, remembered);
    Ok(Caller::new(actor))
}

/// How surely it is who signed in that calls, and until when that stays so without anybody doing anything.
fn proof(env: &Env, read: &SessionToday) -> (Proof, Option<DateTime<Utc>>) {
    let demanded = env.demands.second_factor && policy::decides_somewhere(&read.actor);
    if demanded && read.second_factor_at.is_none() {
        return (Proof::SecondFactorMissing, None);
    }
    let stale_at = env.demands.fresh_for.map(|fresh_for| read.confirmed_at + fresh_for);
    match stale_at {
        Some(stale_at) if stale_at <= env.now() => (Proof::Stale, None),
        stale_at => (Proof::Fresh, stale_at),
    }
}

/// Asks once who changed, and forgets them. What one instance can miss it hears of here.
pub async fn hear_of_changes(env: &Env) -> Result<()> {
    let asked_at = env.now();
    let since = asked_at.min(env.callers.heard_at().max(asked_at - Duration::hours(1))) - LOOK_BACK;
    let changed: Vec<(Uuid, DateTime<Utc>)> = store::changed_since(&env.db, since).await?;
    env.callers.heard(&changed, asked_at);
    Ok(())
}

/// Hears of changes as long as the service runs: told by PostgreSQL, and by asking.
pub async fn keep_hearing(env: Env, settings: DatabaseSettings) {
    let asking = async {
        loop {
            if let Err(error) = hear_of_changes(&env).await {
                tracing::warn!(cause = %error, "Changes of access could not be asked for; every request asks the database meanwhile");
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
    };
    let listening = async {
        loop {
            if let Err(error) = listen(&env, &settings).await {
                tracing::warn!(cause = %error, "Changes of access are not told; asking for them each second goes on");
            }
            tokio::time::sleep(LISTEN_AGAIN_AFTER).await;
        }
    };
    futures_util::future::join(asking, listening).await;
}

async fn listen(env: &Env, settings: &DatabaseSettings) -> Result<()> {
    let Some(mut listener) = Listener::open(&env.db, settings, CHANNEL).await? else {
        return std::future::pending().await;
    };
    loop {
        match listener.next().await?.as_deref().map(Uuid::parse_str) {
            Some(Ok(account)) => env.callers.doubt(account),
            // Many, or the connection was lost: nobody knows who.
            Some(Err(_)) | None => env.callers.forget_all(),
        }
    }
}
