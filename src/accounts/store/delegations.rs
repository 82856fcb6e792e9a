//! SQL of delegations: who hands which grant on to whom, and which of them hold on a day.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, delegation, role_grant};
use uuid::Uuid;

use super::scope_of;
use crate::db::{self, ROWS_AT_ONCE};
use crate::error::{Error, Result};
use crate::policy::{Reach, Scope};
use crate::{units, version};

/// Delegations that hold on a day, as far as they themselves say: the grant and the lock of who gave it may end them before.
fn held(today: NaiveDate) -> Condition {
    db::holds_on(delegation::Column::ValidFrom, delegation::Column::ValidTo, today)
        .add(delegation::Column::RevokedAt.is_null())
}

/// Delegations that have not ended by themselves.
fn not_over(today: NaiveDate) -> Condition {
    Condition::all()
        .add(delegation::Column::ValidTo.gt(today))
        .add(delegation::Column::RevokedAt.is_null())
}

/// Whether a delegation to or from the account in a column holds.
pub(super) fn concerns(account: impl IntoColumnRef, today: NaiveDate) -> SelectStatement {
    let account = Expr::col(account.into_column_ref());
    let either = Condition::any()
        .add(Expr::col((delegation::Entity, delegation::Column::FromAccountId)).eq(account.clone()))
        .add(Expr::col((delegation::Entity, delegation::Column::ToAccountId)).eq(account));
    Query::select()
        .expr(Expr::val(1))
        .from(delegation::Entity)
        .cond_where(held(today).add(either))
        .to_owned()
}

/// A delegation with the grant and the account from which it comes.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// The delegation.
    pub row: delegation::Model,
    /// The grant.
    pub grant: role_grant::Model,
    /// Who holds the grant.
    pub from: account::Model,
    /// Who acts on behalf of them.
    pub to: account::Model,
}

impl Delegation {
    /// The role that is handed on.
    pub const fn role(&self) -> Role {
        self.grant.role
    }

    /// The scope in which it is handed on: the grant's, or the part of it.
    pub fn scope(&self) -> Option<Scope> {
        match self.row.scope_kind {
            Some(kind) => scope_of(kind, self.row.scope_id),
            None => self.whole_scope(),
        }
    }

    /// The scope of the grant.
    pub fn whole_scope(&self) -> Option<Scope> {
        scope_of(self.grant.scope_kind, self.grant.scope_id)
    }

    /// Whether it holds on a day: neither its own end, nor that of the grant, nor the lock of who gave it has come.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        let row = &self.row;
        let itself = row.revoked_at.is_none() && row.valid_from <= day && day < row.valid_to;
        let grant = self.grant.valid_from <= day && self.grant.valid_to.is_none_or(|to| day < to);
        itself && grant && self.from.locked_at.is_none()
    }
}

async fn with_origins(connection: &impl ConnectionTrait, rows: Vec<delegation::Model>) -> Result<Vec<Delegation>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::Id.is_in(rows.iter().map(|row| row.grant_id)))
        .all(connection)
        .await?;
    let people = rows.iter().flat_map(|row| [row.from_account_id, row.to_account_id]);
    let people = super::names(connection, &people.collect::<Vec<_>>()).await?;
    let grants: HashMap<Uuid, role_grant::Model> = grants.into_iter().map(|row| (row.id, row)).collect();
    let people: HashMap<Uuid, account::Model> = people.into_iter().map(|row| (row.id, row)).collect();
    let whole = rows.into_iter().filter_map(|row| {
        Some(Delegation {
            grant: grants.get(&row.grant_id)?.clone(),
            from: people.get(&row.from_account_id)?.clone(),
            to: people.get(&row.to_account_id)?.clone(),
            row,
        })
    });
    Ok(whole.collect())
}

/// The delegations to and from an account that hold today: three statements.
pub async fn delegations_in_force(
    connection: &impl ConnectionTrait,
    account: Uuid,
    today: NaiveDate,
) -> Result<Vec<Delegation>> {
    let rows = delegation::Entity::find()
        .filter(either(account))
        .filter(held(today))
        .order_by_asc(delegation::Column::Id)
        .all(connection)
        .await?;
    let mut all = with_origins(connection, rows).await?;
    all.retain(|one| one.in_force(today));
    Ok(all)
}

fn either(account: Uuid) -> Condition {
    Condition::any()
        .add(delegation::Column::FromAccountId.eq(account))
        .add(delegation::Column::ToAccountId.eq(account))
}

/// The delegations to and from an account that have not ended by themselves, the oldest first.
pub async fn delegations_of(
    connection: &impl ConnectionTrait,
    account: Uuid,
    today: NaiveDate,
) -> Result<Vec<Delegation>> {
    let rows = delegation::Entity::find()
        .filter(either(account))
        .filter(not_over(today))
        .order_by_asc(delegation::Column::Id)
        .all(connection)
        .await?;
    with_origins(connection, rows).await
}

/// How many delegations from, and how many to an account have not ended by themselves.
pub async fn count_delegations(connection: &impl ConnectionTrait, account: Uuid, today: NaiveDate) -> Result<[u64; 2]> {
    let not_over = delegation::Entity::find().filter(not_over(today));
    let given = not_over.clone().filter(delegation::Column::FromAccountId.eq(account));
    let received = not_over.filter(delegation::Column::ToAccountId.eq(account));
    Ok([given.count(connection).await?, received.count(connection).await?])
}

/// One delegation.
pub async fn delegation(connection: &impl ConnectionTrait, id: Uuid) -> Result<Delegation> {
    let row = delegation::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let found = with_origins(connection, vec![row]).await?;
    found.into_iter().next().ok_or(Error::NotFound)
}

/// The delegations of a grant to an account that have not ended by themselves.
pub async fn same_delegations(
    connection: &impl ConnectionTrait,
    (grant, to): (Uuid, Uuid),
    today: NaiveDate,
) -> Result<Vec<delegation::Model>> {
    let same = delegation::Entity::find()
        .filter(delegation::Column::GrantId.eq(grant))
        .filter(delegation::Column::ToAccountId.eq(to))
        .filter(not_over(today));
    Ok(same.all(connection).await?)
}

/// Takes a delegation back, if it still has the version that the caller saw.
pub async fn revoke_delegation(
    tx: &impl ConnectionTrait,
    read: &delegation::Model,
    version: i32,
    now: DateTime<Utc>,
) -> Result<Delegation> {
    let revoked = delegation::Entity::update_many()
        .col_expr(delegation::Column::RevokedAt, Expr::val(now))
        .col_expr(
            delegation::Column::Version,
            version::next_of(delegation::Column::Version),
        )
        .filter(delegation::Column::Id.eq(read.id))
        .filter(delegation::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(revoked.rows_affected, read.version)?;
    delegation(tx, read.id).await
}

/// The accounts to which or from which some accounts delegated anything that has not ended by itself: what changes for the ones
/// changes for the others.
pub async fn bound_to(connection: &impl ConnectionTrait, accounts: &[Uuid], today: NaiveDate) -> Result<Vec<Uuid>> {
    let mut bound = Vec::new();
    for some in accounts.chunks(ROWS_AT_ONCE) {
        let either = Condition::any()
            .add(delegation::Column::FromAccountId.is_in(some.iter().copied()))
            .add(delegation::Column::ToAccountId.is_in(some.iter().copied()));
        let rows = delegation::Entity::find()
            .filter(either)
            .filter(not_over(today))
            .all(connection)
            .await?;
        bound.extend(
            rows.into_iter()
                .flat_map(|row| [row.from_account_id, row.to_account_id]),
        );
    }
    bound.retain(|account| !accounts.contains(account));
    bound.sort_unstable();
    bound.dedup();
    Ok(bound)
}

/// Of delegations of a part of a grant, those whose part still lies in the grant: a unit may have moved away since. Two statements
/// when there is any such part.
pub(super) async fn still_inside(
    connection: &impl ConnectionTrait,
    mut delegations: Vec<Delegation>,
    today: NaiveDate,
) -> Result<Vec<Delegation>> {
    let part = |one: &Delegation| match (one.row.scope_kind, one.row.scope_id) {
        (Some(ScopeKind::Unit), Some(unit)) => Some(unit),
        _ => None,
    };
    let parts: Vec<Uuid> = delegations.iter().filter_map(part).collect();
    if parts.is_empty() {
        return Ok(delegations);
    }
    let everything = Reach::everything();
    let units = units::store::find_many(connection, &everything, &parts, today).await?;
    let places = units::store::places(connection, &units, today).await?;
    delegations.retain(|one| match (part(one), one.whole_scope()) {
        (Some(unit), Some(whole)) => places.get(&unit).is_some_and(|place| place.lies_in(whole)),
        (None, _) => true,
        (Some(_), None) => false,
    });
    Ok(delegations)
}
