//! Content that the store of files holds, once, whatever it is attached to. The row stays when the content has gone.

use sea_orm::entity::prelude::*;

/// Content that the store of files holds, once, whatever it is attached to. The row stays when the content has gone.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stored_file")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// SHA-256 of the content, under which it is kept.
    pub sha256: Vec<u8>,
    /// Its size.
    pub bytes: i64,
    /// What it is, found in the content itself: `application/pdf`.
    pub media_type: String,
    /// When it was last uploaded or taken away from something: content that nothing needs is kept for a day from then.
    pub wanted_at: DateTimeUtc,
    /// When the content was deleted, since nothing needed it; `None` while it is there.
    pub gone_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
