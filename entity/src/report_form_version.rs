//! One version of a form: which indicators, who fills it in, by what authority.

use sea_orm::entity::prelude::*;

use crate::enums::{FormState, SizeMeasure};

/// One version of a form: which indicators, who fills it in, by what authority.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_version")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The form.
    pub form_id: Uuid,
    /// 1, 2, 3 …
    pub number: i32,
    /// Draft, published, retired.
    pub state: FormState,
    /// The text it rests on, as written.
    pub legal_basis: Option<String>,
    /// By what the size of a unit is measured; `None` when units of any size fill it in.
    pub size_by: Option<SizeMeasure>,
    /// Size from which on a unit fills it in.
    pub size_fewest: Option<i64>,
    /// Size up to which a unit fills it in.
    pub size_most: Option<i64>,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
