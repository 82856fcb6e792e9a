//! A name of a unit and the days on which it was used.

use sea_orm::entity::prelude::*;

use crate::enums::NameUse;

/// A name of a unit and the days on which it was used.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_name")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Official name or alias.
    pub name_use: NameUse,
    /// Name as written, NFC.
    pub name: String,
    /// First day; `None` when unknown.
    pub valid_from: Option<Date>,
    /// First day on which it is no longer used; `None` while it is.
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
