//! An entry of the award registry: one named recipient, or a number of unnamed ones.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::Recipient;

/// An entry of the award registry: one named recipient, or a number of unnamed ones.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The decision.
    pub decision_id: Uuid,
    /// The kind of award.
    pub award_type_id: Uuid,
    /// Year of achievement, a copy from the decision, for the list.
    pub year: i32,
    /// Collective or individual.
    pub recipient: Recipient,
    /// The unit that received it, or within which the recipients stand.
    pub unit_id: Uuid,
    /// The name as written then; `None` when only the number is known.
    pub recipient_name: Option<String>,
    /// How many: 1 for a named recipient.
    pub count: i32,
    /// What else the source says.
    pub note: Option<String>,
    /// The bonus in đồng, rounded as its terms say; `None` when nothing is said of one.
    pub bonus: Option<i64>,
    /// The bonus before rounding, in đồng.
    pub bonus_raw: Option<Fixed4>,
    /// The factor of the base salary; `None` for a fixed amount.
    pub bonus_factor: Option<Fixed4>,
    /// The base salary on the day of the decision, in đồng; `None` for a fixed amount.
    pub base_salary: Option<i64>,
    /// The code by which anybody verifies it, without hyphens; `None` for awards of before there were codes.
    pub verify_code: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
