//! Setting periods, and until when reports are in time.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use thidua_entity::enums::PeriodKind;
use thidua_entity::{period, report_form};
use uuid::Uuid;

use super::{managed_form, owner_place};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::forms::deadline::GRACE_MAX;
use crate::forms::store::{self, FormDueDay, View};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::{db, input, units, version};

/// A period to be set.
pub struct NewPeriod {
    /// The unit that sets it, for the units below.
    pub owner: Uuid,
    /// Short code, unique for the owner.
    pub code: String,
    /// Name.
    pub name: String,
    /// What kind of span.
    pub kind: PeriodKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
    /// Last day on which a report is in time.
    pub due_on: Option<NaiveDate>,
}

/// Sets a period. Periods of one kind that the same units use never overlap, so that their flows can be added; spans of any
/// other kind (`CUSTOM`) may lie as they like, for they are never added.
pub async fn create_period(env: &Env, actor: &Actor, new: NewPeriod) -> Result<period::Model> {
    let code = input::code("code", &new.code)?;
    let name = input::line("name", &new.name)?;
    for (field, day) in [
        ("startsOn", Some(new.starts_on)),
        ("endsOn", Some(new.ends_on)),
        ("dueOn", new.due_on),
    ] {
        if let Some(day) = day {
            input::plausible_day(field, day)?;
        }
    }
    if new.ends_on < new.starts_on {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "endsOn",
            "Ngày cuối kỳ không thể trước ngày đầu kỳ.",
            "A period cannot end before it starts.",
        ));
    }
    let tx = db::begin_write(&env.db).await?;
    let place = units::store::find_place(&tx, &policy::reach(actor), new.owner, env.today()).await?;
    let actor = &policy::authorize(actor, Action::PeriodManage, &place)?;
    // Units above and below set periods that these units use too; two of them do not see each other's until one is done.
    db::wait_for_turn(&tx, db::Turn::Periods).await?;
    if new.kind != PeriodKind::Custom {
        let span = (new.starts_on, new.ends_on);
        let touching = store::periods_in_the_way(&tx, new.owner, new.kind, span, env.today()).await?;
        if let Some(other) = touching.first() {
            return Err(Error::invalid(
                "PERIODS_OVERLAP",
                "startsOn",
                format!(
                    "Trùng ngày với kỳ cùng loại «{}» ({} – {}).",
                    other.name, other.starts_on, other.ends_on
                ),
                format!(
                    "It shares days with “{}” of the same kind ({} – {}).",
                    other.name, other.starts_on, other.ends_on
                ),
            ));
        }
    }
    let period = period::ActiveModel {
        id: Set(env.new_id()),
        owner_id: Set(new.owner),
        code: Set(code.clone()),
        name: Set(name),
        kind: Set(new.kind),
        starts_on: Set(new.starts_on),
        ends_on: Set(new.ends_on),
        due_on: Set(new.due_on),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("PERIOD_CREATED"),
        (Kind::Period, period.id),
        json!({ "code": code }),
    )
    .await?;
    tx.commit().await?;
    Ok(period)
}

/// Changes the due day of a period; its span stays, for reports rest on it.
pub async fn set_due_day(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    due_on: Option<NaiveDate>,
) -> Result<period::Model> {
    if let Some(day) = due_on {
        input::plausible_day("dueOn", day)?;
    }
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    let period = store::find_period(&tx, View::new(&reach, env.today()), id).await?;
    let actor = &policy::authorize(
        actor,
        Action::PeriodManage,
        &owner_place(&tx, env, period.owner_id).await?,
    )?;
    db::one_changed(store::set_due_day(&tx, id, version, due_on).await?, period.version)?;
    let detail = json!({ "before": period.due_on, "after": due_on });
    audit::record(&tx, env, actor, Event("PERIOD_DUE_DAY_SET"), (Kind::Period, id), detail).await?;
    tx.commit().await?;
    Ok(period::Model {
        due_on,
        version: version::next(version),
        ..period
    })
}

/// Gives a form a due day of its own for a period, or takes it away again: then the period's holds. It may lie before the period
/// ends. What is there already changes nothing, so that who lost the answer may ask again.
pub async fn set_form_due_day(
    env: &Env,
    actor: &Actor,
    (form, period): (Uuid, Uuid),
    version: Option<i32>,
    day: Option<FormDueDay>,
) -> Result<report_form::Model> {
    if let Some(day) = day {
        plausible(day)?;
    }
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let reach = policy::reach(actor);
    let view = View::new(&reach, env.today());
    let period = store::find_period(&tx, view, period).await?;
    fits(&found, &period)?;
    let before = store::due_day_of(&tx, form, period.id).await?;
    if before.as_ref().map(FormDueDay::from) == day {
        return Ok(found);
    }
    if before.as_ref().map(|before| before.version) != version {
        let current = before.map_or(0, |before| before.version);
        return Err(Error::StaleVersion { current });
    }
    match (day, &before) {
        (Some(day), before) => store::put_due_day(&tx, (form, period.id), before.as_ref(), day).await?,
        (None, Some(before)) => store::delete_due_day(&tx, before).await?,
        (None, None) => {}
    }
    let told = |day: FormDueDay| json!({ "dueOn": day.due_on, "opensOn": day.opens_on, "graceDays": day.grace_days });
    let before = before.as_ref().map(FormDueDay::from).map(told);
    let detail = json!({ "periodId": period.id, "before": before, "after": day.map(told) });
    let event = Event("FORM_DUE_DAY_SET");
    audit::record(&tx, env, actor, event, (Kind::ReportForm, form), detail).await?;
    tx.commit().await?;
    Ok(found)
}

fn plausible(day: FormDueDay) -> Result<()> {
    input::plausible_day("dueOn", day.due_on)?;
    if let Some(opens_on) = day.opens_on {
        input::plausible_day("opensOn", opens_on)?;
    }
    if day.opens_on.is_some_and(|opens| opens > day.due_on) {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "opensOn",
            "Ngày mở không thể sau hạn báo cáo.",
            "A form cannot open after it is due.",
        ));
    }
    if (0..=GRACE_MAX).contains(&day.grace_days) {
        return Ok(());
    }
    Err(Error::invalid(
        "OUT_OF_BOUNDS",
        "graceDays",
        format!("Số ngày ân hạn từ 0 đến {GRACE_MAX}."),
        format!("The days of grace are 0 to {GRACE_MAX}."),
    ))
}

/// The period is of the kind for which the form is filled in.
pub fn fits(form: &report_form::Model, period: &period::Model) -> Result<()> {
    if period.kind == form.periodicity {
        return Ok(());
    }
    let (name, wanted, kind) = (&form.name, form.periodicity.code(), period.kind.code());
    Err(Error::invalid(
        "PERIOD_KIND",
        "periodId",
        format!("Biểu «{name}» báo cáo theo kỳ {wanted}; kỳ đã chọn là {kind}."),
        format!("The form “{name}” is for periods of kind {wanted}; this one is {kind}."),
    ))
}
