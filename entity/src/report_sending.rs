//! A sending of a report: once more each time it is sent. Never changed.

use sea_orm::entity::prelude::*;

/// A sending of a report: what it said beside its figures, by whom it was sent and when. Never changed, nor are its figures
/// ([`report_sent_value`](crate::report_sent_value)) and explanations ([`report_sent_explanation`](crate::report_sent_explanation)).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_sending")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The report.
    pub submission_id: Uuid,
    /// 1 for the first sending, and one more for each after it.
    pub number: i32,
    /// What the unit said beside its figures.
    pub note: Option<String>,
    /// Who sent it; `None` for recorded data.
    pub account_id: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub acted_for: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
