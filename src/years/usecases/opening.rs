//! Opening an emulation year with who is a member on its first day.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{ClusterPurpose, Sector, YearCalendar, YearPhase};
use thidua_entity::{cluster, emulation_participant, emulation_year};
use uuid::Uuid;

use super::planning::told;
use super::{phases, usable_criteria};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::years::plan::{Days, Plan};
use crate::years::store::{self, View};
use crate::{clusters, db, idempotency, input, units};

/// A year to be opened.
#[derive(Serialize)]
pub struct NewYear<'a> {
    /// The cluster.
    pub cluster: Uuid,
    /// Its theme.
    pub theme: Option<&'a str>,
    /// Its days.
    pub plan: Plan,
    /// Whether points of others are hidden from a scorer until its own are in.
    pub blind: bool,
    /// The version of the criteria set that it is scored by, if that is known.
    pub criteria_version: Option<Uuid>,
}

/// Opens a year of a cluster. Who is a member on the first day takes part: schools by the school year, when it has a span for that, the
/// others by the calendar year. Under the same key the first year is the answer again.
pub async fn create(env: &Env, actor: &Actor, new: NewYear<'_>, key: Option<&str>) -> Result<emulation_year::Model> {
    let theme = input::line_or_none("theme", new.theme)?;
    new.plan.check()?;
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "EMULATION_YEAR_CREATED", &new).await? {
        return store::find(&tx, &View::of(actor, today), first).await;
    }
    let cluster = clusters::store::find(&tx, &reach, new.cluster, today).await?;
    let place = clusters::store::place(&tx, &cluster, today).await?;
    let actor = &policy::authorize(actor, Action::YearManage, &place)?;
    let cluster = clusters::store::lock(&tx, cluster.id).await?;
    emulates(&cluster, new.plan.span)?;
    if let Some(version) = new.criteria_version {
        usable_criteria(&tx, env, actor, &place, version).await?;
    }
    let members = members_on(&tx, cluster.id, new.plan.span.from).await?;
    if members.is_empty() {
        return Err(Error::invalid(
            "NO_MEMBERS",
            "startsOn",
            "Ngày này cụm chưa có thành viên nào; hãy chọn ngày mà các thành viên đã tham gia cụm.",
            "The cluster has no member on this day; choose one on which its members belong to it.",
        ));
    }
    let id = env.new_id();
    let year = emulation_year::ActiveModel {
        id: Set(id),
        cluster_id: Set(cluster.id),
        year: Set(new.plan.year),
        theme: Set(theme.clone()),
        starts_on: Set(new.plan.span.from),
        ends_on: Set(new.plan.span.to),
        school_starts_on: Set(new.plan.school.map(|days| days.from)),
        school_ends_on: Set(new.plan.school.map(|days| days.to)),
        phase: Set(YearPhase::Planned),
        criteria_version_id: Set(new.criteria_version),
        criteria_digest: Set(None),
        blind: Set(new.blind),
        objection_days: Set(new.plan.objection_days),
        version: Set(1),
        created_at: Set(env.now()),
    }
    .insert(&tx)
    .await?;
    store::put_phases(&tx, id, &new.plan.phases).await?;
    phases::take_step(&tx, env, actor, &year, None).await?;
    let participants = participants(&tx, env, &year, &members).await?;
    let detail = json!({
        "clusterId": cluster.id, "year": year.year, "theme": theme, "plan": told(&new.plan), "blind": new.blind,
        "criteriaVersionId": new.criteria_version, "participants": members,
    });
    store::add_participants(&tx, participants).await?;
    let event = Event("EMULATION_YEAR_CREATED");
    audit::record(&tx, env, actor, event, (Kind::EmulationYear, id), detail).await?;
    idempotency::remember(&tx, actor, key, id).await?;
    tx.commit().await?;
    Ok(year)
}

/// A cluster for emulation that is there on each day of the span.
pub(super) fn emulates(cluster: &cluster::Model, span: Days) -> Result<()> {
    if cluster.purpose != ClusterPurpose::Emulation {
        return Err(Error::invalid(
            "CLUSTER_NOT_FOR_EMULATION",
            "clusterId",
            "Đây chỉ là địa bàn quản lý, không phải cụm thi đua.",
            "This is an area of management only, not a cluster for emulation.",
        ));
    }
    let life = Span::from(cluster);
    for (field, day) in [("startsOn", span.from), ("endsOn", span.to)] {
        if !life.holds_on(day) {
            return Err(Error::invalid(
                "CLUSTER_NOT_ACTIVE",
                field,
                format!(
                    "Cụm “{}” không hoạt động ngày {}.",
                    cluster.name,
                    day.format("%d/%m/%Y")
                ),
                format!("“{}” is not there on {day}.", cluster.name),
            ));
        }
    }
    Ok(())
}

/// The members of a cluster on a day, by name.
async fn members_on(connection: &impl ConnectionTrait, cluster: Uuid, day: NaiveDate) -> Result<Vec<Uuid>> {
    let memberships = clusters::store::memberships(connection, &[cluster]).await?;
    let on_day = memberships.iter().filter(|row| Span::from(*row).holds_on(day));
    Ok(on_day.map(|row| row.unit_id).collect())
}

async fn participants(
    tx: &impl ConnectionTrait,
    env: &Env,
    year: &emulation_year::Model,
    members: &[Uuid],
) -> Result<Vec<emulation_participant::ActiveModel>> {
    let units = units::store::find_many(tx, &Reach::everything(), members, env.today()).await?;
    let calendar = |id: &Uuid| {
        let unit = units.iter().find(|unit| unit.id == *id);
        calendar_of(unit.and_then(|unit| unit.sector), year)
    };
    let row = |id: &Uuid| emulation_participant::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        unit_id: Set(*id),
        calendar: Set(calendar(id)),
        note: Set(None),
        withdrawn_on: Set(None),
        withdrawn_reason: Set(None),
        version: Set(1),
    };
    Ok(members.iter().map(row).collect())
}

/// By which calendar a unit of a sector is judged when nobody says otherwise: schools follow the school year.
pub(super) fn calendar_of(sector: Option<Sector>, year: &emulation_year::Model) -> YearCalendar {
    match sector {
        Some(Sector::Education) if year.school_starts_on.is_some() => YearCalendar::SchoolYear,
        _ => YearCalendar::Year,
    }
}
