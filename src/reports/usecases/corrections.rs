//! Correcting what was approved: nothing is overwritten, another report takes its place.

use sea_orm::Set;
use serde_json::json;
use thidua_entity::enums::{ReportAction, ReportStatus};
use thidua_entity::report_submission;

use super::steps::{Beginning, Begun, Step, begin};
use super::taking::{Taking, event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::reports::store;
use crate::{audit, idempotency, input, version};

/// Begins a correction of an approved report: a report of its own with the same figures, which are then changed, sent and approved like
/// any other. Until its approval the corrected one counts; from then on it stands aside, unchanged. There is one correction at a
/// time.
pub async fn correct(env: &Env, actor: &Actor, step: &Step<'_>, reason: &str) -> Result<report_submission::Model> {
    let reason = input::paragraph("reason", reason)?;
    let Beginning {
        tx,
        taking: Taking { actor, report },
        action,
        key,
    } = match begin(env, actor, step, ReportAction::Correct, &(step, &reason)).await? {
        Begun::New(begun) => *begun,
        Begun::Done(correction) => return Ok(*correction),
    };
    let (now, corrected) = (env.now(), &report);
    let touched = report_submission::ActiveModel {
        updated_at: Set(now),
        ..Default::default()
    };
    let corrected = store::update(&tx, corrected, corrected.version, touched).await?;
    let correction = report_submission::Model {
        id: env.new_id(),
        revision: version::next(corrected.revision),
        corrects_id: Some(corrected.id),
        correction_reason: Some(reason.clone()),
        status: ReportStatus::Draft,
        submitted_at: None,
        approved_at: None,
        author_id: None,
        returned_version: None,
        figures_locked: false,
        version: 1,
        created_at: now,
        updated_at: now,
        ..corrected.clone()
    };
    store::insert(&tx, &correction).await?;
    store::copy_figures(&tx, corrected.id, correction.id).await?;
    store::copy_writers(&tx, corrected.id, correction.id).await?;
    store::add_writers(&tx, correction.id, actor.authors()).await?;
    let by = (&actor, Some(reason.as_str()));
    let steps = [(&corrected, action), (&correction, ReportAction::Create)];
    let steps = steps.map(|(report, action)| store::step(env.new_id(), report, action, by, now));
    store::add_steps(&tx, steps.into()).await?;
    let (subject, detail) = (
        (Kind::ReportSubmission, corrected.id),
        json!({ "correctionId": correction.id, "reason": reason }),
    );
    audit::record(&tx, env, &actor, event(action), subject, detail).await?;
    idempotency::remember(&tx, &actor, key, correction.id).await?;
    tx.commit().await?;
    Ok(correction)
}
