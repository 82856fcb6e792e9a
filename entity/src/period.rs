//! A dated span for which reports are given: a year, school year, half, quarter, month or any other.

use sea_orm::entity::prelude::*;

use crate::enums::PeriodKind;

/// A dated span for which reports are given: a year, school year, half, quarter, month or any other.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "period")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that set it; it serves the units below.
    pub owner_id: Uuid,
    /// Short code, unique for its owner: `2020`, `2023-Q1`.
    pub code: String,
    /// Name as written, NFC.
    pub name: String,
    /// What kind of span.
    pub kind: PeriodKind,
    /// First day.
    pub starts_on: Date,
    /// Last day, included.
    pub ends_on: Date,
    /// Last day on which a report is in time, in Asia/Ho_Chi_Minh; may lie before `ends_on`.
    pub due_on: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
