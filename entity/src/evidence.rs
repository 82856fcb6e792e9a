//! A file beside a thing, or beside one part of it. Removing it keeps the row.

use sea_orm::entity::prelude::*;

/// A file beside a thing, or beside one part of it. Removing it keeps the row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The content.
    pub file_id: Uuid,
    /// Kind of the thing: `ReportSubmission`, `ScoreSheet`, `AwardProposal`.
    pub subject_kind: String,
    /// The thing.
    pub subject_id: Uuid,
    /// The unit whose thing it is, for bounds.
    pub unit_id: Uuid,
    /// The figure that it proves; `None` when it proves the thing as a whole.
    pub indicator_id: Option<Uuid>,
    /// Code of the criterion that it proves, of a score sheet; `None` otherwise.
    pub criterion: Option<String>,
    /// Code of the item of the checklist that it belongs to, of a proposal's dossier; `None` otherwise.
    pub dossier_item: Option<String>,
    /// Name of the file, for people; never a path.
    pub file_name: String,
    /// What whoever added it says of it.
    pub note: Option<String>,
    /// Who added it.
    pub added_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub added_for: Option<Uuid>,
    /// When.
    pub added_at: DateTimeUtc,
    /// Who removed it.
    pub removed_by: Option<Uuid>,
    /// On behalf of whom.
    pub removed_for: Option<Uuid>,
    /// Why.
    pub remove_reason: Option<String>,
    /// When; `None` while it is there.
    pub removed_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
