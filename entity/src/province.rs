//! A province or centrally run city, as an administrative area; not a union organisation.

use sea_orm::entity::prelude::*;

/// A province or centrally run city, as an administrative area; not a union organisation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "province")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Short code, `KH` for Khánh Hòa; unique.
    pub code: String,
    /// Name as written, NFC.
    pub name: String,
    /// Vietnamese collation key of `name`.
    pub sort_key: Vec<u8>,
    /// First day; `None` when it was always there for our purposes.
    pub valid_from: Option<Date>,
    /// First day on which it no longer exists.
    pub valid_to: Option<Date>,
    /// The province it was merged into.
    pub successor_id: Option<Uuid>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
