//! Gaps between layers and the leniency of checkers, read from published results and, of a year that is under way, from what the caller sees.
//! The rules are in `scoring/gap.rs`; published years are those of their snapshots, which never change.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use thidua_entity::enums::{ScoreLayer, SheetState};
use thidua_entity::{emulation_year, score_entry, score_sheet};
use uuid::Uuid;

use super::{opened, unsound};
use crate::auth::Actor;
use crate::clusters::rules::MEMBERS_MAX;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::snapshot::SnapshotProblem;
use crate::reckoning::{self, CheckedSet, Layer};
use crate::results::store::{self, View};
use crate::scoring::gap::leniency::{self, Checked, Leniency};
use crate::scoring::gap::{self, Progress, Scored, SheetGap, YEARS_MAX, Year};
use crate::scoring::state;
use crate::{criteria, scoring, years};

type Years = HashMap<Uuid, emulation_year::Model>;

/// The gaps of some sheets that were found, by their ids: a fixed number of statements for sheets of one year.
pub async fn gaps(env: &Env, actor: &Actor, sheets: &[score_sheet::Model]) -> Result<HashMap<Uuid, Arc<SheetGap>>> {
    let (db, today) = (&env.db, env.today());
    let (view, scoring_view) = (View::of(actor, today), scoring::store::View::of(actor, today));
    let ids: Vec<Uuid> = sheets.iter().map(|sheet| sheet.year_id).collect();
    let mut all: Years = years::store::plain(db, &ids).await?;
    let clusters: HashSet<Uuid> = all.values().map(|year| year.cluster_id).collect();
    let clusters: Vec<Uuid> = clusters.into_iter().collect();
    let units: Vec<Uuid> = sheets.iter().map(|sheet| sheet.unit_id).collect();
    let own = scoring::store::published_of(db, &scoring_view, &units).await?;
    let own_years: Vec<Uuid> = own.iter().map(|sheet| sheet.year_id).collect();
    all.extend(years::store::plain(db, &own_years).await?);
    let in_cluster = years::store::published(db, &view.years(), &clusters).await?;
    let mut earlier: HashMap<Uuid, BTreeSet<Uuid>> = HashMap::new();
    for sheet in sheets {
        let Some(present) = all.get(&sheet.year_id) else {
            continue;
        };
        let of_unit = own.iter().filter(|one| one.unit_id == sheet.unit_id);
        let of_unit = of_unit.filter_map(|one| all.get(&one.year_id));
        let of_cluster = in_cluster.iter().filter(|one| one.cluster_id == present.cluster_id);
        let chosen = newest(of_unit, present).chain(newest(of_cluster, present));
        earlier.insert(sheet.id, chosen.collect());
    }
    all.extend(in_cluster.into_iter().map(|year| (year.id, year)));
    let published = sheets.iter().filter(|sheet| sheet.state == SheetState::Published);
    let wanted: BTreeSet<Uuid> = published
        .map(|sheet| sheet.year_id)
        .chain(earlier.values().flatten().copied())
        .collect();
    let published = published_years(env, &view, &all, wanted).await?;
    let under_way: BTreeSet<Uuid> = sheets
        .iter()
        .map(|sheet| sheet.year_id)
        .filter(|year| !published.contains_key(year))
        .collect();
    let under_way = years_under_way(env, actor, &all, under_way).await?;
    let gap = |sheet: &score_sheet::Model| {
        let present = published
            .get(&sheet.year_id)
            .or_else(|| under_way.get(&sheet.year_id))?;
        let earlier = earlier.get(&sheet.id)?.iter().filter_map(|year| published.get(year));
        let gap = gap::over_years(&Kind::Unit.id(sheet.unit_id), present, earlier.collect());
        Some((sheet.id, Arc::new(gap)))
    };
    Ok(sheets.iter().filter_map(gap).collect())
}

/// Of some years the newest that are earlier than one.
fn newest<'a>(
    years: impl Iterator<Item = &'a emulation_year::Model>,
    than: &emulation_year::Model,
) -> impl Iterator<Item = Uuid> {
    let mut earlier: Vec<(i32, Uuid)> = years
        .filter(|year| year.year < than.year)
        .map(|year| (year.year, year.id))
        .collect();
    earlier.sort_by_key(|one| Reverse(*one));
    earlier.into_iter().take(YEARS_MAX).map(|one| one.1)
}

/// How lenient the checkers of a year's cluster were, this year and in earlier ones: for who decides there. Of a year under way only sheets
/// that are decided count, so that nothing is told while anybody still scores.
pub async fn leniency(env: &Env, actor: &Actor, year: &emulation_year::Model) -> Result<Vec<Leniency>> {
    let place = years::usecases::place(&env.db, env, year).await?;
    policy::check(actor, Action::LeniencyRead, &place)?;
    let view = View::of(actor, env.today());
    let in_cluster = years::store::published(&env.db, &view.years(), &[year.cluster_id]).await?;
    let mut wanted: BTreeSet<Uuid> = newest(in_cluster.iter(), year).collect();
    wanted.insert(year.id);
    let mut all: Years = in_cluster.into_iter().map(|year| (year.id, year)).collect();
    all.insert(year.id, year.clone());
    let mut found = published_years(env, &view, &all, wanted.clone()).await?;
    if !found.contains_key(&year.id) && year.criteria_version_id.is_some() {
        found.extend(years_under_way(env, actor, &all, BTreeSet::from([year.id])).await?);
    }
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let checkers = scoring::store::checkers(&env.db, &wanted).await?;
    let checked = checkers.into_iter().filter_map(|one| {
        let year = found.get(&one.year)?;
        let total = &year.scored.units.get(&Kind::Unit.id(one.unit))?.total;
        Some(Checked {
            year: year.year,
            checker: one.checker,
            unit: one.unit,
            check: *total.layers.get(&Layer::CrossCheck)?,
            settled: total.settled?,
            scale: year.scored.scale,
        })
    });
    let mut told = leniency::of(&checked.collect::<Vec<_>>());
    told.truncate(MEMBERS_MAX);
    Ok(told)
}

/// What was given in some years that are published, as their results keep it; those whose result is not seen are not there.
async fn published_years(env: &Env, view: &View, all: &Years, wanted: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Year>> {
    let wanted: Vec<Uuid> = wanted.into_iter().collect();
    let results = store::last_published(&env.db, view, &wanted).await?;
    let ids: Vec<Uuid> = results.iter().map(|result| result.id).collect();
    let years: HashMap<Uuid, Uuid> = results.into_iter().map(|result| (result.id, result.year_id)).collect();
    let mut found = HashMap::new();
    for (result, bytes) in store::snapshots(&env.db, &ids).await? {
        let snapshot = opened(bytes).await?;
        let working = tokio::task::spawn_blocking(move || {
            let set = CheckedSet::check(snapshot.rules, &snapshot.indicators).map_err(SnapshotProblem::Rules)?;
            let done = |_: &str| Progress::DONE;
            Ok(gap::scored(&set, &snapshot.facts, &snapshot.outcome, done))
        });
        let scored: Scored = working.await.map_err(Error::internal)?.map_err(unsound)?;
        found.extend(years.get(&result).map(|year| (*year, scored)));
    }
    told(env, all, found, true).await
}

/// What was given in some years that are under way, as far as the caller sees it.
async fn years_under_way(env: &Env, actor: &Actor, all: &Years, wanted: BTreeSet<Uuid>) -> Result<HashMap<Uuid, Year>> {
    let (db, wanted) = (&env.db, wanted.into_iter().collect::<Vec<Uuid>>());
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let view = scoring::store::View::of(actor, env.today());
    let sheets = scoring::store::of_years(db, &view, &wanted).await?;
    let standings = scoring::usecases::standings(db, env, &sheets).await?;
    let sheet_ids: Vec<Uuid> = sheets.iter().map(|sheet| sheet.id).collect();
    let entries = scoring::store::standing(db, &sheet_ids).await?;
    let mut found = HashMap::new();
    for year in wanted.iter().filter_map(|id| all.get(id)) {
        let known = scoring::usecases::known(db, env, year).await?;
        let mut rows: HashMap<Uuid, Vec<score_entry::Model>> = HashMap::new();
        let mut progress: HashMap<String, Progress> = HashMap::new();
        for sheet in sheets.iter().filter(|sheet| sheet.year_id == year.id) {
            let Some(standing) = standings.get(&sheet.id) else {
                continue;
            };
            let layers = scoring::usecases::layers_seen(actor, standing, sheet.state);
            let of_sheet = entries.iter().filter(|row| row.sheet_id == sheet.id);
            let of_sheet = of_sheet.filter(|row| layers.contains(&row.layer));
            rows.insert(sheet.unit_id, of_sheet.cloned().collect());
            let come = Progress {
                is_checked: state::is_in(ScoreLayer::CrossCheck, sheet.state),
                is_settled: state::is_in(ScoreLayer::Council, sheet.state),
            };
            progress.insert(Kind::Unit.id(sheet.unit_id), come);
        }
        let facts = scoring::usecases::facts_seen(&known, rows)?;
        let working = tokio::task::spawn_blocking(move || {
            let outcome = reckoning::reckon(&known.set, &facts);
            let progress = |unit: &str| progress.get(unit).copied().unwrap_or_default();
            gap::scored(&known.set, &facts, &outcome, progress)
        });
        found.insert(year.id, working.await.map_err(Error::internal)?);
    }
    told(env, all, found, false).await
}

async fn told(
    env: &Env,
    all: &Years,
    scored: HashMap<Uuid, Scored>,
    is_published: bool,
) -> Result<HashMap<Uuid, Year>> {
    let versions: Vec<Uuid> = all.values().filter_map(|year| year.criteria_version_id).collect();
    let families = criteria::store::families(&env.db, &versions).await?;
    let year = |(id, scored): (Uuid, Scored)| {
        let year = all.get(&id)?;
        let told = Year {
            id,
            year: year.year,
            cluster: year.cluster_id,
            family: year
                .criteria_version_id
                .and_then(|version| families.get(&version).copied()),
            is_published,
            scored: Arc::new(scored),
        };
        Some((id, told))
    };
    Ok(scored.into_iter().filter_map(year).collect())
}
