//! Results as REST shows them.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use thidua_entity::enums::{ResultState, Sector, StandingKind};
use thidua_entity::{result, result_unit};
use utoipa::ToSchema;

use crate::error::{Error, Language, Result};
use crate::ids::Kind;
use crate::results::usecases::{GradeCounts, Told};

/// What came out of an emulation year.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The emulation year.
    year_id: String,
    /// 1, 2, 3 … within the year.
    number: i32,
    /// Computed or published. A published one never changes.
    state: ResultState,
    /// Which way of reckoning made it.
    engine: i32,
    /// SHA-256 of its snapshot, hexadecimal.
    hash: String,
    /// SHA-256 of the facts it was computed from.
    facts_hash: String,
    /// SHA-256 of the criteria set it was computed by.
    rules_hash: String,
    /// The published result that it corrects; null when it corrects none.
    corrects_id: Option<String>,
    /// Why that is corrected.
    correction_reason: Option<String>,
    /// When it was computed.
    computed_at: DateTime<Utc>,
    /// When it was published; null before.
    published_at: Option<DateTime<Utc>>,
    /// Counts changes.
    version: i32,
}

impl From<result::Model> for ResultJson {
    fn from(row: result::Model) -> Self {
        Self {
            id: Kind::EmulationResult.id(row.id),
            year_id: Kind::EmulationYear.id(row.year_id),
            number: row.number,
            state: row.state,
            engine: row.engine,
            hash: row.hash,
            facts_hash: row.facts_hash,
            rules_hash: row.rules_hash,
            corrects_id: row.corrects_id.map(|id| Kind::EmulationResult.id(id)),
            correction_reason: row.correction_reason,
            computed_at: row.computed_at,
            published_at: row.published_at,
            version: row.version,
        }
    }
}

/// How one unit stands in a result.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResultUnitJson {
    /// The unit.
    unit_id: String,
    /// Its name as it stands in the result.
    unit_name: String,
    /// Its sector when the result was computed; null when unknown.
    sector: Option<Sector>,
    /// Whether it is rated, not eligible, or could not be rated. The latter two are no grades.
    standing: StandingKind,
    /// Code of its grade; null when it is not rated.
    grade: Option<String>,
    /// Vietnamese name of its grade.
    grade_title: Option<String>,
    /// Its total, a decimal as text; null while something is open.
    points: Option<String>,
    /// Its place; units that nothing separates share one.
    place: Option<i32>,
    /// Whether a quota moved it to a lower grade.
    moved: bool,
}

impl From<result_unit::Model> for ResultUnitJson {
    fn from(row: result_unit::Model) -> Self {
        Self {
            unit_id: Kind::Unit.id(row.unit_id),
            unit_name: row.name,
            sector: row.sector,
            standing: row.standing,
            grade: row.grade,
            grade_title: row.grade_title,
            points: row.points.map(|points| points.to_string()),
            place: row.place,
            moved: row.moved,
        }
    }
}

/// An explanation, in sentences and as data.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationJson {
    /// In the caller's language, to be read one after the other.
    sentences: Vec<String>,
    /// The same as data, as it stands in the snapshot: `of` says what, `is` how it came about.
    #[schema(value_type = Object)]
    data: Value,
    /// The figures of the unit behind its points, or behind its total; none of anything else.
    figures: Vec<ExplainedFigureJson>,
}

/// A figure that points were worked out from.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplainedFigureJson {
    /// Code of the indicator.
    indicator_code: String,
    /// Vietnamese name of the indicator.
    indicator_name: Option<String>,
    /// The report in which the figure stood when the result was computed; null when it is beyond what the caller sees.
    report_id: Option<String>,
}

impl ExplanationJson {
    /// As it is told in a language.
    pub fn of(told: Told, language: Language) -> Result<Self> {
        let sentences = told.explanation.sentences.iter();
        let figures = told.figures.into_iter().map(|figure| ExplainedFigureJson {
            indicator_code: figure.indicator,
            indicator_name: figure.name,
            report_id: figure.report.map(|report| Kind::ReportSubmission.id(report)),
        });
        Ok(Self {
            sentences: sentences.map(|text| text.in_language(language).to_owned()).collect(),
            data: serde_json::to_value(&told.explanation.data).map_err(Error::internal)?,
            figures: figures.collect(),
        })
    }
}

/// How many units have a grade.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GradeCountJson {
    /// Code of the grade.
    grade: Option<String>,
    /// Its Vietnamese name.
    grade_title: Option<String>,
    /// How many.
    units: i64,
}

/// How many units have each grade, over the results published last.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GradeCountsJson {
    /// Of each grade, the best first.
    grades: Vec<GradeCountJson>,
    /// How many have a grade.
    rated: i64,
    /// How many are not eligible, and in no grade.
    not_eligible: i64,
    /// How many could not be rated, and are in no grade.
    not_rated: i64,
    /// All of them together.
    total: i64,
    /// How many published results were counted.
    results: i64,
    /// Whether the counts add up to the units that took part, each counted once.
    adds_up: bool,
    /// Where they do not, in the caller's language.
    warnings: Vec<String>,
}

impl GradeCountsJson {
    /// As it is told in a language.
    pub fn of(counts: &GradeCounts, language: Language) -> Self {
        let counted = &counts.counted;
        let rated = counted.counts.iter().filter(|one| one.standing == StandingKind::Rated);
        let warnings = counts.warnings.iter();
        Self {
            grades: rated
                .map(|one| GradeCountJson {
                    grade: one.grade.clone(),
                    grade_title: one.title.clone(),
                    units: one.units,
                })
                .collect(),
            rated: counts.standing(StandingKind::Rated),
            not_eligible: counts.standing(StandingKind::NotEligible),
            not_rated: counts.standing(StandingKind::NotRated),
            total: counted.counts.iter().map(|one| one.units).sum(),
            results: counted.results,
            adds_up: counts.warnings.is_empty(),
            warnings: warnings.map(|text| text.in_language(language).to_owned()).collect(),
        }
    }
}
