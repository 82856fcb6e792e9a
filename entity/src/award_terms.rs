//! What a kind of award asks for and pays, from a day on until the next. Never changed.

use sea_orm::entity::prelude::*;

/// What a kind of award asks for and pays, from a day on until the next. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_terms")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The kind of award.
    pub award_type_id: Uuid,
    /// 1, and one more for each that followed.
    pub number: i32,
    /// First day on which a case begins with it.
    pub valid_from: Date,
    /// The text it rests on, as written.
    pub legal_basis: String,
    /// What it says, as JSON.
    pub content: String,
    /// Who set it; `None` for recorded data.
    pub set_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub set_for: Option<Uuid>,
    /// When.
    pub set_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
