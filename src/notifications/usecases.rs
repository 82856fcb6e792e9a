//! Telling those whom an event concerns, and reading what one was told.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use thidua_entity::event;
use uuid::Uuid;

use self::telling::telling;
use super::store;
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::{db, input};

mod digests;
mod reminders;
mod telling;

pub use digests::{choose_rhythm, keep_mailing, mail_digests, rhythm};
pub use reminders::{keep_reminding, remind};
pub use store::Which;

/// Events that are looked at in one round.
const AT_ONCE: u64 = 100;
/// How long after a round the next begins, when nothing is left to do.
const REST: StdDuration = StdDuration::from_secs(1);
/// Longest time until an event that could not be handled is tried again.
const POSTPONED_MAX: Duration = Duration::hours(1);
/// How long is kept what was told: as long as anybody may want to look back on a year.
const KEPT: Duration = Duration::days(400);
/// Most notifications that one call names.
const MARKED_MAX: usize = 100;

/// Handles events as long as the service runs.
pub async fn keep_handling(env: Env) {
    loop {
        match handle_events(&env).await {
            Ok(0) => tokio::time::sleep(REST).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(cause = %error, "Events could not be looked for; trying again soon");
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Handles the oldest events that wait, and tells how many were. One that cannot be handled is left for later and holds up no other.
pub async fn handle_events(env: &Env) -> Result<usize> {
    let mut handled = 0;
    for event in store::waiting(&env.db, env.now(), AT_ONCE).await? {
        match handle(env, &event).await {
            Ok(()) => handled += 1,
            Err(error) => {
                tracing::warn!(event.id = %event.id, cause = %error, "An event could not be handled; trying again later");
                let tx = db::begin_write(&env.db).await?;
                store::postpone(&tx, event.id, env.now() + pause(event.failures)).await?;
                tx.commit().await?;
            }
        }
    }
    Ok(handled)
}

/// 1, 2, 4 … minutes, at most an hour.
fn pause(failures: i32) -> Duration {
    let doublings = u32::try_from(failures).unwrap_or(0).min(6);
    Duration::minutes(1 << doublings).min(POSTPONED_MAX)
}

async fn handle(env: &Env, event: &event::Model) -> Result<()> {
    let tx = db::begin_write(&env.db).await?;
    // Another instance may have it already.
    if store::take(&tx, event.id, env.now()).await?
        && let Some(telling) = telling(&tx, env, event).await?
    {
        let row = |account: Uuid| telling.news.of(account, env.new_id());
        store::put(&tx, telling.whom.into_iter().map(row).collect()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Which notifications a caller names: by their ids or by an instant, one of the two.
pub fn which(ids: Option<&[impl AsRef<str>]>, up_to: Option<DateTime<Utc>>) -> Result<Which> {
    match (ids, up_to) {
        (Some(ids), None) => {
            input::list_size("ids", ids.len(), MARKED_MAX)?;
            let ids: Result<Vec<Uuid>> = ids.iter().map(|id| Kind::Notification.parse(id.as_ref())).collect();
            Ok(Which::These(ids?))
        }
        (None, Some(instant)) => Ok(Which::UpTo(instant)),
        _ => Err(Error::invalid(
            "ONE_OF_TWO",
            "ids",
            "Hãy cho biết `ids` hoặc `upTo`, chỉ một trong hai.",
            "Give either `ids` or `upTo`, not both.",
        )),
    }
}

/// Marks as read what the caller was told, and tells how much is still new. What is not the caller's own is passed over, as if it
/// were not there.
pub async fn mark_read(env: &Env, actor: &Actor, which: &Which) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    store::mark_read(&tx, actor.account_id, which, env.now()).await?;
    let left = store::unread(&tx, actor.account_id).await?;
    tx.commit().await?;
    Ok(left)
}

/// Deletes what has long been told. The service does it now and then by itself.
pub async fn forget_old(env: &Env) -> Result<u64> {
    let tx = db::begin_write(&env.db).await?;
    let forgotten = store::forget(&tx, env.now() - KEPT).await?;
    tx.commit().await?;
    Ok(forgotten)
}
