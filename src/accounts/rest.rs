//! Signing in and out on REST, who I am, and the public key of access tokens. Service accounts are in `rest/services.rs`, their tokens in
//! `rest/token.rs`.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::ScopeKind;
use utoipa::{OpenApi, ToSchema};

use super::{store, usecases};
use crate::auth::Actor;
use crate::env::Env;
use crate::http::json::{Json, SignedJson};
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::policy::{self, Action, Scope};

mod passwords;
mod personal;
mod provider;
pub mod services;
mod token;

/// What REST tells of accounts.
#[derive(OpenApi)]
#[openapi(
    paths(
        login,
        refresh,
        logout,
        passwords::forgotten,
        passwords::password,
        token::token,
        provider::ways,
        provider::start,
        provider::finish,
        provider::start_link,
        provider::finish_link,
        provider::links,
        provider::unlink,
        me,
        personal::export,
        confirm,
        sessions,
        end_session,
        end_other_sessions,
        jwks
    ),
    components(schemas(
        LoginJson,
        ConfirmJson,
        RefreshTokenJson,
        TokensJson,
        passwords::ForgottenJson,
        passwords::AcceptedJson,
        passwords::PasswordByLinkJson,
        token::TokenForm,
        token::ServiceTokenJson,
        token::TokenProblemJson,
        provider::WaysJson,
        provider::ProviderJson,
        provider::StartJson,
        provider::StartLinkJson,
        provider::FlowJson,
        provider::FinishJson,
        provider::FinishLinkJson,
        provider::LinksJson,
        provider::LinkJson,
        MeJson,
        personal::PersonalDataJson,
        CapacityJson,
        SessionsJson,
        SessionJson
    ))
)]
pub struct Docs;

/// Routes of accounts, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(login)
        .service(refresh)
        .service(logout)
        .service(passwords::forgotten)
        .service(passwords::password)
        .service(token::token)
        .service(provider::ways)
        .service(provider::start)
        .service(provider::finish)
        .service(provider::start_link)
        .service(provider::finish_link)
        .service(provider::links)
        .service(provider::unlink)
        .service(me)
        .service(personal::export)
        .service(confirm)
        .service(sessions)
        .service(end_session)
        .service(end_other_sessions)
        .configure(services::routes);
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
    /// The code of the second factor, or a recovery code; only for an account that has one.
    code: Option<String>,
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
    /// Whether the password must be changed, because somebody else set it. Until then everything but this and signing out is
    /// refused with `PASSWORD_CHANGE_REQUIRED`, and no role counts. `changePassword` on GraphQL changes it.
    must_change_password: bool,
    /// E-mail address; null when none is known.
    email: Option<String>,
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
    /// The account on whose behalf it is held, by a delegation; null for one's own.
    on_behalf_of: Option<String>,
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
    responses((status = 200, description = "As asked for", body = TokensJson)))]
#[post("/auth/login")]
async fn login(env: Data<Env>, request: HttpRequest, Json(body): Json<LoginJson>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let signed_in = usecases::sign_in(&env, &body.username, &body.password, body.code.as_deref()).await?;
        Ok(tokens(signed_in))
    })
    .await
}

/// Exchanges a refresh token for the next pair of tokens. A refresh token works once; of many sent at once one is answered and the
/// others are told to wait (429). When the answer was lost, the same token works again after 5 seconds, as long as the token in
/// that answer has not been used. A token that comes back otherwise has been copied: its session ends, and the answer is 401.
#[utoipa::path(post, path = "/api/v1/auth/refresh", tag = "auth", request_body = RefreshTokenJson,
    responses((status = 200, description = "As asked for", body = TokensJson)))]
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
    responses((status = 204, description = "Signed out")))]
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
    responses((status = 200, description = "As asked for", body = MeJson)))]
#[get("/auth/me")]
async fn me(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::whoever(&env, &request).await?;
        let account = store::own(&env.db, actor.account_id).await?;
        Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(MeJson {
                id: Kind::Account.id(account.id),
                username: account.username,
                display_name: account.display_name,
                must_change_password: actor.must_change_password(),
                email: account.email,
                capacities: capacities(&actor),
                can: policy::held_somewhere(&actor).map(Action::code).collect(),
            }))
    })
    .await
}

fn capacities(actor: &Actor) -> Vec<CapacityJson> {
    let capacities = actor.capacities().iter();
    let shown = capacities.map(|held| {
        let (scope_kind, scope_id) = told_scope(held.scope);
        CapacityJson {
            capacity: held.capacity.code(),
            scope_kind,
            scope_id,
            on_behalf_of: held.delegated.map(|delegated| Kind::Account.id(delegated.from)),
        }
    });
    shown.collect()
}

/// A scope as clients know it: what kind, and its id.
fn told_scope(scope: Scope) -> (ScopeKind, Option<String>) {
    match scope {
        Scope::Everything => (ScopeKind::Everything, None),
        Scope::Province(id) => (ScopeKind::Province, Some(Kind::Province.id(id))),
        Scope::Unit(id) => (ScopeKind::Unit, Some(Kind::Unit.id(id))),
        Scope::Cluster(id) => (ScopeKind::Cluster, Some(Kind::Cluster.id(id))),
    }
}

/// Password or code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ConfirmJson {
    /// The password, of an account without a second factor.
    #[schema(format = Password)]
    password: Option<String>,
    /// The code of the second factor, or a recovery code.
    code: Option<String>,
}

/// Shows again who one is: with the code of the second factor where there is one, else with the password. What decides asks for it
/// with `PROOF_REQUIRED`.
#[utoipa::path(post, path = "/api/v1/auth/confirm", tag = "auth", security(("bearer" = [])), request_body = ConfirmJson,
    responses((status = 204, description = "Confirmed")))]
#[post("/auth/confirm")]
async fn confirm(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<ConfirmJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let (password, code) = (body.password.as_deref(), body.code.as_deref());
        usecases::second_factor::confirm_identity(&env, &actor, password, code).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// The caller's sessions.
#[derive(Serialize, ToSchema)]
struct SessionsJson {
    /// The sessions that have not ended, the newest first; at most 20.
    items: Vec<SessionJson>,
}

/// A sign-in of the caller.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SessionJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// When the caller signed in.
    created_at: DateTime<Utc>,
    /// When its tokens were last exchanged; null before the first time.
    last_used_at: Option<DateTime<Utc>>,
    /// When it ends by itself.
    expires_at: DateTime<Utc>,
    /// Address from which it was last used, as far as it is known.
    address: Option<String>,
    /// What the program then called itself (`User-Agent`).
    client: Option<String>,
    /// Whether it is the session of this very request.
    current: bool,
}

/// Where the caller is signed in.
#[utoipa::path(get, path = "/api/v1/auth/sessions", tag = "auth", security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = SessionsJson)))]
#[get("/auth/sessions")]
async fn sessions(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let live = store::live_sessions(&env.db, actor.account_id, env.now()).await?;
        let shown = live.into_iter().map(|row| SessionJson {
            id: Kind::Session.id(row.id),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            address: row.address,
            client: row.client,
            current: row.id == actor.session_id,
        });
        let items = shown.collect();
        Ok(HttpResponse::Ok()
            .insert_header((CACHE_CONTROL, "no-store"))
            .json(SessionsJson { items }))
    })
    .await
}

/// Ends one of the caller's own sessions: its tokens are refused from now on, on every instance.
#[utoipa::path(delete, path = "/api/v1/auth/sessions/{id}", tag = "auth", security(("bearer" = [])),
    params(("id" = String, Path, description = "The session")),
    responses((status = 204, description = "Ended")))]
#[delete("/auth/sessions/{id}")]
async fn end_session(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        usecases::end_own_session(&env, &actor, Kind::Session.parse(&id)?).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Ends all sessions of the caller but the one at hand.
#[utoipa::path(delete, path = "/api/v1/auth/sessions", tag = "auth", security(("bearer" = [])),
    responses((status = 204, description = "Ended")))]
#[delete("/auth/sessions")]
async fn end_other_sessions(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        usecases::end_other_sessions(&env, &actor, actor.session_id).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}

/// Seconds for which others may keep the public keys: the next key is told long before it signs.
const KEYS_KEPT_SECONDS: u32 = 600;

/// The public keys by which others verify access tokens now or soon: a JSON Web Key Set (RFC 7517), to be asked for again when a
/// token names a key that is not in it. Whether a session has ended, only this service knows.
#[utoipa::path(get, path = "/.well-known/jwks.json", tag = "auth",
    responses((status = 200, description = "The key set", content_type = "application/jwk-set+json")))]
#[get("/.well-known/jwks.json")]
async fn jwks(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let keys = env.tokens.jwks(env.now());
        tags::published(&request, KEYS_KEPT_SECONDS, "application/jwk-set+json", &keys)
    })
    .await
}
