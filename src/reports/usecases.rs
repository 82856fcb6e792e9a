//! What is done with reports. Beginning one is here, all else in files of its own.

use sea_orm::ConnectionTrait;
use serde_json::json;
use thidua_entity::enums::{FormState, ReportAction, ReportStatus};
use thidua_entity::{audit_entry, period, report_form, report_form_version, report_submission, unit};
use uuid::Uuid;

use super::{state, store};
use crate::audit;
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::store::View;
use crate::ids::Kind;
use crate::policy::{self, Place};
use crate::{db, forms, idempotency, units};

mod comments;
mod corrections;
pub mod difference;
pub mod findings;
pub mod overtaken;
mod reviews;
mod save;
mod sheets;
mod steps;
pub mod suggestions;
pub mod summary;
mod taking;

pub use comments::{NewComment, Remark, answer, comment, resolve, unlock};
pub use corrections::correct;
pub use reviews::{REVIEWED_MAX, Review, Reviewed, review};
pub use save::{Saving, TypedFigure, save};
pub use sheets::{
    FillMode, FilledIn, FilledInUnits, Outcome, TakenFigure, UnitOutcome, fill_in, fill_in_units, may_fill_in,
    may_fill_in_units, sheet, sheet_of_units,
};
pub use steps::{SendBack, Step, approve, send_back, submit, verify};
use taking::event;
pub use taking::may;

/// A report to be begun.
pub struct NewReport<'a> {
    /// The id that the client has given it, so that it can write into it before it is heard of here; `None` to be given one.
    pub id: Option<Uuid>,
    /// The unit that reports.
    pub unit: Uuid,
    /// The form.
    pub form: Uuid,
    /// The period.
    pub period: Uuid,
    /// A key under which the report is begun once, however often it is asked for.
    pub key: Option<&'a str>,
}

/// Begins a report of a unit on a form for a period, on the version of the form that is published now. Under the same key, or with
/// the same id, the report that was begun first is the answer again.
pub async fn create(env: &Env, actor: &Actor, new: NewReport<'_>) -> Result<report_submission::Model> {
    let NewReport {
        id,
        unit,
        form,
        period,
        key,
    } = new;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "CREATE_REPORT", &(unit, form, period)).await?
    {
        return store::find(&tx, &policy::reach(actor), first, env.today()).await;
    }
    if let Some(id) = id
        && let Some(first) = begun_with(&tx, env, actor, id, (unit, form, period)).await?
    {
        return Ok(first);
    }
    let (reach, today) = (policy::reach(actor), env.today());
    let view = View::new(&reach, today);
    let unit = units::store::find(&tx, &reach.by_place(), unit, today).await?;
    let place = units::store::place(&tx, &unit, today).await?;
    let actor = &policy::authorize(actor, state::permission(ReportAction::Create), &place)?;
    let form = forms::store::find_form(&tx, view, form).await?;
    let period = forms::store::find_period(&tx, view, period).await?;
    let version = published(&tx, form.id).await?;
    forms::usecases::fits(&form, &period)?;
    lived_through(&unit, &period, &place)?;
    fills_in(&tx, &unit, (version.id, period.id)).await?;
    is_open(&tx, env, &form, &period).await?;
    if store::existing(&tx, (unit.id, form.id, period.id)).await?.is_some() {
        return Err(Error::AlreadyExists("report_submission".to_owned()));
    }
    let report = draft(env, id.unwrap_or_else(|| env.new_id()), &unit, &period, &version);
    store::insert(&tx, &report).await?;
    let begun = store::step(
        env.new_id(),
        &report,
        ReportAction::Create,
        (actor, None),
        report.created_at,
    );
    store::add_steps(&tx, vec![begun]).await?;
    audit::record_all(&tx, vec![begun_trace(env, actor, &report)]).await?;
    store::add_writers(&tx, report.id, actor.authors()).await?;
    idempotency::remember(&tx, actor, key, report.id).await?;
    tx.commit().await?;
    Ok(report)
}

/// The version of a form that is published now.
async fn published(tx: &impl ConnectionTrait, form: Uuid) -> Result<report_form_version::Model> {
    let version = forms::store::published(tx, form).await?;
    let version = version
        .ok_or_else(|| Error::WrongState(Text::new("Biểu mẫu chưa được ban hành.", "The form is not published.")))?;
    debug_assert_eq!(version.state, FormState::Published);
    Ok(version)
}

/// A report that is begun now.
fn draft(
    env: &Env,
    id: Uuid,
    unit: &unit::Model,
    period: &period::Model,
    version: &report_form_version::Model,
) -> report_submission::Model {
    let now = env.now();
    report_submission::Model {
        id,
        unit_id: unit.id,
        period_id: period.id,
        form_id: version.form_id,
        form_version_id: version.id,
        period_ends_on: period.ends_on,
        revision: 1,
        corrects_id: None,
        correction_reason: None,
        status: ReportStatus::Draft,
        late: false,
        note: None,
        submitted_at: None,
        approved_at: None,
        author_id: None,
        returned_version: None,
        figures_locked: false,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// What the audit keeps of beginning a report.
fn begun_trace(env: &Env, actor: &Actor, report: &report_submission::Model) -> audit_entry::ActiveModel {
    let detail = json!({ "unitId": report.unit_id, "formId": report.form_id, "periodId": report.period_id });
    let subject = (Kind::ReportSubmission, report.id);
    audit::entry(env, actor, event(ReportAction::Create), subject, &detail)
}

/// The report that was begun with an id that a client has given, if it was: whoever repeats a request is answered with its report.
async fn begun_with(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    (unit, form, period): (Uuid, Uuid, Uuid),
) -> Result<Option<report_submission::Model>> {
    if id.get_version_num() != 7 {
        return Err(Error::invalid(
            "ID_NOT_V7",
            "id",
            "Mã do ứng dụng tự đặt phải là UUID phiên bản 7 (RFC 9562), viết sau `report_`.",
            "An id that the client gives must be a UUID version 7 (RFC 9562), written after `report_`.",
        ));
    }
    match store::find(tx, &policy::reach(actor), id, env.today()).await {
        Ok(report) if (report.unit_id, report.form_id, report.period_id) == (unit, form, period) => Ok(Some(report)),
        Ok(_) => Err(Error::invalid(
            "ID_TAKEN",
            "id",
            "Mã này đã dùng cho một báo cáo khác; hãy tạo mã mới.",
            "This id is that of another report; make a new one.",
        )),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The report is one that a summary expects: the unit fills in the form when the period ends.
async fn fills_in(tx: &impl ConnectionTrait, unit: &unit::Model, of: (Uuid, Uuid)) -> Result<()> {
    if forms::store::filling::is_expected(tx, unit.id, of).await? {
        return Ok(());
    }
    Err(Error::invalid(
        "FORM_NOT_FOR_UNIT",
        "formId",
        format!(
            "Biểu này không dành cho «{}» (loại đơn vị, lĩnh vực, quy mô hoặc cấp trên).",
            unit.name
        ),
        format!(
            "This form is not for “{}” (its kind, sector, size, or the units above it).",
            unit.name
        ),
    ))
}

/// The form can be filled in by now.
async fn is_open(
    tx: &impl ConnectionTrait,
    env: &Env,
    form: &report_form::Model,
    period: &period::Model,
) -> Result<()> {
    let own = forms::store::due_day_of(tx, form.id, period.id).await?;
    match own.and_then(|own| own.opens_on) {
        Some(opens) if env.today() < opens => {
            let opens = opens.format("%d/%m/%Y");
            Err(Error::WrongState(Text::new(
                format!("Biểu «{}» của kỳ «{}» mở từ {opens}.", form.name, period.name),
                format!("The form “{}” opens for “{}” on {opens}.", form.name, period.name),
            )))
        }
        _ => Ok(()),
    }
}

/// The period is set for the unit, and the unit is there when it ends. What comes after would refuse it too, but could not tell
/// why.
fn lived_through(unit: &unit::Model, period: &period::Model, place: &Place) -> Result<()> {
    let founded = unit.founded_on.is_none_or(|founded| founded <= period.ends_on);
    let alive = unit.ended_on.is_none_or(|ended| ended > period.ends_on);
    if founded && alive && place.lineage.contains(&period.owner_id) {
        return Ok(());
    }
    Err(Error::invalid(
        "PERIOD_NOT_FOR_UNIT",
        "periodId",
        format!(
            "Kỳ «{}» không dành cho «{}», hoặc đơn vị không hoạt động vào cuối kỳ.",
            period.name, unit.name
        ),
        format!(
            "The period “{}” is not for “{}”, or the unit was not there when it ended.",
            period.name, unit.name
        ),
    ))
}
