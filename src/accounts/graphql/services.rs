//! Service accounts in the schema: their list, and what is done with them. The types are in `services/types.rs`.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use thidua_entity::enums::ScopeKind;
use uuid::Uuid;

use crate::accounts::{store, usecases};
use crate::db::PageArgs;
use crate::error::Result;
use crate::graphql::{self, actor, env, wants_count};
use crate::ids::Kind;
use crate::policy::{self, Action, ServiceScope};

mod types;
pub use types::*;

/// Which service accounts a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ServiceAccountWhere {
    /// Words of the name, without regard to case and accents; each must be found.
    search: Option<String>,
    /// Only those that work today, or only those that do not.
    in_force: Option<bool>,
}

/// Reads of service accounts.
#[derive(Default)]
pub struct ServiceQuery;

#[Object]
impl ServiceQuery {
    /// The service accounts that the caller manages, the newest first. `FORBIDDEN` for who manages none (`ACCOUNT_MANAGE`).
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn service_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which service accounts.")] r#where: Option<ServiceAccountWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ServiceAccountConnection>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        policy::authorize_anywhere(actor, Action::AccountManage)?;
        let reach = policy::reach_for(actor, Action::AccountManage);
        let r#where = r#where.unwrap_or_default();
        let filter = store::ServiceFilter {
            search: r#where.search,
            in_force: r#where.in_force,
        };
        let args = PageArgs::new(first, after, last, before);
        let page = store::service_accounts(&env.db, &reach, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(ServiceAccountConnection::of(page)))
    }

    /// Everything that a service account can be given.
    #[graphql(complexity = "10 * child_complexity")]
    async fn service_scopes(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<ServiceScopeInfo>>> {
        actor(ctx)?;
        let all = ServiceScope::ALL.iter().map(|scope| ServiceScopeInfo {
            code: scope.code(),
            meaning: scope.meaning().trim(),
        });
        Ok(Some(all.collect()))
    }
}

/// One service account for `node`.
pub async fn service_account(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ServiceAccount> {
    let (env, actor) = (env(ctx)?, actor(ctx)?);
    let reach = policy::reach_for(actor, Action::AccountManage);
    let found = store::service_account(&env.db, &reach, id, env.today()).await?;
    Ok(found.into())
}

/// A service account to be made.
#[derive(InputObject)]
pub struct CreateServiceAccountInput {
    /// What it is called, one name at one place: `Kho dữ liệu tỉnh Kon Tum`.
    name: String,
    /// What it is for.
    purpose: String,
    /// Whom to ask about it.
    contact: String,
    /// What kind of place.
    place_kind: ScopeKind,
    /// Id of the province, unit or cluster; left out for `EVERYTHING`.
    place_id: Option<ID>,
    /// What it is to see and do there, codes of `serviceScopes`. Give no more than it needs.
    scopes: Vec<String>,
    /// Addresses or networks from which it may call, at most 20: `203.0.113.7`, `203.0.113.0/24`. None is anywhere.
    #[graphql(default)]
    networks: Vec<String>,
    /// First day on which it no longer works; 366 days from today at most.
    valid_to: NaiveDate,
}

/// What changes of a service account. What is left out stays.
#[derive(InputObject)]
pub struct UpdateServiceAccountInput {
    /// The service account.
    id: ID,
    /// The version you saw.
    version: i32,
    /// What it is called.
    name: Option<String>,
    /// What it is for.
    purpose: Option<String>,
    /// Whom to ask about it.
    contact: Option<String>,
    /// What it is to see and do, all of it. What is taken away, its tokens lose at once.
    scopes: Option<Vec<String>>,
    /// Addresses or networks from which it may call, all of them; an empty list is anywhere.
    networks: Option<Vec<String>>,
    /// First day on which it no longer works; 366 days from today at most.
    valid_to: Option<NaiveDate>,
}

/// A service account to be switched off or on, or given another secret.
#[derive(InputObject)]
pub struct ServiceAccountInput {
    /// The service account.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// A secret to be retired.
#[derive(InputObject)]
pub struct RetireServiceSecretInput {
    /// The secret, one of `secrets` of its service account.
    id: ID,
    /// The version of the service account that you saw.
    version: i32,
}

/// Writes of service accounts.
#[derive(Default)]
pub struct ServiceMutation;

#[Object]
impl ServiceMutation {
    /// Makes a service account at a place where the caller manages accounts, with its first secret, which is shown this once. What decides
    /// (verifying, approving, recording awards) and what is about accounts cannot be given. The same name at the same place is
    /// `ALREADY_EXISTS`.
    async fn create_service_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service account.")] input: CreateServiceAccountInput,
    ) -> async_graphql::Result<Option<ServiceSecretPayload>> {
        let place_id = input.place_id.as_ref().map(|id| id.as_str());
        let new = usecases::NewService {
            place_id: usecases::read_scope_id(input.place_kind, place_id)?,
            place_kind: input.place_kind,
            name: input.name,
            purpose: input.purpose,
            contact: input.contact,
            scopes: input.scopes,
            networks: input.networks,
            valid_to: input.valid_to,
        };
        ServiceSecretPayload::of(usecases::create_service(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Changes what is said of a service account, or renews it. Scopes and networks count at once, for its tokens too.
    async fn update_service_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateServiceAccountInput,
    ) -> async_graphql::Result<Option<ServiceAccountPayload>> {
        let (id, seen) = (Kind::ServiceAccount.parse(&input.id)?, input.version.into());
        let change = usecases::ServiceChange {
            name: input.name,
            purpose: input.purpose,
            contact: input.contact,
            scopes: input.scopes,
            networks: input.networks,
            valid_to: input.valid_to,
        };
        ServiceAccountPayload::of(usecases::update_service(env(ctx)?, actor(ctx)?, id, &seen, change).await)
    }

    /// Switches a service account off: it gets no token, and those that it has are refused at once, on every instance.
    async fn disable_service_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service account.")] input: ServiceAccountInput,
    ) -> async_graphql::Result<Option<ServiceAccountPayload>> {
        ServiceAccountPayload::of(input.switch(ctx, true).await)
    }

    /// Switches a service account on again, with the secrets that it had.
    async fn enable_service_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service account.")] input: ServiceAccountInput,
    ) -> async_graphql::Result<Option<ServiceAccountPayload>> {
        ServiceAccountPayload::of(input.switch(ctx, false).await)
    }

    /// Makes another secret, which is shown this once; two live at most. To change secrets without a pause: make the new one, give it to
    /// the system, see by `lastUsedAt` that the old one is used no more, retire the old one.
    async fn add_service_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The service account.")] input: ServiceAccountInput,
    ) -> async_graphql::Result<Option<ServiceSecretPayload>> {
        let (id, seen) = (Kind::ServiceAccount.parse(&input.id)?, input.version.into());
        ServiceSecretPayload::of(usecases::add_secret(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Retires a secret: it gets no more tokens, and those that were got by it are refused at once, on every instance.
    async fn retire_service_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The secret.")] input: RetireServiceSecretInput,
    ) -> async_graphql::Result<Option<ServiceAccountPayload>> {
        let (id, seen) = (Kind::ServiceSecret.parse(&input.id)?, input.version.into());
        ServiceAccountPayload::of(usecases::retire_secret(env(ctx)?, actor(ctx)?, id, &seen).await)
    }
}

impl ServiceAccountInput {
    async fn switch(&self, ctx: &Context<'_>, disabled: bool) -> Result<store::ServiceAccount> {
        let (id, seen) = (Kind::ServiceAccount.parse(&self.id)?, self.version.into());
        usecases::set_service_disabled(env(ctx)?, actor(ctx)?, id, &seen, disabled).await
    }
}
