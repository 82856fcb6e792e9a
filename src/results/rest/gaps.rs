//! Gaps between layers and the leniency of checkers on REST.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use thidua_entity::Fixed4;
use utoipa::ToSchema;

use crate::env::Env;
use crate::error::{Error, Language, Result, Text};
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::reckoning::Layer;
use crate::reports::unusual::Spread;
use crate::results::usecases;
use crate::scoring::gap::leniency::{Leniency, Median};
use crate::scoring::gap::{OverYears, SheetGap, YearGap};
use crate::{scoring, years};

fn in_language(sentences: &[Text], language: Language) -> Vec<String> {
    let said = sentences.iter().map(|text| text.in_language(language).to_owned());
    said.collect()
}

/// How far what a unit gives itself lies apart from what others give it. A gap is above 0 where the unit saw itself better.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScoreGapJson {
    /// In total.
    total: GapOverYearsJson,
    /// By criterion, in reading order: those of this year that apply to the unit.
    criteria: Vec<GapOverYearsJson>,
    /// What is to be known before the sheet is sent, or decided, in the language asked for.
    sentences: Vec<String>,
}

impl ScoreGapJson {
    fn of(gap: &SheetGap, language: Language) -> Self {
        let over_years = |one: &OverYears| GapOverYearsJson::of(one, language);
        Self {
            total: over_years(&gap.total),
            criteria: gap.criteria.iter().map(over_years).collect(),
            sentences: in_language(&gap.sentences(), language),
        }
    }
}

/// A criterion, or the total, over the years.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapOverYearsJson {
    /// Code of the criterion; null for the total.
    code: Option<String>,
    /// Its Vietnamese name this year; null for the total.
    title: Option<String>,
    /// This year first, then earlier ones, the newest first.
    years: Vec<GapInYearJson>,
    /// In how many earlier years own and final points are known.
    mean_years: usize,
    /// How far own points lay above final ones in these years on average; null where the maxima were not all that of this year.
    #[schema(value_type = Option<String>)]
    mean_to_final: Option<Fixed4>,
    /// The same in per cent of the maximum.
    #[schema(value_type = Option<String>)]
    mean_to_final_percent: Option<Fixed4>,
    /// The same and more in sentences, in the language asked for.
    sentences: Vec<String>,
}

impl GapOverYearsJson {
    fn of(one: &OverYears, language: Language) -> Self {
        let named = one.criterion.as_ref();
        Self {
            code: named.map(|named| named.code.clone()),
            title: named.map(|named| named.title.vi.clone()),
            years: one.years.iter().map(GapInYearJson::from).collect(),
            mean_years: one.mean.map_or(0, |mean| mean.years),
            mean_to_final: one.mean.and_then(|mean| mean.points),
            mean_to_final_percent: one.mean.and_then(|mean| mean.percent),
            sentences: in_language(&one.sentences(), language),
        }
    }
}

/// What was given for a criterion, or in total, in one year, as far as the caller sees the layers.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapInYearJson {
    /// The emulation year.
    year_id: String,
    /// The year it is called after: 2026.
    year: i32,
    /// The cluster.
    cluster_id: String,
    /// Whether the result of the year is published.
    published: bool,
    /// Most points then; of the total the scale.
    #[schema(value_type = String)]
    max: Fixed4,
    /// What each layer gave to the unit, the lowest first; empty when it did not take part.
    layers: Vec<GapLayerJson>,
    /// What approved reports give; null for the total, and where points do not come from reports.
    #[schema(value_type = Option<String>)]
    from_reports: Option<Fixed4>,
    /// The final points; null before the council has decided on the sheet.
    #[schema(value_type = Option<String>)]
    r#final: Option<Fixed4>,
    /// Own points less those of the cross-check; of a deduction the other way round.
    #[schema(value_type = Option<String>)]
    to_cross_check: Option<Fixed4>,
    /// The same in per cent of the maximum.
    #[schema(value_type = Option<String>)]
    to_cross_check_percent: Option<Fixed4>,
    /// Own points less the final ones; of a deduction the other way round.
    #[schema(value_type = Option<String>)]
    to_final: Option<Fixed4>,
    /// The same in per cent of the maximum.
    #[schema(value_type = Option<String>)]
    to_final_percent: Option<Fixed4>,
    /// Own points less those that approved reports give.
    #[schema(value_type = Option<String>)]
    to_reports: Option<Fixed4>,
    /// Where `toCrossCheck` of the other units of the cluster lies; null for fewer than four.
    others_to_cross_check: Option<SpreadJson>,
    /// Where `toFinal` of the other units of the cluster lies; null for fewer than four.
    others_to_final: Option<SpreadJson>,
}

impl From<&YearGap> for GapInYearJson {
    fn from(one: &YearGap) -> Self {
        let layers = one.given.layers.iter();
        let layer = |(layer, points): (&Layer, &Fixed4)| GapLayerJson {
            layer: *layer,
            points: *points,
        };
        Self {
            year_id: Kind::EmulationYear.id(one.id),
            year: one.year,
            cluster_id: Kind::Cluster.id(one.cluster),
            published: one.is_published,
            max: one.max,
            layers: layers.map(layer).collect(),
            from_reports: one.given.reports,
            r#final: one.given.settled,
            to_cross_check: one.to_check,
            to_cross_check_percent: one.percent(one.to_check),
            to_final: one.to_settled,
            to_final_percent: one.percent(one.to_settled),
            to_reports: one.to_reports,
            others_to_cross_check: one.others_to_check.map(SpreadJson::from),
            others_to_final: one.others_to_settled.map(SpreadJson::from),
        }
    }
}

/// What one layer gave.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GapLayerJson {
    /// `SELF`, `CROSS_CHECK`, `CLUSTER`, `PROVINCE` or `COUNCIL`.
    #[schema(value_type = String)]
    layer: Layer,
    /// Its points; in total what comes out by its word.
    #[schema(value_type = String)]
    points: Fixed4,
}

/// Where the gaps of other units lie.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SpreadJson {
    /// How many others there are; at least four.
    count: usize,
    /// Their median.
    #[schema(value_type = String)]
    median: Fixed4,
    /// Their median absolute deviation.
    #[schema(value_type = String)]
    deviation: Fixed4,
}

impl From<Spread> for SpreadJson {
    fn from(spread: Spread) -> Self {
        Self {
            count: spread.count,
            median: spread.median,
            deviation: spread.deviation,
        }
    }
}

/// How far what a unit gives itself lies apart from what others give it: this year, also before the sheet is sent, and in earlier years whose
/// result is published.
#[utoipa::path(get, path = "/api/v1/score-sheets/{id}/gap", tag = "scoring", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sheet")),
    responses((status = 200, description = "As asked for", body = ScoreGapJson)))]
#[get("/score-sheets/{id}/gap")]
pub async fn get_score_gap(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let view = scoring::store::View::of(&actor, env.today());
        let sheet = scoring::store::find(&env.db, &view, Kind::ScoreSheet.parse(&id)?).await?;
        let mut gaps = Box::pin(usecases::gaps(&env, &actor, std::slice::from_ref(&sheet))).await?;
        let gap = gaps.remove(&sheet.id).ok_or(Error::NotFound)?;
        tags::digested(&request, &ScoreGapJson::of(&gap, http::language(request.headers())))
    })
    .await
}

/// How far cross-checks lay above the final points.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeniencyMedianJson {
    /// How many sheets.
    sheets: usize,
    /// Median of the total of the cross-check less the final one; null where scales differ.
    #[schema(value_type = Option<String>)]
    points: Option<Fixed4>,
    /// The same in per cent of the scale.
    #[schema(value_type = String)]
    percent: Fixed4,
}

impl From<Median> for LeniencyMedianJson {
    fn from(median: Median) -> Self {
        Self {
            sheets: median.sheets,
            points: median.points,
            percent: median.percent,
        }
    }
}

/// How lenient a unit is that checks others.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckerLeniencyJson {
    /// The checking unit.
    unit_id: String,
    /// How many of the sheets that it checked are decided.
    sheets: usize,
    /// The years that these are of, the newest first.
    years: Vec<i32>,
    /// How it checked them; null for fewer than three.
    own: Option<LeniencyMedianJson>,
    /// How the sheets were checked that it had no part in; null for fewer than four.
    others: Option<LeniencyMedianJson>,
    /// The same in a sentence, in the language asked for.
    sentence: String,
}

/// How lenient the checkers of a cluster are.
#[derive(Serialize, ToSchema)]
pub struct CheckerLeniencyListJson {
    /// The most lenient first; behind those of whom nothing can be said yet.
    items: Vec<CheckerLeniencyJson>,
}

impl CheckerLeniencyListJson {
    fn of(told: Vec<Leniency>, language: Language) -> Self {
        let one = |one: Leniency| CheckerLeniencyJson {
            unit_id: Kind::Unit.id(one.checker),
            sheets: one.sheets,
            sentence: one.text().in_language(language).to_owned(),
            own: one.own.map(LeniencyMedianJson::from),
            others: one.others.map(LeniencyMedianJson::from),
            years: one.years,
        };
        Self {
            items: told.into_iter().map(one).collect(),
        }
    }
}

/// How lenient the checkers of the year's cluster are, over the sheets that are decided of this year and of five earlier ones.
#[utoipa::path(get, path = "/api/v1/emulation-years/{id}/checker-leniency", tag = "scoring", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the year")),
    responses((status = 200, description = "As asked for", body = CheckerLeniencyListJson)))]
#[get("/emulation-years/{id}/checker-leniency")]
pub async fn get_checker_leniency(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let view = years::store::View::of(&actor, env.today());
        let year = years::store::find(&env.db, &view, Kind::EmulationYear.parse(&id)?).await?;
        let told = Box::pin(usecases::leniency(&env, &actor, &year)).await?;
        let shown = CheckerLeniencyListJson::of(told, http::language(request.headers()));
        tags::digested(&request, &shown)
    })
    .await
}
