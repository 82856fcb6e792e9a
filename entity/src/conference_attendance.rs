//! Whether a member is there at a conference.

use sea_orm::entity::prelude::*;

use crate::enums::Presence;

/// Whether a member is there at a conference.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conference_attendance")]
pub struct Model {
    /// The conference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conference_id: Uuid,
    /// The unit or, of a council, its member.
    #[sea_orm(primary_key, auto_increment = false)]
    pub voter_id: Uuid,
    /// Whether it is there.
    pub presence: Presence,
    /// Who is there for it, as written.
    pub attended_by: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
