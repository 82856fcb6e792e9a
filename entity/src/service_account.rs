//! What is said of another system that calls the service: where, with which scopes, from where and until when.

use sea_orm::entity::prelude::*;

use crate::enums::ScopeKind;

/// What is said of another system that calls the service: where, with which scopes, from where and until when. Its name and its
/// identity are those of its account.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "service_account")]
pub struct Model {
    /// The account, which nobody can sign in to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// What it is for.
    pub purpose: String,
    /// Whom to ask about it.
    pub contact: String,
    /// What kind of place.
    pub place_kind: ScopeKind,
    /// The province, unit or cluster; `None` for everything.
    pub place_id: Option<Uuid>,
    /// Codes of its scopes, separated by blanks.
    pub scopes: String,
    /// Networks from which it may call, separated by blanks; empty for anywhere.
    pub networks: String,
    /// First day on which it no longer works.
    pub valid_to: Date,
    /// Since when it is switched off.
    pub disabled_at: Option<DateTimeUtc>,
    /// When it last got a token, to the minute.
    pub last_used_at: Option<DateTimeUtc>,
    /// Address from which it did; `None` when it was not told.
    pub last_used_address: Option<String>,
    /// Counts changes, those of its secrets too; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
