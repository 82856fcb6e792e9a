//! Secrets of service accounts: making them and retiring them. Two live at once at most, so that a system changes from one to the other
//! without a pause.
//!
//! A secret is 256 random bits, so SHA-256 is enough to store it: nobody guesses one, and a slow hash, which passwords need, would only
//! make asking for tokens dear.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::service_secret;
use uuid::Uuid;

use super::{changed, managed, record};
use crate::accounts::client_credentials::SECRET_MARK;
use crate::accounts::store::{self, ServiceAccount};
use crate::audit::Event;
use crate::auth::{self, Actor};
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::version::Seen;

/// Most secrets of one service account that live at once.
pub const SECRETS_MAX: usize = 2;
/// Characters of a secret by which it is told from the other: 24 of its 256 bits.
const HINT_LENGTH: usize = 4;

/// A secret that was made. It is told this once.
pub struct MadeSecret {
    /// Whose it is.
    pub service: ServiceAccount,
    /// Which one.
    pub id: Uuid,
    /// The secret.
    pub secret: String,
}

/// Makes another secret for a service account that has less than two.
pub async fn add_secret(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<MadeSecret> {
    let tx = db::begin_write(&env.db).await?;
    let service = managed(&tx, env, actor, id, seen).await?;
    if store::live_secrets(&tx, &[id]).await?.len() >= SECRETS_MAX {
        return Err(Error::WrongState(Text::new(
            format!("Đã có {SECRETS_MAX} khóa đang dùng; hãy bỏ một khóa trước."),
            format!("There are {SECRETS_MAX} live secrets already; retire one first."),
        )));
    }
    let service = changed(&tx, env, &service, Default::default()).await?;
    let made = make(&tx, env, actor, service).await?;
    tx.commit().await?;
    Ok(made)
}

/// Makes a secret in the transaction at hand.
pub(super) async fn make(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    service: ServiceAccount,
) -> Result<MadeSecret> {
    let secret = format!("{SECRET_MARK}{}", auth::new_secret().0);
    let skipped = secret.len().saturating_sub(HINT_LENGTH);
    let row = service_secret::ActiveModel {
        id: Set(env.new_id()),
        account_id: Set(service.account.id),
        hash: Set(auth::hash_secret(&secret)),
        hint: Set(secret.chars().skip(skipped).collect()),
        created_at: Set(env.now()),
        last_used_at: Set(None),
        last_used_address: Set(None),
        retired_at: Set(None),
    };
    let row = row.insert(tx).await?;
    let detail = json!({ "secretId": Kind::ServiceSecret.id(row.id), "hint": row.hint });
    record(
        tx,
        env,
        actor,
        Event("SERVICE_SECRET_ADDED"),
        service.account.id,
        detail,
    )
    .await?;
    Ok(MadeSecret {
        service,
        id: row.id,
        secret,
    })
}

/// Retires a secret: it gets no more tokens, and those that were got by it work no longer. The version is that of the service
/// account.
pub async fn retire_secret(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<ServiceAccount> {
    let tx = db::begin_write(&env.db).await?;
    let secret = store::secret(&tx, id).await?;
    let service = managed(&tx, env, actor, secret.account_id, seen).await?;
    if !store::retire_secret(&tx, id, env.now()).await? {
        return Err(Error::WrongState(Text::new(
            "Khóa này đã bỏ từ trước.",
            "The secret is retired already.",
        )));
    }
    let service = changed(&tx, env, &service, Default::default()).await?;
    let detail = json!({ "secretId": Kind::ServiceSecret.id(id), "hint": secret.hint });
    record(
        &tx,
        env,
        actor,
        Event("SERVICE_SECRET_RETIRED"),
        service.account.id,
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(service)
}
