//! Criteria sets on REST: list, get, begin, check and write; the life of versions in a file of its own. By the same use-cases as GraphQL.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use serde::Deserialize;
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::paths::Shape;
use super::store::{self, CriteriaSetFilter, View};
use super::usecases::{self, Draft, NewSet, Owner};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::reckoning::CriteriaSet;

mod shown;
mod versions;

use shown::{CheckedJson, CriteriaSetJson, DifferenceJson, VersionJson, WholeSetJson, WholeVersionJson, problems};

/// What REST tells of criteria sets.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_criteria_sets,
        create_criteria_set,
        check_criteria_set,
        get_criteria_set,
        write_criteria_set_draft,
        versions::get_criteria_set_version,
        versions::get_criteria_set_diff,
        versions::publish_criteria_set,
        versions::retire_criteria_set
    ),
    components(schemas(
        CriteriaSetJson,
        WholeSetJson,
        VersionJson,
        WholeVersionJson,
        CheckedJson,
        DifferenceJson,
        NewSetJson,
        DraftJson
    ))
)]
pub struct Docs;

/// Routes of criteria sets, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_criteria_sets)
        .service(create_criteria_set)
        .service(check_criteria_set)
        .service(get_criteria_set)
        .service(write_criteria_set_draft)
        .service(versions::get_criteria_set_version)
        .service(versions::get_criteria_set_diff)
        .service(versions::publish_criteria_set)
        .service(versions::retire_criteria_set);
}

/// Which criteria sets a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SetParams {
    /// Words of the code or the name, without regard to case and accents.
    search: Option<String>,
    /// Only those with this code.
    code: Option<String>,
    /// Only those that this unit issues.
    unit_id: Option<String>,
    /// Only those of this cluster.
    cluster_id: Option<String>,
    /// Only those that adapt this set.
    base_id: Option<String>,
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

/// The criteria sets that the caller sees, by code.
#[utoipa::path(get, path = "/api/v1/criteria-sets", tag = "criteria", params(SetParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<CriteriaSetJson>)))]
#[get("/criteria-sets")]
async fn list_criteria_sets(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SetParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let filter = CriteriaSetFilter {
            unit: read_id(Kind::Unit, params.unit_id.as_ref())?,
            cluster: read_id(Kind::Cluster, params.cluster_id.as_ref())?,
            base: read_id(Kind::CriteriaSet, params.base_id.as_ref())?,
            search: params.search,
            code: params.code,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list(&env.db, &view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<CriteriaSetJson>::of(page)))
    })
    .await
}

/// A criteria set to be begun.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSetJson {
    /// The unit that issues it; either this or `clusterId`.
    unit_id: Option<String>,
    /// The cluster whose own it will be.
    cluster_id: Option<String>,
    /// For a cluster: a version in force of a set that its organiser or a unit above issues, to begin with and to adapt.
    base_version_id: Option<String>,
    /// Short code, unique for its owner.
    code: String,
    /// Name.
    name: String,
}

/// Begins a criteria set of a unit or of a cluster; with `baseVersionId` as an adaptation, whose draft then holds what that version holds.
/// The same code of the same owner is 409.
#[utoipa::path(post, path = "/api/v1/criteria-sets", tag = "criteria", security(("bearer" = [])), request_body = NewSetJson,
    responses((status = 201, description = "Begun", body = WholeSetJson)))]
#[post("/criteria-sets")]
async fn create_criteria_set(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewSetJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let owner = match (&body.unit_id, &body.cluster_id) {
            (Some(unit), None) => Owner::Unit(Kind::Unit.parse(unit)?),
            (None, Some(cluster)) => Owner::Cluster(Kind::Cluster.parse(cluster)?),
            _ => {
                return Err(Error::bad_request(
                    "Cần đúng một trong hai: `unitId` hoặc `clusterId`.",
                    "Give one of `unitId` and `clusterId`.",
                ));
            }
        };
        let base = read_id(Kind::CriteriaSetVersion, body.base_version_id.as_ref())?;
        let set = match (owner, base) {
            (Owner::Cluster(cluster), Some(base)) => {
                usecases::adapt(&env, &actor, cluster, base, (&body.code, &body.name)).await?
            }
            (Owner::Unit(_), Some(_)) => {
                return Err(Error::bad_request(
                    "Chỉ cụm mới vận dụng bảng điểm của đơn vị: hãy gửi `clusterId`.",
                    "Only a cluster adapts the set of a unit: give `clusterId`.",
                ));
            }
            (owner, None) => {
                let new = NewSet {
                    owner,
                    code: &body.code,
                    name: &body.name,
                };
                usecases::create(&env, &actor, new).await?
            }
        };
        let view = View::of(&actor, env.today());
        let versions = store::versions_of(&env.db, &view, &[set.id]).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(WholeSetJson::of(set, versions)))
    })
    .await
}

/// One criteria set with its versions, without what they hold.
#[utoipa::path(get, path = "/api/v1/criteria-sets/{id}", tag = "criteria", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the set")),
    responses((status = 200, description = "As asked for", body = WholeSetJson)))]
#[get("/criteria-sets/{id}")]
async fn get_criteria_set(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let set = store::find(&env.db, &view, Kind::CriteriaSet.parse(&id)?).await?;
        let versions = store::versions_of(&env.db, &view, &[set.id]).await?;
        tags::digested(&request, &WholeSetJson::of(set, versions))
    })
    .await
}

/// What a draft is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DraftJson {
    /// All of it, as `GET /api/v1/criteria-set-versions/{id}` tells it: a tree, whose sections have `children`. What the parts mean is said at
    /// `CriteriaSetContent` of GraphQL. What is left out is in the draft no more.
    #[schema(value_type = Object)]
    content: CriteriaSet,
    /// Of a set that adapts another: the version in force of that which it adapts; left out, it stays.
    base_version_id: Option<String>,
}

impl DraftJson {
    fn read(self) -> Result<Draft> {
        Ok(Draft {
            content: self.content,
            base_version: read_id(Kind::CriteriaSetVersion, self.base_version_id.as_ref())?,
            shape: Shape::Tree,
        })
    }
}

/// Everything that would keep a set from being published; nothing is stored.
#[utoipa::path(post, path = "/api/v1/criteria-sets/check", tag = "criteria", security(("bearer" = [])), request_body = DraftJson,
    responses((status = 200, description = "As asked for", body = CheckedJson)))]
#[post("/criteria-sets/check")]
async fn check_criteria_set(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<DraftJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let draft = body.read()?;
        let found = usecases::check(&env, &actor, draft.content, draft.base_version, draft.shape).await?;
        let problems = problems(found, http::language(request.headers()));
        Ok(http::shown(&CheckedJson { problems }))
    })
    .await
}

/// Writes the next version of a set as a draft, or the draft that there is anew. It may still be wrong: what is wrong is told with it, and
/// only publishing refuses it.
#[utoipa::path(put, path = "/api/v1/criteria-sets/{id}/draft", tag = "criteria", security(("bearer" = [])), request_body = DraftJson,
    params(("id" = String, Path, description = "Id of the set"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft that you read, or `*` for whichever it is"),
        ("If-None-Match" = Option<String>, Header, description = "`*` in the place of `If-Match`, when there is no draft yet")),
    responses((status = 200, description = "As asked for", body = WholeVersionJson)))]
#[put("/criteria-sets/{id}/draft")]
async fn write_criteria_set_draft(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<DraftJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (set, seen) = (Kind::CriteriaSet.parse(&id)?, tags::if_match_or_new(&request)?);
        let (_, written) = usecases::write_draft(&env, &actor, set, body.read()?, seen).await?;
        let language = http::language(request.headers());
        Ok(tags::changed(
            written.version,
            &WholeVersionJson::read(&env, written, language).await?,
        ))
    })
    .await
}
