//! A kind of unit that fills in a form version.

use sea_orm::entity::prelude::*;

use crate::enums::UnitKind;

/// A kind of unit that fills in a form version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_kind")]
pub struct Model {
    /// The form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_version_id: Uuid,
    /// The kind of unit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub unit_kind: UnitKind,
}

impl ActiveModelBehavior for ActiveModel {}
