//! The steps in the life of a cross-check: findings sent, replies sent, minutes written, and back.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::cross_check::{self, ActiveModel};
use thidua_entity::enums::EventKind;
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
    let told = OfYear {
        about: Some(check.checked_id),
        ..OfYear::to(check.year_id, vec![check.checked_id])
    };
    events::tell_of_year(&tx, env, actor, EventKind::FindingsSent, (Kind::CrossCheck, id), &told).await?;
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
    let check = taken(
        &tx,
        env,
        actor,
        &check,
        (Step::SendReplies, ActiveModel::default()),
        event,
    )
    .await?;
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

/// Takes a cross-check one step back, with a reason that both units read. What was written stays.
pub async fn take_back(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, reason: &str) -> Result<cross_check::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, check) = stepped(&tx, env, actor, id, Step::Return).await?;
    seen.check(check.version)?;
    let change = ActiveModel {
        return_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    let event = ("CROSS_CHECK_RETURNED", json!({ "from": check.state, "reason": reason }));
    let check = taken(&tx, env, actor, &check, (Step::Return, change), event).await?;
    tx.commit().await?;
    Ok(check)
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
