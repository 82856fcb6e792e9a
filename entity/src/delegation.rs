//! Somebody hands a role that they hold on to another, from one day to another (ủy quyền).

use sea_orm::entity::prelude::*;

use crate::enums::ScopeKind;

/// Somebody hands a role that they hold on to another, from one day to another (ủy quyền).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegation")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The grant that is handed on.
    pub grant_id: Uuid,
    /// Who holds the grant.
    pub from_account_id: Uuid,
    /// Who acts on behalf of them.
    pub to_account_id: Uuid,
    /// What kind of scope, when it is a part of the grant's; `None` for the whole grant.
    pub scope_kind: Option<ScopeKind>,
    /// The province, unit or cluster of that part.
    pub scope_id: Option<Uuid>,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer holds; at most a year after the first.
    pub valid_to: Date,
    /// Why, or the decision, as written.
    pub reason: String,
    /// When it was taken back before its end.
    pub revoked_at: Option<DateTimeUtc>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
