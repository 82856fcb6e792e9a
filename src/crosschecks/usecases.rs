//! What is done with cross-checks. Drawing and assigning, findings and replies, and the life of a check are in files of their own.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::YearPhase;
use thidua_entity::{cross_check, emulation_participant, emulation_year};
use uuid::Uuid;

use super::state::{self, Moment, Side, Step};
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
pub use life::{Minutes, send_findings, send_replies, take_back, waive_replies, write_minutes};

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
/// the moment are those behind the locks.
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
    let places = Places {
        checker: years::usecases::unit_place(tx, env, &year, found.checker_id).await?,
        checked: years::usecases::unit_place(tx, env, &year, found.checked_id).await?,
        cluster: years::usecases::place(tx, env, &year).await?,
    };
    let actor = places.authorize(actor, step)?;
    // The year before the check, as a draw locks them.
    let year = years::store::lock(tx, year.id).await?;
    let check = store::lock(tx, id).await?;
    let participants = years::store::participants(tx, &[year.id]).await?;
    let finished = store::finished(tx, &[year.id]).await?;
    state::in_time(moment(year.phase, &participants, &finished, &check), step)?;
    Ok((actor, check))
}

/// What decides, beside its own state, what can be done with a cross-check: the phase of its year, who of the two takes part, and whether
/// the checked unit is one of those whose sheets have passed the cross-check.
pub fn moment(
    phase: YearPhase,
    participants: &[emulation_participant::Model],
    finished: &[store::Finished],
    check: &cross_check::Model,
) -> Moment {
    let taking_part = |unit: Uuid| {
        let mut still = participants.iter().filter(|row| row.withdrawn_on.is_none());
        still.find(|row| row.unit_id == unit)
    };
    Moment {
        phase,
        calendar: taking_part(check.checked_id).map(|row| row.calendar),
        checker_takes_part: taking_part(check.checker_id).is_some(),
        is_finished: finished
            .iter()
            .any(|one| one.year_id == check.year_id && one.unit_id == check.checked_id),
    }
}

/// Where the steps of a cross-check are taken.
pub struct Places {
    /// Where the unit that checks does what it does in the year.
    pub checker: Place,
    /// Where the unit that is checked does.
    pub checked: Place,
    /// That of the year's cluster.
    pub cluster: Place,
}

impl Places {
    /// Lets through who takes a step, as it acts. An office of the cluster is exercised by officers of a unit: what concerns that very unit,
    /// as checker or as checked, it leaves to the other who keeps the cluster.
    fn authorize(&self, actor: &Actor, step: Step) -> Result<Actor> {
        let (action, side) = step.permission();
        match side {
            Side::Checker => policy::authorize(actor, action, &self.checker),
            Side::Checked => policy::authorize(actor, action, &self.checked),
            Side::Cluster => {
                let acting = policy::authorize(actor, action, &self.cluster)?;
                not_own(actor, &self.checker)?;
                not_own(actor, &self.checked)?;
                Ok(acting)
            }
        }
    }
}

/// Tells who keeps the cluster and acts for a unit itself that others see to its cross-checks.
fn not_own(actor: &Actor, unit: &Place) -> Result<()> {
    if policy::permits(actor, Action::CrossCheckReply, unit) {
        return Err(Error::OwnUnit(Action::CrossCheckManage));
    }
    Ok(())
}

/// Whether somebody may take a step with a cross-check now: what the use-cases ask, for showing it.
pub fn may(actor: &Actor, places: &Places, check: &cross_check::Model, moment: Moment, step: Step) -> Result<()> {
    let _acting = places.authorize(actor, step)?;
    state::in_time(moment, step)?;
    state::next(check.state, step).map(drop)
}

/// Tells that nobody may have begun what is to be undone.
fn begun() -> Error {
    Error::WrongState(Text::new(
        "Đã có cuộc kiểm tra chéo được bắt đầu (có nhận xét, có điểm hoặc đã gửi) nên không bốc thăm lại được; muốn bốc thăm lại thì hủy các phân công đó trước (withdrawCrossCheck).",
        "A cross-check was begun: it has findings or points, or was sent. To draw again, withdraw those first (withdrawCrossCheck).",
    ))
}
