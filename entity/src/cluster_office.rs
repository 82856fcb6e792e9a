//! A unit holds an office of a cluster. Offices belong to units, not to persons.

use sea_orm::entity::prelude::*;

use crate::enums::{ChosenBy, Office};

/// A unit holds an office of a cluster. Offices belong to units, not to persons.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cluster_office")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cluster.
    pub cluster_id: Uuid,
    /// The unit that holds the office.
    pub unit_id: Uuid,
    /// Chair or deputy.
    pub office: Office,
    /// How it was chosen; `None` when unknown.
    pub chosen_by: Option<ChosenBy>,
    /// Who acts for the unit, as written.
    pub acting_person: Option<String>,
    /// The decision that recognises it, as written.
    pub decision: Option<String>,
    /// First day; powers begin on it.
    pub valid_from: Date,
    /// First day on which it is no longer held; `None` while it is.
    pub valid_to: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
