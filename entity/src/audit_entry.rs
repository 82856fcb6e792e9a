//! What happened and who did it. Written with the change itself, never changed.

use sea_orm::entity::prelude::*;

/// What happened and who did it. Written with the change itself, never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entry")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// When.
    pub at: DateTimeUtc,
    /// Who; `None` for the command line.
    pub account_id: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub on_behalf_of: Option<Uuid>,
    /// What was done, in a word kept for ever: `REPORT_SUBMITTED`.
    pub action: String,
    /// What kind of thing: `Unit`, `ReportSubmission` …
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Uuid,
    /// JSON object with what changed; no secrets.
    pub detail: String,
    /// The request, as in the log.
    pub request_id: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
