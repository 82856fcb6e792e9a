//! One figure as a report was sent with it. Never changed.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{FigurePart, Nature, Qualifier};

/// One figure as a report was sent with it: a copy of its [`report_value`](crate::report_value) at that moment. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_sent_value")]
pub struct Model {
    /// The sending.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sending_id: Uuid,
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
    /// When it had been written.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
