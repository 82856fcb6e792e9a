//! A key under which a client may repeat a creating write and get the first answer again.

use sea_orm::entity::prelude::*;

/// A key under which a client may repeat a creating write and get the first answer again.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_key")]
pub struct Model {
    /// Whose key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// The key as sent, at most 100 characters.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// What was asked for.
    pub operation: String,
    /// SHA-256 of what was asked for: another request under the same key is refused.
    pub fingerprint: Vec<u8>,
    /// What came of it.
    pub subject_id: Uuid,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
