//! Why a report breaks a rule of its form all the same, as its unit says.

use sea_orm::entity::prelude::*;

/// Why a report breaks a rule of its form all the same, as its unit says. Said again, it takes the place of what was said before.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "report_explanation")]
pub struct Model {
    /// The report.
    #[sea_orm(primary_key, auto_increment = false)]
    pub submission_id: Uuid,
    /// Code of the rule.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rule_code: String,
    /// The explanation, NFC.
    pub text: String,
    /// Who gave it; `None` for recorded data.
    pub account_id: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub acted_for: Option<Uuid>,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
