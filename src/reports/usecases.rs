//! What is done with reports: beginning, writing, sending, sending back, verifying, approving.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{FormState, Nature, ReportAction, ReportStatus};
use thidua_entity::{indicator, period, report_submission, report_value, unit};
use uuid::Uuid;

use super::{state, store};
use crate::audit;
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::forms::store::View;
use crate::ids::Kind;
use crate::policy::{self, Place};
use crate::{db, forms, idempotency, input, numbers, text, units};

mod corrections;
mod reviews;
mod steps;
pub mod summary;
mod taking;

pub use corrections::correct;
pub use reviews::{REVIEWED_MAX, Review, Reviewed, review};
pub use steps::{Step, approve, send_back, submit, verify};
pub use taking::may;
use taking::{event, found};

/// Begins a report of a unit on a form for a period, on the version of the form that is published now. Under the same key
/// the report that was begun first is the answer again.
pub async fn create(
    env: &Env,
    actor: &Actor,
    (unit, form, period): (Uuid, Uuid, Uuid),
    key: Option<&str>,
) -> Result<report_submission::Model> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "CREATE_REPORT", &(unit, form, period)).await?
    {
        return store::find(&tx, &policy::reach(actor), first, env.today()).await;
    }
    let (reach, today) = (policy::reach(actor), env.today());
    let view = View { reach: &reach, today };
    let unit = units::store::find(&tx, &reach.by_place(), unit, today).await?;
    let place = units::store::place(&tx, &unit, today).await?;
    let actor = &policy::authorize(actor, state::permission(ReportAction::Create), &place)?;
    let form = forms::store::find_form(&tx, view, form).await?;
    let period = forms::store::find_period(&tx, view, period).await?;
    let version = forms::store::published(&tx, form.id)
        .await?
        .ok_or_else(|| Error::WrongState(Text::new("Biểu mẫu chưa được ban hành.", "The form is not published.")))?;
    debug_assert_eq!(version.state, FormState::Published);
    if period.kind != form.periodicity {
        return Err(Error::invalid(
            "PERIOD_KIND",
            "periodId",
            format!(
                "Biểu «{}» báo cáo theo kỳ {}; kỳ đã chọn là {}.",
                form.name,
                form.periodicity.code(),
                period.kind.code()
            ),
            format!(
                "The form “{}” is for periods of kind {}; this one is {}.",
                form.name,
                form.periodicity.code(),
                period.kind.code()
            ),
        ));
    }
    fills_in(&tx, &unit, version.id, form.owner_id, &place).await?;
    lived_through(&unit, &period, &place)?;
    if store::existing(&tx, (unit.id, form.id, period.id)).await?.is_some() {
        return Err(Error::AlreadyExists("report_submission".to_owned()));
    }
    let now = env.now();
    let report = report_submission::Model {
        id: env.new_id(),
        unit_id: unit.id,
        period_id: period.id,
        form_id: form.id,
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
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(&tx, &report).await?;
    let begun = store::step(env.new_id(), &report, ReportAction::Create, (actor, None), now);
    store::add_steps(&tx, vec![begun]).await?;
    let detail = json!({ "unitId": unit.id, "formId": form.id, "periodId": period.id });
    audit::record(
        &tx,
        env,
        actor,
        event(ReportAction::Create),
        (Kind::ReportSubmission, report.id),
        detail,
    )
    .await?;
    store::add_writers(&tx, report.id, actor.authors()).await?;
    idempotency::remember(&tx, actor, key, report.id).await?;
    tx.commit().await?;
    Ok(report)
}

/// The unit is of a kind that fills in the form, and stands below the unit that issues it.
async fn fills_in(
    tx: &impl ConnectionTrait,
    unit: &unit::Model,
    version: Uuid,
    owner: Uuid,
    place: &Place,
) -> Result<()> {
    let kinds = forms::store::kinds(tx, &[version]).await?;
    if kinds.iter().any(|row| row.unit_kind == unit.kind) && place.lineage.contains(&owner) {
        return Ok(());
    }
    Err(Error::invalid(
        "FORM_NOT_FOR_UNIT",
        "formId",
        format!("Biểu này không dành cho «{}».", unit.name),
        format!("This form is not for “{}”.", unit.name),
    ))
}

/// The period is set for the unit, and the unit was there when it ended: the same units that a summary expects.
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

/// A figure as it was typed. An empty text takes the figure out: missing is not zero.
pub struct TypedFigure {
    /// Code of the indicator.
    pub indicator: String,
    /// The text as typed.
    pub text: String,
    /// Actual or estimate.
    pub nature: Nature,
}

/// Writes figures of a report that is with its unit. All of them or none: a figure that cannot be read is told with its
/// field, and nothing is stored. Figures that are not named stay as they are.
pub async fn save(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    figures: &[TypedFigure],
    note: Option<Option<&str>>,
) -> Result<report_submission::Model> {
    input::list_size("figures", figures.len(), forms::usecases::ITEMS_MAX)?;
    let note = note.map(|note| input::paragraph_or_none("note", note)).transpose()?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, report) = found(&tx, env, actor, (id, &version.into()), ReportAction::Save).await?;
    let items = forms::store::items(&tx, &[report.form_version_id]).await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let indicators = forms::store::indicators(&tx, &ids).await?;
    let (touched, rows) = read_figures(env, &report, &indicators, figures)?;
    let mut change = report_submission::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    if let Some(note) = note {
        change.note = Set(note);
    }
    // The report's row first: whoever is too late waits there and learns it before a figure is touched.
    let saved = store::update(&tx, &report, version, change).await?;
    store::put_values(&tx, report.id, rows, &touched).await?;
    store::add_writers(&tx, report.id, actor.authors()).await?;
    let typed: Vec<_> = figures
        .iter()
        .map(|figure| json!({ figure.indicator.as_str(): figure.text }))
        .collect();
    let detail = json!({ "figures": typed });
    audit::record(
        &tx,
        env,
        actor,
        event(ReportAction::Save),
        (Kind::ReportSubmission, id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(saved)
}

/// Reads typed figures against the form: the indicators they touch, and the rows to write.
fn read_figures(
    env: &Env,
    report: &report_submission::Model,
    indicators: &[indicator::Model],
    figures: &[TypedFigure],
) -> Result<(Vec<Uuid>, Vec<report_value::ActiveModel>)> {
    let (mut touched, mut rows, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    for (index, figure) in figures.iter().enumerate() {
        let Some(indicator) = indicators.iter().find(|indicator| indicator.code == figure.indicator) else {
            problems.push(Problem::new(
                "INDICATOR_NOT_ON_FORM",
                format!("figures.{index}.indicatorCode"),
                format!("Biểu này không có chỉ tiêu `{}`.", figure.indicator),
                format!("This form has no indicator `{}`.", figure.indicator),
            ));
            continue;
        };
        if touched.contains(&indicator.id) {
            problems.push(Problem::new(
                "TWICE",
                format!("figures.{index}.indicatorCode"),
                format!("Chỉ tiêu `{}` được gửi hai lần.", figure.indicator),
                format!("The indicator `{}` is sent twice.", figure.indicator),
            ));
            continue;
        }
        touched.push(indicator.id);
        if figure.text.trim().is_empty() {
            continue;
        }
        match numbers::read(&figure.text, indicator.number_form) {
            Ok(reading) => rows.push(report_value::ActiveModel {
                submission_id: Set(report.id),
                indicator_id: Set(indicator.id),
                value: Set(reading.value),
                upper: Set(reading.upper),
                qualifier: Set(reading.qualifier),
                nature: Set(figure.nature),
                raw: Set(text::tidy(&figure.text)),
                updated_at: Set(env.now()),
            }),
            Err(unreadable) => problems.push(Problem {
                code: unreadable.code(),
                field: format!("figures.{index}.text"),
                text: unreadable.text(),
            }),
        }
    }
    if problems.is_empty() {
        Ok((touched, rows))
    } else {
        Err(Error::Invalid(problems))
    }
}
