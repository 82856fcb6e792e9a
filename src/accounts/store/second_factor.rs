//! SQL of second factors, their recovery codes, and what a session has shown of who it is.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, Set};
use thidua_entity::{recovery_code, second_factor, session};
use uuid::Uuid;

use crate::error::Result;

/// The second factor of an account, confirmed or only begun.
pub async fn second_factor(connection: &impl ConnectionTrait, account: Uuid) -> Result<Option<second_factor::Model>> {
    Ok(second_factor::Entity::find_by_id(account).one(connection).await?)
}

/// Begins a second factor, in place of one that was begun and never confirmed.
pub async fn begin_second_factor(tx: &impl ConnectionTrait, row: second_factor::Model) -> Result<()> {
    use second_factor::Column::{AccountId, ConfirmedAt, LastStep, MadeAt, SealedSecret};
    let replaced = OnConflict::column(AccountId)
        .update_columns([SealedSecret, MadeAt, ConfirmedAt, LastStep])
        .to_owned();
    let row = second_factor::ActiveModel {
        account_id: Set(row.account_id),
        sealed_secret: Set(row.sealed_secret),
        made_at: Set(row.made_at),
        confirmed_at: Set(row.confirmed_at),
        last_step: Set(row.last_step),
    };
    second_factor::Entity::insert(row)
        .on_conflict(replaced)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// Takes the code of a step, if none of this step or a later one was taken before. Of two at once one is told yes.
pub async fn take_step(tx: &impl ConnectionTrait, account: Uuid, step: i64) -> Result<bool> {
    let taken = second_factor::Entity::update_many()
        .col_expr(second_factor::Column::LastStep, Expr::val(step))
        .filter(second_factor::Column::AccountId.eq(account))
        .filter(second_factor::Column::LastStep.lt(step))
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Notes that the phone has the secret: from now on its codes are asked for.
pub async fn confirm_second_factor(tx: &impl ConnectionTrait, account: Uuid, now: DateTime<Utc>) -> Result<()> {
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ConfirmedAt, Expr::val(now))
        .filter(second_factor::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes a recovery code, if it is there and unused. Of two at once one is told yes.
pub async fn take_recovery_code(
    tx: &impl ConnectionTrait,
    account: Uuid,
    hash: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let taken = recovery_code::Entity::update_many()
        .col_expr(recovery_code::Column::UsedAt, Expr::val(now))
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::Hash.eq(hash))
        .filter(recovery_code::Column::UsedAt.is_null())
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Puts new recovery codes in place of the old ones.
pub async fn replace_recovery_codes(tx: &impl ConnectionTrait, account: Uuid, hashes: Vec<Vec<u8>>) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    let rows = hashes.into_iter().map(|hash| recovery_code::ActiveModel {
        account_id: Set(account),
        hash: Set(hash),
        used_at: Set(None),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// How many recovery codes are left.
pub async fn recovery_codes_left(connection: &impl ConnectionTrait, account: Uuid) -> Result<u64> {
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null());
    Ok(left.count(connection).await?)
}

/// Takes a second factor away, with its recovery codes; tells whether there was one.
pub async fn remove_second_factor(tx: &impl ConnectionTrait, account: Uuid) -> Result<bool> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    let gone = second_factor::Entity::delete_by_id(account).exec(tx).await?;
    Ok(gone.rows_affected == 1)
}

/// Notes that the owner of a session has shown who they are, with the second factor or without.
pub async fn session_confirmed(
    tx: &impl ConnectionTrait,
    id: Uuid,
    with_second_factor: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut change = session::ActiveModel {
        confirmed_at: Set(Some(now)),
        ..Default::default()
    };
    if with_second_factor {
        change.second_factor_at = Set(Some(now));
    }
    session::Entity::update_many()
        .set(change)
        .filter(session::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
