//! An indicator on a form version.

use sea_orm::entity::prelude::*;

/// An indicator on a form version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_item")]
pub struct Model {
    /// The form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_version_id: Uuid,
    /// The indicator.
    #[sea_orm(primary_key, auto_increment = false)]
    pub indicator_id: Uuid,
    /// Order on the form, from 1.
    pub position: i32,
    /// Whether a report cannot be sent without it.
    pub required: bool,
}

impl ActiveModelBehavior for ActiveModel {}
