//! A refresh token of a session, stored only as a hash. Each is used once.

use sea_orm::entity::prelude::*;

/// A refresh token of a session, stored only as a hash. Each is used once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_token")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Its session: the family that ends as a whole when a used token comes back.
    pub session_id: Uuid,
    /// SHA-256 of the token that it was given for; `None` of the first of a session.
    pub parent_hash: Option<Vec<u8>>,
    /// When another was given in its place, because the answer that held it was lost.
    pub superseded_at: Option<DateTimeUtc>,
    /// When it was given out.
    pub issued_at: DateTimeUtc,
    /// When it was exchanged for the next.
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
