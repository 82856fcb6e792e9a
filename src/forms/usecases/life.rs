//! Publishing and retiring versions of a form.

use serde_json::json;
use thidua_entity::enums::FormState;
use thidua_entity::report_form;
use uuid::Uuid;

use super::{managed_form, rules};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::store;
use crate::ids::Kind;

/// Publishes the draft of a form: from now on reports are begun on it. The version published before is retired.
pub async fn publish_form(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    number: i32,
    version: i32,
) -> Result<report_form::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let versions = store::versions(&tx, &[form]).await?;
    let draft = versions
        .iter()
        .find(|one| one.number == number)
        .ok_or(Error::NotFound)?;
    if draft.state != FormState::Draft {
        return Err(Error::WrongState(Text::new(
            format!("Phiên bản {number} của biểu không còn là bản nháp."),
            format!("Version {number} of the form is no longer a draft."),
        )));
    }
    let (contents, indicators) = store::contents(&tx, &[draft]).await?;
    for content in &contents {
        rules::sound(content, &indicators).await?;
    }
    for before in versions.iter().filter(|one| one.state == FormState::Published) {
        store::set_state(&tx, before, before.version, FormState::Retired, None).await?;
    }
    store::set_state(&tx, draft, version, FormState::Published, Some(env.now())).await?;
    let detail = json!({ "number": number });
    audit::record(
        &tx,
        env,
        actor,
        Event("FORM_PUBLISHED"),
        (Kind::ReportForm, form),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(found)
}

/// Retires the published version of a form: nobody begins a report on it any more; reports that exist keep it.
pub async fn retire_form(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    number: i32,
    version: i32,
) -> Result<report_form::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let versions = store::versions(&tx, &[form]).await?;
    let published = versions
        .iter()
        .find(|one| one.number == number)
        .ok_or(Error::NotFound)?;
    if published.state != FormState::Published {
        return Err(Error::WrongState(Text::new(
            format!("Phiên bản {number} của biểu không ở trạng thái đã ban hành."),
            format!("Version {number} of the form is not published."),
        )));
    }
    store::set_state(&tx, published, version, FormState::Retired, None).await?;
    let detail = json!({ "number": number });
    audit::record(&tx, env, actor, Event("FORM_RETIRED"), (Kind::ReportForm, form), detail).await?;
    tx.commit().await?;
    Ok(found)
}
