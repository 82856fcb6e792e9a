//! SQL of accounts, grants and the audit. That of sessions is in `store/sessions.rs`.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, audit_entry, cluster, role_grant, service_account};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Reach, Scope};
use crate::{text, units, version};

mod access;
mod delegations;
mod links;
mod personal;
mod provider;
mod second_factor;
mod services;
mod sessions;
mod standing;
pub use access::{access_changed, another_administrator, changed_since, officers};
pub use delegations::{
    Delegation, bound_to, count_delegations, delegation, delegations_in_force, delegations_of, revoke_delegation,
    same_delegations,
};
use delegations::{concerns, still_inside};
pub use links::*;
pub use personal::*;
pub use provider::*;
pub use second_factor::*;
pub use services::*;
pub use sessions::*;
use standing::complete;
pub use standing::standing;

/// The scope of a grant.
pub fn scope_of(kind: ScopeKind, id: Option<Uuid>) -> Option<Scope> {
    match (kind, id) {
        (ScopeKind::Everything, _) => Some(Scope::Everything),
        (ScopeKind::Province, Some(id)) => Some(Scope::Province(id)),
        (ScopeKind::Unit, Some(id)) => Some(Scope::Unit(id)),
        (ScopeKind::Cluster, Some(id)) => Some(Scope::Cluster(id)),
        (_, None) => None,
    }
}

/// Grants that hold on the day.
pub fn in_force(day: NaiveDate) -> Condition {
    db::holds_on(role_grant::Column::ValidFrom, role_grant::Column::ValidTo, day)
}

/// Accounts that this reach administers: those with a grant inside it, and those that the caller made and that have no
/// grant yet. The caller itself is always seen; who administers nothing sees nobody else.
fn visible(reach: &Reach, own: Uuid, today: NaiveDate) -> Select<account::Entity> {
    if reach.everything {
        return people();
    }
    let mut seen = Condition::any().add(account::Column::Id.eq(own));
    if *reach != Reach::default() {
        let without_grants = Condition::all()
            .add(account::Column::CreatedBy.eq(own))
            .add(account::Column::Id.not_in_subquery(accounts_with(Condition::all())));
        seen = seen
            .add(account::Column::Id.in_subquery(accounts_with(grants_within(reach, today))))
            .add(without_grants);
    }
    people().filter(seen)
}

/// Accounts of people. Service accounts are other things, though they share the table of identities.
fn people() -> Select<account::Entity> {
    account::Entity::find().filter(account::Column::Service.eq(false))
}

fn accounts_with(grants: Condition) -> SelectStatement {
    Query::select()
        .column(role_grant::Column::AccountId)
        .from(role_grant::Entity)
        .cond_where(grants)
        .to_owned()
}

/// Grants whose scope lies within the reach.
fn grants_within(reach: &Reach, today: NaiveDate) -> Condition {
    scopes_within(reach, (role_grant::Entity, role_grant::Column::ScopeId), today)
}

/// Restricts a column that holds a province, a unit or a cluster to those within the reach.
fn scopes_within(reach: &Reach, column: impl IntoColumnRef, today: NaiveDate) -> Condition {
    if reach.everything {
        return Condition::all();
    }
    let column = column.into_column_ref();
    let own_clusters = Condition::any()
        .add(units::store::within_subtree(reach, cluster::Column::OrganiserId, today))
        .add(cluster::Column::ParentId.is_in(reach.clusters.iter().copied()));
    let organised = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .cond_where(own_clusters)
        .to_owned();
    Condition::any()
        .add(units::store::within(reach, column.clone(), today))
        .add(Expr::col(column.clone()).in_subquery(organised))
        .add(Expr::col(column.clone()).is_in(reach.provinces.iter().copied()))
        .add(Expr::col(column).is_in(reach.clusters.iter().copied()))
}

/// One account, if it is seen.
pub async fn find(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    own: Uuid,
    today: NaiveDate,
    id: Uuid,
) -> Result<account::Model> {
    visible(reach, own, today)
        .filter(account::Column::Id.eq(id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// What a list of accounts may ask for.
#[derive(Clone, Debug, Default)]
pub struct AccountFilter {
    /// Words of the sign-in name or the name shown, without regard to case and accents.
    pub search: Option<String>,
    /// Only locked accounts, or only those that are not.
    pub locked: Option<bool>,
    /// Only accounts that hold this role today.
    pub role: Option<Role>,
    /// Only accounts that hold a role today in this very scope: a unit, a province or a cluster.
    pub scope: Option<Uuid>,
}

/// How a list of accounts is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AccountSort {
    /// By sign-in name.
    #[default]
    Username,
    /// By the time at which they were made.
    Created,
}

/// A page of accounts, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    (reach, own): (&Reach, Uuid),
    today: NaiveDate,
    filter: &AccountFilter,
    (sort, order): (AccountSort, Order),
    args: &PageArgs,
    count: bool,
) -> Result<(Page<account::Model>, Option<u64>)> {
    let select = filtered(visible(reach, own, today), reach, filter, today);
    let sorting = match sort {
        AccountSort::Username => Sorting::by(
            (account::Column::Username, SortValue::Text(String::new())),
            account::Column::Id,
            order,
            |row: &account::Model| vec![SortValue::Text(row.username.clone()), SortValue::Id(row.id)],
        ),
        AccountSort::Created => Sorting::by_id(account::Column::Id, order, |row: &account::Model| {
            vec![SortValue::Id(row.id)]
        }),
    };
    db::listed(connection, select, &sorting, args, count).await
}

fn filtered(
    mut select: Select<account::Entity>,
    reach: &Reach,
    filter: &AccountFilter,
    today: NaiveDate,
) -> Select<account::Entity> {
    if let Some(search) = &filter.search {
        // Folded words are letters and digits only, so nothing in them means anything to LIKE.
        for word in text::query_words(search) {
            select = select.filter(account::Column::SearchKey.contains(word));
        }
    }
    match filter.locked {
        Some(true) => select = select.filter(account::Column::LockedAt.is_not_null()),
        Some(false) => select = select.filter(account::Column::LockedAt.is_null()),
        None => {}
    }
    if filter.role.is_some() || filter.scope.is_some() {
        // Only by grants that the caller sees: a filter tells no more than the list.
        let mut held = Condition::all().add(in_force(today)).add(grants_within(reach, today));
        if let Some(role) = filter.role {
            held = held.add(role_grant::Column::Role.eq(role));
        }
        if let Some(scope) = filter.scope {
            held = held.add(role_grant::Column::ScopeId.eq(scope));
        }
        select = select.filter(account::Column::Id.in_subquery(accounts_with(held)));
    }
    select
}

/// The account of a person with a sign-in name.
pub async fn by_username(connection: &impl ConnectionTrait, username: &str) -> Result<Option<account::Model>> {
    Ok(people()
        .filter(account::Column::Username.eq(username))
        .one(connection)
        .await?)
}

/// The account itself, for its own use.
pub async fn own(connection: &impl ConnectionTrait, id: Uuid) -> Result<account::Model> {
    account::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Locks an account's row until the transaction ends, and reads it as it is now.
pub async fn lock(tx: &impl ConnectionTrait, id: Uuid) -> Result<account::Model> {
    account::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?
        .ok_or(Error::NotFound)
}

/// Writes a changed account, if it still has the version that was read.
pub async fn update(
    tx: &impl ConnectionTrait,
    account: &account::Model,
    version: i32,
    change: account::ActiveModel,
) -> Result<account::Model> {
    let row = account::ActiveModel {
        version: Set(version::next(version)),
        ..change
    };
    let changed = account::Entity::update_many()
        .set(row)
        .filter(account::Column::Id.eq(account.id))
        .filter(account::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, account.version)?;
    own(tx, account.id).await
}

/// Accounts by id, for names beside steps and entries; no more than the name may be shown of them.
pub async fn names(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// Whether there is any account at all.
pub async fn any(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(account::Entity::find().limit(1).one(connection).await?.is_some())
}

/// Every grant of some accounts, the oldest first.
pub async fn grants(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<role_grant::Model>> {
    let all = role_grant::Entity::find().filter(role_grant::Column::AccountId.is_in(accounts.iter().copied()));
    Ok(all.order_by_asc(role_grant::Column::Id).all(connection).await?)
}

/// The grants of some accounts that the caller sees, the oldest first: its own, and those within what it administers.
pub async fn grants_seen(
    connection: &impl ConnectionTrait,
    (reach, own): (&Reach, Uuid),
    today: NaiveDate,
    accounts: &[Uuid],
) -> Result<Vec<role_grant::Model>> {
    let seen = Condition::any()
        .add(role_grant::Column::AccountId.eq(own))
        .add(grants_within(reach, today));
    let all = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.is_in(accounts.iter().copied()))
        .filter(seen);
    Ok(all.order_by_asc(role_grant::Column::Id).all(connection).await?)
}

/// One grant.
pub async fn grant(connection: &impl ConnectionTrait, id: Uuid) -> Result<role_grant::Model> {
    role_grant::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Ends a grant on a day, if it still has the version that the caller saw.
pub async fn end_grant(
    tx: &impl ConnectionTrait,
    grant: &role_grant::Model,
    version: i32,
    on: NaiveDate,
) -> Result<role_grant::Model> {
    let ended = role_grant::Entity::update_many()
        .col_expr(role_grant::Column::ValidTo, Expr::val(on))
        .col_expr(role_grant::Column::Version, Expr::val(version::next(version)))
        .filter(role_grant::Column::Id.eq(grant.id))
        .filter(role_grant::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(ended.rows_affected, grant.version)?;
    self::grant(tx, grant.id).await
}

/// What a list of audit entries may ask for.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only what was done to this thing.
    pub subject: Option<Uuid>,
    /// Only what this account did.
    pub account: Option<Uuid>,
    /// Only these actions.
    pub actions: Option<Vec<String>>,
    /// Only from this instant on.
    pub since: Option<DateTime<Utc>>,
    /// Only before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// Whether an action was ever done, by anybody.
pub async fn was_ever(connection: &impl ConnectionTrait, action: &str) -> Result<bool> {
    let done = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
    Ok(done.limit(1).one(connection).await?.is_some())
}

/// A page of the audit, the newest first: what was done by the caller and by accounts whose every grant lies within the
/// reach, service accounts by their place. What somebody did who also acts elsewhere may concern that other place, so only those above both read it.
pub async fn audit(
    connection: &impl ConnectionTrait,
    (reach, own): (&Reach, Uuid),
    today: NaiveDate,
    filter: &AuditFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<audit_entry::Model>, Option<u64>)> {
    let mut select = audit_entry::Entity::find();
    if !reach.everything {
        // A grant of everything has no scope id, and SQL's unknown is not "outside".
        let outside = Condition::any()
            .add(role_grant::Column::ScopeId.is_null())
            .add(grants_within(reach, today).not());
        let wholly_inside: SelectStatement = visible(reach, own, today)
            .filter(account::Column::Id.not_in_subquery(accounts_with(outside)))
            .select_only()
            .column(account::Column::Id)
            .into_query();
        let services: SelectStatement = Query::select()
            .column(service_account::Column::AccountId)
            .from(service_account::Entity)
            .cond_where(services_within(reach, today))
            .to_owned();
        select = select.filter(
            Condition::any()
                .add(audit_entry::Column::AccountId.eq(own))
                .add(audit_entry::Column::OnBehalfOf.eq(own))
                .add(audit_entry::Column::AccountId.in_subquery(services))
                .add(
                    // What was done on behalf of another concerns the other's place, so it takes both.
                    Condition::all()
                        .add(audit_entry::Column::AccountId.in_subquery(wholly_inside.clone()))
                        .add(
                            Condition::any()
                                .add(audit_entry::Column::OnBehalfOf.is_null())
                                .add(audit_entry::Column::OnBehalfOf.in_subquery(wholly_inside)),
                        ),
                ),
        );
    }
    if let Some(subject) = filter.subject {
        select = select.filter(audit_entry::Column::SubjectId.eq(subject));
    }
    if let Some(account) = filter.account {
        select = select.filter(audit_entry::Column::AccountId.eq(account));
    }
    if let Some(actions) = &filter.actions {
        select = select.filter(audit_entry::Column::Action.is_in(actions));
    }
    if let Some(since) = filter.since {
        select = select.filter(audit_entry::Column::At.gte(since));
    }
    if let Some(before) = filter.before {
        select = select.filter(audit_entry::Column::At.lt(before));
    }
    let sorting = Sorting::by_id(audit_entry::Column::Id, Order::Desc, |row: &audit_entry::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}
