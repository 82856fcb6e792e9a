//! What an account is told of one thing. The same again is counted, not listed twice.

use sea_orm::entity::prelude::*;

use crate::enums::NotificationKind;

/// What an account is told of one thing. The same again is counted, not listed twice.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who is told.
    pub account_id: Uuid,
    /// What of.
    pub kind: NotificationKind,
    /// Kind of the thing: `ReportSubmission`.
    pub subject_kind: String,
    /// The thing.
    pub subject_id: Uuid,
    /// What the sentence is made of, a JSON object with names as they were then.
    pub detail: String,
    /// How often it happened since it was last read; 1 or more.
    pub count: i32,
    /// When it last happened.
    pub at: DateTimeUtc,
    /// When it was marked as read; `None` while it is new.
    pub read_at: Option<DateTimeUtc>,
    /// When a letter told of it; `None` while none has, or since it happened again.
    pub mailed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
