//! A rule between the figures of a form version.

use sea_orm::entity::prelude::*;

use crate::enums::{RuleMissing, RuleSeverity};

/// A rule between the figures of a form version.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_form_rule")]
pub struct Model {
    /// The form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_version_id: Uuid,
    /// Stable code, unique on the form version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: String,
    /// Order on the form, from 1.
    pub position: i32,
    /// The formula that should hold, NFC.
    pub expression: String,
    /// What follows when it does not.
    pub severity: RuleSeverity,
    /// What it means that a figure is missing.
    pub missing: RuleMissing,
    /// What the officer reads when it is broken, NFC.
    pub message: String,
    /// The text or the reason it rests on, NFC.
    pub basis: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
