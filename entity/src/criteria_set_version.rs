//! One version of a criteria set, without what it holds.

use sea_orm::entity::prelude::*;

use crate::enums::CriteriaSetState;

/// One version of a criteria set, without what it holds.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criteria_set_version")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The set.
    pub set_id: Uuid,
    /// 1, 2, 3 …
    pub number: i32,
    /// Draft, published, retired.
    pub state: CriteriaSetState,
    /// The published version of the base set that it adapts.
    pub base_version_id: Option<Uuid>,
    /// The text it rests on, as its content says, so that lists need not read that.
    pub legal_basis: Option<String>,
    /// SHA-256 of its content.
    pub digest: Vec<u8>,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// Who published it; `None` for recorded data.
    pub published_by: Option<Uuid>,
    /// Counts changes, on from version to version of the set; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
