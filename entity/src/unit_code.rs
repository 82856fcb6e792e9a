//! A code that somebody else gave to a unit: a scheme and a value.

use sea_orm::entity::prelude::*;

/// A code that somebody else gave to a unit: a scheme and a value.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit_code")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Who gave it: `QD20_2020`, `VGCL`, `TAX`, or a local scheme.
    pub scheme: String,
    /// The code as given; at most 35 characters in the scheme of Quyết định 20/2020/QĐ-TTg.
    pub value: String,
    /// First day; `None` when unknown.
    pub valid_from: Option<Date>,
    /// First day on which it no longer holds; `None` while it does.
    pub valid_to: Option<Date>,
}

impl ActiveModelBehavior for ActiveModel {}
