//! A link by which the owner of an account chooses a password, stored only as a hash. It works once.

use sea_orm::entity::prelude::*;

use crate::enums::LinkPurpose;

/// A link by which the owner of an account chooses a password, stored only as a hash. It works once.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_link")]
pub struct Model {
    /// SHA-256 of the secret with its purpose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// Whose password it sets.
    pub account_id: Uuid,
    /// What it is for.
    pub purpose: LinkPurpose,
    /// The address it was mailed to; who uses it has shown that the address is theirs. `None` when it was handed over.
    pub mailed_to: Option<String>,
    /// When it was made.
    pub made_at: DateTimeUtc,
    /// Who made it; `None` when somebody who had forgotten a password asked for it.
    pub made_by: Option<Uuid>,
    /// From when on it does not work any more.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
    /// When another took its place, or the password or address of the account was changed otherwise.
    pub superseded_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
