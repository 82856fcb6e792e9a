//! The steps in the life of a conference: opened on its day, the roll called, the minutes written, closed.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{BallotState, Presence};
use thidua_entity::{conference, conference_attendance};
use uuid::Uuid;

use super::{counted, members, stepped};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::conferences::state::{self, Step};
use crate::conferences::store;
use crate::conferences::voters::Voter;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::input;
use crate::version::Seen;

/// What the roll call found of a member.
#[derive(Clone, Debug)]
pub struct RollEntry {
    /// The member.
    pub voter: Voter,
    /// Whether it is there.
    pub presence: Presence,
    /// Who is there for it.
    pub attended_by: Option<String>,
}

/// Opens a conference, from its day on. Who belongs to the cluster, or sits in the council, on that day is on its roll, absent until the roll
/// is called.
pub async fn open(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<conference::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, before) = stepped(&tx, env, actor, id, seen, Step::Open).await?;
    if env.today() < before.held_on {
        return Err(Error::WrongState(Text::new(
            format!(
                "Hội nghị họp ngày {}; chưa thể khai mạc.",
                before.held_on.format("%d/%m/%Y")
            ),
            format!("The conference is held on {}; it cannot be opened yet.", before.held_on),
        )));
    }
    let members = members(&tx, &before).await?;
    if members.is_empty() {
        return Err(Error::WrongState(Text::new(
            "Không có thành viên nào vào ngày họp.",
            "There is no member on the day of the conference.",
        )));
    }
    let absent = members.iter().map(|&member| row(id, member, Presence::Absent, None));
    store::put_attendance(&tx, id, absent.collect(), &members).await?;
    let opened = taken(&tx, env, &before, Step::Open, conference::ActiveModel::default()).await?;
    let detail = json!({ "members": members });
    audit::record(
        &tx,
        env,
        actor,
        Event("CONFERENCE_OPENED"),
        (Kind::Conference, id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(opened)
}

/// Calls the roll: says of some members whether they are there. Not while a ballot is open, whose roll was taken from this one.
pub async fn call_roll(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    entries: &[RollEntry],
) -> Result<conference::Model> {
    input::list_size("entries", entries.len(), input::LIST_MAX)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, before) = stepped(&tx, env, actor, id, seen, Step::CallRoll).await?;
    if store::count_ballots(&tx, id, &[BallotState::Open]).await? > 0 {
        return Err(Error::WrongState(Text::new(
            "Đang có cuộc bỏ phiếu mở; danh sách cử tri đã chốt nên không điểm danh lại được.",
            "A ballot is open: its roll is frozen, so the roll is not called again.",
        )));
    }
    let known = store::attendance(&tx, &[id]).await?;
    let known: Vec<Uuid> = known.iter().map(|row| row.voter_id).collect();
    let mut rows = Vec::with_capacity(entries.len());
    let mut called: Vec<Uuid> = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let field = format!("entries.{at}.{}", entry.voter.field());
        entry.voter.belongs(&field, &known)?;
        entry.voter.named_once(&field, &called)?;
        let who = input::line_or_none(&format!("entries.{at}.attendedBy"), entry.attended_by.as_deref())?;
        rows.push(row(id, entry.voter.id(), entry.presence, who));
        called.push(entry.voter.id());
    }
    store::put_attendance(&tx, id, rows, &called).await?;
    let after = taken(&tx, env, &before, Step::CallRoll, conference::ActiveModel::default()).await?;
    let attendance = counted(&store::attendance(&tx, &[id]).await?);
    let called = entries
        .iter()
        .map(|entry| json!({ (entry.voter.field()): entry.voter.id(), "presence": entry.presence }));
    let detail =
        json!({ "entries": called.collect::<Vec<_>>(), "present": attendance.present, "members": attendance.members });
    audit::record(&tx, env, actor, Event("ROLL_CALLED"), (Kind::Conference, id), detail).await?;
    tx.commit().await?;
    Ok(after)
}

/// Writes the minutes of a conference that is held; what was written before is in the audit.
pub async fn write_minutes(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, text: &str) -> Result<conference::Model> {
    let text = input::document("text", text)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, before) = stepped(&tx, env, actor, id, seen, Step::WriteMinutes).await?;
    let change = conference::ActiveModel {
        minutes: Set(Some(text)),
        ..Default::default()
    };
    let after = taken(&tx, env, &before, Step::WriteMinutes, change).await?;
    let detail = json!({ "before": before.minutes });
    audit::record(
        &tx,
        env,
        actor,
        Event("MINUTES_WRITTEN"),
        (Kind::Conference, id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(after)
}

/// Closes a conference whose minutes are written and whose ballots are confirmed or void. From then on it never changes.
pub async fn close(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<conference::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, before) = stepped(&tx, env, actor, id, seen, Step::Close).await?;
    if before.minutes.is_none() {
        return Err(Error::invalid(
            "MINUTES_MISSING",
            "id",
            "Chưa có biên bản hội nghị.",
            "The minutes are not written yet.",
        ));
    }
    let unfinished = [
        BallotState::Drafted,
        BallotState::Open,
        BallotState::Closed,
        BallotState::Tallied,
    ];
    let open = store::count_ballots(&tx, id, &unfinished).await?;
    if open > 0 {
        return Err(Error::invalid(
            "BALLOTS_UNFINISHED",
            "id",
            format!("Còn {open} cuộc bỏ phiếu chưa được xác nhận hoặc hủy."),
            format!("{open} ballots are neither confirmed nor void yet."),
        ));
    }
    let closed = taken(&tx, env, &before, Step::Close, conference::ActiveModel::default()).await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("CONFERENCE_CLOSED"),
        (Kind::Conference, id),
        json!({}),
    )
    .await?;
    tx.commit().await?;
    Ok(closed)
}

fn row(
    conference: Uuid,
    voter: Uuid,
    presence: Presence,
    attended_by: Option<String>,
) -> conference_attendance::ActiveModel {
    conference_attendance::ActiveModel {
        conference_id: Set(conference),
        voter_id: Set(voter),
        presence: Set(presence),
        attended_by: Set(attended_by),
    }
}

async fn taken(
    tx: &impl ConnectionTrait,
    env: &Env,
    before: &conference::Model,
    step: Step,
    change: conference::ActiveModel,
) -> Result<conference::Model> {
    let change = conference::ActiveModel {
        state: Set(state::next(before.state, step)?),
        updated_at: Set(env.now()),
        ..change
    };
    store::update(tx, before, change).await
}
