//! The inputs, the rules and what came of them, as bytes that give the same result again. Apart from the result, so that lists do not read it.

use sea_orm::entity::prelude::*;

/// The inputs, the rules and what came of them, as bytes that give the same result again. Apart from the result, so that lists do not read it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "result_snapshot")]
pub struct Model {
    /// The result.
    #[sea_orm(primary_key, auto_increment = false)]
    pub result_id: Uuid,
    /// The bytes.
    pub content: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
