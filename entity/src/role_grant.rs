//! An account holds a role in a scope, from when to when.

use sea_orm::entity::prelude::*;

use crate::enums::{Role, ScopeKind};

/// An account holds a role in a scope, from when to when.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_grant")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who holds it.
    pub account_id: Uuid,
    /// The role.
    pub role: Role,
    /// What kind of scope.
    pub scope_kind: ScopeKind,
    /// The province, unit or cluster; `None` for everything.
    pub scope_id: Option<Uuid>,
    /// First day.
    pub valid_from: Date,
    /// First day on which it no longer holds; `None` while it does. The same as the first day when it was withdrawn before
    /// it held: then it held on no day.
    pub valid_to: Option<Date>,
    /// Who gave it; `None` from the command line.
    pub granted_by: Option<Uuid>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
