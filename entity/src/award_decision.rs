//! A signed decision that gives awards. Recorded once, never changed.

use sea_orm::entity::prelude::*;

/// A signed decision that gives awards. Recorded once, never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "award_decision")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Number as written, `737/QĐ-LĐLĐ`; `None` when the source does not tell.
    pub number: Option<String>,
    /// The number as numbers are compared, folded; bytes, so that both databases compare alike.
    pub number_key: Option<Vec<u8>>,
    /// The year within which the number is unique: that of signing, or of achievement where the date is unknown.
    pub number_year: i32,
    /// Year of achievement.
    pub year: i32,
    /// Date of signing; `None` when unknown.
    pub decided_on: Option<Date>,
    /// The issuing unit; `None` for an issuer outside the union.
    pub issuer_id: Option<Uuid>,
    /// The issuer as written then.
    pub issuer_name: String,
    /// The issuer among those of the registry: folded name of an outside one, empty for the owner itself.
    pub issuer_key: String,
    /// Who signed, as written.
    pub signer: Option<String>,
    /// The text it rests on, as written.
    pub legal_basis: Option<String>,
    /// Where we know it from.
    pub source: Option<String>,
    /// The unit in whose registry it stands: the issuer, or who recorded it.
    pub owner_id: Uuid,
    /// When it was recorded.
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
