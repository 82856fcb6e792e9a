//! SQL of sessions and their refresh tokens, and who a session is today.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, Set,
};
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, refresh_token, role_grant, session};
use uuid::Uuid;

use super::{complete, concerns, in_force, own, scope_of};
use crate::auth::Actor;
use crate::error::{Error, Result};

#[derive(FromQueryResult)]
struct SessionRow {
    account_id: Uuid,
    username: String,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    second_factor_at: Option<DateTime<Utc>>,
    access_changed_at: Option<DateTime<Utc>>,
    must_change_password: bool,
    provider_link_id: Option<Uuid>,
    delegates: bool,
    role: Option<Role>,
    scope_kind: Option<ScopeKind>,
    scope_id: Option<Uuid>,
}

/// Who a session belongs to and what they are today.
pub struct SessionToday {
    /// Who, in what capacities.
    pub actor: Actor,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// When the access of the account was last changed.
    pub access_changed_at: Option<DateTime<Utc>>,
    /// When they last showed who they are: by signing in, or later.
    pub confirmed_at: DateTime<Utc>,
    /// When the second factor was last given in the session.
    pub second_factor_at: Option<DateTime<Utc>>,
}

/// Who a session belongs to and what they are today: one statement, one more for an officer, whose unit may hold offices of
/// clusters, and a few more for who has delegated or was delegated something. `None` when the session has ended or the account is
/// locked.
pub async fn session_today(
    connection: &impl ConnectionTrait,
    session_id: Uuid,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Option<SessionToday>> {
    let grants = session::Entity::find()
        .select_only()
        .column(session::Column::AccountId)
        .column(session::Column::CreatedAt)
        .column(session::Column::ExpiresAt)
        .column(session::Column::ConfirmedAt)
        .column(session::Column::SecondFactorAt)
        .column(session::Column::ProviderLinkId)
        .column(account::Column::Username)
        .column(account::Column::AccessChangedAt)
        .column(account::Column::MustChangePassword)
        .expr_as(
            Expr::exists(concerns((session::Entity, session::Column::AccountId), today)),
            "delegates",
        )
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
                .on_condition(move |_, _| in_force(today))
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
    let (expires_at, access_changed_at) = (first.expires_at, first.access_changed_at);
    let confirmed_at = first.confirmed_at.unwrap_or(first.created_at);
    let second_factor_at = first.second_factor_at;
    // Whoever else may know the password: by a provider one comes without it.
    if first.must_change_password && first.provider_link_id.is_none() {
        let actor = Actor::new(account_id, username, session_id, Vec::new()).with_temporary_password();
        return Ok(Some(SessionToday {
            actor,
            expires_at,
            access_changed_at,
            confirmed_at,
            second_factor_at,
        }));
    }
    let own = grants
        .iter()
        .filter_map(|grant| Some((grant.role?, scope_of(grant.scope_kind?, grant.scope_id)?)));
    let (own, delegates) = (own.collect(), first.delegates);
    let actor = Actor::new(account_id, username, session_id, Vec::new());
    let actor = complete(connection, actor, own, delegates, today).await?;
    Ok(Some(SessionToday {
        actor,
        expires_at,
        access_changed_at,
        confirmed_at,
        second_factor_at,
    }))
}

/// Writes the session's first refresh token, or one that is given for `parent`.
pub async fn add_refresh_token(
    tx: &impl ConnectionTrait,
    session: Uuid,
    parent: Option<&[u8]>,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<()> {
    let token = refresh_token::ActiveModel {
        hash: Set(hash),
        session_id: Set(session),
        parent_hash: Set(parent.map(<[u8]>::to_vec)),
        superseded_at: Set(None),
        issued_at: Set(now),
        used_at: Set(None),
    };
    token.insert(tx).await?;
    Ok(())
}

/// A refresh token with its session and account.
pub struct TokenOf {
    /// The token.
    pub token: refresh_token::Model,
    /// Its session.
    pub session: session::Model,
    /// Whose session it is.
    pub account: account::Model,
}

/// A refresh token by its hash.
pub async fn token(connection: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<TokenOf>> {
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_vec()).one(connection).await? else {
        return Ok(None);
    };
    let session = session::Entity::find_by_id(token.session_id)
        .one(connection)
        .await?
        .ok_or(Error::NotFound)?;
    let account = own(connection, session.account_id).await?;
    Ok(Some(TokenOf {
        token,
        session,
        account,
    }))
}

/// Whether a refresh token that was given for this one has been used.
pub async fn successor_used(tx: &impl ConnectionTrait, hash: &[u8]) -> Result<bool> {
    let used = refresh_token::Entity::find()
        .filter(refresh_token::Column::ParentHash.eq(hash.to_vec()))
        .filter(refresh_token::Column::UsedAt.is_not_null());
    Ok(used.limit(1).one(tx).await?.is_some())
}

/// Takes back the refresh tokens that were given for this one.
pub async fn supersede_successors(tx: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::SupersededAt, Expr::val(now))
        .filter(refresh_token::Column::ParentHash.eq(hash.to_vec()))
        .filter(refresh_token::Column::SupersededAt.is_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Sessions of an account that have neither ended nor run out, the newest first.
pub async fn live_sessions(
    connection: &impl ConnectionTrait,
    account: Uuid,
    now: DateTime<Utc>,
) -> Result<Vec<session::Model>> {
    let live = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    Ok(live.order_by_desc(session::Column::Id).all(connection).await?)
}

/// A live session of this very account.
pub async fn own_session(
    connection: &impl ConnectionTrait,
    account: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<session::Model> {
    let live = session::Entity::find_by_id(id)
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now));
    live.one(connection).await?.ok_or(Error::NotFound)
}

/// Marks a refresh token as used.
pub async fn use_refresh_token(tx: &impl ConnectionTrait, hash: &[u8], now: DateTime<Utc>) -> Result<()> {
    refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::val(now))
        .filter(refresh_token::Column::Hash.eq(hash.to_vec()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Notes that a session goes on, and at which client.
pub async fn session_used(
    tx: &impl ConnectionTrait,
    id: Uuid,
    (address, client): (Option<String>, Option<String>),
    now: DateTime<Utc>,
) -> Result<()> {
    session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, Expr::val(now))
        .col_expr(session::Column::Address, Expr::val(address))
        .col_expr(session::Column::Client, Expr::val(client))
        .filter(session::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
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

/// Deletes sessions that could not be used any more before `before`, with their tokens; the audit keeps who signed in.
pub async fn forget_sessions(tx: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<u64> {
    let over = session::Column::ExpiresAt.lt(before);
    let ids = Query::select()
        .column(session::Column::Id)
        .from(session::Entity)
        .and_where(over.clone())
        .to_owned();
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(ids))
        .exec(tx)
        .await?;
    Ok(session::Entity::delete_many()
        .filter(over)
        .exec(tx)
        .await?
        .rows_affected)
}
