//! SQL of links that work once.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use thidua_entity::enums::LinkPurpose;
use thidua_entity::one_time_link::{Column, Entity, Model};
use uuid::Uuid;

use crate::error::Result;

/// The link with this hash, if it is for this purpose and can be used now.
pub async fn open_link(
    connection: &impl ConnectionTrait,
    hash: &[u8],
    purpose: LinkPurpose,
    now: DateTime<Utc>,
) -> Result<Option<Model>> {
    let open = Entity::find_by_id(hash.to_vec())
        .filter(Column::Purpose.eq(purpose))
        .filter(Column::UsedAt.is_null())
        .filter(Column::SupersededAt.is_null())
        .filter(Column::ExpiresAt.gt(now));
    Ok(open.one(connection).await?)
}

/// Marks a link as used; false when somebody was faster.
pub async fn use_link(tx: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let used = Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(now))
        .filter(Column::Hash.eq(hash.to_vec()))
        .filter(Column::UsedAt.is_null())
        .filter(Column::SupersededAt.is_null())
        .exec(tx)
        .await?;
    Ok(used.rows_affected == 1)
}

/// Takes back the links of an account that can still be used: those of one purpose, or all.
pub async fn supersede_links(
    tx: &impl ConnectionTrait,
    account: Uuid,
    purpose: Option<LinkPurpose>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut open = Entity::update_many()
        .col_expr(Column::SupersededAt, Expr::val(now))
        .filter(Column::AccountId.eq(account))
        .filter(Column::UsedAt.is_null())
        .filter(Column::SupersededAt.is_null());
    if let Some(purpose) = purpose {
        open = open.filter(Column::Purpose.eq(purpose));
    }
    open.exec(tx).await?;
    Ok(())
}

/// Notes that a link was not mailed after all: using it shows nothing of the address.
pub async fn link_not_mailed(tx: &impl ConnectionTrait, hash: &[u8]) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::MailedTo, Expr::val(None::<String>))
        .filter(Column::Hash.eq(hash.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Deletes links that could not be used any more before `before`; the audit keeps what was done.
pub async fn forget_links(tx: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let over = Entity::delete_many().filter(Column::ExpiresAt.lt(before));
    Ok(over.exec(tx).await?.rows_affected)
}
