//! An item of the agenda of a conference.

use sea_orm::entity::prelude::*;

/// An item of the agenda of a conference.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conference_item")]
pub struct Model {
    /// The conference.
    #[sea_orm(primary_key, auto_increment = false)]
    pub conference_id: Uuid,
    /// Its place on the agenda, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// What is dealt with.
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
