//! More time that one unit was given for its report on a form for a period. Nothing is changed: who gives more gives it again.

use sea_orm::entity::prelude::*;

/// More time that one unit was given for its report on a form for a period. Nothing is changed: who gives more gives it again, and the last
/// one given holds.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_extension")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The form.
    pub form_id: Uuid,
    /// The period.
    pub period_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Last day on which its report is in time, in Asia/Ho_Chi_Minh.
    pub until: Date,
    /// Why.
    pub reason: String,
    /// Who gave it.
    pub granted_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub granted_for: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
