//! One figure of a report: of one indicator, the total or a part. A missing figure has no row.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{FigurePart, Nature, Qualifier};

/// One figure of a report: of one indicator, the total or a part. A missing figure has no row.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_value")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// The indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: Uuid,
    /// The total, or which part of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub part: FigurePart,
    /// The figure; the lower end of a range; 1 for yes and 0 for no; `None` for a choice and a text.
    pub value: Option<Fixed4>,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
    /// Of a choice: its code.
    pub choice: Option<String>,
    /// Exact, more than, nearly, about, or a range.
    pub qualifier: Qualifier,
    /// Actual or estimate.
    pub nature: Nature,
    /// The text as typed, NFC.
    pub raw: String,
    /// When it was last written.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
