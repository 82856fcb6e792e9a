//! What a unit registered for in an emulation year: the grade it aims at, titles, movements.

use sea_orm::entity::prelude::*;

use crate::enums::RegistrationKind;

/// What a unit registered for in an emulation year: the grade it aims at, titles, movements.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "registration")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// What it is for.
    pub kind: RegistrationKind,
    /// The grade by its code, the title or the movement as written.
    pub title: String,
    /// The kind of award, when it is in the catalogue.
    pub award_type_id: Option<Uuid>,
    /// For whom, when it is for a person.
    pub person: Option<String>,
    /// Why it came after the phase of registering; `None` when it did not.
    pub late_reason: Option<String>,
    /// Who registered; `None` for recorded data.
    pub registered_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub registered_for: Option<Uuid>,
    /// When.
    pub registered_at: DateTimeUtc,
    /// When it was withdrawn; `None` while it holds.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Why it was withdrawn.
    pub withdrawn_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
