//! Who says what stands for a figure of a report, and since which version of the report: what a late write is held against.

use sea_orm::entity::prelude::*;

use crate::enums::FigurePart;

/// Somebody who says what stands for a figure of a report, or that it was taken out, and since which version of the report: who wrote it
/// last, and who has typed the same without having seen it. A figure that nobody has touched since the report was begun has none.
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
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Who did it.
    pub account_id: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
