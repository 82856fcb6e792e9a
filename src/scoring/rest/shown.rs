//! Score sheets, their entries and objections as REST shows them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::{ObjectionOutcome, ScoreKind, ScoreLayer, ScoreSubject, SheetState};
use thidua_entity::{objection, score_entry, score_sheet};
use utoipa::ToSchema;

use crate::error::Result;
use crate::ids::Kind;
use crate::reckoning::{Given, Layer};
use crate::scoring::facts;

/// The points of one unit in one emulation year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SheetJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The emulation year.
    year_id: String,
    /// The unit.
    unit_id: String,
    /// Where it is in its life.
    state: SheetState,
    /// Last day on which the unit may object; null before its sheet was appraised.
    objections_until: Option<NaiveDate>,
    /// Counts changes; the `ETag` of the sheet.
    version: i32,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

impl From<score_sheet::Model> for SheetJson {
    fn from(row: score_sheet::Model) -> Self {
        Self {
            id: Kind::ScoreSheet.id(row.id),
            year_id: Kind::EmulationYear.id(row.year_id),
            unit_id: Kind::Unit.id(row.unit_id),
            state: row.state,
            objections_until: row.objections_until,
            version: row.version,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A score sheet with the entries that the caller sees.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeSheetJson {
    /// The sheet itself.
    #[serde(flatten)]
    sheet: SheetJson,
    /// The layers that the caller sees now, the lowest first: `SELF`, `CROSS_CHECK`, `CLUSTER`, `PROVINCE`, `COUNCIL`.
    #[schema(value_type = Vec<String>)]
    layers_seen: Vec<Layer>,
    /// Entries that stand, of these layers.
    entries: Vec<EntryJson>,
}

impl WholeSheetJson {
    /// A sheet with the layers and entries that somebody sees.
    pub fn of(sheet: score_sheet::Model, layers: &[ScoreLayer], entries: Vec<score_entry::Model>) -> Result<Self> {
        Ok(Self {
            sheet: sheet.into(),
            layers_seen: layers.iter().map(|layer| facts::layer(*layer)).collect(),
            entries: entries.into_iter().map(EntryJson::of).collect::<Result<_>>()?,
        })
    }
}

/// What one layer wrote about one criterion or declaration.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EntryJson {
    /// Opaque id.
    id: String,
    /// Which layer wrote it.
    #[schema(value_type = String)]
    layer: Layer,
    /// What it is about.
    subject: ScoreSubject,
    /// Code of the criterion or declaration.
    code: String,
    /// 1, and one more for each that took its place.
    edition: i32,
    /// What it says.
    kind: ScoreKind,
    /// The points as they were given, as a decimal string; null for another kind.
    #[schema(value_type = Option<String>)]
    points: Option<String>,
    /// Passed or failed, so or not so; null for another kind.
    verdict: Option<bool>,
    /// The count; null for another kind.
    count: Option<i32>,
    /// How many events of each kind; null for another kind.
    events: Option<BTreeMap<String, u32>>,
    /// Why.
    reason: Option<String>,
    /// The unit for which it was written; null for organiser and council.
    unit_id: Option<String>,
    /// When it was written.
    written_at: DateTime<Utc>,
}

impl EntryJson {
    fn of(row: score_entry::Model) -> Result<Self> {
        let events = match facts::given(&row)? {
            Given::Events { counts } => Some(counts),
            _ => None,
        };
        Ok(Self {
            id: Kind::ScoreEntry.id(row.id),
            layer: facts::layer(row.layer),
            subject: row.subject,
            code: row.code,
            edition: row.edition,
            kind: row.kind,
            points: row.points.map(|points| points.to_string()),
            verdict: (row.kind == ScoreKind::Verdict).then_some(row.verdict),
            count: row.count,
            events,
            reason: row.reason,
            unit_id: row.unit_id.map(|unit| Kind::Unit.id(unit)),
            written_at: row.written_at,
        })
    }
}

/// What a unit holds against its appraisal, and the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ObjectionJson {
    /// Opaque id.
    id: String,
    /// The sheet.
    sheet_id: String,
    /// Code of the criterion; null when it is against the sheet as a whole.
    criterion: Option<String>,
    /// What the unit says.
    text: String,
    /// When it was raised.
    raised_at: DateTime<Utc>,
    /// What came of it; null while it is open.
    outcome: Option<ObjectionOutcome>,
    /// The answer; null while it is open.
    answer: Option<String>,
    /// When it was answered; null while it is open.
    answered_at: Option<DateTime<Utc>>,
    /// Counts changes.
    version: i32,
}

impl From<objection::Model> for ObjectionJson {
    fn from(row: objection::Model) -> Self {
        Self {
            id: Kind::Objection.id(row.id),
            sheet_id: Kind::ScoreSheet.id(row.sheet_id),
            criterion: row.criterion,
            text: row.text,
            raised_at: row.raised_at,
            outcome: row.outcome,
            answer: row.answer,
            answered_at: row.answered_at,
            version: row.version,
        }
    }
}

/// The objections to a sheet.
#[derive(Serialize, ToSchema)]
pub struct ObjectionsJson {
    /// The oldest first, at most 100.
    pub items: Vec<ObjectionJson>,
}
