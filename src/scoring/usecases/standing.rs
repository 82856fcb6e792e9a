//! What decides who may do what with a score sheet: its year, its unit, who leads the cluster, who checks it.
//!
//! Nobody who acts for a unit scores, returns or decides its sheet in any other capacity. An office of a cluster is exercised by the
//! officers of the unit that holds it, so the chair's own unit is left to the deputy, or to the organiser's specialist. For all other
//! units the cluster is chair and deputy alone; only where nobody holds an office does the specialist stand in.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{CrossCheckState, ScoreLayer, SheetState, YearCalendar};
use thidua_entity::{emulation_year, score_sheet};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::policy::{self, Action, Place, Reach};
use crate::scoring::sight::{self, Eyes};
use crate::scoring::state::{self, Step};
use crate::{clusters, crosschecks, units, years};

/// What decides who may do what with a sheet.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The year.
    pub year: Arc<emulation_year::Model>,
    /// The unit whose sheet it is.
    pub unit: Uuid,
    /// How the unit takes part; `None` when it does not, or no longer.
    pub calendar: Option<YearCalendar>,
    /// Where the unit does what it does in the year.
    pub unit_place: Place,
    /// Where the organiser and the cluster do what they do to it.
    pub year_place: Place,
    /// Units that hold an office of the cluster, or of its bloc, today.
    pub offices: Vec<Uuid>,
    /// Units that check it.
    pub checkers: Vec<Uuid>,
    /// Whether all its cross-checks are done; so it is when nobody was assigned.
    pub checks_done: bool,
}

/// What decides who may do what with some sheets, by the sheets' ids, whoever asks: a fixed number of statements for sheets of one year.
pub async fn standings(
    connection: &impl ConnectionTrait,
    env: &Env,
    sheets: &[score_sheet::Model],
) -> Result<HashMap<Uuid, Arc<Standing>>> {
    let pairs: Vec<(Uuid, Uuid)> = sheets.iter().map(|sheet| (sheet.year_id, sheet.unit_id)).collect();
    let found = of_units(connection, env, &pairs).await?;
    let of_sheet = |sheet: &score_sheet::Model| {
        let standing = found.get(&(sheet.year_id, sheet.unit_id))?;
        Some((sheet.id, Arc::clone(standing)))
    };
    Ok(sheets.iter().filter_map(of_sheet).collect())
}

/// The same of units in years, which may have no sheet yet.
pub(super) async fn of_units(
    connection: &impl ConnectionTrait,
    env: &Env,
    pairs: &[(Uuid, Uuid)],
) -> Result<HashMap<(Uuid, Uuid), Arc<Standing>>> {
    let (everything, today) = (Reach::everything(), env.today());
    let year_ids: HashSet<Uuid> = pairs.iter().map(|(year, _)| *year).collect();
    let year_ids: Vec<Uuid> = year_ids.into_iter().collect();
    let all_years = years::store::plain(connection, &year_ids).await?;
    let cluster_ids: Vec<Uuid> = all_years.values().map(|year| year.cluster_id).collect();
    let in_clusters = clusters::store::find_many(connection, &everything, &cluster_ids, today).await?;
    let year_places = clusters::store::places(connection, &in_clusters, today).await?;
    let unit_ids: Vec<Uuid> = pairs.iter().map(|(_, unit)| *unit).collect();
    let all_units = units::store::find_many(connection, &everything, &unit_ids, today).await?;
    let unit_places = units::store::places(connection, &all_units, today).await?;
    let led: Vec<Uuid> = year_places.values().flat_map(|place| place.clusters.clone()).collect();
    let offices = clusters::store::offices(connection, &led).await?;
    let participants = years::store::participants(connection, &year_ids).await?;
    let mut checks = Vec::new();
    for year in &year_ids {
        let of_year = pairs.iter().filter(|(one, _)| one == year);
        let of_year: Vec<Uuid> = of_year.map(|(_, unit)| *unit).collect();
        checks.extend(crosschecks::store::of_checked(connection, *year, &of_year).await?);
    }
    let mut found = HashMap::new();
    for (id, year) in all_years {
        let year_place = year_places.get(&year.cluster_id).cloned().unwrap_or_default();
        let in_office = offices.iter().filter(|office| {
            let held = office.valid_from <= today && office.valid_to.is_none_or(|end| end > today);
            held && year_place.clusters.contains(&office.cluster_id)
        });
        let in_office: Vec<Uuid> = in_office.map(|office| office.unit_id).collect();
        let year = Arc::new(year);
        for (_, unit) in pairs.iter().filter(|(one, _)| *one == id) {
            let calendar = participants.iter().find(|participant| {
                participant.year_id == id && participant.unit_id == *unit && participant.withdrawn_on.is_none()
            });
            let of_unit = || {
                let mut of_unit = checks.iter();
                of_unit
                    .by_ref()
                    .filter(|check| check.year_id == id && check.checked_id == *unit)
                    .collect::<Vec<_>>()
            };
            let standing = Standing {
                year: Arc::clone(&year),
                unit: *unit,
                calendar: calendar.map(|participant| participant.calendar),
                unit_place: Place {
                    clusters: year_place.clusters.clone(),
                    ..unit_places.get(unit).cloned().unwrap_or_default()
                },
                year_place: year_place.clone(),
                offices: in_office.clone(),
                checkers: of_unit().iter().map(|check| check.checker_id).collect(),
                checks_done: of_unit().iter().all(|check| check.state == CrossCheckState::Minuted),
            };
            found.insert((id, *unit), Arc::new(standing));
        }
    }
    Ok(found)
}

/// A caller who may write a layer, as it acts, and the unit for which it does.
pub(super) type Acting = (Actor, Option<Uuid>);

/// Lets through who writes a layer of a sheet, whatever the moment.
pub(super) fn writes(actor: &Actor, standing: &Standing, layer: ScoreLayer) -> Result<Acting> {
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

    /// Lets a layer be written as far as the year and the unit go.
    fn demand_open(&self, layer: ScoreLayer) -> Result<()> {
        let Some(calendar) = self.calendar else {
            return Err(Error::WrongState(Text::new(
                "Đơn vị không còn tham gia năm thi đua này.",
                "The unit no longer takes part in this year.",
            )));
        };
        state::demand_phase(layer, self.year.phase, calendar)
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
    state::demand_writable(layer, sheet)?;
    standing.demand_open(layer)?;
    Ok(acting)
}

/// Whether the caller may take a step with a sheet now, as it acts. What the sheet holds is judged when the step is taken.
pub fn may_step(actor: &Actor, standing: &Standing, sheet: SheetState, step: Step) -> Result<Actor> {
    let acting = match step {
        // That the cross-check is done is told by who did it, or by who sees to it for the cluster.
        Step::HandIn(ScoreLayer::CrossCheck) => match writes(actor, standing, ScoreLayer::CrossCheck) {
            Err(Error::Forbidden(_)) => policy::authorize(actor, Action::CrossCheckManage, &standing.year_place)?,
            acting => acting?.0,
        },
        Step::HandIn(layer) => writes(actor, standing, layer)?.0,
        Step::Return => {
            not_own_unit(actor, standing, Action::ScoreReturn)?;
            returns(actor, standing, sheet)?
        }
    };
    state::next(sheet, step)?;
    if let Step::HandIn(layer) = step {
        standing.demand_open(layer)?;
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
    };
    sight::layers(&eyes, sheet, standing.year.blind)
}
