//! An emulation cluster (cụm) or bloc (khối); a bloc may hold clusters.

use sea_orm::entity::prelude::*;

use crate::enums::{ClusterForm, ClusterPurpose};

/// An emulation cluster (cụm) or bloc (khối); a bloc may hold clusters.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cluster")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Bloc or cluster.
    pub form: ClusterForm,
    /// Emulation, or only an area of management.
    pub purpose: ClusterPurpose,
    /// The unit that set it up.
    pub organiser_id: Uuid,
    /// The bloc that holds it.
    pub parent_id: Option<Uuid>,
    /// Name as written, NFC.
    pub name: String,
    /// Vietnamese collation key of `name`.
    pub sort_key: Vec<u8>,
    /// The decision that set it up, as written.
    pub decision: Option<String>,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer exists; `None` while it does.
    pub valid_to: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
