//! Saying anew what was planned of an emulation year.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::{Value, json};
use thidua_entity::emulation_year;
use thidua_entity::enums::{PactState, YearCalendar, YearPhase};
use uuid::Uuid;

use super::opening::emulates;
use super::{managed, phases, place, usable_criteria};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{Action, Reach};
use crate::version::Seen;
use crate::years::plan::{Days, Plan};
use crate::years::{pact, state, store};
use crate::{clusters, db, input};

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

/// Changes what was planned, until scoring begins; theme and planned days until the result is published. What units are judged by only
/// until one of them has begun its score sheet, and the criteria only while no pact binds the members to those that there are.
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
    let before = changed_plan(&tx, &year, &YearChange::default()).await?;
    let plan = changed_plan(&tx, &year, &change).await?;
    let criteria = change.criteria_version.unwrap_or(year.criteria_version_id);
    let judged_by = plan.span != span_of(&year)
        || plan.school != school_of(&year)
        || change.blind.is_some_and(|blind| blind != year.blind)
        || criteria != year.criteria_version_id;
    if judged_by || plan.objection_days != year.objection_days {
        state::demand(year.phase, &[Planned, Registering, Running])?;
    }
    seen.check(year.version)?;
    if judged_by && store::scoring_has_begun(&tx, id).await? {
        return Err(Error::WrongState(Text::new(
            "Đã có đơn vị bắt đầu chấm điểm theo bảng điểm, thời gian và cách chấm này nên không đổi được nữa.",
            "A unit has begun its score sheet by these criteria and days; they cannot be changed any more.",
        )));
    }
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
    if year.criteria_digest.is_some() && criteria != year.criteria_version_id {
        // Where they are frozen without a pact, and nobody has begun to score: these are frozen then.
        row.criteria_digest = Set(phases::digest(&tx, criteria).await?);
    }
    if let Some(theme) = theme {
        row.theme = Set(theme);
    }
    let changed = store::update(&tx, &year, row).await?;
    if change.phases.is_some() {
        store::put_phases(&tx, id, &plan.phases).await?;
    }
    let saying = |row: &emulation_year::Model, plan: &Plan| json!({ "theme": row.theme, "plan": told(plan), "blind": row.blind, "criteriaVersionId": row.criteria_version_id });
    let detail = json!({ "before": saying(&year, &before), "after": saying(&changed, &plan) });
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

pub(super) fn told(plan: &Plan) -> Value {
    json!({
        "startsOn": plan.span.from, "endsOn": plan.span.to,
        "schoolStartsOn": plan.school.map(|days| days.from), "schoolEndsOn": plan.school.map(|days| days.to),
        "objectionDays": plan.objection_days, "phases": plan.phases,
    })
}
