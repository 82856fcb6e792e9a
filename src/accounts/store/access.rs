//! SQL of who was given or lost access, and when.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use thidua_entity::enums::ScopeKind;
use thidua_entity::{account, role_grant};
use uuid::Uuid;

use crate::accounts::passwords;
use crate::db::ROWS_AT_ONCE;
use crate::error::Result;
use crate::policy::ADMINISTRATOR;

/// Notes that the access of some accounts changes at this moment.
pub async fn access_changed(tx: &impl ConnectionTrait, accounts: &[Uuid], now: DateTime<Utc>) -> Result<()> {
    for some in accounts.chunks(ROWS_AT_ONCE) {
        account::Entity::update_many()
            .col_expr(account::Column::AccessChangedAt, Expr::val(now))
            .filter(account::Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// The accounts whose access has changed since, and when.
pub async fn changed_since(
    connection: &impl ConnectionTrait,
    since: DateTime<Utc>,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let changed = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::AccessChangedAt)
        .filter(account::Column::AccessChangedAt.gte(since));
    Ok(changed.into_tuple().all(connection).await?)
}

/// Whether somebody who is not locked and can sign in administers everything today and with no end in sight, besides `account`.
pub async fn another_administrator(connection: &impl ConnectionTrait, account: Uuid, today: NaiveDate) -> Result<bool> {
    let unlocked = Query::select()
        .column(account::Column::Id)
        .from(account::Entity)
        .and_where(account::Column::LockedAt.is_null())
        .and_where(account::Column::PasswordHash.ne(passwords::NONE))
        .to_owned();
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::Role.eq(ADMINISTRATOR))
        .filter(role_grant::Column::ScopeKind.eq(ScopeKind::Everything))
        .filter(role_grant::Column::ValidFrom.lte(today))
        .filter(role_grant::Column::ValidTo.is_null())
        .filter(role_grant::Column::AccountId.ne(account))
        .filter(role_grant::Column::AccountId.in_subquery(unlocked));
    Ok(grants.limit(1).one(connection).await?.is_some())
}

/// The accounts with a grant in one of these very units, of any time: those of officers have the powers of its offices.
pub async fn officers(connection: &impl ConnectionTrait, units: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut accounts = Vec::new();
    for some in units.chunks(ROWS_AT_ONCE) {
        let grants = role_grant::Entity::find()
            .select_only()
            .column(role_grant::Column::AccountId)
            .distinct()
            .filter(role_grant::Column::ScopeKind.eq(ScopeKind::Unit))
            .filter(role_grant::Column::ScopeId.is_in(some.iter().copied()));
        accounts.extend(grants.into_tuple::<Uuid>().all(connection).await?);
    }
    Ok(accounts)
}
