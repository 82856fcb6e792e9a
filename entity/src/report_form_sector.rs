//! A sector whose units fill in a form version. A version without any is for every sector.

use sea_orm::entity::prelude::*;

use crate::enums::Sector;

/// A sector whose units fill in a form version. A version without any is for every sector.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_sector")]
pub struct Model {
    /// The form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_version_id: Uuid,
    /// The sector.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sector: Sector,
}

impl ActiveModelBehavior for ActiveModel {}
