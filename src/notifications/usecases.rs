//! Telling those whom an event concerns, and reading what one was told.

use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use thidua_entity::enums::{EventKind, NotificationKind};
use thidua_entity::event;
use uuid::Uuid;

use super::store;
use super::wording::Told;
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::Reach;
use crate::{db, forms, input, reports, units};

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
        let detail = serde_json::to_string(&telling.told).map_err(Error::internal)?;
        let row = |account| store::row(env.new_id(), (account, telling.kind), event, detail.clone());
        store::put(&tx, telling.whom.into_iter().map(row).collect()).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Who is told of an event, and what.
struct Telling {
    kind: NotificationKind,
    whom: Vec<Uuid>,
    told: Told,
}

async fn telling(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Option<Telling>> {
    Ok(match event.kind {
        // Whoever used the copied token did it in the name of the account, which is why the account is told.
        EventKind::SessionReplayed => Some(Telling {
            kind: NotificationKind::SessionReplayed,
            whom: event.account_id.into_iter().collect(),
            told: Told::default(),
        }),
        EventKind::ReportReturned => Some(to_writers(tx, env, event, NotificationKind::ReportReturned).await?),
        EventKind::ReportApproved => Some(to_writers(tx, env, event, NotificationKind::ReportApproved).await?),
        // Who has to look at them sees them in the list of reports.
        EventKind::ReportSubmitted | EventKind::ReportVerified => None,
    })
}

/// What an event says beside its thing.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    reason: Option<String>,
}

/// Those who wrote a report are told of it, but not of what they did themselves.
async fn to_writers(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    // Nobody asks here: what is told was seen by those whom it is told.
    let everything = Reach {
        everything: true,
        ..Reach::default()
    };
    let said: Said = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let report = reports::store::find(tx, &everything, event.subject_id, env.today()).await?;
    let unit = units::store::find(tx, &everything, report.unit_id, env.today()).await?;
    let period = forms::store::periods(tx, &[report.period_id]).await?.pop();
    let form = forms::store::forms(tx, &[report.form_id]).await?.pop();
    let writers = reports::store::writers(tx, &[report.id]).await?;
    let others = writers.into_iter().map(|row| row.account_id);
    Ok(Telling {
        kind,
        whom: others.filter(|&one| Some(one) != event.account_id).collect(),
        told: Told {
            unit: unit.name,
            form: form.map(|form| form.name).unwrap_or_default(),
            period: period.map(|period| period.name).unwrap_or_default(),
            reason: said.reason,
        },
    })
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
