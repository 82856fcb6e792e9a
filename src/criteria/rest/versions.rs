//! Versions of criteria sets on REST, and their life.

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Deserialize;
use thidua_entity::enums::CriteriaSetState;
use utoipa::IntoParams;

use super::shown::{DifferenceJson, VersionJson, WholeVersionJson};
use crate::criteria::paths::Shape;
use crate::criteria::store::{self, View};
use crate::criteria::usecases;
use crate::env::Env;
use crate::error::Result;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;

/// One version of a criteria set with what it holds and, of a draft, everything that keeps it from being published.
#[utoipa::path(get, path = "/api/v1/criteria-set-versions/{id}", tag = "criteria", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the version")),
    responses((status = 200, description = "As asked for", body = WholeVersionJson)))]
#[get("/criteria-set-versions/{id}")]
pub async fn get_criteria_set_version(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let version = store::find_version(&env.db, &view, Kind::CriteriaSetVersion.parse(&id)?).await?;
        let (tag, is_draft) = (version.version, version.state == CriteriaSetState::Draft);
        let shown = WholeVersionJson::read(&env, version, http::language(request.headers())).await?;
        // What is wrong with a draft also depends on the catalogue of indicators, of which its version says nothing.
        Ok(if is_draft {
            tags::changed(tag, &shown)
        } else {
            tags::versioned(&request, tag, &shown)
        })
    })
    .await
}

/// With which version one is compared.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DiffParams {
    /// Id of the version to compare it with, of the same set or of another.
    to: String,
}

/// What changed from one version to another, of one set or of two: so a cluster's set is compared with its base.
#[utoipa::path(get, path = "/api/v1/criteria-set-versions/{id}/diff", tag = "criteria", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the version to begin with"), DiffParams),
    responses((status = 200, description = "As asked for", body = DifferenceJson)))]
#[get("/criteria-set-versions/{id}/diff")]
pub async fn get_criteria_set_diff(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<DiffParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let parse = |id: &str| Kind::CriteriaSetVersion.parse(id);
        let compared = usecases::compare(&env, &actor, (parse(&id)?, parse(&params.to)?)).await?;
        tags::digested(&request, &DifferenceJson::from(compared))
    })
    .await
}

/// Publishes a draft: from now on it can be chosen for a year, and it never changes again. Versions published before stay in force until
/// they are retired. With everything that is wrong with it, it is refused; `field` is then a path within the version.
#[utoipa::path(post, path = "/api/v1/criteria-set-versions/{id}/publish", tag = "criteria", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the version"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 200, description = "As asked for", body = VersionJson)))]
#[post("/criteria-set-versions/{id}/publish")]
pub async fn publish_criteria_set(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::CriteriaSetVersion.parse(&id)?, tags::if_match(&request)?);
        let published = usecases::publish(&env, &actor, id, &seen, Shape::Tree).await?;
        Ok(tags::changed(published.version, &VersionJson::from(published)))
    })
    .await
}

/// Retires a published version: nobody chooses or adapts it any more; years that have it keep it.
#[utoipa::path(post, path = "/api/v1/criteria-set-versions/{id}/retire", tag = "criteria", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the version"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 200, description = "As asked for", body = VersionJson)))]
#[post("/criteria-set-versions/{id}/retire")]
pub async fn retire_criteria_set(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::CriteriaSetVersion.parse(&id)?, tags::if_match(&request)?);
        let retired = usecases::retire(&env, &actor, id, &seen).await?;
        Ok(tags::changed(retired.version, &VersionJson::from(retired)))
    })
    .await
}
