//! What happened to units that bears on whether they are rated: founded, split, merged, consolidated.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::UnitEventKind;
use thidua_entity::{unit, unit_event};
use uuid::Uuid;

use super::managed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::units::store;
use crate::{db, input};

/// Most events of a unit.
const EVENTS_MAX: usize = 50;
/// Most units that one came out of.
const PREDECESSORS_MAX: usize = 50;

/// Something that happened to a unit.
pub struct NewUnitEvent<'a> {
    /// What.
    pub kind: UnitEventKind,
    /// The day on which it took effect.
    pub took_effect_on: NaiveDate,
    /// The decision, as written.
    pub decision: Option<&'a str>,
    /// The units that it came out of.
    pub predecessors: &'a [Uuid],
}

/// Records what happened to a unit, and what it came out of: units that the caller administers too, since who sees the unit sees their
/// history from now on. The same on the same day is there once.
pub async fn record_event(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    new: NewUnitEvent<'_>,
) -> Result<unit::Model> {
    let decision = input::line_or_none("decision", new.decision)?;
    input::plausible_day("tookEffectOn", new.took_effect_on)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    if let Some(ended) = unit.ended_on.filter(|&ended| ended <= new.took_effect_on) {
        return Err(Error::invalid(
            "UNIT_NOT_ACTIVE",
            "tookEffectOn",
            format!("Đơn vị đã kết thúc hoạt động ngày {}.", ended.format("%d/%m/%Y")),
            format!("The unit ended on {ended}."),
        ));
    }
    let changed = store::update(&tx, &unit, version, Default::default(), env.today()).await?;
    let before = store::events(&tx, &[id]).await?;
    input::list_size("id", before.len() + 1, EVENTS_MAX)?;
    let row = unit_event::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(id),
        kind: Set(new.kind),
        took_effect_on: Set(new.took_effect_on),
        decision: Set(decision),
        recorded_by: Set(actor.recorded_as()),
        recorded_for: Set(actor.acting_for()),
        recorded_at: Set(env.now()),
    };
    came_out_of(&tx, env, actor, id, &new).await?;
    let row = store::add_event(&tx, row, new.predecessors).await?;
    let detail = json!({
        "eventId": row.id, "kind": row.kind, "tookEffectOn": row.took_effect_on, "decision": row.decision,
        "predecessors": new.predecessors,
    });
    let event = Event("UNIT_EVENT_RECORDED");
    audit::record(&tx, env, actor, event, (Kind::Unit, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Lets through predecessors that the caller administers, each once, of a unit that came out of others.
async fn came_out_of(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    new: &NewUnitEvent<'_>,
) -> Result<()> {
    input::list_size("predecessorIds", new.predecessors.len(), PREDECESSORS_MAX)?;
    if new.kind == UnitEventKind::Founded && !new.predecessors.is_empty() {
        return Err(Error::invalid(
            "FOUNDED_WITHOUT_PREDECESSORS",
            "predecessorIds",
            "Đơn vị mới thành lập không có đơn vị tiền thân; nếu do chia tách, sáp nhập, hợp nhất thì chọn loại sự kiện đó.",
            "A unit that was founded has no predecessors; if it came out of others, say SPLIT, MERGED or CONSOLIDATED.",
        ));
    }
    for (at, &predecessor) in new.predecessors.iter().enumerate() {
        if predecessor == id || new.predecessors.iter().take(at).any(|&before| before == predecessor) {
            return Err(Error::invalid(
                "PREDECESSOR_INVALID",
                format!("predecessorIds.{at}"),
                "Đơn vị tiền thân phải là đơn vị khác, mỗi đơn vị nêu một lần.",
                "A predecessor is another unit, and each is named once.",
            ));
        }
        let unit = store::find(tx, &policy::reach(actor), predecessor, env.today()).await?;
        let place = store::place(tx, &unit, env.today()).await?;
        let _acting = policy::authorize(actor, Action::UnitManage, &place)?;
    }
    Ok(())
}

/// Takes back what was recorded wrongly, with a reason; the audit keeps what it was. What is published rests on its snapshot and stays.
pub async fn remove_event(env: &Env, actor: &Actor, event: Uuid, version: i32, reason: &str) -> Result<unit::Model> {
    let reason = input::paragraph("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let row = store::event(&tx, event).await?;
    // Who does not see the unit is told NOT_FOUND by this, as of an event that never was.
    let (ref actor, unit) = managed(&tx, env, actor, row.unit_id, Action::UnitManage).await?;
    let changed = store::update(&tx, &unit, version, Default::default(), env.today()).await?;
    store::remove_event(&tx, event).await?;
    let detail = json!({
        "eventId": event, "kind": row.kind, "tookEffectOn": row.took_effect_on, "decision": row.decision, "reason": reason,
    });
    let event = Event("UNIT_EVENT_REMOVED");
    audit::record(&tx, env, actor, event, (Kind::Unit, unit.id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}
