//! Delegations in the schema: handing a role on and taking it back.

use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{Role, ScopeKind};

use super::types::GrantScope;
use crate::accounts::{store, usecases};
use crate::error::{Error, Result};
use crate::graphql::{actor, env, id, payload};
use crate::ids::{self, Kind};

/// Somebody hands a role that they hold on to another, from one day to another (ủy quyền).
#[derive(Clone)]
pub struct Delegation(store::Delegation);

impl From<store::Delegation> for Delegation {
    fn from(found: store::Delegation) -> Self {
        Self(found)
    }
}

/// Somebody hands a role that they hold on to another, from one day to another (ủy quyền). It ends with its days, when it is revoked,
/// when the grant ends, and while who gave it is locked.
#[Object]
impl Delegation {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::Delegation, self.0.row.id)
    }
    /// Id of the grant that is handed on.
    async fn grant_id(&self) -> ID {
        id(Kind::RoleGrant, self.0.row.grant_id)
    }
    /// The role.
    async fn role(&self) -> Role {
        self.0.role()
    }
    /// Where it is handed on: the scope of the grant, or a part of it.
    async fn scope(&self) -> Option<GrantScope> {
        self.0.scope().map(GrantScope::of)
    }
    /// Name of who holds the grant.
    #[graphql(name = "from")]
    async fn from_name(&self) -> &str {
        &self.0.from.display_name
    }
    /// Name of who acts on behalf of them.
    #[graphql(name = "to")]
    async fn to_name(&self) -> &str {
        &self.0.to.display_name
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.row.valid_from
    }
    /// First day on which it no longer holds.
    async fn valid_to(&self) -> NaiveDate {
        self.0.row.valid_to
    }
    /// Why, or the decision, as written.
    async fn reason(&self) -> &str {
        &self.0.row.reason
    }
    /// When it was taken back before its end; null when it was not.
    async fn revoked_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.revoked_at
    }
    /// Whether it holds today.
    async fn in_force(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(self.0.in_force(env(ctx)?.today()))
    }
    /// Counts changes; give it back as `version` when you revoke it.
    async fn version(&self) -> i32 {
        self.0.row.version
    }
}

payload!(DelegationPayload, delegation: Delegation, "a delegation");

/// A role to be handed on.
#[derive(InputObject)]
pub struct DelegateRoleInput {
    /// The grant: one of `viewer { grants }`. What was delegated to the caller goes no further, nor does a role that manages accounts.
    grant_id: ID,
    /// Sign-in name of who is to act on behalf of the caller.
    to_username: String,
    /// A unit, province or cluster inside the scope of the grant, to hand on only that part; left out for the whole grant. The role of a
    /// unit officer is handed on as a whole.
    scope_id: Option<ID>,
    /// First day, not before today; today when left out.
    valid_from: Option<NaiveDate>,
    /// First day on which it no longer holds, a year after the first at most.
    valid_to: NaiveDate,
    /// Why, or the decision: `Đi công tác; QĐ 12/QĐ-LĐLĐ`.
    reason: String,
}

impl DelegateRoleInput {
    fn read(self) -> Result<usecases::NewDelegation> {
        let part = match self.scope_id.as_deref().map(|id| ids::parse(id)) {
            None => None,
            Some(Some((Kind::Unit, id))) => Some((ScopeKind::Unit, id)),
            Some(Some((Kind::Province, id))) => Some((ScopeKind::Province, id)),
            Some(Some((Kind::Cluster, id))) => Some((ScopeKind::Cluster, id)),
            Some(_) => return Err(Error::NotFound),
        };
        Ok(usecases::NewDelegation {
            grant: Kind::RoleGrant.parse(&self.grant_id)?,
            to: self.to_username,
            part,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            reason: self.reason,
        })
    }
}

/// A delegation to be taken back.
#[derive(InputObject)]
pub struct RevokeDelegationInput {
    /// The delegation.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// Writes of delegations.
#[derive(Default)]
pub struct DelegationMutation;

#[Object]
impl DelegationMutation {
    /// Hands a role that the caller holds on to another account for some days: what that account does by it is done on behalf of the
    /// caller, and both are named in the audit. Neither passes what either of them wrote while it holds.
    async fn delegate_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delegation.")] input: DelegateRoleInput,
    ) -> async_graphql::Result<Option<DelegationPayload>> {
        DelegationPayload::of(usecases::delegate(env(ctx)?, actor(ctx)?, input.read()?).await)
    }

    /// Takes a delegation back from this moment. Who gave it may, who was given it, and who manages the grant.
    async fn revoke_delegation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The delegation.")] input: RevokeDelegationInput,
    ) -> async_graphql::Result<Option<DelegationPayload>> {
        let id = Kind::Delegation.parse(&input.id)?;
        DelegationPayload::of(usecases::revoke_delegation(env(ctx)?, actor(ctx)?, id, input.version).await)
    }
}
