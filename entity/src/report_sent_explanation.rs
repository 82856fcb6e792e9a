//! What a unit said to a rule that its report broke when it was sent. Never changed.

use sea_orm::entity::prelude::*;

/// What a unit said to a rule that its report broke when it was sent. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_sent_explanation")]
pub struct Model {
    /// The sending.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sending_id: Uuid,
    /// Code of the rule.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule_code: String,
    /// The explanation.
    pub text: String,
}

impl ActiveModelBehavior for ActiveModel {}
