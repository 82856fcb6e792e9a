//! Loaders of score sheets and of what is shown of them. Entries are read for sheets that are seen, and only of layers that the caller sees.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::enums::ScoreLayer;
use thidua_entity::{objection, score_entry, score_sheet, score_step};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::forms;
use crate::graphql::{Rows, parts_loader};
use crate::ids::Kind;
use crate::reckoning::{CheckedSet, Outcome, Title};
use crate::scoring::store::{self, View};
use crate::scoring::usecases::{self, Standing};

/// What the caller of a request sees.
fn view(rows: &Rows) -> View {
    let today = rows.env.today();
    match &rows.actor {
        Some(actor) => View::of(actor, today),
        None => View::nobody(today),
    }
}

/// A score sheet that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScoreSheetId(pub Uuid);

impl Loader<ScoreSheetId> for Rows {
    type Value = score_sheet::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ScoreSheetId]) -> Result<HashMap<ScoreSheetId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sheets = store::find_many(&self.env.db, &view(self), &ids).await?;
        Ok(sheets.into_iter().map(|row| (ScoreSheetId(row.id), row)).collect())
    }
}

/// The score sheet of a unit in a year, if it is seen: first the year, then the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SheetOf(pub Uuid, pub Uuid);

impl Loader<SheetOf> for Rows {
    type Value = score_sheet::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SheetOf]) -> Result<HashMap<SheetOf, Self::Value>, Self::Error> {
        let pairs: Vec<(Uuid, Uuid)> = keys.iter().map(|key| (key.0, key.1)).collect();
        let sheets = store::of_units(&self.env.db, &view(self), &pairs).await?;
        Ok(sheets
            .into_iter()
            .map(|row| (SheetOf(row.year_id, row.unit_id), row))
            .collect())
    }
}

/// Whether a sheet is seen closely: with what is beside its points. There is a value only if it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SeenClosely(pub Uuid);

impl Loader<SeenClosely> for Rows {
    type Value = ();
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SeenClosely]) -> Result<HashMap<SeenClosely, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let closely = store::closely(&self.env.db, &view(self), &ids).await?;
        Ok(closely.into_iter().map(|id| (SeenClosely(id), ())).collect())
    }
}

/// What decides who may do what with a sheet that is seen, and which layers of it the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StandingOf(pub Uuid);

/// What decides who may do what with a sheet, and which layers of it the caller sees.
#[derive(Clone, Debug)]
pub struct Sight {
    /// What decides who may do what.
    pub standing: Arc<Standing>,
    /// The layers that the caller sees.
    pub layers: Vec<ScoreLayer>,
}

async fn sights(rows: &Rows, sheets: &[score_sheet::Model]) -> Result<HashMap<Uuid, Sight>> {
    let standings = usecases::standings(&rows.env.db, &rows.env, sheets).await?;
    let sight = |sheet: &score_sheet::Model| {
        let standing = Arc::clone(standings.get(&sheet.id)?);
        let layers = match &rows.actor {
            Some(actor) => usecases::layers_seen(actor, &standing, sheet.state),
            None => Vec::new(),
        };
        Some((sheet.id, Sight { standing, layers }))
    };
    Ok(sheets.iter().filter_map(sight).collect())
}

impl Loader<StandingOf> for Rows {
    type Value = Sight;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[StandingOf]) -> Result<HashMap<StandingOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sheets = store::find_many(&self.env.db, &view(self), &ids).await?;
        let sights = sights(self, &sheets).await?;
        Ok(sights.into_iter().map(|(id, sight)| (StandingOf(id), sight)).collect())
    }
}

parts_loader!(
    StandingEntriesOf,
    score_entry::Model,
    store::standing,
    sheet_id,
    "Entries of a sheet that stand, of all layers: show of them only what the caller sees."
);
parts_loader!(
    SheetStepsOf,
    score_step::Model,
    store::steps,
    sheet_id,
    "Steps in the life of a sheet."
);
parts_loader!(
    ObjectionsOf,
    objection::Model,
    store::objections,
    sheet_id,
    "Objections to the appraisal of a sheet."
);

/// What was written lately about a criterion or declaration of a sheet, by all layers, the oldest first: show of it only what the caller
/// sees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EditionsOf(pub Uuid, pub String);

impl Loader<EditionsOf> for Rows {
    type Value = Arc<Vec<score_entry::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EditionsOf]) -> Result<HashMap<EditionsOf, Self::Value>, Self::Error> {
        let of: Vec<(Uuid, String)> = keys.iter().map(|key| (key.0, key.1.clone())).collect();
        let mut editions: HashMap<EditionsOf, Vec<score_entry::Model>> = HashMap::new();
        for row in store::editions(&self.env.db, &of).await? {
            let key = EditionsOf(row.sheet_id, row.code.clone());
            editions.entry(key).or_default().push(row);
        }
        let editions = editions.into_iter();
        Ok(editions.map(|(key, rows)| (key, Arc::new(rows))).collect())
    }
}

/// An objection whose sheet is seen closely.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ObjectionId(pub Uuid);

impl Loader<ObjectionId> for Rows {
    type Value = objection::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ObjectionId]) -> Result<HashMap<ObjectionId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let found = store::find_objections(&self.env.db, &view(self), &ids).await?;
        Ok(found.into_iter().map(|row| (ObjectionId(row.id), row)).collect())
    }
}

/// The points of a sheet that is seen, worked out from the layers that the caller sees; those of all sheets of a year in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PointsOf(pub Uuid);

/// The points of sheets of one year.
#[derive(Debug)]
pub struct YearPoints {
    /// What the year is scored by.
    pub set: Arc<CheckedSet>,
    /// What comes out of the entries that the caller sees.
    pub seen: Outcome,
    /// What comes out of the reports alone.
    pub bare: Outcome,
    /// Names of the indicators by their codes.
    pub names: HashMap<String, Title>,
}

impl Loader<PointsOf> for Rows {
    type Value = Arc<YearPoints>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[PointsOf]) -> Result<HashMap<PointsOf, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let sheets = store::find_many(&self.env.db, &view(self), &ids).await?;
        let sights = sights(self, &sheets).await?;
        let sheet_ids: Vec<Uuid> = sheets.iter().map(|sheet| sheet.id).collect();
        let entries = store::standing(&self.env.db, &sheet_ids).await?;
        let mut by_year: HashMap<Uuid, Vec<&score_sheet::Model>> = HashMap::new();
        for sheet in &sheets {
            by_year.entry(sheet.year_id).or_default().push(sheet);
        }
        let mut points = HashMap::new();
        for of_year in by_year.into_values() {
            let Some(first) = of_year.first().and_then(|sheet| sights.get(&sheet.id)) else {
                continue;
            };
            let known = usecases::known(&self.env.db, &self.env, &first.standing.year).await?;
            let mut seen: HashMap<Uuid, Vec<score_entry::Model>> = HashMap::new();
            for sheet in &of_year {
                let layers = sights
                    .get(&sheet.id)
                    .map(|sight| sight.layers.as_slice())
                    .unwrap_or_default();
                let of_sheet = entries
                    .iter()
                    .filter(|row| row.sheet_id == sheet.id && layers.contains(&row.layer));
                seen.insert(sheet.unit_id, of_sheet.cloned().collect());
            }
            let codes: Vec<String> = known.set.indicators().keys().cloned().collect();
            let indicators = forms::store::indicators_coded(&self.env.db, &codes).await?;
            let named = indicators.into_iter().map(|row| {
                let title = Title { vi: row.name, en: None };
                (row.code, title)
            });
            let worked_out = Arc::new(YearPoints {
                set: Arc::clone(&known.set),
                seen: usecases::reckon_seen(&known, seen).await?,
                bare: usecases::reckon_seen(&known, HashMap::new()).await?,
                names: named.collect(),
            });
            points.extend(
                of_year
                    .iter()
                    .map(|sheet| (PointsOf(sheet.id), Arc::clone(&worked_out))),
            );
        }
        Ok(points)
    }
}

impl YearPoints {
    /// The id of a unit as the reckoning has it.
    pub fn unit(id: Uuid) -> String {
        Kind::Unit.id(id)
    }
}
