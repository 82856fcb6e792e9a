//! That the officers of a unit were reminded of a report, for one last day. So nobody is reminded of the same twice.

use sea_orm::entity::prelude::*;

use crate::enums::ReminderKind;

/// That the officers of a unit were reminded of a report, for one last day. So nobody is reminded of the same twice.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_reminder")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of what.
    pub kind: ReminderKind,
    /// The form.
    pub form_id: Uuid,
    /// The period.
    pub period_id: Uuid,
    /// The unit that owes the report.
    pub unit_id: Uuid,
    /// Last day on which the report was in time; another day, after an extension say, is reminded of anew.
    pub until: Date,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
