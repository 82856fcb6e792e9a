//! The base salary (lương cơ sở) of the State, from a day on until the next.

use sea_orm::entity::prelude::*;

/// The base salary (lương cơ sở) of the State, from a day on until the next.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "base_salary")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// First day on which it holds.
    pub valid_from: Date,
    /// The amount in đồng a month.
    pub amount: i64,
    /// The text it rests on, as written.
    pub legal_basis: String,
    /// Who set it; `None` for recorded data.
    pub set_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub set_for: Option<Uuid>,
    /// When.
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
