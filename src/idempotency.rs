//! Repeating a creating write: under the same key a client gets the first answer again instead of a second thing.
//!
//! A use-case asks [`first_answer`] at the start of its transaction and calls [`remember`] before it commits. The key is taken
//! by the asking itself: a second request with the same key waits there until the first has committed, then gets its
//! answer, or, when the first failed, goes on as if it were the first. So a key is never left without a thing.
//!
//! ```text
//! let tx = db::begin_write(&env.db).await?;
//! if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "RECORD_AWARD_DECISION", &new).await? {
//!     return store::find(&tx, &policy::reach(actor), first, env.today()).await;
//! }
//! // find, authorize, write …
//! idempotency::remember(&tx, actor, key, row.id).await?;
//! tx.commit().await?;
//! ```

use chrono::Duration;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use thidua_entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};

/// Days for which a key is kept: clients that lost an answer ask again within hours, machines after a long weekend.
pub const KEPT_DAYS: i64 = 7;
/// Most characters of a key: room for a UUID or for a number of the client's own.
pub const KEY_MAX: usize = 100;

/// The thing that this account has made with this key before; `None` when there is no key or the key is new. A new key is
/// taken for `operation` with this very `request` until the transaction ends; see [`remember`].
///
/// The same key with another request is refused: answering it with the first thing would hide that the second was never made.
pub async fn first_answer(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    key: Option<&str>,
    operation: &'static str,
    request: &impl Serialize,
) -> Result<Option<Uuid>> {
    let Some((account, key)) = owned(actor, key)? else {
        return Ok(None);
    };
    let now = env.now();
    // Only the account's own, so that two accounts never wait for each other here.
    Entity::delete_many()
        .filter(Column::AccountId.eq(account))
        .filter(Column::At.lt(now - Duration::days(KEPT_DAYS)))
        .exec(tx)
        .await?;
    let fingerprint = fingerprint(request)?;
    let taken = ActiveModel {
        account_id: Set(account),
        key: Set(key.to_owned()),
        operation: Set(operation.to_owned()),
        fingerprint: Set(fingerprint.clone()),
        subject_id: Set(Uuid::nil()),
        at: Set(now),
    };
    // A broken unique rule would abort the transaction on PostgreSQL; doing nothing leaves it fit for reading.
    let nothing = OnConflict::columns([Column::AccountId, Column::Key])
        .do_nothing()
        .to_owned();
    let rows = Entity::insert(taken)
        .on_conflict(nothing)
        .exec_without_returning(tx)
        .await?;
    if rows == 1 {
        return Ok(None);
    }
    let first = Entity::find_by_id((account, key.to_owned())).one(tx).await?;
    let first = first.ok_or_else(|| Error::internal(format!("an idempotency key of {operation} is gone")))?;
    subject(&first, operation, &fingerprint).map(Some)
}

/// The thing of a key that was used for this very request.
fn subject(first: &Model, operation: &str, fingerprint: &[u8]) -> Result<Uuid> {
    if first.operation != operation || first.fingerprint != fingerprint {
        return Err(Error::invalid(
            "IDEMPOTENCY_KEY_REUSED",
            "idempotencyKey",
            "Khóa này đã dùng cho một yêu cầu có nội dung khác; hãy dùng khóa mới cho yêu cầu mới.",
            "This key was used for a request with other content; use a new key for a new request.",
        ));
    }
    if first.subject_id.is_nil() {
        return Err(Error::internal(format!(
            "an idempotency key of {operation} has no subject"
        )));
    }
    Ok(first.subject_id)
}

/// Whether a key of this account is kept: asked before much is read, so that who repeats a request is not refused what has been done.
pub async fn is_kept(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, key: Option<&str>) -> Result<bool> {
    Ok(kept(connection, env, actor, key).await?.is_some())
}

/// The thing that this account has made with this key before, as [`first_answer`] tells it, but no new key is taken: asked before
/// much is written.
pub async fn kept_answer(
    connection: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    key: Option<&str>,
    operation: &'static str,
    request: &impl Serialize,
) -> Result<Option<Uuid>> {
    let first = kept(connection, env, actor, key).await?;
    let fingerprint = fingerprint(request)?;
    first.map(|first| subject(&first, operation, &fingerprint)).transpose()
}

async fn kept(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, key: Option<&str>) -> Result<Option<Model>> {
    let Some((account, key)) = owned(actor, key)? else {
        return Ok(None);
    };
    let kept =
        Entity::find_by_id((account, key.to_owned())).filter(Column::At.gte(env.now() - Duration::days(KEPT_DAYS)));
    Ok(kept.one(connection).await?)
}

/// Says what came of a request whose key [`first_answer`] found new. Without a key it does nothing.
pub async fn remember(tx: &impl ConnectionTrait, actor: &Actor, key: Option<&str>, subject: Uuid) -> Result<()> {
    let Some((account, key)) = owned(actor, key)? else {
        return Ok(());
    };
    Entity::update_many()
        .col_expr(Column::SubjectId, Expr::val(subject))
        .filter(Column::AccountId.eq(account))
        .filter(Column::Key.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

/// The key and whose it is. The command line has no account to keep keys for, and nobody who would repeat it unseen.
fn owned<'a>(actor: &Actor, key: Option<&'a str>) -> Result<Option<(Uuid, &'a str)>> {
    let Some(key) = key else { return Ok(None) };
    let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
    if !visible || !(1..=KEY_MAX).contains(&key.len()) {
        return Err(Error::invalid(
            "IDEMPOTENCY_KEY_INVALID",
            "idempotencyKey",
            format!("Khóa gồm 1 đến {KEY_MAX} ký tự ASCII hiển thị được, không có dấu cách; nên dùng UUID."),
            format!("A key has 1 to {KEY_MAX} visible ASCII characters without blanks; a UUID does well."),
        ));
    }
    Ok(actor.recorded_as().map(|account| (account, key)))
}

/// What tells two requests apart. Fields are written in the order of their declaration, so the same request gives the same.
fn fingerprint(request: &impl Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_vec(request).map_err(Error::internal)?;
    Ok(Sha256::digest(text).to_vec())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn anybody() -> Actor {
        Actor::new(Uuid::from_u128(1), "an.nguyen".to_owned(), Uuid::nil(), Vec::new())
    }

    #[test]
    fn a_key_is_short_and_visible() {
        let longest = "k".repeat(KEY_MAX);
        for key in ["1", "a-b_c/1:2", "0192f3a0-7c1e-7000-8000-000000000001", &longest] {
            assert!(matches!(owned(&anybody(), Some(key)), Ok(Some((_, same))) if same == key));
        }
        let too_long = "k".repeat(KEY_MAX + 1);
        for key in ["", " ", "a b", "khóa", "a\nb", "\u{7f}", &too_long] {
            assert!(
                matches!(owned(&anybody(), Some(key)), Err(Error::Invalid(_))),
                "{key:?}"
            );
        }
        assert!(matches!(owned(&anybody(), None), Ok(None)));
    }

    #[test]
    fn the_command_line_keeps_no_keys() {
        assert!(matches!(owned(&Actor::command_line(), Some("k")), Ok(None)));
    }

    proptest! {
        #[test]
        fn only_the_same_request_has_the_same_fingerprint(one in any::<(String, i32)>(), other in any::<(String, i32)>()) {
            let (first, second) = (fingerprint(&one).unwrap(), fingerprint(&other).unwrap());
            prop_assert_eq!(first == second, one == other);
        }
    }
}
