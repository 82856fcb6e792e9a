//! A unit signed a pact. Never changed.

use sea_orm::entity::prelude::*;

/// A unit signed a pact. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pact_signature")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The pact.
    pub pact_id: Uuid,
    /// The unit.
    pub unit_id: Uuid,
    /// Who signed for it, as written.
    pub signer_name: String,
    /// As what: Chủ tịch.
    pub signer_title: Option<String>,
    /// Who signed; `None` for recorded data.
    pub signed_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub signed_for: Option<Uuid>,
    /// When.
    pub signed_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
