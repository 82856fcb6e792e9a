//! What is done with cross-checks. Drawing and assigning, findings and replies, and the life of a check are in files of their own.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{YearCalendar, YearPhase};
use thidua_entity::{cross_check, emulation_participant, emulation_year};
use uuid::Uuid;

use super::state::{self, Side, Step};
use super::store;
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::policy::{self, Action, Place};
use crate::years;
use crate::years::store::View;

mod assignments;
mod draws;
mod findings;
mod life;

pub use assignments::{NewAssignment, NewRecusal, assign, record_recusal, withdraw, withdraw_recusal};
pub use draws::{NewDraw, Trial, draw, is_repeatable, read_inputs, read_outcome, try_draw};
pub use findings::{Finding, NewFinding, change_finding, remove_finding, reply, write_finding};
pub use life::{Minutes, send_findings, send_replies, take_back, write_minutes};

/// A year that the caller sees and whose cross-checks it manages, locked until the transaction ends, and the caller as it acts.
async fn managed(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    phases: &[YearPhase],
) -> Result<(Actor, emulation_year::Model)> {
    let year = years::store::find(tx, &View::of(actor, env.today()), id).await?;
    let place = years::usecases::place(tx, env, &year).await?;
    let actor = policy::authorize(actor, Action::CrossCheckManage, &place)?;
    let year = years::store::lock(tx, id).await?;
    years::state::demand(year.phase, phases)?;
    Ok((actor, year))
}

/// Who takes part in a year now.
async fn participants(
    connection: &impl ConnectionTrait,
    year: Uuid,
) -> Result<impl Iterator<Item = emulation_participant::Model>> {
    let rows = years::store::participants(connection, &[year]).await?;
    Ok(rows.into_iter().filter(|row| row.withdrawn_on.is_none()))
}

/// A cross-check with which the caller may take a step now, locked until the transaction ends; and the caller as it acts. Its state and
/// the phase of its year are those of this moment.
async fn stepped(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    step: Step,
) -> Result<(Actor, cross_check::Model)> {
    let view = View::of(actor, env.today());
    let found = store::find(tx, &view, id).await?;
    let year = years::store::find(tx, &view, found.year_id).await?;
    let (action, side) = step.permission();
    let place = match side {
        Side::Checker => years::usecases::unit_place(tx, env, &year, found.checker_id).await?,
        Side::Checked => years::usecases::unit_place(tx, env, &year, found.checked_id).await?,
        Side::Cluster => years::usecases::place(tx, env, &year).await?,
    };
    let actor = policy::authorize(actor, action, &place)?;
    // The year before the check, as a draw locks them.
    let year = years::store::lock(tx, year.id).await?;
    let check = store::lock(tx, id).await?;
    let mut taking_part = participants(tx, year.id).await?;
    let checked = taking_part.find(|row| row.unit_id == check.checked_id);
    let calendar = checked.map_or(YearCalendar::Year, |row| row.calendar);
    state::in_time(year.phase, calendar, step)?;
    Ok((actor, check))
}

/// Whether somebody may take a step with a cross-check now: what the use-cases ask, for showing it. `place` is that of the step's side.
pub fn may(
    actor: &Actor,
    place: &Place,
    check: &cross_check::Model,
    (phase, calendar): (YearPhase, YearCalendar),
    step: Step,
) -> Result<()> {
    let (action, _) = step.permission();
    let _acting = policy::authorize(actor, action, place)?;
    state::in_time(phase, calendar, step)?;
    state::next(check.state, step).map(drop)
}

/// Tells that nobody may have begun what is to be undone.
fn begun() -> Error {
    Error::WrongState(Text::new(
        "Đã có cuộc kiểm tra chéo được bắt đầu (có nhận xét hoặc đã gửi), nên không thay đổi được nữa.",
        "A cross-check was begun: it has findings, or they were sent. So this cannot be changed any more.",
    ))
}
