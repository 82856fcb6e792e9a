//! What is done with councils: setting up and ending; their members in a file of their own.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::{council, council_member};
use uuid::Uuid;

use super::store;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::clusters::usecases::began_later;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::years::store::View;
use crate::{db, idempotency, input, units};

mod members;

pub use members::{MEMBERS_MAX, NewMember, add_member, end_member};

/// The days of a council.
pub fn days_of(council: &council::Model) -> Span {
    Span {
        from: council.valid_from,
        to: council.valid_to,
    }
}

/// The days on which a member sits.
pub fn days_of_member(member: &council_member::Model) -> Span {
    Span {
        from: member.valid_from,
        to: member.valid_to,
    }
}

/// A council to be set up.
#[derive(Clone, Debug, Serialize)]
pub struct NewCouncil {
    /// The unit to which it belongs.
    pub unit: Uuid,
    /// Name.
    pub name: String,
    /// The decision, as written.
    pub decision: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
}

/// Sets up a council of a unit. Under the same key the council that was set up first is the answer again.
pub async fn create(env: &Env, actor: &Actor, new: NewCouncil, key: Option<&str>) -> Result<council::Model> {
    let name = input::line("name", &new.name)?;
    let decision = input::line_or_none("decision", new.decision.as_deref())?;
    input::plausible_day("validFrom", new.valid_from)?;
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "CREATE_COUNCIL", &new).await? {
        return store::find(&tx, &view, first).await;
    }
    let unit = units::store::find(&tx, &view.reach.by_place(), new.unit, view.today).await?;
    let row = council::ActiveModel {
        id: Set(env.new_id()),
        unit_id: Set(unit.id),
        name: Set(name.clone()),
        decision: Set(decision.clone()),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    };
    let place = units::store::place(&tx, &unit, view.today).await?;
    let actor = &policy::authorize(actor, Action::CouncilManage, &place)?;
    let council = store::add(&tx, row).await?;
    let detail = json!({ "unitId": unit.id, "name": name, "decision": decision, "validFrom": new.valid_from });
    let subject = (Kind::Council, council.id);
    audit::record(&tx, env, actor, Event("COUNCIL_CREATED"), subject, detail).await?;
    idempotency::remember(&tx, actor, key, council.id).await?;
    tx.commit().await?;
    Ok(council)
}

/// Ends a council on a day, and with it the time of its members. Nothing is deleted.
pub async fn end(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate) -> Result<council::Model> {
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, council) = managed(&tx, env, actor, id).await?;
    if let Some(ended) = council.valid_to {
        return Err(Error::WrongState(Text::new(
            format!("“{}” đã kết thúc ngày {}.", council.name, ended.format("%d/%m/%Y")),
            format!("“{}” ended on {ended} already.", council.name),
        )));
    }
    let members = store::members(&tx, &[id]).await?;
    let beginnings = members.iter().map(|row| row.valid_from);
    let last = beginnings.fold(council.valid_from, NaiveDate::max);
    if last >= on {
        return Err(began_later("on", last));
    }
    let change = council::ActiveModel {
        valid_to: Set(Some(on)),
        ..Default::default()
    };
    let ended = store::update(&tx, &council, version, change).await?;
    store::close(&tx, id, on).await?;
    let detail = json!({ "on": on });
    audit::record(&tx, env, actor, Event("COUNCIL_ENDED"), (Kind::Council, id), detail).await?;
    tx.commit().await?;
    Ok(ended)
}

/// A council that the caller sees and manages, locked until the transaction ends, and the caller as it acts.
async fn managed(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<(Actor, council::Model)> {
    let council = store::find(tx, &View::of(actor, env.today()), id).await?;
    let place = store::place(tx, &council, env.today()).await?;
    let actor = policy::authorize(actor, Action::CouncilManage, &place)?;
    Ok((actor, store::lock(tx, id).await?))
}
