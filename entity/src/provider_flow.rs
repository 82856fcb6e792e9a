//! A sign-in through an identity provider that is under way: begun by a front end, and finished by the same front end once.

use sea_orm::entity::prelude::*;

/// A sign-in through an identity provider that is under way: begun by a front end, and finished by the same front end once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_flow")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the secret that only the front end knows which began it.
    pub flow_hash: Vec<u8>,
    /// SHA-256 of the `state` that comes back by way of the browser.
    pub state_hash: Vec<u8>,
    /// The provider to which it was sent.
    pub issuer: String,
    /// The address of the front end to which the provider sends the browser back.
    pub redirect_uri: String,
    /// The PKCE verifier and the nonce, sealed with a key that is not in the database.
    pub sealed_secrets: Vec<u8>,
    /// The account that is to be linked; `None` for signing in.
    pub account_id: Option<Uuid>,
    /// When it was begun.
    pub made_at: DateTimeUtc,
    /// From when on it cannot be finished any more.
    pub expires_at: DateTimeUtc,
    /// When the code that came back was sent to the provider: that is done once, unless the provider could not be reached.
    pub code_taken_at: Option<DateTimeUtc>,
    /// Who it is, as soon as the provider has proven it.
    pub subject: Option<String>,
    /// When that person signed in at the provider, where it tells.
    pub authenticated_at: Option<DateTimeUtc>,
    /// When a session was opened, or the account linked.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
