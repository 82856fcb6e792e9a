//! The steps in the life of a cross-check: findings sent, replies sent, minutes written, and back.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::cross_check::{self, ActiveModel};
use thidua_entity::enums::{CrossCheckState, EventKind};
use uuid::Uuid;

use super::stepped;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::crosschecks::state::{self, Step};
use crate::crosschecks::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::version::Seen;
use crate::{db, input};

/// The minutes of a cross-check (biên bản).
pub struct Minutes<'a> {
    /// The day of the visit.
    pub held_on: NaiveDate,
    /// Where.
    pub place: &'a str,
    /// Who was there, as written.
    pub attendance: &'a str,
    /// The minutes.
    pub text: &'a str,
}

/// Sends the findings to the checked unit; without any, it is told that there are none.
pub async fn send_findings(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<cross_check::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::SendFindings).await?;
    seen.check(check.version)?;
    let detail = json!({ "findings": store::count_findings(&tx, &[id]).await? });
    let event = ("FINDINGS_SENT", detail);
    let check = taken(
        &tx,
        env,
        actor,
        &check,
        (Step::SendFindings, ActiveModel::default()),
        event,
    )
    .await?;
    let told = OfYear::to(check.year_id, vec![check.checked_id]);
    tell(&tx, env, actor, EventKind::FindingsSent, &check, told).await?;
    tx.commit().await?;
    Ok(check)
}

/// Sends the replies to the checker, when every finding has one.
pub async fn send_replies(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<cross_check::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::SendReplies).await?;
    seen.check(check.version)?;
    state::next(check.state, Step::SendReplies)?;
    let open = store::count_unanswered(&tx, id).await?;
    if open > 0 {
        return Err(Error::invalid(
            "REPLIES_MISSING",
            "id",
            format!("Còn {open} nhận xét chưa được trả lời."),
            format!("{open} findings have no reply yet."),
        ));
    }
    let event = ("REPLIES_SENT", json!({}));
    let step = (Step::SendReplies, ActiveModel::default());
    let check = taken(&tx, env, actor, &check, step, event).await?;
    // Who waits for the replies to write the minutes.
    let told = OfYear::to(check.year_id, vec![check.checker_id]);
    tell(&tx, env, actor, EventKind::RepliesSent, &check, told).await?;
    tx.commit().await?;
    Ok(check)
}

/// Goes on without the replies of the checked unit, with a reason: it was given time and did not reply. By who keeps the cluster, so that
/// nobody holds up the others. Findings without a reply stay without one.
pub async fn waive_replies(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    reason: &str,
) -> Result<cross_check::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::WaiveReplies).await?;
    seen.check(check.version)?;
    let change = ActiveModel {
        waived_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    state::next(check.state, Step::WaiveReplies)?;
    let unanswered = store::count_unanswered(&tx, id).await?;
    let event = ("REPLIES_WAIVED", json!({ "unanswered": unanswered, "reason": reason }));
    let check = taken(&tx, env, actor, &check, (Step::WaiveReplies, change), event).await?;
    let told = OfYear {
        reason: Some(reason),
        ..OfYear::to(check.year_id, vec![check.checker_id, check.checked_id])
    };
    tell(&tx, env, actor, EventKind::RepliesWaived, &check, told).await?;
    tx.commit().await?;
    Ok(check)
}

/// Writes the minutes of the visit, by which the cross-check is done.
pub async fn write_minutes(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    minutes: &Minutes<'_>,
) -> Result<cross_check::Model> {
    let held_on = input::plausible_day("heldOn", minutes.held_on)?;
    if held_on > env.today() {
        return Err(Error::invalid(
            "DAY_IN_FUTURE",
            "heldOn",
            "Ngày kiểm tra không thể ở tương lai.",
            "The day of the visit cannot lie in the future.",
        ));
    }
    let change = ActiveModel {
        held_on: Set(Some(held_on)),
        place: Set(Some(input::line("place", minutes.place)?)),
        attendance: Set(Some(input::paragraph("attendance", minutes.attendance)?)),
        minutes: Set(Some(input::paragraph("minutes", minutes.text)?)),
        ..Default::default()
    };
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::WriteMinutes).await?;
    seen.check(check.version)?;
    let event = ("CROSS_CHECK_MINUTED", json!({ "heldOn": held_on }));
    let check = taken(&tx, env, actor, &check, (Step::WriteMinutes, change), event).await?;
    tx.commit().await?;
    Ok(check)
}

/// Takes a cross-check one step back, with a reason that both units read. What was written stays until somebody writes it anew, and then in
/// the audit.
pub async fn take_back(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<cross_check::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::Return).await?;
    seen.check(check.version)?;
    let mut change = ActiveModel {
        return_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    if check.state == CrossCheckState::Replied {
        // From here on replies are waited for again.
        change.waived_reason = Set(None);
    }
    let event = ("CROSS_CHECK_RETURNED", json!({ "from": check.state, "reason": reason }));
    let check = taken(&tx, env, actor, &check, (Step::Return, change), event).await?;
    let told = OfYear {
        reason: Some(reason),
        ..OfYear::to(check.year_id, vec![check.checker_id, check.checked_id])
    };
    tell(&tx, env, actor, EventKind::CrossCheckReturned, &check, told).await?;
    tx.commit().await?;
    Ok(check)
}

/// Tells of a step, about the checked unit.
async fn tell(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    kind: EventKind,
    check: &cross_check::Model,
    told: OfYear,
) -> Result<()> {
    let told = OfYear {
        about: Some(check.checked_id),
        ..told
    };
    events::tell_of_year(tx, env, actor, kind, (Kind::CrossCheck, check.id), &told).await
}

/// Takes the step and records it.
async fn taken(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    check: &cross_check::Model,
    (step, change): (Step, ActiveModel),
    (event, detail): (&'static str, Value),
) -> Result<cross_check::Model> {
    let change = ActiveModel {
        state: Set(state::next(check.state, step)?),
        updated_at: Set(env.now()),
        ..change
    };
    let check = store::update(tx, check, change).await?;
    audit::record(tx, env, actor, Event(event), (Kind::CrossCheck, check.id), detail).await?;
    Ok(check)
}
