//! Opening an emulation year, and saying anew what was planned.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::enums::{ClusterPurpose, PactState, Sector, YearCalendar, YearPhase};
use thidua_entity::{cluster, emulation_participant, emulation_year};
use uuid::Uuid;

use super::{managed, phases, place, usable_criteria};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::version::Seen;
use crate::years::plan::{Days, Plan};
use crate::years::{pact, state, store};
use crate::{clusters, db, input, units};

/// A year to be opened.
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
/// others by the calendar year.
pub async fn create(env: &Env, actor: &Actor, new: NewYear<'_>) -> Result<emulation_year::Model> {
    let theme = input::line_or_none("theme", new.theme)?;
    new.plan.check()?;
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
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
    tx.commit().await?;
    Ok(year)
}

/// A cluster for emulation that is there on each day of the span.
fn emulates(cluster: &cluster::Model, span: Days) -> Result<()> {
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

/// What may be said anew of a year. What is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct YearChange {
    /// The theme; `Some(None)` when there is none.
    pub theme: Option<Option<String>>,
    /// First day of the span.
    pub starts_on: Option<NaiveDate>,
    /// Last day of the span.
    pub ends_on: Option<NaiveDate>,
    /// First day of the span of the school year; `Some(None)` when there is none.
    pub school_starts_on: Option<Option<NaiveDate>>,
    /// Last day of the span of the school year.
    pub school_ends_on: Option<Option<NaiveDate>>,
    /// When phases are planned to begin, all of them.
    pub phases: Option<Vec<(YearPhase, NaiveDate)>>,
    /// Whether points of others are hidden.
    pub blind: Option<bool>,
    /// Days in which a unit may object.
    pub objection_days: Option<i32>,
    /// The version of the criteria set; `Some(None)` when none is chosen any more.
    pub criteria_version: Option<Option<Uuid>>,
}

/// Changes what was planned, until scoring begins; theme and planned days until the result is published. The criteria only while no pact
/// binds the members to those that there are.
pub async fn update(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    change: YearChange,
) -> Result<emulation_year::Model> {
    use YearPhase::{Planned, Registering, Running};
    let theme = match &change.theme {
        Some(theme) => Some(input::line_or_none("theme", theme.as_deref())?),
        None => None,
    };
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year) = managed(&tx, env, actor, id, Action::YearManage).await?;
    if year.phase == YearPhase::Published {
        return Err(published());
    }
    let plan = changed_plan(&tx, &year, &change).await?;
    let criteria = change.criteria_version.unwrap_or(year.criteria_version_id);
    let binding = plan.span != span_of(&year)
        || plan.school != school_of(&year)
        || plan.objection_days != year.objection_days
        || change.blind.is_some_and(|blind| blind != year.blind)
        || criteria != year.criteria_version_id;
    if binding {
        state::demand(year.phase, &[Planned, Registering, Running])?;
    }
    seen.check(year.version)?;
    plan.check()?;
    let place = place(&tx, env, &year).await?;
    if plan.span != span_of(&year) {
        let cluster = clusters::store::find(&tx, &Reach::everything(), year.cluster_id, env.today()).await?;
        emulates(&cluster, plan.span)?;
    }
    if plan.school.is_none() {
        nobody_follows_the_school_year(&tx, id).await?;
    }
    if criteria != year.criteria_version_id {
        no_pact_binds(&tx, id).await?;
        if let Some(version) = criteria {
            usable_criteria(&tx, env, actor, &place, version).await?;
        }
    }
    let mut row = emulation_year::ActiveModel {
        starts_on: Set(plan.span.from),
        ends_on: Set(plan.span.to),
        school_starts_on: Set(plan.school.map(|days| days.from)),
        school_ends_on: Set(plan.school.map(|days| days.to)),
        objection_days: Set(plan.objection_days),
        blind: Set(change.blind.unwrap_or(year.blind)),
        criteria_version_id: Set(criteria),
        ..Default::default()
    };
    if let Some(theme) = theme {
        row.theme = Set(theme);
    }
    let changed = store::update(&tx, &year, row).await?;
    if change.phases.is_some() {
        store::put_phases(&tx, id, &plan.phases).await?;
    }
    let detail = json!({
        "theme": changed.theme, "plan": told(&plan), "blind": changed.blind,
        "before": { "criteriaVersionId": year.criteria_version_id }, "criteriaVersionId": criteria,
    });
    let event = Event("EMULATION_YEAR_CHANGED");
    audit::record(&tx, env, actor, event, (Kind::EmulationYear, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// What is published stays as it is.
pub(super) fn published() -> Error {
    Error::WrongState(Text::new(
        "Kết quả năm thi đua đã công bố nên không sửa được nữa.",
        "The result of the year is published; nothing of it changes any more.",
    ))
}

fn span_of(year: &emulation_year::Model) -> Days {
    Days {
        from: year.starts_on,
        to: year.ends_on,
    }
}

fn school_of(year: &emulation_year::Model) -> Option<Days> {
    let (from, to) = (year.school_starts_on?, year.school_ends_on?);
    Some(Days { from, to })
}

async fn changed_plan(tx: &impl ConnectionTrait, year: &emulation_year::Model, change: &YearChange) -> Result<Plan> {
    let phases = match &change.phases {
        Some(phases) => phases.clone(),
        None => {
            let rows = store::phases(tx, &[year.id]).await?;
            rows.into_iter().map(|row| (row.phase, row.starts_on)).collect()
        }
    };
    let school = (
        change.school_starts_on.unwrap_or(year.school_starts_on),
        change.school_ends_on.unwrap_or(year.school_ends_on),
    );
    Ok(Plan {
        year: year.year,
        span: Days {
            from: change.starts_on.unwrap_or(year.starts_on),
            to: change.ends_on.unwrap_or(year.ends_on),
        },
        school: Plan::school(school)?,
        phases,
        objection_days: change.objection_days.unwrap_or(year.objection_days),
    })
}

async fn nobody_follows_the_school_year(tx: &impl ConnectionTrait, year: Uuid) -> Result<()> {
    let participants = store::participants(tx, &[year]).await?;
    if participants.iter().all(|row| row.calendar == YearCalendar::Year) {
        return Ok(());
    }
    Err(Error::invalid(
        "SCHOOL_SPAN_NEEDED",
        "schoolStartsOn",
        "Còn đơn vị được xét theo năm học; hãy chuyển các đơn vị đó sang năm dương lịch trước.",
        "Some units are judged by the school year; let them follow the calendar year first.",
    ))
}

/// While members have agreed on a pact, its criteria stay.
async fn no_pact_binds(tx: &impl ConnectionTrait, year: Uuid) -> Result<()> {
    let pacts = store::pacts(tx, &[year]).await?;
    let bound = pacts
        .iter()
        .any(|row| pact::is_fixed(row.state) && row.state != PactState::Ended);
    if !bound {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Giao ước đã thống nhất theo bảng điểm hiện tại; muốn đổi bảng điểm thì kết thúc giao ước (endPact) rồi lập giao ước mới.",
        "The pact was agreed on the present criteria; to change them, end it (endPact) and begin another.",
    )))
}

fn told(plan: &Plan) -> Value {
    json!({
        "startsOn": plan.span.from, "endsOn": plan.span.to,
        "schoolStartsOn": plan.school.map(|days| days.from), "schoolEndsOn": plan.school.map(|days| days.to),
        "objectionDays": plan.objection_days, "phases": plan.phases,
    })
}
