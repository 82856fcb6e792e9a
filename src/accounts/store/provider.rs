//! SQL of links to people at an identity provider, and of sign-ins there that are under way.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, UpdateMany};
use thidua_entity::{provider_flow, provider_link};
use uuid::Uuid;

use crate::error::{Error, Result};

/// One link.
pub async fn provider_link(connection: &impl ConnectionTrait, id: Uuid) -> Result<provider_link::Model> {
    let link = provider_link::Entity::find_by_id(id).one(connection).await?;
    link.ok_or(Error::NotFound)
}

/// The link of a person at a provider, for signing in only.
pub async fn link_of_subject(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<provider_link::Model>> {
    let link = provider_link::Entity::find()
        .filter(provider_link::Column::Issuer.eq(issuer))
        .filter(provider_link::Column::Subject.eq(subject));
    Ok(link.one(connection).await?)
}

/// The links of some accounts, the oldest first: at most one of each provider that there ever was.
pub async fn provider_links(connection: &impl ConnectionTrait, accounts: &[Uuid]) -> Result<Vec<provider_link::Model>> {
    let links = provider_link::Entity::find()
        .filter(provider_link::Column::AccountId.is_in(accounts.iter().copied()))
        .order_by_asc(provider_link::Column::Id);
    Ok(links.all(connection).await?)
}

/// Takes a link away; tells whether there was one.
pub async fn remove_provider_link(tx: &impl ConnectionTrait, id: Uuid) -> Result<bool> {
    let gone = provider_link::Entity::delete_by_id(id).exec(tx).await?;
    Ok(gone.rows_affected == 1)
}

/// The sign-in with this hash, if it can be finished now.
pub async fn open_flow(
    connection: &impl ConnectionTrait,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<provider_flow::Model>> {
    let open = provider_flow::Entity::find()
        .filter(provider_flow::Column::FlowHash.eq(hash.to_vec()))
        .filter(provider_flow::Column::UsedAt.is_null())
        .filter(provider_flow::Column::ExpiresAt.gt(now));
    Ok(open.one(connection).await?)
}

/// Takes the right to send its code to the provider; false when somebody was faster.
pub async fn take_flow_code(tx: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let taken = of_flow(id)
        .col_expr(provider_flow::Column::CodeTakenAt, Expr::val(now))
        .filter(provider_flow::Column::CodeTakenAt.is_null());
    Ok(taken.exec(tx).await?.rows_affected == 1)
}

/// Gives it back: the provider could not be asked.
pub async fn give_flow_code_back(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    let given = of_flow(id).col_expr(provider_flow::Column::CodeTakenAt, Expr::val(None::<DateTime<Utc>>));
    given.exec(tx).await?;
    Ok(())
}

/// Notes who the provider has proven it to be.
pub async fn flow_proven(
    tx: &impl ConnectionTrait,
    id: Uuid,
    subject: &str,
    authenticated_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let proven = of_flow(id)
        .col_expr(provider_flow::Column::Subject, Expr::val(subject))
        .col_expr(provider_flow::Column::AuthenticatedAt, Expr::val(authenticated_at));
    proven.exec(tx).await?;
    Ok(())
}

/// Marks a sign-in as finished; false when somebody was faster.
pub async fn use_flow(tx: &impl ConnectionTrait, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let used = of_flow(id)
        .col_expr(provider_flow::Column::UsedAt, Expr::val(now))
        .filter(provider_flow::Column::UsedAt.is_null());
    Ok(used.exec(tx).await?.rows_affected == 1)
}

fn of_flow(id: Uuid) -> UpdateMany<provider_flow::Entity> {
    provider_flow::Entity::update_many().filter(provider_flow::Column::Id.eq(id))
}

/// Deletes sign-ins that could not be finished any more before `before`; the audit keeps who signed in.
pub async fn forget_flows(tx: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let over = provider_flow::Entity::delete_many().filter(provider_flow::Column::ExpiresAt.lt(before));
    Ok(over.exec(tx).await?.rows_affected)
}
