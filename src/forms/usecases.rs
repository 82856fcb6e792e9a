//! What is done with periods, indicators and forms. Making a form is here, all else in files of its own.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::PeriodKind;
use thidua_entity::report_form;
use uuid::Uuid;

use super::store::{self, View};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Result;
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::{db, input, units};

mod content;
mod extensions;
mod indicators;
mod life;
mod periods;
mod rules;

pub use content::write_form_draft;
pub use extensions::{NewExtension, extend};
pub use indicators::{NewIndicator, create_indicator, set_head_count};
pub use life::{publish_form, retire_form};
pub use periods::{NewPeriod, create_period, fits, set_due_day, set_form_due_day};
pub use rules::{names, read_rules};

/// Makes a form, still without a version.
pub async fn create_form(
    env: &Env,
    actor: &Actor,
    owner: Uuid,
    code: &str,
    name: &str,
    periodicity: PeriodKind,
) -> Result<report_form::Model> {
    let code = input::code("code", code)?;
    let name = input::line("name", name)?;
    let tx = db::begin_write(&env.db).await?;
    let place = units::store::find_place(&tx, &policy::reach(actor), owner, env.today()).await?;
    let actor = &policy::authorize(actor, Action::FormManage, &place)?;
    let form = report_form::ActiveModel {
        id: Set(env.new_id()),
        owner_id: Set(owner),
        code: Set(code.clone()),
        name: Set(name),
        periodicity: Set(periodicity),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("FORM_CREATED"),
        (Kind::ReportForm, form.id),
        json!({ "code": code }),
    )
    .await?;
    tx.commit().await?;
    Ok(form)
}

/// A form that the caller sees and manages, and the caller as it acts.
async fn managed_form(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, report_form::Model)> {
    let reach = policy::reach(actor);
    let form = store::find_form(tx, View::new(&reach, env.today()), id).await?;
    let actor = policy::authorize(actor, Action::FormManage, &owner_place(tx, env, form.owner_id).await?)?;
    store::lock_form(tx, id).await?;
    Ok((actor, form))
}

/// The place of the unit that owns a period or form. It may stand above what the caller sees; the policy then refuses.
async fn owner_place(tx: &impl ConnectionTrait, env: &Env, owner: Uuid) -> Result<Place> {
    let everything = policy::Reach::everything();
    units::store::find_place(tx, &everything, owner, env.today()).await
}
