//! Who takes part in an emulation year: added later, judged by another calendar, withdrawn.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, YearCalendar, YearPhase};
use thidua_entity::{emulation_participant, emulation_year};
use uuid::Uuid;

use super::opening::calendar_of;
use super::planning::published;
use super::{managed, pacts};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::version::Seen;
use crate::years::state;
use crate::years::store::{self, View};
use crate::{clusters, db, input, units};

/// Until when participants are added and judged by another calendar: afterwards they are checked and compared.
const OPEN: &[YearPhase] = &[
    YearPhase::Planned,
    YearPhase::Registering,
    YearPhase::Running,
    YearPhase::SelfScoring,
];

/// A unit that takes part later than the others.
pub struct NewParticipant<'a> {
    /// The unit.
    pub unit: Uuid,
    /// By which calendar it is judged; when not said, schools by the school year.
    pub calendar: Option<YearCalendar>,
    /// Why it is added.
    pub note: &'a str,
}

/// Adds a member of the cluster to a year, or lets one take part again that had withdrawn.
pub async fn add_participant(
    env: &Env,
    actor: &Actor,
    year: Uuid,
    new: NewParticipant<'_>,
) -> Result<emulation_participant::Model> {
    let note = input::paragraph("note", new.note)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref acting, year) = managed(&tx, env, actor, year, Action::YearManage).await?;
    state::demand(year.phase, OPEN)?;
    let reach = policy::reach(actor).by_place();
    let unit = units::store::find(&tx, &reach, new.unit, env.today()).await?;
    belongs(&tx, &year, unit.id).await?;
    let calendar = new.calendar.unwrap_or_else(|| calendar_of(unit.sector, &year));
    has_span(&year, calendar)?;
    let rows = store::participants(&tx, &[year.id]).await?;
    let before = rows.iter().find(|row| row.unit_id == unit.id);
    let change = emulation_participant::ActiveModel {
        calendar: Set(calendar),
        note: Set(Some(note.clone())),
        withdrawn_on: Set(None),
        withdrawn_reason: Set(None),
        ..Default::default()
    };
    let added = match before {
        Some(row) if row.withdrawn_on.is_some() => store::update_participant(&tx, row, change).await?,
        Some(_) => return Err(Error::AlreadyExists("emulation_participant_year_id_unit_id".to_owned())),
        None => {
            input::list_size("unitId", rows.len() + 1, clusters::rules::MEMBERS_MAX)?;
            let row = emulation_participant::ActiveModel {
                id: Set(env.new_id()),
                year_id: Set(year.id),
                unit_id: Set(unit.id),
                version: Set(1),
                ..change
            };
            row.insert(&tx).await?
        }
    };
    let detail = json!({ "yearId": year.id, "unitId": unit.id, "calendar": calendar, "note": note });
    let event = Event("PARTICIPANT_ADDED");
    let subject = (Kind::Participant, added.id);
    audit::record(&tx, env, acting, event, subject, detail).await?;
    let told = OfYear {
        about: Some(unit.id),
        reason: Some(note),
        ..OfYear::to(year.id, vec![unit.id])
    };
    events::tell_of_year(&tx, env, acting, EventKind::ParticipantAdded, subject, &told).await?;
    tx.commit().await?;
    Ok(added)
}

/// A participant is or was a member of the cluster on some day of the year.
async fn belongs(tx: &impl ConnectionTrait, year: &emulation_year::Model, unit: Uuid) -> Result<()> {
    let memberships = clusters::store::memberships_of(tx, &[unit]).await?;
    let (first, last) = spans(year);
    let belongs = memberships.iter().any(|row| {
        row.cluster_id == year.cluster_id && row.valid_from <= last && row.valid_to.is_none_or(|to| to > first)
    });
    if belongs {
        return Ok(());
    }
    Err(Error::invalid(
        "NOT_A_MEMBER",
        "unitId",
        "Đơn vị không phải thành viên của cụm vào ngày nào trong năm thi đua; hãy thêm vào cụm trước.",
        "The unit belongs to the cluster on no day of the year; take it into the cluster first.",
    ))
}

fn has_span(year: &emulation_year::Model, calendar: YearCalendar) -> Result<()> {
    if calendar == YearCalendar::Year || year.school_starts_on.is_some() {
        return Ok(());
    }
    Err(Error::invalid(
        "SCHOOL_SPAN_NEEDED",
        "calendar",
        "Năm thi đua chưa có khoảng thời gian của năm học.",
        "The year has no span of a school year.",
    ))
}

/// A participant whose year the caller sees and may do something with, and the caller as it acts.
async fn managed_participant(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, emulation_year::Model, emulation_participant::Model)> {
    let row = store::participant_row(tx, id).await?;
    let (actor, year) = managed(tx, env, actor, row.year_id, Action::YearManage).await?;
    Ok((actor, year, store::participant_row(tx, id).await?))
}

/// What may be said anew of a participant. What is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ParticipantChange {
    /// By which calendar it is judged.
    pub calendar: Option<YearCalendar>,
    /// What is to be known; `Some(None)` when there is nothing.
    pub note: Option<Option<String>>,
}

/// Changes by which calendar a participant is judged, or the note beside it.
pub async fn update_participant(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    change: ParticipantChange,
) -> Result<emulation_participant::Model> {
    let note = match &change.note {
        Some(note) => Some(input::paragraph_or_none("note", note.as_deref())?),
        None => None,
    };
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_participant(&tx, env, actor, id).await?;
    let calendar = change.calendar.unwrap_or(row.calendar);
    if calendar != row.calendar {
        state::demand(year.phase, OPEN)?;
        has_span(&year, calendar)?;
    }
    if year.phase == YearPhase::Published {
        return Err(published());
    }
    seen.check(row.version)?;
    let written = emulation_participant::ActiveModel {
        calendar: Set(calendar),
        note: Set(note.unwrap_or_else(|| row.note.clone())),
        ..Default::default()
    };
    let changed = store::update_participant(&tx, &row, written).await?;
    let detail = json!({
        "before": { "calendar": row.calendar, "note": row.note }, "after": { "calendar": calendar, "note": changed.note },
    });
    let event = Event("PARTICIPANT_CHANGED");
    audit::record(&tx, env, actor, event, (Kind::Participant, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Takes a unit out of a year, with a reason and the day from which on it no longer takes part, which has come: it counts from now on. What
/// the unit wrote stays; nobody waits for its signature or its cross-checks any more.
pub async fn withdraw_participant(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    (on, reason): (NaiveDate, &str),
) -> Result<emulation_participant::Model> {
    let reason = input::paragraph("reason", reason)?;
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, row) = managed_participant(&tx, env, actor, id).await?;
    if year.phase == YearPhase::Published {
        return Err(published());
    }
    if let Some(since) = row.withdrawn_on {
        return Err(Error::WrongState(Text::new(
            format!("Đơn vị đã thôi tham gia từ ngày {}.", since.format("%d/%m/%Y")),
            format!("The unit has not taken part since {since}."),
        )));
    }
    seen.check(row.version)?;
    has_come(&year, on, env.today())?;
    let change = emulation_participant::ActiveModel {
        withdrawn_on: Set(Some(on)),
        withdrawn_reason: Set(Some(reason.clone())),
        ..Default::default()
    };
    let withdrawn = store::update_participant(&tx, &row, change).await?;
    let detail = json!({ "yearId": year.id, "unitId": row.unit_id, "on": on, "reason": reason });
    let event = Event("PARTICIPANT_WITHDRAWN");
    let subject = (Kind::Participant, id);
    audit::record(&tx, env, actor, event, subject, detail).await?;
    let told = OfYear {
        about: Some(row.unit_id),
        reason: Some(reason),
        ..OfYear::to(year.id, vec![row.unit_id])
    };
    events::tell_of_year(&tx, env, actor, EventKind::ParticipantWithdrawn, subject, &told).await?;
    pacts::settle(&tx, env, actor, &year).await?;
    tx.commit().await?;
    Ok(withdrawn)
}

/// The first and the last day of the spans of a year.
fn spans(year: &emulation_year::Model) -> (NaiveDate, NaiveDate) {
    let first = year
        .school_starts_on
        .map_or(year.starts_on, |day| day.min(year.starts_on));
    let last = year.school_ends_on.map_or(year.ends_on, |day| day.max(year.ends_on));
    (first, last)
}

/// A unit is out from the moment on at which that is recorded, so the day lies in the past, and in the year when that has begun.
fn has_come(year: &emulation_year::Model, on: NaiveDate, today: NaiveDate) -> Result<()> {
    if on > today {
        return Err(Error::invalid(
            "DAY_IN_FUTURE",
            "on",
            "Đơn vị thôi tham gia ngay khi ghi nhận, nên ngày này không thể ở tương lai.",
            "The unit is out as soon as this is recorded, so the day cannot lie in the future.",
        ));
    }
    let first = spans(year).0.min(today);
    if on < first {
        return Err(Error::invalid(
            "DAY_BEFORE_YEAR",
            "on",
            format!("Ngày này trước năm thi đua: sớm nhất là {}.", first.format("%d/%m/%Y")),
            format!("The day lies before the year: {first} at the earliest."),
        ));
    }
    Ok(())
}

/// A unit that takes part in a year, where the caller may do something for it: the caller as it acts, the year locked until the transaction
/// ends, and the participation.
pub(super) async fn acting_for(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (year, unit): (Uuid, Uuid),
    action: Action,
) -> Result<(Actor, emulation_year::Model, emulation_participant::Model)> {
    let year = store::find(tx, &View::of(actor, env.today()), year).await?;
    // Asked before the lock, so that who may not does not hold up others; read again behind it.
    store::participant(tx, year.id, unit).await?;
    let place = super::unit_place(tx, env, &year, unit).await?;
    let actor = policy::authorize(actor, action, &place)?;
    let year = store::lock(tx, year.id).await?;
    let participant = store::participant(tx, year.id, unit).await?;
    Ok((actor, year, participant))
}
