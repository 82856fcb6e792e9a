//! A union organisation of any kind, from section to confederation.

use sea_orm::entity::prelude::*;

use crate::enums::{Sector, UnitKind};

/// A union organisation of any kind, from section to confederation.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unit")]
pub struct Model {
    /// Identity, UUID version 7; never built from a code that others may change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What kind of organisation it is.
    pub kind: UnitKind,
    /// Sector of the employer; `None` when unknown or not applicable.
    pub sector: Option<Sector>,
    /// Administrative province; `None` when unknown.
    pub province_id: Option<Uuid>,
    /// Newest name, a copy of the open official `unit_name`.
    pub name: String,
    /// First day of `name`, which may be to come; `None` when unknown.
    pub name_from: Option<Date>,
    /// Vietnamese collation key of `name`.
    pub sort_key: Vec<u8>,
    /// Day of founding; `None` when unknown.
    pub founded_on: Option<Date>,
    /// First day on which it no longer exists; `None` while it lives.
    pub ended_on: Option<Date>,
    /// Why it ended, with the decision, as written.
    pub end_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
