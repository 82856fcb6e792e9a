//! What somebody says of a report or of one of its figures, what is answered, and whether it is settled.

use sea_orm::entity::prelude::*;

use crate::enums::FigurePart;

/// What somebody says of a report or of one of its figures, what is answered, and whether it is settled.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_comment")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub submission_id: Uuid,
    /// Of which indicator the figure is; `None` when it is about the report as a whole.
    pub indicator_id: Option<Uuid>,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// What is said.
    pub text: String,
    /// The version that the report came to have when it was sent back with this; `None` when it was not.
    pub returned_version: Option<i32>,
    /// Who said it.
    pub account_id: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub acted_for: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
    /// What is answered.
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<Uuid>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// Who found it settled.
    pub resolved_by: Option<Uuid>,
    /// When; `None` while it is open.
    pub resolved_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
