//! The due day of one form for one period, where it is another than the period's own.

use sea_orm::entity::prelude::*;

/// The due day of one form for one period, where it is another than the period's own.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_due_day")]
pub struct Model {
    /// The form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_id: Uuid,
    /// The period.
    #[sea_orm(primary_key, auto_increment = false)]
    pub period_id: Uuid,
    /// Last day on which a report on the form is in time, in Asia/Ho_Chi_Minh; may lie before the period ends.
    pub due_on: Date,
    /// First day on which a report on the form can be begun; `None` for no such day.
    pub opens_on: Option<Date>,
    /// How many days after the due day a report is still taken without being marked late.
    pub grace_days: i32,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
