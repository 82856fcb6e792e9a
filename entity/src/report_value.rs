//! One figure of a report. A missing figure has no row.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{Nature, Qualifier};

/// One figure of a report. A missing figure has no row.
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
    /// The figure; the lower end of a range.
    pub value: Fixed4,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
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
