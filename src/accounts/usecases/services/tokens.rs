//! Tokens of service accounts: how one is got by a secret, and who calls with one.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::accounts::callers::Remembered;
use crate::accounts::client_credentials::{Refused, TokenRequest};
use crate::accounts::store::{self, LiveSecret};
use crate::accounts::throttle::Tried;
use crate::accounts::usecases::services::SECRETS_MAX;
use crate::auth::{self, Actor, Caller, ServiceClaims};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::ServiceScopes;
use crate::{db, request};

/// A token for a service account.
pub struct ServiceToken {
    /// The token.
    pub access_token: String,
    /// Seconds it lives.
    pub expires_in: i64,
    /// The scopes that it has.
    pub scopes: ServiceScopes,
}

/// Within this time a use from the same address is not noted again: a system may ask for a token before each of its requests.
const NOTED_EACH: Duration = Duration::minutes(1);
/// The hash of no secret.
const NO_HASH: [u8; 32] = [0; 32];

/// Gives a token to who has a live secret of a service account. Who is unknown and who has a wrong secret get the same answer after the
/// same work. Wrong tries are counted by address and by service account; the right secret of one that strangers guess at still works,
/// from elsewhere.
pub async fn token(env: &Env, request: &TokenRequest) -> Result<ServiceToken, Refused> {
    let (now, address) = (env.now(), client_address());
    env.throttle.address_may_try(Tried::ServiceToken, address, now)?;
    // What cannot be an id belongs to nobody.
    let service = Kind::ServiceAccount.parse(&request.client_id).unwrap_or_default();
    let secrets = store::living_secrets(&env.db, service).await?;
    let Some(secret) = matching(&secrets, &request.client_secret) else {
        env.throttle.address(Tried::ServiceToken, address, now)?;
        env.throttle.name(Tried::ServiceToken, &request.client_id, now)?;
        return Err(Refused::InvalidClient);
    };
    let actor = secret.actor(env.today())?.filter(|actor| actor.may_call_from(address));
    let Some(actor) = actor else {
        tracing::info!(account.id = %secret.account_id, "A service account asked for a token and may have none now, or not here");
        return Err(Refused::UnauthorizedClient);
    };
    let scopes = request.scopes(actor.given().unwrap_or_default())?;
    note_use(env, secret, address, now).await?;
    let client = (actor.account_id, secret.username.clone());
    let (access_token, expires_in) = env.tokens.issue_to_service(client, secret.id, scopes, now)?;
    Ok(ServiceToken {
        access_token,
        expires_in,
        scopes,
    })
}

/// The secret that is meant. As many are compared whether there are two, one or none.
fn matching<'a>(secrets: &'a [LiveSecret], given: &str) -> Option<&'a LiveSecret> {
    let mut found = None;
    for index in 0..SECRETS_MAX.max(secrets.len()) {
        let secret = secrets.get(index);
        let hash = secret.map_or(NO_HASH.as_slice(), |secret| secret.hash.as_slice());
        if auth::has_hash(given, hash) {
            found = secret;
        }
    }
    found
}

/// Notes when and from where a token was last got, to the minute.
async fn note_use(env: &Env, secret: &LiveSecret, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
    let address = address.map(|address| address.to_string());
    let noted = secret.last_used_at.is_some_and(|last| now < last + NOTED_EACH);
    if noted && secret.last_used_address == address {
        return Ok(());
    }
    let tx = db::begin_write(&env.db).await?;
    store::secret_used(&tx, secret, address.as_deref(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Which service account calls with a token that says this: out of the memory, or out of the database. The token is as good as the secret
/// by which it was got, and carries no more than both the account and the token have; and the address is asked each time.
pub async fn caller_by(env: &Env, claims: &ServiceClaims) -> Result<Caller> {
    let actor = match env.callers.get(claims.secret, env.now(), env.today()) {
        Some(actor) => actor,
        None => read(env, claims.secret).await?,
    };
    if actor.account_id != claims.sub || actor.given().is_none() || !actor.may_call_from(client_address()) {
        return Err(Error::Unauthenticated);
    }
    Ok(Caller::new(Arc::new(
        actor.narrowed(ServiceScopes::read(&claims.scope)),
    )))
}

async fn read(env: &Env, secret: Uuid) -> Result<Arc<Actor>> {
    let today = env.today();
    let found = store::living_secret(&env.db, secret)
        .await?
        .ok_or(Error::Unauthenticated)?;
    let actor = Arc::new(found.actor(today)?.ok_or(Error::Unauthenticated)?);
    let remembered = Remembered {
        actor: Arc::clone(&actor),
        day: today,
        // Its end is the beginning of a day.
        holds_until: DateTime::<Utc>::MAX_UTC,
        access_changed_at: found.access_changed_at,
    };
    env.callers.remember(secret, remembered);
    Ok(actor)
}

fn client_address() -> Option<IpAddr> {
    request::current().and_then(|record| record.client.address)
}
