//! Signing in through the province's identity provider on REST, and the caller's own link to it.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::provider_link;
use utoipa::ToSchema;

use super::tokens;
use crate::accounts::store;
use crate::accounts::usecases::provider as usecases;
use crate::env::Env;
use crate::http::json::{Json, SignedJson};
use crate::http::{self, Problem};
use crate::ids::Kind;

/// In which ways one may sign in, besides name and password.
#[derive(Serialize, ToSchema)]
pub(super) struct WaysJson {
    /// The identity provider; null when the service has none.
    provider: Option<ProviderJson>,
}

/// An identity provider by which one may sign in.
#[derive(Serialize, ToSchema)]
pub(super) struct ProviderJson {
    /// What people call it, for the button: `Tài khoản cán bộ tỉnh Lào Cai`.
    name: String,
}

/// In which ways one may sign in, for the page on which one does.
#[utoipa::path(get, path = "/api/v1/auth/ways", tag = "auth",
    responses((status = 200, description = "As asked for", body = WaysJson)))]
#[get("/auth/ways")]
pub(super) async fn ways(env: Data<Env>) -> HttpResponse {
    let name = env.provider.name().map(str::to_owned);
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-cache"))
        .json(WaysJson {
            provider: name.map(|name| ProviderJson { name }),
        })
}

/// Where somebody is to come back from the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartJson {
    /// Address to which the provider sends the browser back: one of the setting `oidc_redirects`, letter by letter.
    redirect_uri: String,
    /// Whether the provider is to ask for the password even of who has signed in there: on a machine of several people, and where
    /// a fresh proof is needed. Left out it is not.
    #[serde(default)]
    anew: bool,
}

/// The same, and what shows again who the caller is.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct StartLinkJson {
    /// Address to which the provider sends the browser back: one of the setting `oidc_redirects`, letter by letter.
    redirect_uri: String,
    /// The password, of an account without a second factor.
    #[schema(format = Password)]
    password: Option<String>,
    /// The code of the second factor, or a recovery code.
    code: Option<String>,
}

/// What a front end needs to send somebody to the identity provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FlowJson {
    /// Address to which the browser goes.
    authorization_url: String,
    /// The parameter `state` with which the browser comes back: by it the front end finds `flow` again.
    state: String,
    /// A secret that the front end keeps for itself, and gives back when the browser has come back. It leaves the front end in no address.
    #[schema(format = Password)]
    flow: String,
    /// Seconds until it is too late to finish.
    expires_in: i64,
}

/// What has come back from the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FinishJson {
    /// What the start gave and the front end kept for itself.
    #[schema(format = Password)]
    flow: String,
    /// The parameter `state` of the address at which the browser has come back.
    state: String,
    /// The parameter `code` of the same address.
    code: String,
    /// The code of the second factor, or a recovery code, where the answer was `SECOND_FACTOR_REQUIRED`; all else is sent again as it was.
    second_factor_code: Option<String>,
}

/// What has come back from the identity provider.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct FinishLinkJson {
    /// What the start gave and the front end kept for itself.
    #[schema(format = Password)]
    flow: String,
    /// The parameter `state` of the address at which the browser has come back.
    state: String,
    /// The parameter `code` of the same address.
    code: String,
}

/// The caller's links.
#[derive(Serialize, ToSchema)]
pub(super) struct LinksJson {
    /// The links, the oldest first: at most one of each provider that the service ever had.
    items: Vec<LinkJson>,
}

/// Which person at an identity provider an account is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The provider, by the address that it calls itself.
    issuer: String,
    /// The person there: what the provider calls `sub`.
    subject: String,
    /// When they were linked.
    linked_at: DateTime<Utc>,
}

impl From<provider_link::Model> for LinkJson {
    fn from(row: provider_link::Model) -> Self {
        Self {
            id: Kind::ProviderLink.id(row.id),
            issuer: row.issuer,
            subject: row.subject,
            linked_at: row.linked_at,
        }
    }
}

/// An answer that holds a secret: nobody keeps a copy on the way.
fn flow(begun: usecases::FlowBegun) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(FlowJson {
            authorization_url: begun.authorization_url,
            state: begun.state,
            flow: begun.flow,
            expires_in: begun.expires_in,
        })
}

/// Begins a sign-in through the identity provider: keep `flow`, send the browser to `authorizationUrl`, and finish with what it brings
/// back. 409 (`WRONG_STATE`) without a provider, 503 (`UNAVAILABLE`) while it does not answer.
#[utoipa::path(post, path = "/api/v1/auth/oidc/start", tag = "auth", request_body = StartJson,
    responses((status = 200, description = "As asked for", body = FlowJson)))]
#[post("/auth/oidc/start")]
pub(super) async fn start(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<StartJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        Ok(flow(
            usecases::start_sign_in(&env, &body.redirect_uri, body.anew).await?,
        ))
    })
    .await
}

/// Signs in the account that is linked to the person whom the identity provider has proven. An account with a second factor is asked
/// for its code with 401 (`SECOND_FACTOR_REQUIRED`): send the same again with `secondFactorCode`, within the same ten minutes. A person
/// who is linked to no account is `PROVIDER_NOT_LINKED`, whatever e-mail address the provider tells; one of a locked account is
/// `ACCOUNT_LOCKED`. What was used, is over, or was begun elsewhere is `FLOW_INVALID`; what the provider does not confirm is
/// `PROVIDER_REFUSED`: begin again. 503 (`UNAVAILABLE`) while the provider does not answer: the same may be sent again.
#[utoipa::path(post, path = "/api/v1/auth/oidc/finish", tag = "auth", request_body = FinishJson,
    responses((status = 200, description = "As asked for", body = super::TokensJson)))]
#[post("/auth/oidc/finish")]
pub(super) async fn finish(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<FinishJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let came = usecases::CameBack {
            flow: &body.flow,
            state: &body.state,
            code: &body.code,
        };
        let signed_in = usecases::finish_sign_in(&env, came, body.second_factor_code.as_deref()).await?;
        Ok(tokens(signed_in))
    })
    .await
}

/// Begins to link the caller's own account to the person that the caller is at the identity provider. The caller shows again who they
/// are, with the code of the second factor where there is one, else with the password.
#[utoipa::path(post, path = "/api/v1/auth/oidc/links/start", tag = "auth", security(("bearer" = [])), request_body = StartLinkJson,
    responses((status = 200, description = "As asked for", body = FlowJson)))]
#[post("/auth/oidc/links/start")]
pub(super) async fn start_link(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<StartLinkJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let shown = (body.password.as_deref(), body.code.as_deref());
        Ok(flow(
            usecases::start_link(&env, &actor, &body.redirect_uri, shown).await?,
        ))
    })
    .await
}

/// Links the caller's own account to the person whom the identity provider has proven: from now on the caller signs in by it. 409
/// (`ALREADY_EXISTS`) when the person is linked to an account, or the account to a person.
#[utoipa::path(post, path = "/api/v1/auth/oidc/links", tag = "auth", security(("bearer" = [])), request_body = FinishLinkJson,
    responses((status = 201, description = "Linked", body = LinkJson)))]
#[post("/auth/oidc/links")]
pub(super) async fn finish_link(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<FinishLinkJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let came = usecases::CameBack {
            flow: &body.flow,
            state: &body.state,
            code: &body.code,
        };
        let link = usecases::finish_link(&env, &actor, came).await?;
        Ok(HttpResponse::Created()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(LinkJson::from(link)))
    })
    .await
}

/// Which persons at an identity provider the caller's account is.
#[utoipa::path(get, path = "/api/v1/auth/oidc/links", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = LinksJson)))]
#[get("/auth/oidc/links")]
pub(super) async fn links(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let links = store::provider_links(&env.db, &[actor.account_id]).await?;
        let items = links.into_iter().map(LinkJson::from).collect();
        Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(LinksJson { items }))
    })
    .await
}

/// Takes a link away: nobody signs in by it any more, and the sessions that came by it end, but that of this request. One's own only
/// where one has a password, 409 (`WRONG_STATE`) else.
#[utoipa::path(delete, path = "/api/v1/auth/oidc/links/{id}", tag = "auth", security(("bearer" = [])),
    params(("id" = String, Path, description = "The link")),
    responses((status = 204, description = "Taken away")))]
#[delete("/auth/oidc/links/{id}")]
pub(super) async fn unlink(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        usecases::unlink(&env, &actor, Kind::ProviderLink.parse(&id)?).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
