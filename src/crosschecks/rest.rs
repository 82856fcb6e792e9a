//! Cross-checks on REST, for the phone of a checker on its visit: list, get, findings, replies, minutes. Drawing and assigning is GraphQL's.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::NaiveDate;
use serde::Deserialize;
use thidua_entity::cross_check;
use thidua_entity::enums::CrossCheckState;
use utoipa::{IntoParams, OpenApi, ToSchema};
use uuid::Uuid;

use super::store::{self, CrossCheckFilter};
use super::usecases::{self, Minutes};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, PageInfoJson, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::years::store::View;

mod findings;
mod shown;

use shown::{CrossCheckJson, FindingJson, PairJson};

/// What REST tells of cross-checks.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_cross_checks,
        get_cross_check,
        findings::write_finding,
        findings::change_finding,
        findings::remove_finding,
        findings::reply_to_finding,
        send_findings,
        send_replies,
        write_minutes
    ),
    components(schemas(
        PairJson,
        CrossCheckJson,
        FindingJson,
        findings::NewFindingJson,
        findings::ReplyJson,
        MinutesJson
    ))
)]
pub struct Docs;

/// Routes of cross-checks, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_cross_checks)
        .service(get_cross_check)
        .service(findings::write_finding)
        .service(findings::change_finding)
        .service(findings::remove_finding)
        .service(findings::reply_to_finding)
        .service(send_findings)
        .service(send_replies)
        .service(write_minutes);
}

/// Which cross-checks a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CrossCheckParams {
    /// Only those of this emulation year.
    year_id: Option<String>,
    /// Only those that this unit makes.
    checker_id: Option<String>,
    /// Only those in which this unit is checked.
    checked_id: Option<String>,
    /// Only those in this state.
    state: Option<CrossCheckState>,
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

/// The cross-checks of the years that the caller sees, as they were assigned, without what was found.
#[utoipa::path(get, path = "/api/v1/cross-checks", tag = "cross-checks", params(CrossCheckParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<PairJson>)))]
#[get("/cross-checks")]
async fn list_cross_checks(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<CrossCheckParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let read = |kind: Kind, id: &Option<String>| id.as_ref().map(|id| kind.parse(id)).transpose();
        let filter = CrossCheckFilter {
            year: read(Kind::EmulationYear, &params.year_id)?,
            checker: read(Kind::Unit, &params.checker_id)?,
            checked: read(Kind::Unit, &params.checked_id)?,
            state: params.state,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (page, total_count) = store::list(&env.db, &view, &filter, &args, params.count).await?;
        let (cursors, rows): (Vec<String>, Vec<cross_check::Model>) = page.rows.into_iter().unzip();
        Ok(http::shown(&PageJson {
            page_info: PageInfoJson {
                has_next_page: page.has_next,
                has_previous_page: page.has_previous,
                start_cursor: cursors.first().cloned(),
                end_cursor: cursors.last().cloned(),
            },
            items: shown::pairs(&env, rows).await?,
            total_count,
        }))
    })
    .await
}

/// One cross-check with what was found, as far as the caller sees it.
#[utoipa::path(get, path = "/api/v1/cross-checks/{id}", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the cross-check")),
    responses((status = 200, description = "As asked for", body = CrossCheckJson)))]
#[get("/cross-checks/{id}")]
async fn get_cross_check(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let check = store::find(&env.db, &view, Kind::CrossCheck.parse(&id)?).await?;
        let version = store::shown_version(check.version);
        let whole = shown::whole(&env, &view, check).await?;
        // Never 304: what is shown also changes when the year is published, and the version does not. Without a tag for who has no step to
        // take with it now.
        Ok(match version {
            Some(version) => tags::changed(version, &whole),
            None => http::own_answer(StatusCode::OK).json(whole),
        })
    })
    .await
}

/// Takes a step with a cross-check at the version that `If-Match` names, and answers with it as it is then.
macro_rules! step {
    ($name:ident, $path:literal, $what:literal, $usecase:ident) => {
        #[doc = $what]
        #[utoipa::path(post, path = concat!("/api/v1", $path), tag = "cross-checks", security(("bearer" = [])),
                    params(("id" = String, Path, description = "Id of the cross-check"),
                        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
                    responses((status = 200, description = "As it is now", body = CrossCheckJson)))]
        #[post($path)]
        async fn $name(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
            http::answer(&request, async {
                let actor = http::actor(&env, &request).await?;
                let (id, seen): (Uuid, _) = (Kind::CrossCheck.parse(&id)?, tags::if_match(&request)?);
                let check = usecases::$usecase(&env, &actor, id, &seen).await?;
                let view = View::of(&actor, env.today());
                Ok(tags::changed(
                    check.version,
                    &shown::whole(&env, &view, check).await?,
                ))
            })
            .await
        }
    };
}

step!(
    send_findings,
    "/cross-checks/{id}/send-findings",
    "Sends the findings to the checked unit, which then replies; without any, it is told that there are none.",
    send_findings
);
step!(
    send_replies,
    "/cross-checks/{id}/send-replies",
    "Sends the replies to the checker, when every finding has one.",
    send_replies
);

/// The minutes of a cross-check.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MinutesJson {
    /// The day of the visit.
    held_on: NaiveDate,
    /// Where.
    place: String,
    /// Who was there.
    attendance: String,
    /// The minutes.
    minutes: String,
}

/// Writes the minutes of the visit, by which the cross-check is done.
#[utoipa::path(post, path = "/api/v1/cross-checks/{id}/minutes", tag = "cross-checks", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the cross-check"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    request_body = MinutesJson,
    responses((status = 200, description = "As it is now", body = CrossCheckJson)))]
#[post("/cross-checks/{id}/minutes")]
async fn write_minutes(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<MinutesJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (id, seen) = (Kind::CrossCheck.parse(&id)?, tags::if_match(&request)?);
        let minutes = Minutes {
            held_on: body.held_on,
            place: &body.place,
            attendance: &body.attendance,
            text: &body.minutes,
        };
        let check = usecases::write_minutes(&env, &actor, id, &seen, &minutes).await?;
        let view = View::of(&actor, env.today());
        Ok(tags::changed(check.version, &shown::whole(&env, &view, check).await?))
    })
    .await
}
