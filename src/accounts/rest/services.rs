//! Service accounts on REST: for the systems by which a province manages its own. By the same use-cases as GraphQL.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use chrono::NaiveDate;
use serde::Deserialize;
use thidua_entity::enums::ScopeKind;
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::accounts::store;
use crate::accounts::usecases;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::Result;
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::policy::{self, Action};

mod shown;
use shown::{MadeSecretJson, Secrets, ServiceAccountJson, ServiceSecretJson, shown, told};

/// What REST tells of service accounts.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_services,
        create_service,
        get_service,
        update_service,
        disable_service,
        enable_service,
        add_secret,
        retire_secret
    ),
    components(schemas(
        ServiceAccountJson,
        ServiceSecretJson,
        MadeSecretJson,
        NewServiceJson,
        ServiceChangeJson
    ))
)]
pub struct Docs;

/// Routes of service accounts, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_services)
        .service(create_service)
        .service(get_service)
        .service(update_service)
        .service(disable_service)
        .service(enable_service)
        .service(add_secret)
        .service(retire_secret);
}

/// A service account to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewServiceJson {
    /// What it is called, one name at one place.
    name: String,
    /// What it is for.
    purpose: String,
    /// Whom to ask about it.
    contact: String,
    /// What kind of place.
    place_kind: ScopeKind,
    /// Id of the province, unit or cluster; left out for `EVERYTHING`.
    place_id: Option<String>,
    /// What it is to see and do there.
    scopes: Vec<String>,
    /// Addresses or networks from which it may call, at most 20; none is anywhere.
    #[serde(default)]
    networks: Vec<String>,
    /// First day on which it no longer works; 366 days from today at most.
    valid_to: NaiveDate,
}

/// What changes of a service account. What is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ServiceChangeJson {
    /// What it is called.
    name: Option<String>,
    /// What it is for.
    purpose: Option<String>,
    /// Whom to ask about it.
    contact: Option<String>,
    /// What it is to see and do, all of it.
    scopes: Option<Vec<String>>,
    /// Addresses or networks from which it may call, all of them; an empty list is anywhere.
    networks: Option<Vec<String>>,
    /// First day on which it no longer works; 366 days from today at most.
    valid_to: Option<NaiveDate>,
}

/// Which service accounts a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ServiceParams {
    /// Words of the name, without regard to case and accents.
    search: Option<String>,
    /// Only those that work today, or only those that do not.
    in_force: Option<bool>,
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

/// The service accounts that the caller manages, the newest first.
#[utoipa::path(get, path = "/api/v1/service-accounts", tag = "service-accounts", params(ServiceParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<ServiceAccountJson>)))]
#[get("/service-accounts")]
async fn list_services(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<ServiceParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        policy::authorize_anywhere(&actor, Action::AccountManage)?;
        let reach = policy::reach_for(&actor, Action::AccountManage);
        let params = params.into_inner();
        let filter = store::ServiceFilter {
            search: params.search,
            in_force: params.in_force,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (page, total) = store::service_accounts(&env.db, &reach, env.today(), &filter, &args, params.count).await?;
        let secrets = Secrets::of(&env, page.rows.iter().map(|(_, service)| service.account.id)).await?;
        let page = page.try_map(|service| secrets.beside(&env, service))?;
        Ok(http::shown(&PageJson::<ServiceAccountJson>::of((page, total))))
    })
    .await
}

/// Makes a service account at a place where the caller manages accounts, with its first secret, which is shown this once. The same name
/// at the same place is 409.
#[utoipa::path(post, path = "/api/v1/service-accounts", tag = "service-accounts", security(("bearer" = [])), request_body = NewServiceJson,
    responses((status = 201, description = "Made", body = MadeSecretJson)))]
#[post("/service-accounts")]
async fn create_service(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewServiceJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let new = usecases::NewService {
            place_id: usecases::read_scope_id(body.place_kind, body.place_id.as_deref())?,
            place_kind: body.place_kind,
            name: body.name,
            purpose: body.purpose,
            contact: body.contact,
            scopes: body.scopes,
            networks: body.networks,
            valid_to: body.valid_to,
        };
        told(&env, usecases::create_service(&env, &actor, new).await?).await
    })
    .await
}

/// One service account.
#[utoipa::path(get, path = "/api/v1/service-accounts/{id}", tag = "service-accounts", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the service account")),
    responses((status = 200, description = "As asked for", body = ServiceAccountJson)))]
#[get("/service-accounts/{id}")]
async fn get_service(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let id = Kind::ServiceAccount.parse(&id)?;
        let reach = policy::reach_for(&actor, Action::AccountManage);
        shown(&env, store::service_account(&env.db, &reach, id, env.today()).await?).await
    })
    .await
}

/// Changes what is said of a service account, or renews it. Scopes and networks count at once, for its tokens too.
#[utoipa::path(patch, path = "/api/v1/service-accounts/{id}", tag = "service-accounts", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the service account"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    request_body = ServiceChangeJson,
    responses((status = 200, description = "As asked for", body = ServiceAccountJson)))]
#[patch("/service-accounts/{id}")]
async fn update_service(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<ServiceChangeJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (id, seen) = (Kind::ServiceAccount.parse(&id)?, tags::if_match(&request)?);
        let change = usecases::ServiceChange {
            name: body.name,
            purpose: body.purpose,
            contact: body.contact,
            scopes: body.scopes,
            networks: body.networks,
            valid_to: body.valid_to,
        };
        shown(&env, usecases::update_service(&env, &actor, id, &seen, change).await?).await
    })
    .await
}

/// Switches a service account off or on, at the version that `If-Match` names.
macro_rules! switch {
    ($name:ident, $path:literal, $disabled:literal, $what:literal) => {
        #[doc = $what]
        #[utoipa::path(post, path = concat!("/api/v1", $path), tag = "service-accounts", security(("bearer" = [])),
                    params(("id" = String, Path, description = "Id of the service account"),
                        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
                    responses((status = 200, description = "As asked for", body = ServiceAccountJson)))]
        #[post($path)]
        async fn $name(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
            http::answer(&request, async {
                let actor = http::actor(&env, &request).await?;
                let (id, seen) = (Kind::ServiceAccount.parse(&id)?, tags::if_match(&request)?);
                shown(
                    &env,
                    usecases::set_service_disabled(&env, &actor, id, &seen, $disabled).await?,
                )
                .await
            })
            .await
        }
    };
}

switch!(
    disable_service,
    "/service-accounts/{id}/disable",
    true,
    "Switches a service account off: it gets no token, and those that it has are refused at once, on every instance."
);
switch!(
    enable_service,
    "/service-accounts/{id}/enable",
    false,
    "Switches a service account on again, with the secrets that it had."
);

/// Makes another secret, which is shown this once; two live at most.
#[utoipa::path(post, path = "/api/v1/service-accounts/{id}/secrets", tag = "service-accounts", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the service account"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 201, description = "Made", body = MadeSecretJson)))]
#[post("/service-accounts/{id}/secrets")]
async fn add_secret(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::ServiceAccount.parse(&id)?, tags::if_match(&request)?);
        told(&env, usecases::add_secret(&env, &actor, id, &seen).await?).await
    })
    .await
}

/// Retires a secret: it gets no more tokens, and those that were got by it are refused at once, on every instance.
#[utoipa::path(post, path = "/api/v1/service-secrets/{id}/retire", tag = "service-accounts", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the secret"),
        ("If-Match" = String, Header, description = "The `ETag` of its service account that you read, or `*` for whichever it is")),
    responses((status = 200, description = "As asked for", body = ServiceAccountJson)))]
#[post("/service-secrets/{id}/retire")]
async fn retire_secret(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (id, seen) = (Kind::ServiceSecret.parse(&id)?, tags::if_match(&request)?);
        shown(&env, usecases::retire_secret(&env, &actor, id, &seen).await?).await
    })
    .await
}
