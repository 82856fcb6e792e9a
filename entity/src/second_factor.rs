//! The second factor of an account: a secret that it shares with the program on its owner's phone (RFC 6238).

use sea_orm::entity::prelude::*;

/// The second factor of an account: a secret that it shares with the program on its owner's phone (RFC 6238).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// The secret, sealed with a key that is not in the database.
    pub sealed_secret: Vec<u8>,
    /// When it was begun.
    pub made_at: DateTimeUtc,
    /// When a first code showed that the phone has it; before that it is asked of nobody.
    pub confirmed_at: Option<DateTimeUtc>,
    /// The last half minute, counted from 1970, of which a code was taken: each is taken once.
    pub last_step: i64,
}

impl ActiveModelBehavior for ActiveModel {}
