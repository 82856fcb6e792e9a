//! Accounts in the schema: who I am, who else may call, what was done. The types are in `graphql/types.rs`.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, InputObject, Object};
use chrono::NaiveDate;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant};
use uuid::Uuid;

use super::{store, usecases};
use crate::clusters;
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::graphql::{self, Rows, actor, env, loaded, loaders, wants_count, whoever};
use crate::ids::Kind;
use crate::policy::{self, Action};

mod delegations;
mod links;
mod personal;
mod provider;
mod second_factor;
mod services;
mod types;
mod why;
pub use delegations::*;
pub use links::*;
pub use personal::PersonalMutation;
pub use provider::*;
pub use second_factor::{SecondFactor, SecondFactorMutation, SignInProof};
pub use services::*;
pub use types::*;
pub use why::*;

/// Reads of accounts and of the audit.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// The caller: its account, its roles and offices today, and what it may do. `UNAUTHENTICATED` without a token. Answered also
    /// with a password that must be changed; then no role counts.
    async fn viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Viewer>> {
        let actor = whoever(ctx)?;
        let account = store::own(&env(ctx)?.db, actor.account_id).await?;
        Ok(Some(Viewer {
            actor: actor.clone(),
            account: account.into(),
        }))
    }

    /// The accounts that the caller manages, by sign-in name unless another order is asked for. `FORBIDDEN` for who manages
    /// none (`ACCOUNT_MANAGE`). Reading ten or more at once leaves an entry in the audit.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    #[allow(clippy::too_many_arguments, reason = "the arguments of a Relay connection")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which accounts.")] r#where: Option<AccountWhere>,
        #[graphql(desc = "In what order.")] order_by: Option<AccountOrder>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AccountConnection>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let order = AccountOrder::read(order_by);
        let page = usecases::personal::list(env, actor, &filter, order, &args, wants_count(ctx)).await?;
        Ok(Some(AccountConnection::of(page)))
    }

    /// What was done by the caller and by the accounts whose audit it reads, the newest first. `FORBIDDEN` for who reads no
    /// audit (`AUDIT_READ`).
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which entries.")] r#where: Option<AuditWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AuditEntryConnection>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        policy::authorize_anywhere(actor, Action::AuditRead)?;
        let reach = policy::reach_for(actor, Action::AuditRead);
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let whose = (&reach, actor.account_id);
        let page = store::audit(&env.db, whose, env.today(), &filter, &args, wants_count(ctx)).await?;
        Ok(Some(AuditEntryConnection::of(page)))
    }
}

/// An account to be made. It holds no role yet.
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// Sign-in name, unique: 3 to 100 characters out of a-z, 0-9, dot, hyphen, underscore, @. Capitals become small.
    username: String,
    /// Name shown to others.
    display_name: String,
    /// First password, at least 12 characters and not easy to guess. It is temporary: its owner must change it with
    /// `changePassword` before anything else.
    #[graphql(secret)]
    password: String,
}

/// Somebody to be invited.
#[derive(InputObject)]
pub struct InviteAccountInput {
    /// Sign-in name, unique: 3 to 100 characters out of a-z, 0-9, dot, hyphen, underscore, @. Capitals become small.
    username: String,
    /// Name shown to others.
    display_name: String,
    /// E-mail address to which the link is sent; without one the link is handed to the caller.
    email: Option<String>,
}

/// An account whose password is to be reset.
#[derive(InputObject)]
pub struct ResetPasswordInput {
    /// The account; not the caller's own.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// The e-mail address of an account.
#[derive(InputObject)]
pub struct SetAccountEmailInput {
    /// The account; not the caller's own.
    id: ID,
    /// The version you saw.
    version: i32,
    /// The address; null takes it away.
    email: Option<String>,
}

/// An account to be locked or unlocked.
#[derive(InputObject)]
pub struct LockAccountInput {
    /// The account.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// A role to be granted.
#[derive(InputObject)]
pub struct GrantRoleInput {
    /// Who gets it; not the caller.
    account_id: ID,
    /// The role.
    role: Role,
    /// What kind of scope. A unit officer acts for one unit: `UNIT`.
    scope_kind: ScopeKind,
    /// Id of the province, unit or cluster; left out for `EVERYTHING`.
    scope_id: Option<ID>,
    /// First day; today when left out.
    valid_from: Option<NaiveDate>,
    /// First day on which it no longer holds; leave it out when no end is known.
    valid_to: Option<NaiveDate>,
}

/// A grant to be withdrawn.
#[derive(InputObject)]
pub struct WithdrawRoleGrantInput {
    /// The grant.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// Another password for the caller's own account.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// The password of now.
    #[graphql(secret)]
    current_password: String,
    /// The password to be, at least 12 characters and not easy to guess.
    #[graphql(secret)]
    new_password: String,
}

/// A session to be ended.
#[derive(InputObject)]
pub struct EndSessionInput {
    /// The session, one of `viewer { sessions }`.
    id: ID,
}

/// All sessions but one are to be ended.
#[derive(InputObject)]
pub struct EndOtherSessionsInput {
    /// The session that stays: that of this request, or another of `viewer { sessions }`.
    id: ID,
}

/// Writes of accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Makes an account without any role and without a password, and a link by which its owner chooses one: mailed where there is
    /// an address and a mail server, else handed to the caller. It works once, for three days unless that is set otherwise.
    /// `resetPassword` invites anew who let it expire.
    async fn invite_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whom.")] input: InviteAccountInput,
    ) -> async_graphql::Result<Option<AccountLinkPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let email = input.email.as_deref();
        AccountLinkPayload::of(usecases::invite(env, actor, &input.username, &input.display_name, email).await)
    }

    /// Takes the password of an account away: its sessions end at once, and its owner chooses another by a link, mailed where there
    /// is an address and a mail server, else handed to the caller. A link that was made before no longer works. Who was invited and
    /// has not chosen a password yet is invited anew.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: ResetPasswordInput,
    ) -> async_graphql::Result<Option<AccountLinkPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        AccountLinkPayload::of(usecases::reset_password(env(ctx)?, actor(ctx)?, id, input.version).await)
    }

    /// Sets or takes away the e-mail address of an account. Links that were mailed before no longer work.
    async fn set_account_email(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: SetAccountEmailInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        let email = input.email.as_deref();
        AccountPayload::of(usecases::set_email(env(ctx)?, actor(ctx)?, id, input.version, email).await)
    }

    /// Makes an account without any role; grant it roles with `grantRole`. Until then only who made it, and who manages
    /// everything, sees it.
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: CreateAccountInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let made = usecases::create(env, actor, &input.username, &input.display_name, &input.password).await;
        AccountPayload::of(made)
    }

    /// Locks an account: it cannot sign in, and its sessions end at once. Nobody locks their own.
    async fn lock_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: LockAccountInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        AccountPayload::of(usecases::set_locked(env(ctx)?, actor(ctx)?, id, input.version, true).await)
    }

    /// Lets a locked account sign in again.
    async fn unlock_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: LockAccountInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        AccountPayload::of(usecases::set_locked(env(ctx)?, actor(ctx)?, id, input.version, false).await)
    }

    /// Grants a role in a scope that the caller manages. Nobody grants to their own account; the same role in the same scope
    /// for the same days is `ALREADY_EXISTS`.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant.")] input: GrantRoleInput,
    ) -> async_graphql::Result<Option<RoleGrantPayload>> {
        let scope_id = input.scope_id.as_ref().map(|id| id.as_str());
        let scope_id = usecases::read_scope_id(input.scope_kind, scope_id)?;
        let new = usecases::NewGrant {
            account_id: Kind::Account.parse(&input.account_id)?,
            role: input.role,
            scope_kind: input.scope_kind,
            scope_id,
            valid_from: input.valid_from,
            valid_to: input.valid_to,
        };
        RoleGrantPayload::of(usecases::grant_role(env(ctx)?, actor(ctx)?, new).await)
    }

    /// Withdraws a grant: from this moment it no longer holds.
    async fn withdraw_role_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The grant.")] input: WithdrawRoleGrantInput,
    ) -> async_graphql::Result<Option<RoleGrantPayload>> {
        let id = Kind::RoleGrant.parse(&input.id)?;
        RoleGrantPayload::of(usecases::withdraw_grant(env(ctx)?, actor(ctx)?, id, input.version).await)
    }

    /// Changes the caller's own password. Every other session of the account ends; this one stays. It is how a password that must
    /// be changed is changed.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The passwords.")] input: ChangePasswordInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let (env, actor) = (env(ctx)?, whoever(ctx)?);
        AccountPayload::of(usecases::change_password(env, actor, &input.current_password, &input.new_password).await)
    }

    /// Ends one of the caller's own sessions: its tokens are refused from now on, on every instance.
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: EndSessionInput,
    ) -> async_graphql::Result<Option<SessionPayload>> {
        let id = Kind::Session.parse(&input.id)?;
        SessionPayload::of(usecases::end_own_session(env(ctx)?, actor(ctx)?, id).await)
    }

    /// Ends all sessions of the caller but one, and tells that one.
    async fn end_other_sessions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session that stays.")] input: EndOtherSessionsInput,
    ) -> async_graphql::Result<Option<SessionPayload>> {
        let kept = Kind::Session.parse(&input.id)?;
        SessionPayload::of(usecases::end_other_sessions(env(ctx)?, actor(ctx)?, kept).await)
    }
}

/// One account for `node`.
pub async fn account(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Account> {
    let (env, actor) = (env(ctx)?, actor(ctx)?);
    let reach = policy::reach_for(actor, Action::AccountManage);
    let account = store::find(&env.db, &reach, actor.account_id, env.today(), id).await?;
    Ok(account.into())
}

/// The grants of an account that the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GrantsSeenOf(pub Uuid);

impl Loader<GrantsSeenOf> for Rows {
    type Value = Arc<Vec<role_grant::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[GrantsSeenOf]) -> Result<HashMap<GrantsSeenOf, Self::Value>, Arc<Error>> {
        let actor = self.actor.as_deref().ok_or(Error::Unauthenticated)?;
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let reach = policy::reach_for(actor, Action::AccountManage);
        let whose = (&reach, actor.account_id);
        let mut grants: HashMap<Uuid, Vec<role_grant::Model>> = HashMap::new();
        for grant in store::grants_seen(&self.env.db, whose, self.env.today(), &ids).await? {
            grants.entry(grant.account_id).or_default().push(grant);
        }
        let grants = grants.into_iter();
        Ok(grants
            .map(|(id, grants)| (GrantsSeenOf(id), Arc::new(grants)))
            .collect())
    }
}

/// An account that the caller may change as a whole; nothing where it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ManagedBy(pub Uuid);

impl Loader<ManagedBy> for Rows {
    type Value = ();
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ManagedBy]) -> Result<HashMap<ManagedBy, ()>, Arc<Error>> {
        let actor = self.actor.as_deref().ok_or(Error::Unauthenticated)?;
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let managed = usecases::manageable(&self.env.db, &self.env, actor, &ids).await?;
        Ok(managed.into_iter().map(|id| (ManagedBy(id), ())).collect())
    }
}

graphql::row_loader!(
    PersonId,
    account::Model,
    store::names,
    "An account, for the names beside what somebody did; no more than the names may be shown of it."
);

/// The name of a cluster that is the scope of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClusterNameOf(pub Uuid);

impl Loader<ClusterNameOf> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ClusterNameOf]) -> Result<HashMap<ClusterNameOf, String>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let names = clusters::store::plain_names(&self.env.db, &ids).await?;
        Ok(names.into_iter().map(|(id, name)| (ClusterNameOf(id), name)).collect())
    }
}

/// Name shown of an account, whoever asks; null when there is none.
pub async fn account_name(ctx: &Context<'_>, account: Option<Uuid>) -> async_graphql::Result<Option<String>> {
    match account {
        Some(account) => loaded(loaders(ctx)?.load_one(AccountName(account)).await),
        None => Ok(None),
    }
}

/// Name shown of an account, whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountName(pub Uuid);

impl Loader<AccountName> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[AccountName]) -> Result<HashMap<AccountName, String>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let accounts = store::names(&self.env.db, &ids).await?.into_iter();
        Ok(accounts
            .map(|account| (AccountName(account.id), account.display_name))
            .collect())
    }
}
