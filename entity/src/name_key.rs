//! A folded name from one of its words on: the index behind search by name.

use sea_orm::entity::prelude::*;

use crate::enums::Named;

/// A folded name from one of its words on: the index behind search by name.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "name_key")]
pub struct Model {
    /// What kind of thing bears the name.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: Named,
    /// Folded letters without blanks, from a word's start; bytes, so that both databases compare alike.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: Vec<u8>,
    /// Which thing. No foreign key: it serves several tables.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
