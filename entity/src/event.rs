//! Something that others are told of. Written with the change itself, handled later, exactly once.

use sea_orm::entity::prelude::*;

use crate::enums::EventKind;

/// Something that others are told of. Written with the change itself, handled later, exactly once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What happened.
    pub kind: EventKind,
    /// Kind of the thing to which it happened: `ReportSubmission`.
    pub subject_kind: String,
    /// The thing to which it happened.
    pub subject_id: Uuid,
    /// Who did it; `None` when nobody of ours did.
    pub account_id: Option<Uuid>,
    /// What else is told, a JSON object. It holds no secret.
    pub detail: String,
    /// When.
    pub at: DateTimeUtc,
    /// When it is to be handled, or tried again.
    pub due_at: DateTimeUtc,
    /// How often handling it has failed.
    pub failures: i32,
    /// When it was handled; `None` while it waits.
    pub handled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
