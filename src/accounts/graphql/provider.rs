//! Sign-in through the province's identity provider in the schema: whether it is offered, and which person there an account is. Signing
//! in itself gives tokens and so is on REST, as by password.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::provider_link;

use super::account_name;
use crate::accounts::{store, usecases::provider as usecases};
use crate::error::Result;
use crate::graphql::{UserError, actor, env, id, outcome, parts_loader, payload};
use crate::ids::Kind;

parts_loader!(
    ProviderLinksOf,
    provider_link::Model,
    store::provider_links,
    account_id,
    "The links of an account to people at an identity provider."
);

/// In which ways one may sign in, besides name and password.
pub struct SignInWays;

/// In which ways one may sign in, besides name and password.
#[Object]
impl SignInWays {
    /// The identity provider; null when the service has none. To sign in by it begin with `POST /api/v1/auth/oidc/start`.
    async fn provider(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SignInProvider>> {
        let name = env(ctx)?.provider.name();
        Ok(name.map(|name| SignInProvider { name: name.to_owned() }))
    }
}

/// An identity provider by which one may sign in.
#[derive(SimpleObject)]
pub struct SignInProvider {
    /// What people call it, for the button: `Tài khoản cán bộ tỉnh Lào Cai`.
    name: String,
}

/// Which person at an identity provider an account is: who signs in there as that person signs in here to this account.
#[derive(Clone)]
pub struct ProviderLink(pub provider_link::Model);

impl From<provider_link::Model> for ProviderLink {
    fn from(row: provider_link::Model) -> Self {
        Self(row)
    }
}

/// Which person at an identity provider an account is: who signs in there as that person signs in here to this account.
#[Object]
impl ProviderLink {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::ProviderLink, self.0.id)
    }
    /// The provider, by the address that it calls itself.
    async fn issuer(&self) -> &str {
        &self.0.issuer
    }
    /// Whether it is the provider of today: one signs in by no other.
    async fn usable(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(env(ctx)?.provider.issuer().is_ok_and(|issuer| issuer == self.0.issuer))
    }
    /// The person there: what the provider calls `sub`.
    async fn subject(&self) -> &str {
        &self.0.subject
    }
    /// When they were linked.
    async fn linked_at(&self) -> DateTime<Utc> {
        self.0.linked_at
    }
    /// Name of who linked them: the owner of the account, or an administrator.
    async fn linked_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, Some(self.0.linked_by)).await
    }
}

payload!(
    ProviderLinkPayload,
    provider_link: ProviderLink,
    "a link to a person at an identity provider"
);

/// Where the caller is to come back from the identity provider, and what shows again who the caller is.
#[derive(InputObject)]
pub struct StartProviderLinkInput {
    /// Address to which the provider sends the browser back: one of the setting `oidc_redirects`, letter by letter.
    redirect_uri: String,
    /// The password, of an account without a second factor.
    #[graphql(secret)]
    password: Option<String>,
    /// The code of the second factor, or a recovery code.
    #[graphql(secret)]
    code: Option<String>,
}

/// What has come back from the identity provider.
#[derive(InputObject)]
pub struct FinishProviderLinkInput {
    /// What `startProviderLink` gave and the front end kept for itself.
    #[graphql(secret)]
    flow: String,
    /// The parameter `state` of the address at which the browser has come back.
    #[graphql(secret)]
    state: String,
    /// The parameter `code` of the same address.
    #[graphql(secret)]
    code: String,
}

/// An account and the person at the identity provider that it is.
#[derive(InputObject)]
pub struct LinkAccountToProviderInput {
    /// The account; not the caller's own.
    id: ID,
    /// The version you saw.
    version: i32,
    /// What the provider calls the person: `sub`. Who has signed in there without being linked is told it, to hand it over.
    subject: String,
}

/// A link to be taken away.
#[derive(InputObject)]
pub struct UnlinkProviderInput {
    /// The link, one of `Account.providerLinks`.
    id: ID,
}

/// What a front end needs to send the caller to the identity provider.
#[derive(SimpleObject)]
pub struct ProviderFlow {
    /// Address to which the browser goes.
    authorization_url: String,
    /// The parameter `state` with which the browser comes back: by it the front end finds `flow` again.
    state: String,
    /// A secret that the front end keeps for itself, and gives back when the browser has come back. It leaves the front end in no address.
    flow: String,
    /// Seconds until it is too late to finish.
    expires_in: i64,
}

impl From<usecases::FlowBegun> for ProviderFlow {
    fn from(begun: usecases::FlowBegun) -> Self {
        Self {
            authorization_url: begun.authorization_url,
            state: begun.state,
            flow: begun.flow,
            expires_in: begun.expires_in,
        }
    }
}

/// What came of beginning to link the caller's account.
#[derive(SimpleObject)]
pub struct StartProviderLinkPayload {
    /// Where to send the caller; null when `userErrors` says what to mend.
    provider_flow: Option<ProviderFlow>,
    /// What a form can mend; empty when it was begun.
    user_errors: Vec<UserError>,
}

impl StartProviderLinkPayload {
    fn of(begun: Result<usecases::FlowBegun>) -> async_graphql::Result<Option<Self>> {
        let (begun, user_errors) = outcome(begun)?;
        Ok(Some(Self {
            provider_flow: begun.map(ProviderFlow::from),
            user_errors,
        }))
    }
}

/// Reads of sign-in through an identity provider.
#[derive(Default)]
pub struct ProviderQuery;

#[Object]
impl ProviderQuery {
    /// In which ways one may sign in, for the page on which one does: needs no token.
    async fn sign_in_ways(&self) -> SignInWays {
        SignInWays
    }
}

/// Writes of links to people at an identity provider.
#[derive(Default)]
pub struct ProviderMutation;

#[Object]
impl ProviderMutation {
    /// Begins to link the caller's own account to the person that the caller is at the identity provider. The caller shows again who
    /// they are, with the code of the second factor where there is one, else with the password. `UNAVAILABLE` while the provider
    /// does not answer.
    async fn start_provider_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Where to come back, and password or code.")] input: StartProviderLinkInput,
    ) -> async_graphql::Result<Option<StartProviderLinkPayload>> {
        let shown = (input.password.as_deref(), input.code.as_deref());
        let begun = usecases::start_link(env(ctx)?, actor(ctx)?, &input.redirect_uri, shown).await;
        StartProviderLinkPayload::of(begun)
    }

    /// Links the caller's own account to the person whom the identity provider has proven: from now on the caller signs in by it.
    /// `ALREADY_EXISTS` when the person is linked to an account, or the account to a person.
    async fn finish_provider_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What has come back.")] input: FinishProviderLinkInput,
    ) -> async_graphql::Result<Option<ProviderLinkPayload>> {
        let came = usecases::CameBack {
            flow: &input.flow,
            state: &input.state,
            code: &input.code,
        };
        ProviderLinkPayload::of(usecases::finish_link(env(ctx)?, actor(ctx)?, came).await)
    }

    /// Links an account to a person at the identity provider whose subject is known otherwise. Who then signs in there as that person
    /// is in this account, so it asks for a fresh proof of who calls: `PROOF_REQUIRED`. `ALREADY_EXISTS` when the person is linked
    /// to an account, or the account to a person.
    async fn link_account_to_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account and the person.")] input: LinkAccountToProviderInput,
    ) -> async_graphql::Result<Option<ProviderLinkPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        let linked = usecases::link(env(ctx)?, actor(ctx)?, id, input.version, &input.subject).await;
        ProviderLinkPayload::of(linked)
    }

    /// Takes a link away and tells what it was: nobody signs in by it any more, and the sessions that came by it end, but that of this
    /// request. One's own only where one has a password: `WRONG_STATE` else.
    async fn unlink_provider(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link.")] input: UnlinkProviderInput,
    ) -> async_graphql::Result<Option<ProviderLinkPayload>> {
        let id = Kind::ProviderLink.parse(&input.id)?;
        ProviderLinkPayload::of(usecases::unlink(env(ctx)?, actor(ctx)?, id).await)
    }
}
