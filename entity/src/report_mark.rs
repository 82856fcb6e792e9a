//! Who last touched a figure of a report, and with which version of the report: what a late write is held against.

use sea_orm::entity::prelude::*;

use crate::enums::FigurePart;

/// Who last touched a figure of a report, or took it out, and with which version of the report. A figure that nobody has touched since
/// the report was begun has none.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_mark")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// The indicator; nil for the note of the report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: Uuid,
    /// The total, or which part of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: FigurePart,
    /// The version that the report came to have by it.
    pub version: i32,
    /// Who did it.
    pub account_id: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
