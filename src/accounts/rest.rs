//! Signing in and out on REST, who I am, and the public key of access tokens.

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, ETAG, IF_NONE_MATCH};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::ScopeKind;
use utoipa::{OpenApi, ToSchema};

use super::{store, usecases};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Error;
use crate::http::json::Json;
use crate::http::{self, Problem};
use crate::ids::Kind;
use crate::policy::{self, Action, Scope};

/// What REST tells of accounts.
#[derive(OpenApi)]
#[openapi(
    paths(login, refresh, logout, me, jwks),
    components(schemas(LoginJson, RefreshTokenJson, TokensJson, MeJson, CapacityJson))
)]
pub struct Docs;

/// Routes of accounts, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(login).service(refresh).service(logout).service(me);
}

/// Routes of accounts whose place others have fixed: RFC 8615.
pub fn well_known(config: &mut ServiceConfig) {
    config.service(jwks);
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LoginJson {
    /// Sign-in name; capitals do not matter.
    username: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
}

/// A refresh token, as the last answer of `login` or `refresh` gave it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RefreshTokenJson {
    /// The token. It works once.
    refresh_token: String,
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokensJson {
    /// For the header `Authorization: Bearer …`, on REST and GraphQL. A JWT signed with EdDSA; see `/.well-known/jwks.json`.
    access_token: String,
    /// For `/api/v1/auth/refresh`, once. Keep it secret; when it is used twice, its session ends.
    refresh_token: String,
    /// Seconds for which the access token works.
    expires_in: i64,
}

/// The caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct MeJson {
    /// Opaque id of the account, the same on GraphQL.
    id: String,
    /// Sign-in name.
    username: String,
    /// Name shown to others.
    display_name: String,
    /// What the caller is today, and where: by role grants, and by the offices that its units hold.
    capacities: Vec<CapacityJson>,
    /// Codes of the actions that the caller may do somewhere.
    can: Vec<&'static str>,
}

/// A role or office and its scope.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CapacityJson {
    /// `ADMIN`, `UNIT_OFFICER`, `CHAIR` …: a role, or an office of a cluster.
    capacity: String,
    /// What kind of scope.
    scope_kind: ScopeKind,
    /// The province, unit or cluster; null for everything.
    scope_id: Option<String>,
}

/// An answer that holds secrets: nobody keeps a copy on the way (RFC 6749, section 5.1).
fn tokens(signed_in: usecases::SignedIn) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .json(TokensJson {
            access_token: signed_in.access_token,
            refresh_token: signed_in.refresh_token,
            expires_in: signed_in.expires_in,
        })
}

/// Signs in. An unknown name, a wrong password and a locked account have the same answer, 401; after many wrong passwords in a
/// row, 429.
#[utoipa::path(post, path = "/api/v1/auth/login", tag = "auth", request_body = LoginJson,
    responses((status = 200, description = "As asked for", body = TokensJson), (status = "default", description = "A problem, RFC 9457")))]
#[post("/auth/login")]
async fn login(env: Data<Env>, request: HttpRequest, Json(body): Json<LoginJson>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let signed_in = usecases::sign_in(&env, &body.username, &body.password).await?;
        Ok(tokens(signed_in))
    })
    .await
}

/// Exchanges a refresh token for the next pair of tokens. A refresh token works once: when it comes back after use it has been
/// copied, so its session ends, and the answer is 401.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshTokenJson,
    responses((status = 200, description = "As asked for", body = TokensJson), (status = "default", description = "A problem, RFC 9457")))]
#[post("/auth/refresh")]
async fn refresh(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<RefreshTokenJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let signed_in = usecases::refresh(&env, &body.refresh_token).await?;
        Ok(tokens(signed_in))
    })
    .await
}

/// Signs out: the session of this refresh token ends at once, and with it its access tokens. A token that nobody knows is no
/// error.
#[utoipa::path(post, path = "/api/v1/auth/logout", tag = "auth", request_body = RefreshTokenJson,
    responses((status = 204, description = "Signed out"), (status = "default", description = "A problem, RFC 9457")))]
#[post("/auth/logout")]
async fn logout(
    env: Data<Env>,
    request: HttpRequest,
    Json(body): Json<RefreshTokenJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        usecases::sign_out(&env, &body.refresh_token).await?;
        Ok(HttpResponse::NoContent()
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish())
    })
    .await
}

/// The caller: its account, what it is today, and what it may do somewhere.
#[utoipa::path(get, path = "/api/v1/auth/me", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = MeJson), (status = "default", description = "A problem, RFC 9457")))]
#[get("/auth/me")]
async fn me(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let account = store::own(&env.db, actor.account_id).await?;
        Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(MeJson {
                id: Kind::Account.id(account.id),
                username: account.username,
                display_name: account.display_name,
                capacities: capacities(&actor),
                can: policy::held_somewhere(&actor).map(Action::code).collect(),
            }))
    })
    .await
}

fn capacities(actor: &Actor) -> Vec<CapacityJson> {
    let capacities = actor.capacities().iter();
    let shown = capacities.map(|&(capacity, scope)| {
        let (scope_kind, scope_id) = match scope {
            Scope::Everything => (ScopeKind::Everything, None),
            Scope::Province(id) => (ScopeKind::Province, Some(Kind::Province.id(id))),
            Scope::Unit(id) => (ScopeKind::Unit, Some(Kind::Unit.id(id))),
            Scope::Cluster(id) => (ScopeKind::Cluster, Some(Kind::Cluster.id(id))),
        };
        CapacityJson {
            capacity: capacity.code(),
            scope_kind,
            scope_id,
        }
    });
    shown.collect()
}

/// The public key by which others verify access tokens: a JSON Web Key Set (RFC 7517). Whether a session has ended, only this
/// service knows.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth",
    responses((status = 200, description = "The key set", content_type = "application/jwk-set+json")))]
#[get("/.well-known/jwks.json")]
async fn jwks(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let tag = format!("\"{}\"", env.tokens.kid());
        let known = request.headers().get(IF_NONE_MATCH);
        let known = known.and_then(|known| known.to_str().ok());
        let same = known.is_some_and(|known| known.contains(&tag));
        let mut response = HttpResponse::build(if same { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
        response
            .insert_header((CACHE_CONTROL, "public, max-age=3600"))
            .insert_header((ETAG, tag));
        if same {
            return Ok(response.finish());
        }
        let body = serde_json::to_vec(&env.tokens.jwks()).map_err(Error::internal)?;
        Ok(response.content_type("application/jwk-set+json").body(body))
    })
    .await
}
