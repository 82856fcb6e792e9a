//! SQL of what is known of one person.

use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::{audit_entry, one_time_link, session};
use uuid::Uuid;

use crate::error::Result;

/// What an account did, the newest first, and how much in all.
pub async fn deeds(
    connection: &impl ConnectionTrait,
    account: Uuid,
    most: u64,
) -> Result<(Vec<audit_entry::Model>, u64)> {
    let all = audit_entry::Entity::find().filter(audit_entry::Column::AccountId.eq(account));
    let total = all.clone().count(connection).await?;
    let newest = all.order_by_desc(audit_entry::Column::Id).limit(most);
    Ok((newest.all(connection).await?, total))
}

/// The sessions of an account that are kept, the newest first. Those that are over are deleted after some days.
pub async fn all_sessions(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<session::Model>> {
    let sessions = session::Entity::find().filter(session::Column::AccountId.eq(account));
    Ok(sessions.order_by_desc(session::Column::Id).all(connection).await?)
}

/// Forgets from where an account was used, and to where its links were mailed.
pub async fn forget_addresses(tx: &impl ConnectionTrait, account: Uuid) -> Result<()> {
    let nothing = || Expr::val(Option::<String>::None);
    session::Entity::update_many()
        .col_expr(session::Column::Address, nothing())
        .col_expr(session::Column::Client, nothing())
        .filter(session::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    one_time_link::Entity::update_many()
        .col_expr(one_time_link::Column::MailedTo, nothing())
        .filter(one_time_link::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}
