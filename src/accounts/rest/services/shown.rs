//! What REST shows of service accounts and their secrets.

use std::collections::HashMap;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::ScopeKind;
use thidua_entity::service_secret;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::accounts::rest::told_scope;
use crate::accounts::store::{self, ServiceAccount};
use crate::accounts::usecases::MadeSecret;
use crate::env::Env;
use crate::error::Result;
use crate::http::tags;
use crate::ids::Kind;
use crate::policy::ServiceScope;

/// Another system that calls the service, at a place, with scopes, from some networks and until a day.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceAccountJson {
    /// Opaque id, the same on GraphQL; the `client_id` with which it asks for tokens.
    id: String,
    /// What it is called.
    name: String,
    /// What it is for.
    purpose: String,
    /// Whom to ask about it.
    contact: String,
    /// What kind of place.
    place_kind: ScopeKind,
    /// The province, unit or cluster; null for everything.
    place_id: Option<String>,
    /// What it sees and does there: `units:read`, `reports:write`.
    scopes: Vec<&'static str>,
    /// Networks from which it may call; empty for anywhere.
    networks: Vec<String>,
    /// First day on which it no longer works.
    valid_to: NaiveDate,
    /// Since when it is switched off; null while it is not.
    disabled_at: Option<DateTime<Utc>>,
    /// Whether it works today.
    in_force: bool,
    /// Its live secrets, the oldest first; at most two.
    secrets: Vec<ServiceSecretJson>,
    /// When it last got a token, to the minute; null before the first time.
    last_used_at: Option<DateTime<Utc>>,
    /// Address from which it then called, as far as it is known.
    last_used_address: Option<String>,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// Counts changes; the `ETag`, to be sent back as `If-Match` with the next change.
    version: i32,
}

/// A live secret of a service account; not the secret itself.
#[derive(Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceSecretJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The last characters of the secret, to tell it from the other.
    hint: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When a token was last got by it, to the minute; null before the first time.
    last_used_at: Option<DateTime<Utc>>,
    /// Address from which that was, as far as it is known.
    last_used_address: Option<String>,
}

/// A secret that was made.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MadeSecretJson {
    /// The service account as it is now.
    account: ServiceAccountJson,
    /// Id of the secret.
    secret_id: String,
    /// The secret. It is shown this once and stored nowhere.
    client_secret: String,
}

impl From<service_secret::Model> for ServiceSecretJson {
    fn from(row: service_secret::Model) -> Self {
        Self {
            id: Kind::ServiceSecret.id(row.id),
            hint: row.hint,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            last_used_address: row.last_used_address,
        }
    }
}

/// The live secrets of some service accounts, by one statement.
pub(super) struct Secrets(HashMap<Uuid, Vec<ServiceSecretJson>>);

impl Secrets {
    pub(super) async fn of(env: &Env, services: impl Iterator<Item = Uuid>) -> Result<Self> {
        let mut secrets: HashMap<Uuid, Vec<ServiceSecretJson>> = HashMap::new();
        for row in store::live_secrets(&env.db, &services.collect::<Vec<_>>()).await? {
            secrets.entry(row.account_id).or_default().push(row.into());
        }
        Ok(Self(secrets))
    }

    pub(super) fn beside(&self, env: &Env, service: ServiceAccount) -> Result<ServiceAccountJson> {
        let (place_kind, place_id) = told_scope(service.place()?);
        let scopes = service.scopes().each().map(ServiceScope::code).collect();
        let in_force = service.in_force(env.today());
        let ServiceAccount { row, account } = service;
        Ok(ServiceAccountJson {
            id: Kind::ServiceAccount.id(account.id),
            name: account.display_name,
            purpose: row.purpose,
            contact: row.contact,
            place_kind,
            place_id,
            scopes,
            networks: row.networks.split_whitespace().map(str::to_owned).collect(),
            valid_to: row.valid_to,
            disabled_at: row.disabled_at,
            in_force,
            secrets: self.0.get(&account.id).cloned().unwrap_or_default(),
            last_used_at: row.last_used_at,
            last_used_address: row.last_used_address,
            created_at: account.created_at,
            version: row.version,
        })
    }
}

/// A service account as it is now, with its version as `ETag`. Not to be asked about with `If-None-Match`: its last use has no version.
pub(super) async fn shown(env: &Env, service: ServiceAccount) -> Result<HttpResponse> {
    let (version, id) = (service.row.version, service.account.id);
    let shown = Secrets::of(env, std::iter::once(id)).await?.beside(env, service)?;
    Ok(tags::changed(version, &shown))
}

/// A secret that was made: nobody keeps a copy on the way.
pub(super) async fn told(env: &Env, made: MadeSecret) -> Result<HttpResponse> {
    let (version, id) = (made.service.row.version, made.service.account.id);
    let account = Secrets::of(env, std::iter::once(id)).await?.beside(env, made.service)?;
    Ok(HttpResponse::build(StatusCode::CREATED)
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((ETAG, format!("\"{version}\"")))
        .json(MadeSecretJson {
            account,
            secret_id: Kind::ServiceSecret.id(made.id),
            client_secret: made.secret,
        }))
}
