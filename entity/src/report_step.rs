//! A step in the life of a report: who did what, when and why. Never changed.

use sea_orm::entity::prelude::*;

use crate::enums::{ReportAction, ReportStatus};

/// A step in the life of a report: who did what, when and why. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_step")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub submission_id: Uuid,
    /// What was done.
    pub action: ReportAction,
    /// Where the report came to be.
    pub status: ReportStatus,
    /// Who did it; `None` for recorded data.
    pub account_id: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub acted_for: Option<Uuid>,
    /// Why, for a return.
    pub reason: Option<String>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
