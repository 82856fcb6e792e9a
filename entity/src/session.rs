//! A sign-in that has not ended: access tokens name it, refresh tokens belong to it.

use sea_orm::entity::prelude::*;

/// A sign-in that has not ended: access tokens name it, refresh tokens belong to it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Identity, UUID version 7; `sid` in the access token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who signed in.
    pub account_id: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it ends by itself.
    pub expires_at: DateTimeUtc,
    /// When its tokens were last exchanged; `None` before the first time.
    pub last_used_at: Option<DateTimeUtc>,
    /// Address of the client that signed in, or last exchanged its tokens; `None` when it was not told.
    pub address: Option<String>,
    /// What the client then called itself (`User-Agent`), cut off at 200 characters.
    pub client: Option<String>,
    /// When its owner last confirmed who they are, after signing in.
    pub confirmed_at: Option<DateTimeUtc>,
    /// When the second factor was last given in it.
    pub second_factor_at: Option<DateTimeUtc>,
    /// The link through which its owner signed in at an identity provider; `None` when it was by password.
    pub provider_link_id: Option<Uuid>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTimeUtc>,
    /// Why: `LOGOUT`, `REPLAY`, `LOCKED`, `PASSWORD_CHANGED`, `ENDED` by its owner, `TOO_MANY`, `SECOND_FACTOR`, `UNLINKED`.
    pub end_reason: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
