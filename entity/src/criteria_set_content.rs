//! What a version of a criteria set holds.

use sea_orm::entity::prelude::*;

/// What a version of a criteria set holds: a document, read, written and hashed as a whole. Apart from the version, so that lists of
/// versions do not read it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criteria_set_content")]
pub struct Model {
    /// The version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version_id: Uuid,
    /// The set in JSON, as the service writes it. Of a version that is no draft it never changes.
    pub content: String,
}

impl ActiveModelBehavior for ActiveModel {}
