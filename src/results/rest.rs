//! Results on REST: list, get, units, the snapshot as it is kept, explanations, grade counts. By the same reads as GraphQL.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;
use thidua_entity::enums::{ResultState, Sector};
use utoipa::{IntoParams, OpenApi};
use uuid::Uuid;

use super::store::{self, CountsFilter, ResultFilter, View};
use super::usecases::{self, Asks};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::{self, PageJson, Problem, download, tags};
use crate::ids::Kind;
use crate::reckoning::Subject;

mod gaps;
mod shown;

use shown::{ExplanationJson, GradeCountJson, GradeCountsJson, ResultJson, ResultUnitJson};

/// What REST tells of results.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_results,
        get_result,
        list_result_units,
        get_snapshot,
        explain_result,
        get_grade_counts,
        gaps::get_score_gap,
        gaps::get_checker_leniency
    ),
    components(schemas(
        ResultJson,
        ResultUnitJson,
        ExplanationJson,
        GradeCountJson,
        GradeCountsJson,
        gaps::ScoreGapJson,
        gaps::GapOverYearsJson,
        gaps::GapInYearJson,
        gaps::GapLayerJson,
        gaps::SpreadJson,
        gaps::LeniencyMedianJson,
        gaps::CheckerLeniencyJson,
        gaps::CheckerLeniencyListJson
    ))
)]
pub struct Docs;

/// Routes of results, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_results)
        .service(get_grade_counts)
        .service(get_result)
        .service(list_result_units)
        .service(get_snapshot)
        .service(explain_result)
        .service(gaps::get_score_gap)
        .service(gaps::get_checker_leniency);
}

/// Which results.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ResultParams {
    /// Only those of this emulation year.
    year_id: Option<String>,
    /// Only those of years of this cluster.
    cluster_id: Option<String>,
    /// Only those of years called after this one: 2026.
    year: Option<i32>,
    /// Only those in this state.
    state: Option<ResultState>,
    /// How many from the start or after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// Only what comes after this cursor.
    after: Option<String>,
    /// How many from the end or before `before`; at most 100.
    last: Option<i32>,
    /// Only what comes before this cursor.
    before: Option<String>,
    /// Also count the whole list.
    #[serde(default)]
    count: bool,
}

fn read_id(kind: Kind, id: Option<&String>) -> Result<Option<Uuid>> {
    id.map(|id| kind.parse(id)).transpose()
}

/// The results that the caller sees, the newest first: published ones of the years that it sees; those that are only computed where it may
/// compute or decide, or stands above.
#[utoipa::path(get, path = "/api/v1/results", tag = "results", params(ResultParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ResultJson>)))]
#[get("/results")]
async fn list_results(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ResultParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let filter = ResultFilter {
            year: read_id(Kind::EmulationYear, params.year_id.as_ref())?,
            cluster: read_id(Kind::Cluster, params.cluster_id.as_ref())?,
            called: params.year,
            state: params.state,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list(&env.db, &view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<ResultJson>::of(page)))
    })
    .await
}

/// One result, without its units.
#[utoipa::path(get, path = "/api/v1/results/{id}", tag = "results", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the result")),
    responses((status = 200, description = "As asked for", body = ResultJson)))]
#[get("/results/{id}")]
async fn get_result(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let result = store::find(&env.db, &view, Kind::EmulationResult.parse(&id)?).await?;
        Ok(tags::versioned(&request, result.version, &ResultJson::from(result)))
    })
    .await
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageParams {
    /// How many from the start or after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// Only what comes after this cursor.
    after: Option<String>,
    /// How many from the end or before `before`; at most 100.
    last: Option<i32>,
    /// Only what comes before this cursor.
    before: Option<String>,
    /// Also count the whole list.
    #[serde(default)]
    count: bool,
}

/// The units of a result by place; those without a place behind, by name.
#[utoipa::path(get, path = "/api/v1/results/{id}/units", tag = "results", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the result"), PageParams),
    responses((status = 200, description = "As asked for", body = PageJson<ResultUnitJson>)))]
#[get("/results/{id}/units")]
async fn list_result_units(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<PageParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let result = store::find(&env.db, &view, Kind::EmulationResult.parse(&id)?).await?;
        let params = params.into_inner();
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list_units(&env.db, result.id, &args, params.count).await?;
        Ok(http::shown(&PageJson::<ResultUnitJson>::of(page)))
    })
    .await
}

/// The snapshot of a result, byte for byte as it is kept: rules, facts and what came of them. `ETag` is its SHA-256, so that anybody can see
/// that nothing was changed.
#[utoipa::path(get, path = "/api/v1/results/{id}/snapshot", tag = "results", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the result")),
    responses((status = 200, description = "The snapshot", content_type = "application/json")))]
#[get("/results/{id}/snapshot")]
async fn get_snapshot(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let result = store::find(&env.db, &view, Kind::EmulationResult.parse(&id)?).await?;
        let tag = EntityTag::new_strong(result.hash.clone());
        let known = match IfNoneMatch::parse(&request) {
            Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
            Err(_) => false,
        };
        if known {
            return Ok(http::own_answer(StatusCode::NOT_MODIFIED)
                .insert_header(ETag(tag))
                .finish());
        }
        let bytes = store::snapshot(&env.db, result.id).await?;
        let name = format!("ket-qua-{}.json", result.number);
        let mut answer = download::to_be_saved(StatusCode::OK, &name, "application/json");
        Ok(answer.insert_header(ETag(tag)).body(bytes))
    })
    .await
}

/// What is to be explained.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExplainParams {
    /// `POINTS`, `TOTAL`, `GRADE`, `GATE`, `QUOTA` or `PLACE`.
    of: String,
    /// Id of the unit; for all but a quota.
    unit_id: Option<String>,
    /// Code of the section or criterion, of the gate, or of the quota; of one over several clusters the id of the ruling.
    code: Option<String>,
}

impl ExplainParams {
    fn read(self) -> Result<Subject> {
        let (unit, code) = (self.unit_id, self.code);
        let subject = match (self.of.as_str(), unit, code) {
            ("POINTS", Some(unit), Some(node)) => Subject::Points { unit, node },
            ("TOTAL", Some(unit), None) => Subject::Total { unit },
            ("GRADE", Some(unit), None) => Subject::Grade { unit },
            ("GATE", Some(unit), Some(gate)) => Subject::Gate { unit, gate },
            ("QUOTA", None, Some(quota)) => Subject::Quota { quota },
            ("PLACE", Some(unit), None) => Subject::Place { unit },
            _ => {
                return Err(Error::bad_request(
                    "Cần `of` cùng `unitId` và `code` tương ứng: POINTS và GATE cần cả hai, QUOTA cần `code`, còn lại cần `unitId`.",
                    "Give `of` with what it needs: POINTS and GATE both `unitId` and `code`, QUOTA `code`, the others `unitId`.",
                ));
            }
        };
        Ok(subject)
    }
}

/// Why a unit has its points, its total, its grade or its place, why a gate is closed and whom a quota moved.
#[utoipa::path(get, path = "/api/v1/results/{id}/explain", tag = "results", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the result"), ExplainParams),
    responses((status = 200, description = "As asked for", body = ExplanationJson)))]
#[get("/results/{id}/explain")]
async fn explain_result(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<ExplainParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (actor, today) = (http::actor(&env, &request).await?, env.today());
        let view = View::of(&actor, today);
        let result = store::find(&env.db, &view, Kind::EmulationResult.parse(&id)?).await?;
        let subject = params.into_inner().read()?;
        let snapshot = Arc::new(usecases::open(&env.db, &result).await?);
        let asks = Asks { actor: &actor, today };
        let told = usecases::explain(&env.db, asks, snapshot, subject).await?;
        tags::digested(&request, &ExplanationJson::of(told, http::language(request.headers()))?)
    })
    .await
}

/// Over what grades are counted.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CountsParams {
    /// The year: 2026.
    year: i32,
    /// Only units of this cluster, or of the clusters of this bloc.
    cluster_id: Option<String>,
    /// Only this unit and those that stand below it today.
    unit_id: Option<String>,
    /// Only units of this province.
    province_id: Option<String>,
    /// Only units of this sector.
    sector: Option<Sector>,
}

/// How many units have each grade, over the result of each cluster that was published last, as far as the caller sees the years.
#[utoipa::path(get, path = "/api/v1/results/grade-counts", tag = "results", params(CountsParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = GradeCountsJson)))]
#[get("/results/grade-counts")]
async fn get_grade_counts(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<CountsParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let params = params.into_inner();
        let filter = CountsFilter {
            year: params.year,
            cluster: read_id(Kind::Cluster, params.cluster_id.as_ref())?,
            unit: read_id(Kind::Unit, params.unit_id.as_ref())?,
            province: read_id(Kind::Province, params.province_id.as_ref())?,
            sector: params.sector,
        };
        let counts = usecases::grade_counts(&env, &actor, &filter).await?;
        tags::digested(
            &request,
            &GradeCountsJson::of(&counts, http::language(request.headers())),
        )
    })
    .await
}
