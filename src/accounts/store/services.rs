//! SQL of service accounts and their secrets.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Order, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use thidua_entity::enums::ScopeKind;
use thidua_entity::{account, service_account, service_secret};
use uuid::Uuid;

use super::{scope_of, scopes_within};
use crate::auth::Actor;
use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::{Error, Result};
use crate::policy::{Held, Reach, Scope, ServiceScopes};
use crate::{text, version};

/// A service account with the account that carries its name and its identity.
#[derive(Clone, Debug)]
pub struct ServiceAccount {
    /// What is said of it.
    pub row: service_account::Model,
    /// Its account.
    pub account: account::Model,
}

impl ServiceAccount {
    /// Where it calls.
    pub fn place(&self) -> Result<Scope> {
        scope_of(self.row.place_kind, self.row.place_id).ok_or(Error::NotFound)
    }

    /// The scopes that it was given.
    pub fn scopes(&self) -> ServiceScopes {
        ServiceScopes::read(&self.row.scopes)
    }

    /// Whether it works on a day.
    pub fn in_force(&self, day: NaiveDate) -> bool {
        self.row.disabled_at.is_none() && day < self.row.valid_to
    }

    /// Who it is to the policy, wherever it calls from.
    pub fn actor(&self) -> Result<Actor> {
        let held = Held::by_service(self.place()?, self.scopes());
        Ok(Actor::service(
            self.account.id,
            self.account.username.clone(),
            held,
            Vec::new(),
        ))
    }
}

/// Service accounts whose place lies within a reach. Their accounts are asked for in the same way: by the audit.
pub(super) fn services_within(reach: &Reach, today: NaiveDate) -> Condition {
    scopes_within(
        reach,
        (service_account::Entity, service_account::Column::PlaceId),
        today,
    )
}

fn visible(reach: &Reach, today: NaiveDate) -> Select<service_account::Entity> {
    service_account::Entity::find().filter(services_within(reach, today))
}

/// One service account, if it is seen.
pub async fn service_account(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    id: Uuid,
    today: NaiveDate,
) -> Result<ServiceAccount> {
    let row = visible(reach, today)
        .filter(service_account::Column::AccountId.eq(id))
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let account = super::own(connection, row.account_id).await?;
    Ok(ServiceAccount { row, account })
}

/// What a list of service accounts may ask for.
#[derive(Clone, Debug, Default)]
pub struct ServiceFilter {
    /// Words of the name, without regard to case and accents.
    pub search: Option<String>,
    /// Only those that work today, or only those that do not.
    pub in_force: Option<bool>,
}

/// A page of the service accounts that are seen, the newest first, and how many there are when that is asked: three statements.
pub async fn service_accounts(
    connection: &impl ConnectionTrait,
    reach: &Reach,
    today: NaiveDate,
    filter: &ServiceFilter,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<ServiceAccount>, Option<u64>)> {
    use service_account::Column;
    let mut select = visible(reach, today);
    if let Some(search) = &filter.search {
        let mut named = Condition::all().add(account::Column::Service.eq(true));
        for word in text::query_words(search) {
            named = named.add(account::Column::SearchKey.contains(word));
        }
        let named = Query::select()
            .column(account::Column::Id)
            .from(account::Entity)
            .cond_where(named)
            .to_owned();
        select = select.filter(Column::AccountId.in_subquery(named));
    }
    if let Some(wanted) = filter.in_force {
        let works = Condition::all()
            .add(Column::DisabledAt.is_null())
            .add(Column::ValidTo.gt(today));
        select = select.filter(if wanted { works } else { works.not() });
    }
    let sorting = Sorting::by_id(Column::AccountId, Order::Desc, |row: &service_account::Model| {
        vec![SortValue::Id(row.account_id)]
    });
    let (page, total) = db::listed(connection, select, &sorting, args, count).await?;
    let ids: Vec<Uuid> = page.rows.iter().map(|(_, row)| row.account_id).collect();
    let accounts = super::names(connection, &ids).await?.into_iter();
    let accounts: HashMap<Uuid, account::Model> = accounts.map(|account| (account.id, account)).collect();
    let whole = page.rows.into_iter().filter_map(|(cursor, row)| {
        let account = accounts.get(&row.account_id)?.clone();
        Some((cursor, ServiceAccount { row, account }))
    });
    let page = Page {
        rows: whole.collect(),
        has_next: page.has_next,
        has_previous: page.has_previous,
    };
    Ok((page, total))
}

/// Whether there is a service account of this name at this very place, besides `other`.
pub async fn same_service(
    connection: &impl ConnectionTrait,
    (kind, id): (ScopeKind, Option<Uuid>),
    name: &str,
    other: Uuid,
) -> Result<bool> {
    use service_account::Column;
    let at_place = match id {
        Some(id) => Column::PlaceId.eq(id),
        None => Column::PlaceId.is_null(),
    };
    let named = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::DisplayName.eq(name))
        .to_owned();
    let same = service_account::Entity::find()
        .filter(Column::PlaceKind.eq(kind))
        .filter(at_place)
        .filter(Column::AccountId.ne(other))
        .filter(Column::AccountId.in_subquery(named));
    Ok(same.limit(1).one(connection).await?.is_some())
}

/// Writes a changed service account, if it still has the version that the caller saw.
pub async fn update_service(
    tx: &impl ConnectionTrait,
    read: &service_account::Model,
    version: i32,
    change: service_account::ActiveModel,
) -> Result<()> {
    let row = service_account::ActiveModel {
        version: Set(version::next(version)),
        ..change
    };
    let changed = service_account::Entity::update_many()
        .set(row)
        .filter(service_account::Column::AccountId.eq(read.account_id))
        .filter(service_account::Column::Version.eq(version))
        .exec(tx)
        .await?;
    db::one_changed(changed.rows_affected, read.version)
}

/// Gives a service account another name.
pub async fn rename_service(tx: &impl ConnectionTrait, id: Uuid, name: &str) -> Result<()> {
    account::Entity::update_many()
        .col_expr(account::Column::DisplayName, Expr::val(name))
        .col_expr(account::Column::SearchKey, Expr::val(text::query_words(name).join(" ")))
        .filter(account::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// The live secrets of some service accounts, the oldest first.
pub async fn live_secrets(connection: &impl ConnectionTrait, services: &[Uuid]) -> Result<Vec<service_secret::Model>> {
    let live = service_secret::Entity::find()
        .filter(service_secret::Column::AccountId.is_in(services.iter().copied()))
        .filter(service_secret::Column::RetiredAt.is_null())
        .order_by_asc(service_secret::Column::Id);
    Ok(live.all(connection).await?)
}

/// A secret, whoever asks and retired or not.
pub async fn secret(connection: &impl ConnectionTrait, id: Uuid) -> Result<service_secret::Model> {
    let found = service_secret::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// Retires a secret; tells whether it lived until now.
pub async fn retire_secret(tx: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let retired = service_secret::Entity::update_many()
        .col_expr(service_secret::Column::RetiredAt, Expr::val(now))
        .filter(service_secret::Column::Id.eq(id))
        .filter(service_secret::Column::RetiredAt.is_null())
        .exec(tx)
        .await?;
    Ok(retired.rows_affected == 1)
}

/// A live secret with what binds who has it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LiveSecret {
    /// The service account.
    pub account_id: Uuid,
    /// Its id as text.
    pub username: String,
    /// When its access was last changed.
    pub access_changed_at: Option<DateTime<Utc>>,
    place_kind: ScopeKind,
    place_id: Option<Uuid>,
    scopes: String,
    networks: String,
    valid_to: NaiveDate,
    disabled_at: Option<DateTime<Utc>>,
    /// The secret.
    pub id: Uuid,
    /// Its hash.
    pub hash: Vec<u8>,
    /// When a token was last got by it.
    pub last_used_at: Option<DateTime<Utc>>,
    /// From which address.
    pub last_used_address: Option<String>,
}

impl LiveSecret {
    /// Who calls by it, on a day on which the service account works; else `None`.
    pub fn actor(&self, today: NaiveDate) -> Result<Option<Actor>> {
        if self.disabled_at.is_some() || today >= self.valid_to {
            return Ok(None);
        }
        let place = scope_of(self.place_kind, self.place_id).ok_or(Error::NotFound)?;
        let held = Held::by_service(place, ServiceScopes::read(&self.scopes));
        // One that cannot be read must not make none of some.
        let networks = self.networks.split_whitespace().map(str::parse);
        let networks = networks.collect::<Result<Vec<_>, _>>().map_err(Error::internal)?;
        Ok(Some(Actor::service(
            self.account_id,
            self.username.clone(),
            held,
            networks,
        )))
    }
}

fn living() -> Select<service_secret::Entity> {
    use service_account::Column as Service;
    use service_secret::{Column, Entity};
    Entity::find()
        .select_only()
        .columns([Column::Id, Column::AccountId, Column::Hash])
        .columns([Column::LastUsedAt, Column::LastUsedAddress])
        .columns([Service::PlaceKind, Service::PlaceId, Service::Scopes, Service::Networks])
        .columns([Service::ValidTo, Service::DisabledAt])
        .columns([account::Column::Username, account::Column::AccessChangedAt])
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(service_account::Entity)
                .from(Column::AccountId)
                .to(Service::AccountId)
                .into(),
        )
        .join(
            JoinType::InnerJoin,
            Entity::belongs_to(account::Entity)
                .from(Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(Column::RetiredAt.is_null())
}

/// A live secret by its id, as a token names it: one statement.
pub async fn living_secret(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<LiveSecret>> {
    let found = living().filter(service_secret::Column::Id.eq(id));
    Ok(found.into_model().one(connection).await?)
}

/// The live secrets of a service account, for who asks for a token: one statement, whether there is such an account or not.
pub async fn living_secrets(connection: &impl ConnectionTrait, service: Uuid) -> Result<Vec<LiveSecret>> {
    let found = living().filter(service_secret::Column::AccountId.eq(service));
    Ok(found.into_model().all(connection).await?)
}

/// Notes that a token was got by a secret, and from where.
pub async fn secret_used(
    tx: &impl ConnectionTrait,
    secret: &LiveSecret,
    address: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    service_secret::Entity::update_many()
        .col_expr(service_secret::Column::LastUsedAt, Expr::val(now))
        .col_expr(service_secret::Column::LastUsedAddress, Expr::val(address))
        .filter(service_secret::Column::Id.eq(secret.id))
        .exec(tx)
        .await?;
    service_account::Entity::update_many()
        .col_expr(service_account::Column::LastUsedAt, Expr::val(now))
        .col_expr(service_account::Column::LastUsedAddress, Expr::val(address))
        .filter(service_account::Column::AccountId.eq(secret.account_id))
        .exec(tx)
        .await?;
    Ok(())
}
