//! Who wrote a report: began it, saved its figures or sent it. Kept so that nobody passes their own work.

use sea_orm::entity::prelude::*;

/// Who wrote a report: began it, saved its figures or sent it. Kept so that nobody passes their own work.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_writer")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
