//! A secret by which a service account gets tokens.

use sea_orm::entity::prelude::*;

/// A secret by which a service account gets tokens. Two may live at once, so that one takes the place of the other without a pause.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_secret")]
pub struct Model {
    /// Identity, UUID version 7; tokens name it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    /// SHA-256. The secret has 256 random bits, so nothing slower is needed.
    pub hash: Vec<u8>,
    /// Its last characters, to tell it from the other.
    pub hint: String,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// When a token was last got by it, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// Address from which that was; `None` when it was not told.
    pub last_used_address: Option<String>,
    /// When it was retired.
    pub retired_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
