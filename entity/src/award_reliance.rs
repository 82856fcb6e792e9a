//! An award was given because of another: a title that its terms ask for.

use sea_orm::entity::prelude::*;

/// An award was given because of another: a title that its terms ask for.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_reliance")]
pub struct Model {
    /// The award.
    #[sea_orm(primary_key, auto_increment = false)]
    pub award_id: Uuid,
    /// The earlier award on which it relies.
    #[sea_orm(primary_key, auto_increment = false)]
    pub relied_on_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}
