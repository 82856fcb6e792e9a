//! What the schema shows of service accounts and their secrets.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::service_secret;

use crate::accounts::graphql::account_name;
use crate::accounts::graphql::types::GrantScope;
use crate::accounts::{store, usecases};
use crate::error::{Error, Result};
use crate::graphql::{self, Rows, UserError, ViewerCan, connection, env, id, loaded, loaders, outcome, payload};
use crate::ids::Kind;
use crate::policy::{Action, Scope, ServiceScope};

/// Another system that calls the service, at a place, with scopes, from some networks and until a day.
#[derive(Clone)]
pub struct ServiceAccount(store::ServiceAccount);

impl From<store::ServiceAccount> for ServiceAccount {
    fn from(found: store::ServiceAccount) -> Self {
        Self(found)
    }
}

/// Another system that calls the service (tài khoản dịch vụ), at a place, with scopes, from some networks and until a day. Nobody signs
/// in to it: it gets tokens with its id and a secret at `POST /api/v1/auth/token`.
#[Object]
impl ServiceAccount {
    /// Opaque id; the `client_id` with which it asks for tokens.
    pub async fn id(&self) -> ID {
        id(Kind::ServiceAccount, self.0.account.id)
    }
    /// What it is called; stands in the audit and beside what it did.
    async fn name(&self) -> &str {
        &self.0.account.display_name
    }
    /// What it is for.
    async fn purpose(&self) -> &str {
        &self.0.row.purpose
    }
    /// Whom to ask about it.
    async fn contact(&self) -> &str {
        &self.0.row.contact
    }
    /// Where it sees and does what its scopes name. It stays: for another place make another service account.
    async fn place(&self) -> async_graphql::Result<GrantScope> {
        Ok(GrantScope::of(self.0.place()?))
    }
    /// What it sees and does there: `units:read`, `reports:write`. `serviceScopes` lists all.
    async fn scopes(&self) -> Vec<&'static str> {
        self.0.scopes().each().map(ServiceScope::code).collect()
    }
    /// Networks from which it may call, `203.0.113.0/24`; empty for anywhere.
    async fn networks(&self) -> Vec<&str> {
        self.0.row.networks.split_whitespace().collect()
    }
    /// First day on which it no longer works.
    async fn valid_to(&self) -> NaiveDate {
        self.0.row.valid_to
    }
    /// Since when it is switched off; null while it is not.
    async fn disabled_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.disabled_at
    }
    /// Whether it works today: neither switched off nor at its end.
    async fn in_force(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(self.0.in_force(env(ctx)?.today()))
    }
    /// Its live secrets, the oldest first; at most two. The secrets themselves are never shown again.
    async fn secrets(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ServiceSecret>> {
        let secrets = loaded(loaders(ctx)?.load_one(SecretsOf(self.0.account.id)).await)?.unwrap_or_default();
        Ok(secrets.iter().cloned().map(ServiceSecret::from).collect())
    }
    /// When it last got a token, to the minute; null before the first time.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.last_used_at
    }
    /// Address from which it then called, as far as it is known.
    async fn last_used_address(&self) -> Option<&str> {
        self.0.row.last_used_address.as_deref()
    }
    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.account.created_at
    }
    /// Name of who made it; null when that was done from the command line.
    async fn created_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.account.created_by).await
    }
    /// Counts changes, those of its secrets too; give it back as `version` when you change it.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
    /// What the caller may do with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let managed = loaded(loaders(ctx)?.load_one(ManagedPlace(self.0.place()?)).await)?;
        let check = managed.ok_or(Error::Forbidden(Action::AccountManage));
        Ok(vec![ViewerCan::of(ctx, Action::AccountManage, check)])
    }
}

/// A live secret of a service account; not the secret itself.
#[derive(SimpleObject)]
pub struct ServiceSecret {
    /// Opaque id; `retireServiceSecret` takes it.
    id: ID,
    /// The last characters of the secret, to tell it from the other.
    hint: String,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When a token was last got by it, to the minute; null before the first time. What is not used any more may be retired.
    last_used_at: Option<DateTime<Utc>>,
    /// Address from which that was, as far as it is known.
    last_used_address: Option<String>,
}

impl From<service_secret::Model> for ServiceSecret {
    fn from(row: service_secret::Model) -> Self {
        Self {
            id: id(Kind::ServiceSecret, row.id),
            hint: row.hint,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            last_used_address: row.last_used_address,
        }
    }
}

graphql::parts_loader!(
    SecretsOf,
    service_secret::Model,
    store::live_secrets,
    account_id,
    "Live secrets of a service account."
);

/// A place where the caller manages accounts; nothing where it does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ManagedPlace(pub Scope);

impl Loader<ManagedPlace> for Rows {
    type Value = ();
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ManagedPlace]) -> Result<HashMap<ManagedPlace, ()>, Arc<Error>> {
        let actor = self.actor.as_deref().ok_or(Error::Unauthenticated)?;
        let scopes: Vec<Scope> = keys.iter().map(|key| key.0).collect();
        let managed = usecases::managed_places(&self.env.db, &self.env, actor, &scopes).await?;
        Ok(managed.into_iter().map(|scope| (ManagedPlace(scope), ())).collect())
    }
}

connection!(
    ServiceAccountConnection,
    ServiceAccountEdge,
    ServiceAccount,
    "service accounts"
);
payload!(ServiceAccountPayload, account: ServiceAccount, "a service account");

/// What came of making a secret of a service account.
#[derive(SimpleObject)]
pub struct ServiceSecretPayload {
    /// The service account as it is now; null when `userErrors` says what to mend.
    account: Option<ServiceAccount>,
    /// Id of the secret, for `retireServiceSecret`.
    secret_id: Option<ID>,
    /// The secret, `thidua_service_…`. It is shown this once and stored nowhere: put it straight where the system keeps its secrets.
    client_secret: Option<String>,
    /// What a form can mend; empty when the change was made.
    user_errors: Vec<UserError>,
}

impl ServiceSecretPayload {
    pub(super) fn of(result: Result<usecases::MadeSecret>) -> async_graphql::Result<Option<Self>> {
        let (made, user_errors) = outcome(result)?;
        let (account, secret_id, client_secret) = match made {
            Some(made) => (
                Some(made.service.into()),
                Some(id(Kind::ServiceSecret, made.id)),
                Some(made.secret),
            ),
            None => (None, None, None),
        };
        Ok(Some(Self {
            account,
            secret_id,
            client_secret,
            user_errors,
        }))
    }
}

/// Something that a service account can be given.
#[derive(SimpleObject)]
pub struct ServiceScopeInfo {
    /// The word: `reports:read`.
    pub(super) code: &'static str,
    /// What it is for.
    pub(super) meaning: &'static str,
}
