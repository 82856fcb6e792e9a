//! Emulation years on REST: list, get, open, change, take on; registrations, targets and signatures in a file of their own. By the same
//! use-cases as GraphQL.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use serde::Deserialize;
use thidua_entity::enums::YearPhase;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::plan::{Days, Plan};
use super::store::{self, View, YearFilter, YearSort};
use super::usecases::{self, NewYear, YearChange};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;

mod pledged;
mod pledges;
mod shown;

use shown::{PhaseJson, WholeYearJson, YearJson};

/// What REST tells of emulation years.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_emulation_years,
        create_emulation_year,
        get_emulation_year,
        change_emulation_year,
        advance_emulation_year,
        pledges::register,
        pledges::set_target,
        pledges::sign_pact
    ),
    components(schemas(
        YearJson,
        WholeYearJson,
        PhaseJson,
        NewYearJson,
        YearChangeJson,
        shown::ParticipantJson,
        pledged::RegistrationJson,
        pledged::TargetJson,
        pledged::PactJson,
        pledged::SignatureJson,
        pledges::NewRegistrationJson,
        pledges::NewTargetJson,
        pledges::SignerJson
    ))
)]
pub struct Docs;

/// Routes of emulation years, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_emulation_years)
        .service(create_emulation_year)
        .service(get_emulation_year)
        .service(change_emulation_year)
        .service(advance_emulation_year)
        .service(pledges::register)
        .service(pledges::set_target)
        .service(pledges::sign_pact);
}

/// Which emulation years a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct YearParams {
    /// Only those of this cluster.
    cluster_id: Option<String>,
    /// Only those called after this year.
    year: Option<i32>,
    /// Only those in one of these phases, separated by commas.
    phases: Option<String>,
    /// Only those in which this unit takes part and has not withdrawn.
    unit_id: Option<String>,
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

/// The emulation years that the caller sees, the latest first.
#[utoipa::path(get, path = "/api/v1/emulation-years", tag = "emulation-years", params(YearParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<YearJson>)))]
#[get("/emulation-years")]
async fn list_emulation_years(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<YearParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let id = |kind: Kind, id: Option<&String>| id.map(|id| kind.parse(id)).transpose();
        let filter = YearFilter {
            cluster: id(Kind::Cluster, params.cluster_id.as_ref())?,
            year: params.year,
            phases: http::codes("phases", params.phases.as_deref())?,
            unit: id(Kind::Unit, params.unit_id.as_ref())?,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let order = (YearSort::Year, Order::Desc);
        let page = store::list(&env.db, &view, &filter, order, &args, params.count).await?;
        Ok(http::shown(&PageJson::<YearJson>::of(page)))
    })
    .await
}

/// An emulation year to be opened.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewYearJson {
    /// The cluster; one year of a name at most.
    cluster_id: String,
    /// The year it is called after: 2026.
    year: i32,
    /// Its theme.
    theme: Option<String>,
    /// First day of the span; members on this day take part.
    starts_on: NaiveDate,
    /// Last day of the span, included.
    ends_on: NaiveDate,
    /// First day of the span for which schools are judged; left out, everybody follows the calendar year.
    school_starts_on: Option<NaiveDate>,
    /// Last day of that span.
    school_ends_on: Option<NaiveDate>,
    /// Whether points of others are hidden from a scorer until its own are in.
    #[serde(default)]
    blind: bool,
    /// Days in which a unit may object after its sheet was appraised, 0 to 60; 7 when left out.
    #[serde(default = "week")]
    objection_days: i32,
    /// When phases are planned to begin.
    #[serde(default)]
    phases: Vec<PhaseJson>,
    /// The version of the criteria set that it is scored by; it can be chosen later.
    criteria_version_id: Option<String>,
}

const fn week() -> i32 {
    7
}

/// Opens an emulation year of a cluster. Its members on the first day take part.
#[utoipa::path(post, path = "/api/v1/emulation-years", tag = "emulation-years", security(("bearer" = [])), request_body = NewYearJson,
    params(("Idempotency-Key" = Option<String>, Header,
        description = "A key of your own, at most 100 characters: asked again with it, the first year is the answer")),
    responses((status = 201, description = "Opened", body = WholeYearJson)))]
#[post("/emulation-years")]
async fn create_emulation_year(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewYearJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let version = body.criteria_version_id.as_ref();
        let new = NewYear {
            cluster: Kind::Cluster.parse(&body.cluster_id)?,
            theme: body.theme.as_deref(),
            plan: Plan {
                year: body.year,
                span: Days {
                    from: body.starts_on,
                    to: body.ends_on,
                },
                school: Plan::school((body.school_starts_on, body.school_ends_on))?,
                phases: body.phases.iter().map(PhaseJson::planned).collect(),
                objection_days: body.objection_days,
            },
            blind: body.blind,
            criteria_version: version.map(|id| Kind::CriteriaSetVersion.parse(id)).transpose()?,
        };
        let year = usecases::create(&env, &actor, new, http::idempotency_key(&request)).await?;
        let tag = tags::of_version(year.version);
        let whole = WholeYearJson::read(&env, year).await?;
        Ok(http::own_answer(StatusCode::CREATED)
            .insert_header(actix_web::http::header::ETag(tag))
            .json(whole))
    })
    .await
}

/// One emulation year with who takes part, what they registered for and promised, and its pact.
#[utoipa::path(get, path = "/api/v1/emulation-years/{id}", tag = "emulation-years", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the year")),
    responses((status = 200, description = "As asked for", body = WholeYearJson)))]
#[get("/emulation-years/{id}")]
async fn get_emulation_year(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let year = store::find(&env.db, &view, Kind::EmulationYear.parse(&id)?).await?;
        // The tag is the version that a change names; what units pledge is told too and changes without it.
        Ok(tags::changed(year.version, &WholeYearJson::read(&env, year).await?))
    })
    .await
}

/// What is said anew of an emulation year. A field that is left out stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct YearChangeJson {
    /// Its theme; null says that there is none.
    #[serde(default, deserialize_with = "http::json::said")]
    #[schema(value_type = Option<String>)]
    theme: Option<Option<String>>,
    /// First day of the span.
    starts_on: Option<NaiveDate>,
    /// Last day of the span.
    ends_on: Option<NaiveDate>,
    /// First day of the span of the school year; null, with the last day, says that there is none.
    #[serde(default, deserialize_with = "http::json::said")]
    #[schema(value_type = Option<NaiveDate>)]
    school_starts_on: Option<Option<NaiveDate>>,
    /// Last day of the span of the school year.
    #[serde(default, deserialize_with = "http::json::said")]
    #[schema(value_type = Option<NaiveDate>)]
    school_ends_on: Option<Option<NaiveDate>>,
    /// Whether points of others are hidden from a scorer until its own are in.
    blind: Option<bool>,
    /// Days in which a unit may object, 0 to 60.
    objection_days: Option<i32>,
    /// When phases are planned to begin: all of them.
    phases: Option<Vec<PhaseJson>>,
    /// The version of the criteria set; null says that none is chosen any more.
    #[serde(default, deserialize_with = "http::json::said")]
    #[schema(value_type = Option<String>)]
    criteria_version_id: Option<Option<String>>,
}

impl YearChangeJson {
    fn read(self) -> Result<YearChange> {
        let phases =
            |phases: Vec<PhaseJson>| -> Vec<(YearPhase, NaiveDate)> { phases.iter().map(PhaseJson::planned).collect() };
        let criteria_version = match self.criteria_version_id {
            Some(id) => Some(id.map(|id| Kind::CriteriaSetVersion.parse(&id)).transpose()?),
            None => None,
        };
        Ok(YearChange {
            theme: self.theme,
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            school_starts_on: self.school_starts_on,
            school_ends_on: self.school_ends_on,
            phases: self.phases.map(phases),
            blind: self.blind,
            objection_days: self.objection_days,
            criteria_version,
        })
    }
}

/// Changes what was planned of a year: until scoring begins, theme and planned days until the result is published. The criteria only while
/// no pact is agreed, signed or in force.
#[utoipa::path(patch, path = "/api/v1/emulation-years/{id}", tag = "emulation-years", security(("bearer" = [])), request_body = YearChangeJson,
    params(("id" = String, Path, description = "Id of the year"),
        ("If-Match" = String, Header, description = "The `ETag` of the year that you read, or `*` for whichever it is")),
    responses((status = 200, description = "As asked for", body = WholeYearJson)))]
#[patch("/emulation-years/{id}")]
async fn change_emulation_year(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<YearChangeJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (id, seen) = (Kind::EmulationYear.parse(&id)?, tags::if_match(&request)?);
        let year = usecases::update(&env, &actor, id, &seen, body.read()?).await?;
        Ok(tags::changed(year.version, &WholeYearJson::read(&env, year).await?))
    })
    .await
}

/// Takes a year on to its next phase, when everything is there that this needs.
#[utoipa::path(post, path = "/api/v1/emulation-years/{id}/advance", tag = "emulation-years", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the year"),
        ("If-Match" = String, Header, description = "The `ETag` of the year that you read, or `*` for whichever it is")),
    responses((status = 200, description = "As asked for", body = WholeYearJson)))]
#[post("/emulation-years/{id}/advance")]
async fn advance_emulation_year(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::EmulationYear.parse(&id)?, tags::if_match(&request)?);
        let year = usecases::advance(&env, &actor, id, &seen).await?;
        Ok(tags::changed(year.version, &WholeYearJson::read(&env, year).await?))
    })
    .await
}
