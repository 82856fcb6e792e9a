//! One unit's report on one form for one period, or a correction of it.

use sea_orm::entity::prelude::*;

use crate::enums::ReportStatus;

/// One unit's report on one form for one period, or a correction of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_submission")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that reports.
    pub unit_id: Uuid,
    /// The period reported on.
    pub period_id: Uuid,
    /// The form, a copy from its version, so that a unit reports once for form and period.
    pub form_id: Uuid,
    /// The version of the form that it keeps.
    pub form_version_id: Uuid,
    /// Last day of the period, a copy; who the unit stood under on it may see the report.
    pub period_ends_on: Date,
    /// 1, and one more for each correction after an approval.
    pub revision: i32,
    /// The approved report that this one corrects; `None` for the first.
    pub corrects_id: Option<Uuid>,
    /// Why it is corrected.
    pub correction_reason: Option<String>,
    /// Where it is in its life.
    pub status: ReportStatus,
    /// Whether it was first sent after the due day. A mark, not a state.
    pub late: bool,
    /// What the unit says beside its figures.
    pub note: Option<String>,
    /// When it was last sent.
    pub submitted_at: Option<DateTimeUtc>,
    /// When it was approved.
    pub approved_at: Option<DateTimeUtc>,
    /// The account that last sent it; who wrote a thing may not approve it.
    pub author_id: Option<Uuid>,
    /// The version that it came to have when it was last sent back with remarks; `None` when it was sent back without, or never.
    pub returned_version: Option<i32>,
    /// Whether only the figures that were remarked on then may be changed.
    pub figures_locked: bool,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When the draft was begun.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
