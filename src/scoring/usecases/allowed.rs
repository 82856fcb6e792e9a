//! Who may do what with a score sheet, given what decides it (`standing.rs`).
//!
//! Nobody who acts for a unit scores, returns or decides its sheet in any other capacity. An office of a cluster is exercised by the
//! officers of the unit that holds it, so the chair's own unit is left to the deputy, or to the organiser's specialist. For all other
//! units the cluster is chair and deputy alone; only where nobody holds an office does the specialist stand in.
//!
//! Who wrote something of a sheet, or appraised it, does not pass it in a layer above: a colleague does. And in a blind year who acts for a
//! unit that has not handed in its own points waits with those of others.

use thidua_entity::enums::{ScoreLayer, SheetState, YearPhase};
use uuid::Uuid;

use super::standing::Standing;
use crate::auth::Actor;
use crate::error::{Error, Result, Text};
use crate::policy::{self, Action, Place};
use crate::scoring::sight::{self, Eyes};
use crate::scoring::state::{self, Step};

/// A caller who may write a layer, as it acts, and the unit for which it does.
pub(super) type Acting = (Actor, Option<Uuid>);

/// Lets through who writes a layer of a sheet, whatever the moment: nobody who had a hand in a layer below.
pub(super) fn writes(actor: &Actor, standing: &Standing, layer: ScoreLayer) -> Result<Acting> {
    let (acting, of) = permitted(actor, standing, layer)?;
    let below = standing.hands.iter().filter(|(one, _)| *one < layer);
    let below: Vec<Uuid> = below.map(|(_, account)| *account).collect();
    policy::not_own_work(&acting, state::stage(layer).action, &below)?;
    Ok((acting, of))
}

fn permitted(actor: &Actor, standing: &Standing, layer: ScoreLayer) -> Result<Acting> {
    let action = state::stage(layer).action;
    if layer != ScoreLayer::Own {
        not_own_unit(actor, standing, action)?;
    }
    match layer {
        ScoreLayer::Own => {
            let actor = policy::authorize(actor, action, &standing.unit_place)?;
            Ok((actor, Some(standing.unit)))
        }
        ScoreLayer::CrossCheck => {
            for &checker in &standing.checkers {
                if policy::permits(actor, action, &officers_of(checker)) {
                    let actor = policy::authorize(actor, action, &officers_of(checker))?;
                    return Ok((actor, Some(checker)));
                }
            }
            Err(Error::Forbidden(action))
        }
        ScoreLayer::Cluster => match policy::authorize_by_office(actor, action, &standing.year_place) {
            Ok(acting) => {
                let mut offices = standing.offices.iter().copied();
                let of = offices.find(|office| policy::permits(actor, Action::ScoreSelf, &officers_of(*office)));
                Ok((acting, of))
            }
            Err(Error::Forbidden(_)) if standing.organiser_stands_in() => {
                Ok((policy::authorize(actor, action, &standing.year_place)?, None))
            }
            Err(error) => Err(error),
        },
        ScoreLayer::Province | ScoreLayer::Council => {
            Ok((policy::authorize(actor, action, &standing.year_place)?, None))
        }
    }
}

/// Tells who acts for the unit of a sheet that others do this.
pub(super) fn not_own_unit(actor: &Actor, standing: &Standing, action: Action) -> Result<()> {
    if policy::permits(actor, Action::ScoreSelf, &standing.unit_place) {
        return Err(Error::OwnUnit(action));
    }
    Ok(())
}

/// The place of what the officers of a unit do for it, and nobody else.
fn officers_of(unit: Uuid) -> Place {
    Place {
        lineage: vec![unit],
        ..Place::COMMON
    }
}

impl Standing {
    /// Whether the specialist of the organiser appraises for the cluster: a unit that holds an office itself, and where nobody holds one.
    fn organiser_stands_in(&self) -> bool {
        self.offices.is_empty() || self.offices.contains(&self.unit)
    }

    /// Accounts that had a hand in the appraisal: by points, or by handing it in.
    pub(super) fn appraisers(&self) -> Vec<Uuid> {
        let of = |layer: &ScoreLayer| matches!(layer, ScoreLayer::Cluster | ScoreLayer::Province);
        let these = self.hands.iter().filter(|(layer, _)| of(layer));
        these.map(|(_, account)| *account).collect()
    }

    /// Whether the caller acts for another unit of the blind year that has not handed in its own points.
    fn owes_own(&self, actor: &Actor) -> bool {
        let acts_for = |unit: &Uuid| policy::permits(actor, Action::ScoreSelf, &officers_of(*unit));
        !acts_for(&self.unit) && self.in_draft.iter().any(acts_for)
    }

    /// Lets the caller have to do with the points of others once its own are in.
    fn demand_own_in(&self, actor: &Actor) -> Result<()> {
        if !self.owes_own(actor) {
            return Ok(());
        }
        Err(Error::WrongState(Text::new(
            "Năm thi đua chấm kín: đơn vị của bạn gửi phiếu tự chấm của mình trước rồi mới xem, chấm điểm của đơn vị khác.",
            "The year is blind: hand in the points of your own unit before you see or give those of others.",
        )))
    }

    /// Lets a layer be written as far as the year and the unit go.
    fn demand_open(&self, layer: ScoreLayer) -> Result<()> {
        let Some(calendar) = self.calendar else {
            return Err(Error::WrongState(Text::new(
                "Đơn vị không còn tham gia năm thi đua này.",
                "The unit no longer takes part in this year.",
            )));
        };
        state::demand_phase(layer, self.year.phase, calendar, self.was_published)
    }
}

/// Whether the caller may write a layer of a sheet now, as it acts, and for which unit; the same checks that `viewerCan` shows.
pub fn may_write(
    actor: &Actor,
    standing: &Standing,
    sheet: SheetState,
    layer: ScoreLayer,
) -> Result<(Actor, Option<Uuid>)> {
    let acting = writes(actor, standing, layer)?;
    standing.demand_own_in(actor)?;
    state::demand_writable(layer, sheet)?;
    standing.demand_open(layer)?;
    Ok(acting)
}

/// Whether the caller may take a step with a sheet now, as it acts. What the sheet holds is judged when the step is taken.
pub fn may_step(actor: &Actor, standing: &Standing, sheet: SheetState, step: Step) -> Result<Actor> {
    let acting = match step {
        // That the cross-check is done is told by who did it, or by who sees to it for the cluster.
        Step::HandIn(ScoreLayer::CrossCheck) => match writes(actor, standing, ScoreLayer::CrossCheck) {
            Err(Error::Forbidden(_) | Error::OwnWork(_)) => {
                policy::authorize(actor, Action::CrossCheckManage, &standing.year_place)?
            }
            acting => acting?.0,
        },
        Step::HandIn(layer) => writes(actor, standing, layer)?.0,
        Step::Return => {
            not_own_unit(actor, standing, Action::ScoreReturn)?;
            returns(actor, standing, sheet)?
        }
    };
    standing.demand_own_in(actor)?;
    state::next(sheet, step)?;
    match step {
        Step::HandIn(layer) => standing.demand_open(layer)?,
        Step::Return if standing.year.phase == YearPhase::Published && !standing.was_published => {
            return Err(Error::WrongState(Text::new(
                "Năm thi đua đã công bố; phiếu này không nằm trong kết quả.",
                "The year is published, and this sheet has no part in its result.",
            )));
        }
        Step::Return => {}
    }
    Ok(acting)
}

fn returns(actor: &Actor, standing: &Standing, sheet: SheetState) -> Result<Actor> {
    let actions = state::returned_by(sheet);
    let able = actions
        .iter()
        .copied()
        .find(|&action| policy::permits(actor, action, &standing.year_place));
    policy::authorize(actor, able.unwrap_or(Action::ScoreReturn), &standing.year_place)
        .and_then(|acting| able.map(|_| acting).ok_or(Error::Forbidden(Action::ScoreReturn)))
}

/// The layers of a sheet that the caller sees, the lowest first.
pub fn layers_seen(actor: &Actor, standing: &Standing, sheet: SheetState) -> Vec<ScoreLayer> {
    let all = ScoreLayer::ALL.iter().copied();
    let eyes = Eyes {
        // Who must prove who they are before they write sees what they wrote all the same.
        writes: all
            .filter(|&layer| {
                let writes = writes(actor, standing, layer);
                matches!(writes, Ok(_) | Err(Error::ProofRequired(_)))
            })
            .collect(),
        owes_own: standing.owes_own(actor),
    };
    sight::layers(&eyes, sheet, standing.year.blind)
}
