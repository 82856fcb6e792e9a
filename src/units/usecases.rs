//! What is done with units: founding, naming, moving, ending, describing, counting heads.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{NameUse, Sector, UnitKind};
use thidua_entity::{province, unit, unit_code};
use uuid::Uuid;

use super::ancestry::{self, Link};
use super::store;
use crate::accounts::usecases::officers_changed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::{db, idempotency, input, text};

mod events;
mod statistics;

pub use events::{NewUnitEvent, record_event, remove_event};
pub use statistics::{HeadCount, record_statistics};

/// A unit to be founded.
#[derive(Serialize)]
pub struct NewUnit {
    /// What kind of organisation.
    pub kind: UnitKind,
    /// Official name.
    pub name: String,
    /// The unit directly above; only who administers everything may leave it out.
    pub parent: Option<Uuid>,
    /// Sector of the employer.
    pub sector: Option<Sector>,
    /// Province; that of the parent when not said.
    pub province: Option<Uuid>,
    /// Day of founding.
    pub founded_on: Option<NaiveDate>,
    /// The decision, as written.
    pub decision: Option<String>,
}

/// Founds a unit below another. Under the same key the unit that was founded first is the answer again.
pub async fn create(env: &Env, actor: &Actor, new: NewUnit, key: Option<&str>) -> Result<unit::Model> {
    let name = input::line("name", &new.name)?;
    let decision = input::line_or_none("decision", new.decision.as_deref())?;
    if let Some(day) = new.founded_on {
        input::plausible_day("foundedOn", day)?;
    }
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "CREATE_UNIT", &new).await? {
        return store::find(&tx, &policy::reach(actor), first, env.today()).await;
    }
    db::wait_for_turn(&tx, db::Turn::UnitTree).await?;
    let (place, parent) = match new.parent {
        Some(parent) => {
            let parent = store::find(&tx, &policy::reach(actor), parent, env.today()).await?;
            (store::place(&tx, &parent, env.today()).await?, Some(parent))
        }
        None => (Place::COMMON, None),
    };
    let actor = &policy::authorize(actor, Action::UnitManage, &place)?;
    if let Some(parent) = &parent {
        stands_below(new.kind, parent, new.founded_on.unwrap_or(env.today()))?;
    }
    let province = new.province.or(parent.as_ref().and_then(|parent| parent.province_id));
    if let Some(id) = new.province {
        store::province(&tx, id).await?;
    }
    let unit = unit::ActiveModel {
        id: Set(env.new_id()),
        kind: Set(new.kind),
        sector: Set(new.sector),
        province_id: Set(province),
        sort_key: Set(text::sort_key(&name)),
        name: Set(name.clone()),
        name_from: Set(new.founded_on),
        founded_on: Set(new.founded_on),
        ended_on: Set(None),
        end_reason: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    }
    .insert(&tx)
    .await?;
    store::add_name(&tx, env.new_id(), unit.id, NameUse::Official, &name, new.founded_on).await?;
    match &parent {
        Some(parent) => {
            let from = new.founded_on.unwrap_or(ancestry::BEGINNING);
            let link = Link {
                unit: unit.id,
                parent: parent.id,
                from,
                to: ancestry::END,
            };
            store::set_parent(&tx, env.new_id(), link, decision).await?;
        }
        None => store::insert_ancestry(&tx, ancestry::above(&[unit.id], &[], &HashMap::new())).await?,
    }
    let detail = json!({ "name": name, "kind": new.kind, "parentId": new.parent });
    audit::record(&tx, env, actor, Event("UNIT_CREATED"), (Kind::Unit, unit.id), detail).await?;
    idempotency::remember(&tx, actor, key, unit.id).await?;
    tx.commit().await?;
    Ok(unit)
}

/// From a day on, a unit stands below one of a higher level that has not ended by then.
fn stands_below(kind: UnitKind, parent: &unit::Model, from: NaiveDate) -> Result<()> {
    if kind.level() <= parent.kind.level() {
        return Err(Error::invalid(
            "PARENT_LEVEL",
            "parentId",
            "Đơn vị cấp trên phải ở cấp cao hơn đơn vị này.",
            "The unit above must be of a higher level than this unit.",
        ));
    }
    match parent.ended_on {
        Some(ended) if ended <= from => Err(Error::invalid(
            "PARENT_ENDED",
            "parentId",
            format!(
                "Đơn vị cấp trên đã kết thúc hoạt động ngày {}.",
                ended.format("%d/%m/%Y")
            ),
            format!("The unit above ended on {ended}."),
        )),
        _ => Ok(()),
    }
}

/// A unit that the caller sees and manages, with the version it saw, and the caller as it acts.
async fn managed(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    action: Action,
) -> Result<(Actor, unit::Model)> {
    let unit = store::find(tx, &policy::reach(actor), id, env.today()).await?;
    let actor = policy::authorize(actor, action, &store::place(tx, &unit, env.today()).await?)?;
    store::lock(tx, id).await?;
    Ok((actor, unit))
}

/// Gives a unit another official name from a day on. The old one stays for the days before.
pub async fn rename(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    name: &str,
    from: NaiveDate,
) -> Result<unit::Model> {
    let name = input::line("name", name)?;
    input::plausible_day("from", from)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    let current = store::names(&tx, &[id])
        .await?
        .into_iter()
        .find(|row| row.name_use == NameUse::Official && row.valid_to.is_none());
    if current.is_some_and(|current| current.valid_from.is_some_and(|since| from <= since)) {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "from",
            "Tên mới phải có hiệu lực sau ngày tên hiện tại bắt đầu.",
            "The new name must begin after the present one began.",
        ));
    }
    store::end_name(&tx, id, from).await?;
    store::add_name(&tx, env.new_id(), id, NameUse::Official, &name, Some(from)).await?;
    let change = unit::ActiveModel {
        sort_key: Set(text::sort_key(&name)),
        name: Set(name.clone()),
        name_from: Set(Some(from)),
        ..Default::default()
    };
    let renamed = store::update(&tx, &unit, version, change, env.today()).await?;
    let detail = json!({ "from": from, "before": unit.name, "after": name });
    audit::record(&tx, env, actor, Event("UNIT_RENAMED"), (Kind::Unit, id), detail).await?;
    tx.commit().await?;
    Ok(renamed)
}

/// Adds another name by which people know the unit.
pub async fn add_alias(env: &Env, actor: &Actor, id: Uuid, version: i32, alias: &str) -> Result<unit::Model> {
    let alias = input::line("alias", alias)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    store::add_name(&tx, env.new_id(), id, NameUse::Alias, &alias, None).await?;
    let changed = store::update(&tx, &unit, version, Default::default(), env.today()).await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("UNIT_ALIAS_ADDED"),
        (Kind::Unit, id),
        json!({ "alias": alias }),
    )
    .await?;
    tx.commit().await?;
    Ok(changed)
}

/// Puts a unit below another from a day on. What stands below it moves with it; the days before stay as they were.
pub async fn move_to(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    parent: Uuid,
    from: NaiveDate,
    decision: Option<&str>,
) -> Result<unit::Model> {
    let decision = input::line_or_none("decision", decision)?;
    input::plausible_day("from", from)?;
    let tx = db::begin_write(&env.db).await?;
    db::wait_for_turn(&tx, db::Turn::UnitTree).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    let (ref actor, above) = managed(&tx, env, actor, parent, Action::UnitManage).await?;
    stands_below(unit.kind, &above, from)?;
    if store::is_below(&tx, parent, id, from).await? {
        return Err(Error::invalid(
            "PARENT_BELOW",
            "parentId",
            "Không thể đặt một đơn vị dưới chính nó hoặc dưới đơn vị cấp dưới của nó.",
            "A unit cannot stand below itself or below one of its own.",
        ));
    }
    if let Some(last) = store::parents(&tx, &[id]).await?.last()
        && last.valid_from >= from
    {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "from",
            "Ngày chuyển phải sau ngày đơn vị bắt đầu trực thuộc đơn vị hiện tại.",
            "The move must come after the unit came to its present place.",
        ));
    }
    let link = Link {
        unit: id,
        parent,
        from,
        to: ancestry::END,
    };
    store::set_parent(&tx, env.new_id(), link, decision.clone()).await?;
    let moved = store::update(&tx, &unit, version, Default::default(), env.today()).await?;
    let detail = json!({ "parentId": parent, "from": from, "decision": decision });
    let moved_units = store::ids_below(&tx, id, from).await?;
    store::leave_clusters(&tx, &moved_units, from, true).await?;
    officers_changed(&tx, env, &moved_units).await?;
    audit::record(&tx, env, actor, Event("UNIT_MOVED"), (Kind::Unit, id), detail).await?;
    tx.commit().await?;
    Ok(moved)
}

/// Ends a unit on a day. Nothing is deleted: reports, awards, names and memberships stay readable.
pub async fn end(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate, reason: &str) -> Result<unit::Model> {
    let reason = input::paragraph("reason", reason)?;
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    if let Some(ended) = unit.ended_on {
        return Err(Error::WrongState(Text::new(
            format!("Đơn vị đã kết thúc hoạt động ngày {}.", ended.format("%d/%m/%Y")),
            format!("The unit ended on {ended} already."),
        )));
    }
    if unit.founded_on.is_some_and(|founded| on <= founded) {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "on",
            "Ngày kết thúc phải sau ngày thành lập.",
            "A unit ends after it was founded.",
        ));
    }
    let change = unit::ActiveModel {
        ended_on: Set(Some(on)),
        end_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    let ended = store::update(&tx, &unit, version, change, env.today()).await?;
    // An office gives powers; a unit that is no longer there must not keep them.
    store::leave_clusters(&tx, &[id], on, false).await?;
    officers_changed(&tx, env, &[id]).await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("UNIT_ENDED"),
        (Kind::Unit, id),
        json!({ "on": on, "reason": reason }),
    )
    .await?;
    tx.commit().await?;
    Ok(ended)
}

/// What may be said of a unit besides its name and place. A field that is not named stays as it is.
#[derive(Default)]
pub struct UnitChange {
    /// Sector of the employer; `Some(None)` when it is no longer known.
    pub sector: Option<Option<Sector>>,
    /// Province; `Some(None)` when it is no longer known.
    pub province: Option<Option<Uuid>>,
    /// Day of founding; `Some(None)` when it is no longer known.
    pub founded_on: Option<Option<NaiveDate>>,
}

/// Changes what is said of a unit.
pub async fn change(env: &Env, actor: &Actor, id: Uuid, version: i32, change: UnitChange) -> Result<unit::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    let mut row = unit::ActiveModel { ..Default::default() };
    if let Some(sector) = change.sector {
        row.sector = Set(sector);
    }
    if let Some(province) = change.province {
        if let Some(id) = province {
            store::province(&tx, id).await?;
        }
        row.province_id = Set(province);
    }
    if let Some(founded) = change.founded_on {
        if let Some(day) = founded {
            input::plausible_day("foundedOn", day)?;
        }
        if founded.is_some_and(|founded| unit.ended_on.is_some_and(|ended| ended <= founded)) {
            return Err(Error::invalid(
                "SPAN_INVALID",
                "foundedOn",
                "Ngày thành lập phải trước ngày kết thúc.",
                "A unit is founded before it ends.",
            ));
        }
        row.founded_on = Set(founded);
    }
    let changed = store::update(&tx, &unit, version, row, env.today()).await?;
    let detail =
        json!({ "sector": changed.sector, "provinceId": changed.province_id, "foundedOn": changed.founded_on });
    audit::record(&tx, env, actor, Event("UNIT_CHANGED"), (Kind::Unit, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Most characters of a code in the scheme of Quyết định 20/2020/QĐ-TTg, the longest scheme known.
const CODE_MAX: usize = 35;

/// Gives a unit a code of somebody else's scheme. A code names one unit at a time.
pub async fn add_code(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    scheme: &str,
    value: &str,
) -> Result<unit::Model> {
    let scheme = input::code("scheme", scheme)?;
    let value = input::line("value", value)?;
    if value.chars().count() > CODE_MAX {
        return Err(Error::invalid(
            "TOO_LONG",
            "value",
            format!("Mã định danh dài tối đa {CODE_MAX} ký tự (Quyết định 20/2020/QĐ-TTg)."),
            format!("A code has at most {CODE_MAX} characters (Quyết định 20/2020/QĐ-TTg)."),
        ));
    }
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitManage).await?;
    if unit.version != version {
        // Before the code is tried: whether somebody else holds it is told only to who could take it.
        return Err(Error::StaleVersion { current: unit.version });
    }
    let code = unit_code::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(id),
        scheme: Set(scheme.clone()),
        value: Set(value.clone()),
        valid_from: Set(None),
        valid_to: Set(None),
    };
    code.insert(&tx).await?;
    let changed = store::update(&tx, &unit, version, Default::default(), env.today()).await?;
    let detail = json!({ "scheme": scheme, "value": value });
    audit::record(&tx, env, actor, Event("UNIT_CODE_ADDED"), (Kind::Unit, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Adds a province to the common list.
pub async fn create_province(
    env: &Env,
    actor: &Actor,
    code: &str,
    name: &str,
    valid_from: Option<NaiveDate>,
) -> Result<province::Model> {
    let actor = &policy::authorize(actor, Action::ProvinceManage, &Place::COMMON)?;
    let code = input::code("code", code)?;
    let name = input::line("name", name)?;
    input::validity(valid_from, None)?;
    let tx = db::begin_write(&env.db).await?;
    let province = province::ActiveModel {
        id: Set(env.new_id()),
        code: Set(code.clone()),
        sort_key: Set(text::sort_key(&name)),
        name: Set(name),
        valid_from: Set(valid_from),
        valid_to: Set(None),
        successor_id: Set(None),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    let detail = json!({ "code": code });
    audit::record(
        &tx,
        env,
        actor,
        Event("PROVINCE_CREATED"),
        (Kind::Province, province.id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(province)
}
