//! What decides who may do what with a score sheet: its year, its unit, who leads the cluster, who checks it, who had a hand in it. Who may
//! then do what is said in `allowed.rs`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{CrossCheckState, ScoreLayer, SheetState, YearCalendar, YearPhase};
use thidua_entity::{emulation_participant, emulation_year, score_sheet, score_step};
use uuid::Uuid;

use crate::env::Env;
use crate::error::Result;
use crate::policy::{Place, Reach};
use crate::scoring::state;
use crate::scoring::store;
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
    /// Who wrote what stands in which layer, or handed it in, and for whom.
    pub(super) hands: BTreeSet<(ScoreLayer, Uuid)>,
    /// Of a blind year the units that may score themselves by now and have not handed that in.
    pub(super) in_draft: Arc<[Uuid]>,
    /// Whether it was published, be it that it was taken back since.
    pub(super) was_published: bool,
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
    let begun = store::states(connection, &year_ids).await?;
    let of_pairs = begun.iter().filter(|(year, unit, ..)| pairs.contains(&(*year, *unit)));
    let sheet_ids: Vec<Uuid> = of_pairs.map(|(_, _, id, _)| *id).collect();
    let steps = store::steps(connection, &sheet_ids).await?;
    let writers = store::writers(connection, &sheet_ids).await?;
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
        let in_draft = in_draft(&year, &participants, &begun);
        let year = Arc::new(year);
        for (_, unit) in pairs.iter().filter(|(one, _)| *one == id) {
            let calendar = participants.iter().find(|participant| {
                participant.year_id == id && participant.unit_id == *unit && participant.withdrawn_on.is_none()
            });
            // Who no longer takes part checks nobody, and holds up nobody.
            let takes_part = |unit: Uuid| {
                let mut of_year = participants.iter().filter(|row| row.year_id == id);
                of_year.any(|row| row.unit_id == unit && row.withdrawn_on.is_none())
            };
            let of_unit = || {
                let of_unit = checks
                    .iter()
                    .filter(|check| check.year_id == id && check.checked_id == *unit && takes_part(check.checker_id));
                of_unit.collect::<Vec<_>>()
            };
            let sheet = begun.iter().find(|(year, of, ..)| (*year, *of) == (id, *unit));
            let steps: Vec<&score_step::Model> = steps
                .iter()
                .filter(|step| sheet.is_some_and(|(_, _, sheet, _)| *sheet == step.sheet_id))
                .collect();
            let written = writers
                .iter()
                .filter(|(of, ..)| sheet.is_some_and(|sheet| sheet.2 == *of));
            let written = written.flat_map(|(_, layer, by, whom)| [(*layer, *by), (*layer, *whom)]);
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
                hands: written
                    .chain(handed_in(&steps))
                    .filter_map(|(layer, account)| Some((layer, account?)))
                    .collect(),
                in_draft: Arc::clone(&in_draft),
                was_published: sheet.is_some_and(|(.., state)| *state == SheetState::Published)
                    || steps.iter().any(|step| step.state == SheetState::Published),
            };
            found.insert((id, *unit), Arc::new(standing));
        }
    }
    Ok(found)
}

/// Of a blind year the units that may score themselves by now and have not handed that in. Before that they have nothing to hide others' points
/// from: schools are scored in June, and the others check and appraise them long before they can score themselves.
fn in_draft(
    year: &emulation_year::Model,
    participants: &[emulation_participant::Model],
    begun: &[(Uuid, Uuid, Uuid, SheetState)],
) -> Arc<[Uuid]> {
    if !year.blind || year.phase >= YearPhase::Published {
        return Arc::default();
    }
    let handed_in: HashSet<Uuid> = begun
        .iter()
        .filter(|(of, _, _, state)| *of == year.id && *state != SheetState::Draft)
        .map(|(_, unit, ..)| *unit)
        .collect();
    let taking_part = participants
        .iter()
        .filter(|one| one.year_id == year.id && one.withdrawn_on.is_none());
    let scoring = taking_part.filter(|one| {
        let own = state::demand_phase(ScoreLayer::Own, year.phase, one.calendar, false);
        own.is_ok() && !handed_in.contains(&one.unit_id)
    });
    scoring.map(|one| one.unit_id).collect()
}

/// Who handed a layer in, the last time it was. That the cross-check is done may be told by who keeps the cluster and has no part in it.
fn handed_in<'a>(steps: &'a [&score_step::Model]) -> impl Iterator<Item = (ScoreLayer, Option<Uuid>)> + 'a {
    let layers = ScoreLayer::ALL.iter().copied();
    let decided = layers.filter(|layer| *layer != ScoreLayer::CrossCheck);
    decided.flat_map(|layer| {
        let to = state::stage(layer).to;
        let last = steps
            .iter()
            .rev()
            .find(|step| step.state == to && step.reason.is_none());
        let who = last.map(|step| [step.taken_by, step.taken_for]);
        who.into_iter().flatten().map(move |account| (layer, account))
    })
}
