//! A choice that an indicator offers.

use sea_orm::entity::prelude::*;

/// A choice that an indicator offers.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator_choice")]
pub struct Model {
    /// The indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: Uuid,
    /// Stable code, unique for the indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Order among the choices, from 1.
    pub position: i32,
    /// Vietnamese name, NFC.
    pub label: String,
}

impl ActiveModelBehavior for ActiveModel {}
