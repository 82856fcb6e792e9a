//! A form of report under one code; its content is in its versions.

use sea_orm::entity::prelude::*;

use crate::enums::PeriodKind;

/// A form of report under one code; its content is in its versions.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that issues it; units below fill it in.
    pub owner_id: Uuid,
    /// Short code, unique for its owner.
    pub code: String,
    /// Name as written, NFC.
    pub name: String,
    /// Kind of period for which it is filled in; so its reports never overlap.
    pub periodicity: PeriodKind,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
