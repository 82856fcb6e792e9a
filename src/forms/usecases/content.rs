//! Writing what the next version of a form holds.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{Aggregation, FormState};
use thidua_entity::{indicator, report_form, report_form_version};
use uuid::Uuid;

use super::{managed_form, rules};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::forms::content::{self, FormContent, Offer};
use crate::forms::store;
use crate::ids::Kind;
use crate::{db, version};

/// Writes the next version of a form as a draft, or the draft that there is anew. `seen` is the version of the draft that the
/// caller saw; none when there is none yet.
pub async fn write_form_draft(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    content: FormContent,
    seen: Option<i32>,
) -> Result<report_form::Model> {
    let mut content = content.checked()?;
    let level = content.filled_in_by.level()?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let indicators = indicators(&tx, &content).await?;
    content.rules = rules::sound(&content, &indicators).await?;
    let versions = store::versions(&tx, &[form]).await?;
    same_level(&tx, &versions, level).await?;
    let draft = draft(&tx, env, versions.into_iter().next(), (form, &content), seen).await?;
    store::put_content(&tx, draft.id, &content, &indicators).await?;
    let detail = json!({ "number": draft.number, "items": indicators.len(), "rules": content.rules.len() });
    let event = Event("FORM_DRAFT_WRITTEN");
    audit::record(&tx, env, actor, event, (Kind::ReportForm, form), detail).await?;
    tx.commit().await?;
    Ok(found)
}

/// The draft to be written, at its next version: the newest version if it is one still, else a new one.
async fn draft(
    tx: &impl ConnectionTrait,
    env: &Env,
    newest: Option<report_form_version::Model>,
    (form, content): (Uuid, &FormContent),
    seen: Option<i32>,
) -> Result<report_form_version::Model> {
    match newest {
        Some(draft) if draft.state == FormState::Draft => {
            if seen != Some(draft.version) {
                return Err(Error::StaleVersion { current: draft.version });
            }
            db::one_changed(store::set_head(tx, &draft, content).await?, draft.version)?;
            Ok(report_form_version::Model {
                version: version::next(draft.version),
                ..draft
            })
        }
        newest => {
            if seen.is_some() {
                // The draft that the caller saw has been published since; writing would begin another one unasked.
                let current = newest.map_or(0, |newest| newest.version);
                return Err(Error::StaleVersion { current });
            }
            let row = report_form_version::ActiveModel {
                id: Set(env.new_id()),
                form_id: Set(form),
                number: Set(newest.map_or(1, |newest| version::next(newest.number))),
                state: Set(FormState::Draft),
                published_at: Set(None),
                version: Set(1),
                ..store::head(content)
            };
            Ok(row.insert(tx).await?)
        }
    }
}

/// The level does not change from version to version, for a summary adds the reports of all of them.
async fn same_level(tx: &impl ConnectionTrait, versions: &[report_form_version::Model], level: u8) -> Result<()> {
    let published: Vec<Uuid> = versions
        .iter()
        .filter(|one| one.state != FormState::Draft)
        .map(|one| one.id)
        .collect();
    if store::kinds(tx, &published)
        .await?
        .iter()
        .all(|row| row.unit_kind.level() == level)
    {
        return Ok(());
    }
    Err(Error::invalid(
        "LEVEL_CHANGED",
        "unitKinds",
        "Các phiên bản trước của biểu do cấp khác báo cáo; hãy lập biểu mới cho cấp này.",
        "Earlier versions of the form are for another level; make another form for this one.",
    ))
}

/// The indicators of the items, in order. What an indicator does not allow is told item by item.
async fn indicators(tx: &impl ConnectionTrait, content: &FormContent) -> Result<Vec<indicator::Model>> {
    let codes: Vec<&str> = content.placed().map(|placed| placed.item.indicator.as_str()).collect();
    let known = store::indicators_by_code(tx, &codes).await?;
    let mut found: Vec<indicator::Model> = Vec::with_capacity(codes.len());
    let mut problems = Vec::new();
    for (section, one) in content.sections.iter().enumerate() {
        for (index, item) in one.items.iter().enumerate() {
            let path = format!("sections.{section}.items.{index}");
            let indicator = known.iter().find(|indicator| indicator.code == item.indicator);
            let twice = indicator.is_some_and(|indicator| found.iter().any(|one| one.id == indicator.id));
            match indicator {
                Some(indicator) if indicator.aggregation != Aggregation::Rate && !twice => {
                    problems.extend(item.problem(&path, &offer(indicator)));
                    found.push(indicator.clone());
                }
                other => problems.push(not_on_a_form(&path, &item.indicator, other)),
            }
        }
    }
    Problem::none(problems)?;
    Ok(found)
}

fn offer(indicator: &indicator::Model) -> Offer {
    Offer {
        is_number: content::is_number(indicator.number_form),
        bounds: store::indicator_bounds(indicator),
        dimensions: content::dimensions(indicator.by_women, indicator.by_sector),
    }
}

/// Why an indicator cannot stand where it does: there is none, it is computed, or it stands there already.
fn not_on_a_form(path: &str, code: &str, indicator: Option<&indicator::Model>) -> Problem {
    let (problem, vi, en) = match indicator {
        None => (
            "INDICATOR_UNKNOWN",
            format!("Không có chỉ tiêu mang mã `{code}`."),
            format!("There is no indicator with the code `{code}`."),
        ),
        Some(rate) if rate.aggregation == Aggregation::Rate => (
            "RATE_NOT_REPORTED",
            format!("Tỷ lệ `{code}` được tính từ các số liệu khác, không báo cáo trực tiếp."),
            format!("The rate `{code}` is computed from other figures and not reported."),
        ),
        Some(_) => (
            "TWICE",
            format!("Chỉ tiêu `{code}` có hai lần trong biểu."),
            format!("The indicator `{code}` is on the form twice."),
        ),
    };
    Problem::new(problem, format!("{path}.indicatorCode"), vi, en)
}
