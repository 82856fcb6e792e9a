//! A kind of award: its name, who may get it, when it may be given and by what text.

use sea_orm::entity::prelude::*;

use crate::enums::{AwardLevel, RecipientKind};

/// A kind of award: its name, who may get it, when it may be given and by what text.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_type")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Stable code, unique: `CO_LDLD`.
    pub code: String,
    /// Vietnamese name, NFC.
    pub name: String,
    /// Vietnamese collation key of `name`.
    pub sort_key: Vec<u8>,
    /// Level of the issuer.
    pub level: AwardLevel,
    /// Who may get it.
    pub recipients: RecipientKind,
    /// The text it rests on, as written.
    pub legal_basis: Option<String>,
    /// First day; `None` when unknown.
    pub valid_from: Option<Date>,
    /// First day on which it is no longer given.
    pub valid_to: Option<Date>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
