//! A unit took part when a pact was agreed, so what it promised is part of what is signed. Never changed.

use sea_orm::entity::prelude::*;

/// A unit took part when a pact was agreed, so what it promised is part of what is signed. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pact_cover")]
pub struct Model {
    /// The pact.
    #[sea_orm(primary_key, auto_increment = false)]
    pub pact_id: Uuid,
    /// The unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
