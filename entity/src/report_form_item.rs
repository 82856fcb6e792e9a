//! An indicator on a form version.

use sea_orm::entity::prelude::*;

use crate::Fixed4;

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
    /// The section it stands in: its order on the form.
    pub section: i32,
    /// Order on the form, from 1, over all sections.
    pub position: i32,
    /// Whether a report cannot be sent without it.
    pub required: bool,
    /// How to fill it in on this form.
    pub help: Option<String>,
    /// The least that a figure may be, tighter than the indicator's own bound; `None` when that one holds.
    pub lowest: Option<Fixed4>,
    /// The most that a figure may be, tighter than the indicator's own bound; `None` when that one holds.
    pub highest: Option<Fixed4>,
    /// Whether the women of it are asked for too.
    pub by_women: bool,
    /// Whether it is asked for by sector too.
    pub by_sector: bool,
}

impl ActiveModelBehavior for ActiveModel {}
