//! What somebody typed for a figure that another had changed meanwhile, kept until somebody who has seen both decides.

use sea_orm::entity::prelude::*;

use crate::enums::{FigurePart, Nature};

/// What somebody typed for a figure that another had changed meanwhile, kept until somebody who has seen both decides.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_rival")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub submission_id: Uuid,
    /// The indicator; nil for the note of the report.
    pub indicator_id: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text as typed, NFC; empty when the figure was to be taken out.
    pub raw: String,
    /// Actual or estimate; `None` when that was left to the due day.
    pub nature: Option<Nature>,
    /// The version that the report came to have by it: who has seen that has seen both.
    pub version: i32,
    /// Who typed it.
    pub account_id: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
