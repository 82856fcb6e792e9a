//! Tokens for service accounts: the client credentials grant of OAuth 2 (RFC 6749, section 4.4), as its libraries send it and want it
//! answered.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap};
use actix_web::web::{Data, Payload};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::client_credentials::{Refused, TokenRequest};
use crate::accounts::usecases;
use crate::env::Env;
use crate::http::body::{BodyLimits, read_body};
use crate::http::{log_unexpected, status};

/// Most bytes of a request: ours have some hundreds.
const BODY_BYTES_MAX: usize = 8_192;

/// What a service account sends. It is no JSON but a form, as the RFC has it.
#[derive(Deserialize, ToSchema)]
#[allow(dead_code, reason = "described here; `TokenRequest` reads it")]
pub(super) struct TokenForm {
    /// Always `client_credentials`.
    grant_type: String,
    /// The id of the service account, unless `Authorization: Basic` names it.
    client_id: Option<String>,
    /// Its secret, unless `Authorization: Basic` has it. Never both.
    #[schema(format = Password)]
    client_secret: Option<String>,
    /// The scopes that the token is to have, separated by blanks; all that were given when left out.
    scope: Option<String>,
}

/// A token of a service account. There is no refresh token: ask again.
#[derive(Serialize, ToSchema)]
pub(super) struct ServiceTokenJson {
    /// For the header `Authorization: Bearer …`, on REST and GraphQL. A JWT signed with EdDSA, of the kind `at+jwt` (RFC 9068).
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds for which it works.
    expires_in: i64,
    /// The scopes that it has, separated by blanks.
    scope: String,
}

/// Why there is no token.
#[derive(Serialize, ToSchema)]
pub(super) struct TokenProblemJson {
    /// `invalid_request`, `invalid_client`, `invalid_scope`, `unauthorized_client` (switched off, at its end, or not from this address),
    /// `unsupported_grant_type`; with 429 and 503 `temporarily_unavailable`.
    error: &'static str,
    /// A sentence for a developer, in English.
    error_description: &'static str,
}

/// Gives a service account a token for its id and a secret, in the header `Authorization: Basic …` (each form-encoded, then joined by a
/// colon) or in the form. An unknown id and a wrong secret have the same answer; after many wrong ones from one address, 429.
#[utoipa::path(post, path = "/api/v1/auth/token", tag = "auth",
    request_body(content = TokenForm, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "As asked for", body = ServiceTokenJson),
        (status = "4XX", description = "Refused, RFC 6749 section 5.2", body = TokenProblemJson)))]
#[post("/auth/token")]
pub(super) async fn token(env: Data<Env>, request: HttpRequest, payload: Payload) -> HttpResponse {
    let outcome = async {
        let asked = read(&request, payload).await?;
        usecases::token(&env, &asked).await
    };
    match outcome.await {
        Ok(token) => uncached(StatusCode::OK).json(ServiceTokenJson {
            access_token: token.access_token,
            token_type: "Bearer",
            expires_in: token.expires_in,
            scope: token.scopes.written(),
        }),
        Err(refused) => answer(&refused),
    }
}

async fn read(request: &HttpRequest, payload: Payload) -> Result<TokenRequest, Refused> {
    if request.content_type() != "application/x-www-form-urlencoded" {
        return Err(Refused::InvalidRequest(
            "The body must be application/x-www-form-urlencoded.",
        ));
    }
    let limits = BodyLimits {
        bytes_max: BODY_BYTES_MAX,
        ..BodyLimits::at(request)
    };
    let body = read_body(request, payload.into_inner(), limits).await;
    let body = body.map_err(|_| Refused::InvalidRequest("The body is too large, too slow or damaged."))?;
    TokenRequest::read(authorization(request.headers())?, &body)
}

/// The header, if there is one.
fn authorization(headers: &HeaderMap) -> Result<Option<&str>, Refused> {
    let header = headers.get(header::AUTHORIZATION);
    header
        .map(|header| header.to_str().map_err(|_| Refused::InvalidClient))
        .transpose()
}

/// Nobody keeps a copy on the way: RFC 6749, section 5.1.
fn uncached(status: StatusCode) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::PRAGMA, "no-cache"));
    response
}

fn answer(refused: &Refused) -> HttpResponse {
    let mut response = uncached(match refused {
        Refused::InvalidClient => StatusCode::UNAUTHORIZED,
        Refused::Other(error) => status(error),
        _ => StatusCode::BAD_REQUEST,
    });
    match refused {
        Refused::InvalidClient => {
            response.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"thidua\""));
        }
        Refused::Other(error) => {
            log_unexpected(error);
            if let Some(seconds) = error.retry_after() {
                response.insert_header((header::RETRY_AFTER, seconds.to_string()));
            }
        }
        _ => {}
    }
    response.json(TokenProblemJson {
        error: refused.code(),
        error_description: refused.description(),
    })
}
