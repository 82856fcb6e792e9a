//! A section of a form version.

use sea_orm::entity::prelude::*;

/// A section of a form version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_section")]
pub struct Model {
    /// The form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_version_id: Uuid,
    /// Order on the form, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// Title, NFC; `None` for the only section of a form without titles.
    pub title: Option<String>,
    /// How to fill it in.
    pub help: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
