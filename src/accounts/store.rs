//! SQL of accounts, grants, sessions and the audit.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Order, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait, Select, Set,
};
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, audit_entry, cluster_office, refresh_token, role_grant, session};
use uuid::Uuid;

use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Capacity, Reach, Scope, exercises_offices};
use crate::units;

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

#[derive(FromQueryResult)]
struct SessionRow {
    account_id: Uuid,
    username: String,
    role: Option<Role>,
    scope_kind: Option<ScopeKind>,
    scope_id: Option<Uuid>,
}

/// Who a session belongs to and what they are today: one statement, and one more for an officer, whose unit may hold
/// offices of clusters. `None` when the session has ended or the account is locked.
pub async fn actor(
    connection: &impl ConnectionTrait,
    session_id: Uuid,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Option<Actor>> {
    let holds = db::holds_on(role_grant::Column::ValidFrom, role_grant::Column::ValidTo, today);
    let grants = session::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column(account::Column::Username)
        .column(role_grant::Column::Role)
        .column(role_grant::Column::ScopeKind)
        .column(role_grant::Column::ScopeId)
        .join(
            JoinType::InnerJoin,
            session::Entity::belongs_to(account::Entity)
                .from(session::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .join(
            JoinType::LeftJoin,
            session::Entity::belongs_to(role_grant::Entity)
                .from(session::Column::AccountId)
                .to(role_grant::Column::AccountId)
                .on_condition(move |_, _| holds.clone())
                .into(),
        )
        .filter(session::Column::Id.eq(session_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(account::Column::LockedAt.is_null())
        .into_model::<SessionRow>()
        .all(connection)
        .await?;
    let Some(first) = grants.first() else { return Ok(None) };
    let (account_id, username) = (first.account_id, first.username.clone());
    let mut capacities = Vec::with_capacity(grants.len());
    let mut officer_of = Vec::new();
    for grant in &grants {
        let (Some(role), Some(kind)) = (grant.role, grant.scope_kind) else {
            continue;
        };
        let Some(scope) = scope_of(kind, grant.scope_id) else {
            continue;
        };
        if let (true, Scope::Unit(unit)) = (exercises_offices(role), scope) {
            officer_of.push(unit);
        }
        capacities.push((Capacity::Role(role), scope));
    }
    if !officer_of.is_empty() {
        for office in offices_held(connection, officer_of, today).await? {
            capacities.push((Capacity::Office(office.office), Scope::Cluster(office.cluster_id)));
        }
    }
    Ok(Some(Actor::new(account_id, username, session_id, capacities)))
}

async fn offices_held(
    connection: &impl ConnectionTrait,
    units: Vec<Uuid>,
    today: NaiveDate,
) -> Result<Vec<cluster_office::Model>> {
    let holds = db::holds_on(
        cluster_office::Column::ValidFrom,
        cluster_office::Column::ValidTo,
        today,
    );
    let offices = cluster_office::Entity::find()
        .filter(cluster_office::Column::UnitId.is_in(units))
        .filter(holds);
    Ok(offices.all(connection).await?)
}

/// Accounts that this reach administers: those with a grant inside it. The caller itself is always seen.
fn visible(reach: &Reach, own: Uuid, today: NaiveDate) -> Select<account::Entity> {
    if reach.everything {
        return account::Entity::find();
    }
    let granted = Query::select()
        .column(role_grant::Column::AccountId)
        .from(role_grant::Entity)
        .cond_where(grants_within(reach, today))
        .to_owned();
    account::Entity::find().filter(
        Condition::any()
            .add(account::Column::Id.eq(own))
            .add(account::Column::Id.in_subquery(granted)),
    )
}

fn grants_within(reach: &Reach, today: NaiveDate) -> Condition {
    Condition::any()
        .add(units::store::within(reach, role_grant::Column::ScopeId, today))
        .add(role_grant::Column::ScopeId.is_in(reach.provinces.iter().copied()))
        .add(role_grant::Column::ScopeId.is_in(reach.clusters.iter().copied()))
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

/// A page of accounts by name, and how many there are when that is asked.
pub async fn list(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    own: Uuid,
    today: NaiveDate,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<account::Model>, Option<u64>)> {
    let select = visible(reach, own, today);
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    let sorting = Sorting::by(
        (account::Column::Username, SortValue::Text(String::new())),
        account::Column::Id,
        Order::Asc,
        |row: &account::Model| vec![SortValue::Text(row.username.clone()), SortValue::Id(row.id)],
    );
    Ok((db::page(connection, select, &sorting, args).await?, total))
}

/// The account with a sign-in name, for sign-in only.
pub async fn by_username(connection: &impl ConnectionTrait, username: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find()
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

/// Grants of some accounts, the oldest first.
pub async fn grants(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<role_grant::Model>> {
    let mine = role_grant::Entity::find().filter(role_grant::Column::AccountId.is_in(accounts.iter().copied()));
    Ok(sea_orm::QueryOrder::order_by_asc(mine, role_grant::Column::Id)
        .all(connection)
        .await?)
}

/// One grant.
pub async fn grant(connection: &impl ConnectionTrait, id: Uuid) -> Result<role_grant::Model> {
    role_grant::Entity::find_by_id(id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)
}

/// Writes the session's first or next refresh token.
pub async fn add_refresh_token(
    tx: &impl ConnectionTrait,
    session: Uuid,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<()> {
    let token = refresh_token::ActiveModel {
        hash: Set(hash),
        session_id: Set(session),
        issued_at: Set(now),
        used_at: Set(None),
    };
    token.insert(tx).await?;
    Ok(())
}

/// A refresh token with its session and account.
pub async fn refresh_token(
    connection: &impl ConnectionTrait,
    hash: &[u8],
) -> Result<Option<(refresh_token::Model, session::Model, account::Model)>> {
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_vec()).one(connection).await? else {
        return Ok(None);
    };
    let session = session::Entity::find_by_id(token.session_id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let account = own(connection, session.account_id).await?;
    Ok(Some((token, session, account)))
}

/// Marks a refresh token as used. Of many that try at once, exactly one is told yes.
pub async fn use_refresh_token(tx: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let used = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::val(now))
        .filter(refresh_token::Column::Hash.eq(hash.to_vec()))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Ends sessions that have not ended: one, or all of an account.
pub async fn end_sessions(
    tx: &impl ConnectionTrait,
    which: Condition,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<u64> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::val(now))
        .col_expr(session::Column::EndReason, Expr::val(reason))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec(tx)
        .await?;
    Ok(ended.rows_affected)
}

/// A page of the audit, the newest first: entries of accounts that this reach administers.
pub async fn audit(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    own: Uuid,
    today: NaiveDate,
    subject: Option<Uuid>,
    args: &PageArgs,
) -> Result<Page<audit_entry::Model>> {
    let mut select = audit_entry::Entity::find();
    if !reach.everything {
        let seen: SelectStatement = visible(reach, own, today)
            .select_only()
            .column(account::Column::Id)
            .into_query();
        select = select.filter(audit_entry::Column::AccountId.in_subquery(seen));
    }
    if let Some(subject) = subject {
        select = select.filter(audit_entry::Column::SubjectId.eq(subject));
    }
    let sorting = Sorting::by_id(audit_entry::Column::Id, Order::Desc, |row: &audit_entry::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::page(connection, select, &sorting, args).await
}
