//! A document of a proposal's dossier that is there.

use sea_orm::entity::prelude::*;

/// A document of a proposal's dossier that is there.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_dossier_item")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The proposal.
    pub proposal_id: Uuid,
    /// Which item of the checklist.
    pub code: String,
    /// What the document is, as written.
    pub document: String,
    /// Its number as written.
    pub number: Option<String>,
    /// Its day.
    pub dated: Option<Date>,
    /// Who signed it, as written.
    pub signer: Option<String>,
    /// Who ticked it; `None` for recorded data.
    pub ticked_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub ticked_for: Option<Uuid>,
    /// When.
    pub ticked_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
