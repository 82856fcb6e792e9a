//! That an order was given to units of a year that nothing else separated. Never changed; a later one for the same units takes its place.

use sea_orm::entity::prelude::*;

/// That an order was given to units of a year that nothing else separated. Never changed; a later one for the same units takes its place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tie_settlement")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The emulation year.
    pub year_id: Uuid,
    /// The computed result in which they share a place.
    pub result_id: Uuid,
    /// 1, and one more for each that followed in the year.
    pub number: i32,
    /// What it rests on: the minutes of a ballot, or who decided and why.
    pub reason: String,
    /// Who settled it.
    pub settled_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub settled_for: Option<Uuid>,
    /// When.
    pub settled_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
