//! What every door over HTTP shares: who calls, in which language, errors as `application/problem+json`, pages.

use std::sync::Arc;

use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, HttpResponseBuilder, ResponseError, web};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use self::rates::{Rates, Who};
use self::turns::Turns;
use crate::accounts;
use crate::auth::{Actor, Caller};
use crate::db::Page;
use crate::env::Env;
use crate::error::{Error, Language, Result};
use crate::{policy, request};

pub mod address;
pub mod body;
pub mod download;
pub mod health;
pub mod json;
pub mod openapi;
pub mod rates;
pub mod request_log;
pub mod sheets;
pub mod tags;
pub mod turns;
pub mod upload;

/// The caller of a request: `None` without an `Authorization` header. A token that does not verify is refused, not treated
/// as a guest, and so is a caller too many of whose requests are worked on already.
pub async fn caller(env: &Env, request: &HttpRequest) -> Result<Option<Caller>> {
    let Some(header) = request.headers().get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let token = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        // The scheme's case does not matter: RFC 9110, section 11.1.
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Bearer"))
        .map(|(_, token)| token)
        .ok_or(Error::Unauthenticated)?;
    let presented = env.tokens.verify(token.trim(), env.now())?;
    let account = presented.account();
    admit(env, request, account)?;
    let caller = accounts::usecases::caller(env, &presented).await?;
    request::name_account(account);
    Ok(Some(caller))
}

/// Counts a request as one of this account, before the database is asked for anything; `RATE_LIMITED` when it is one too many.
pub fn admit(env: &Env, request: &HttpRequest, account: Uuid) -> Result<()> {
    if let Some(turns) = request.app_data::<web::Data<Turns>>() {
        // Given back when the request is over, also when its client left.
        let turn = turns.take(account)?;
        request.extensions_mut().insert(turn);
    }
    if let Some(rates) = request.app_data::<web::Data<Rates>>() {
        let standing = rates.count(Who::Account(account), env.now())?;
        request.extensions_mut().insert(standing);
    }
    Ok(())
}

/// The caller of a request that nobody may make unnamed, nor with a password that must be changed.
pub async fn actor(env: &Env, request: &HttpRequest) -> Result<Arc<Actor>> {
    admitted(env, request).await?.actor().cloned()
}

/// The caller of a request that nobody may make unnamed, but with a password that must be changed.
pub async fn whoever(env: &Env, request: &HttpRequest) -> Result<Arc<Actor>> {
    Ok(Arc::clone(admitted(env, request).await?.whoever()))
}

/// The caller, where a service account may come through the door at all.
async fn admitted(env: &Env, request: &HttpRequest) -> Result<Caller> {
    let caller = caller(env, request).await?.ok_or(Error::Unauthenticated)?;
    let route = request.match_pattern();
    let door = route.and_then(|route| policy::of_route(&format!("{} {route}", request.method())));
    policy::admit(caller.whoever(), door)?;
    Ok(caller)
}

/// The caller's language.
pub fn language(headers: &HeaderMap) -> Language {
    Language::from_header(
        headers
            .get(header::ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok()),
    )
}

/// An error on its way out of a REST handler, with the language it is told in.
#[derive(Debug)]
pub struct Problem {
    error: Error,
    language: Language,
}

impl Problem {
    /// An error that a handler or an extractor answers to this request.
    pub fn new(error: Error, request: &HttpRequest) -> Self {
        Self {
            error,
            language: language(request.headers()),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(&self.error)
    }

    fn error_response(&self) -> HttpResponse {
        problem(&self.error, self.language)
    }
}

/// Answers a REST request: runs the handler and tells its error in the caller's language.
pub async fn answer<F>(request: &HttpRequest, work: F) -> std::result::Result<HttpResponse, Problem>
where
    F: Future<Output = Result<HttpResponse>>,
{
    work.await.map_err(|error| Problem::new(error, request))
}

/// The status of an error on REST.
pub const fn status(error: &Error) -> StatusCode {
    match error {
        Error::Unauthenticated | Error::WrongPassword | Error::SecondFactorRequired | Error::ProofRequired(_) => {
            StatusCode::UNAUTHORIZED
        }
        Error::Forbidden(_)
        | Error::OwnWork(_)
        | Error::OwnUnit(_)
        | Error::PasswordChangeRequired
        | Error::ScopeMissing(_)
        | Error::PeopleOnly => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::WrongState(_) | Error::AlreadyExists(_) => StatusCode::CONFLICT,
        Error::StaleVersion { .. } => StatusCode::PRECONDITION_FAILED,
        Error::PreconditionRequired => StatusCode::PRECONDITION_REQUIRED,
        Error::BadRequest(_) | Error::TooComplex(_) => StatusCode::BAD_REQUEST,
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Unavailable(_) | Error::ProviderUnavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Logs an error whose cause the caller is not told: what we did not expect, and that the database is busy or away.
pub fn log_unexpected(error: &Error) {
    let record = request::current();
    let request_id = record.as_ref().map(|record| record.id.as_str());
    match error {
        Error::Internal(cause) => {
            tracing::error!(request_id, cause = %cause, details = ?cause, "A request failed for a reason we did not expect");
        }
        Error::Unavailable(cause) => {
            tracing::warn!(request_id, cause = %cause, "The database or the store of files is busy or away: a request was asked to come again");
        }
        Error::ProviderUnavailable(cause) => {
            tracing::warn!(request_id, %cause, "The identity provider does not answer as it should: a request was asked to come again");
        }
        _ => {}
    }
}

/// An error as `application/problem+json` (RFC 9457). A cause that is not told is logged here, once.
pub fn problem(error: &Error, language: Language) -> HttpResponse {
    log_unexpected(error);
    problem_with(status(error), error, language)
}

/// The same with a status of the protocol: 413, 415, 428 and such.
pub fn problem_with(status: StatusCode, error: &Error, language: Language) -> HttpResponse {
    problem_telling(status, error, language, None)
}

/// The same with a member more (RFC 9457, section 3.2): what a client can work with to mend it.
pub fn problem_telling(
    status: StatusCode,
    error: &Error,
    language: Language,
    more: Option<(&str, serde_json::Value)>,
) -> HttpResponse {
    let errors: Vec<_> = match error {
        Error::Invalid(problems) => problems
            .iter()
            .map(|one| json!({ "code": one.code, "field": one.field, "message": one.text.in_language(language) }))
            .collect(),
        _ => Vec::new(),
    };
    let mut body = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or_default(),
        "status": status.as_u16(),
        "code": error.code(),
        "detail": error.text().in_language(language),
    });
    if !errors.is_empty() {
        body["errors"] = errors.into();
    }
    if let Some(record) = request::current() {
        body["requestId"] = record.id.clone().into();
    }
    if let Some((name, value)) = more {
        body[name] = value;
    }
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CONTENT_TYPE, "application/problem+json"))
        .insert_header((header::CONTENT_LANGUAGE, language.tag()))
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9470: the token is good, and what it shows of who calls is not enough for this.
        let challenge = match error {
            Error::ProofRequired(_) => "Bearer error=\"insufficient_user_authentication\"",
            _ => "Bearer",
        };
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if let Error::ScopeMissing(scope) = error {
        // RFC 6750, section 3.1.
        let challenge = format!("Bearer error=\"insufficient_scope\", scope=\"{}\"", scope.code());
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    if let Some(retry_after) = error.retry_after() {
        response.insert_header((header::RETRY_AFTER, retry_after.to_string()));
    }
    response.body(body.to_string())
}

/// 405: the path is right and the method is not; `Allow` tells those that are.
pub fn method_not_allowed(method: &Method, allowed: &[&str], language: Language) -> HttpResponse {
    let allowed = allowed.join(", ");
    // A client may send any word as a method, of any length.
    let method: String = method.as_str().chars().take(20).collect();
    let error = Error::bad_request(
        format!("Đường dẫn này không nhận phương thức {method}; chỉ nhận {allowed}."),
        format!("This path does not take {method}; it takes {allowed}."),
    );
    let mut response = problem_with(StatusCode::METHOD_NOT_ALLOWED, &error, language);
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

/// The key of the client's own under which a request is carried out once, however often it is sent.
pub fn idempotency_key(request: &HttpRequest) -> Option<&str> {
    let key = request.headers().get(IDEMPOTENCY_KEY)?;
    // What is no text is no key either: it is refused where keys are read, as an empty one is.
    Some(key.to_str().unwrap_or_default())
}

const IDEMPOTENCY_KEY: header::HeaderName = header::HeaderName::from_static("idempotency-key");

/// Begins an answer that only its caller may keep, and asks about each time before showing it again: what one sees depends on
/// who one is, and on what has changed since.
pub fn own_answer(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::VARY, "Authorization, Accept-Language"));
    response
}

/// An answer of REST that has no entity tag: a page of a list, a summary.
pub fn shown(body: &impl Serialize) -> HttpResponse {
    own_answer(StatusCode::OK).json(body)
}

/// A page of a list on REST.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageJson<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the page stands in the list.
    pub page_info: PageInfoJson,
    /// How many items the whole list has; only with `count=true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_count: Option<u64>,
}

/// Where a page stands in its list.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfoJson {
    /// Whether there are items after this page.
    pub has_next_page: bool,
    /// Whether there are items before this page.
    pub has_previous_page: bool,
    /// Cursor of the first item; give it as `before` to page backwards.
    pub start_cursor: Option<String>,
    /// Cursor of the last item; give it as `after` for the next page.
    pub end_cursor: Option<String>,
}

impl<T> PageJson<T> {
    /// The page that a store read, each row shown as `T`.
    pub fn of<M: Into<T>>((page, total_count): (Page<M>, Option<u64>)) -> Self {
        Self {
            page_info: PageInfoJson {
                has_next_page: page.has_next,
                has_previous_page: page.has_previous,
                start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
                end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
            },
            items: page.rows.into_iter().map(|(_, row)| row.into()).collect(),
            total_count,
        }
    }
}

/// Reads a list of codes out of a query such as `kind=GRASSROOTS,SECTION`.
pub fn codes<T: serde::de::DeserializeOwned>(field: &str, text: Option<&str>) -> Result<Option<Vec<T>>> {
    let Some(text) = text else { return Ok(None) };
    let read = |code: &str| serde_json::from_value(json!(code.trim())).map_err(|_| unknown_code(field, code));
    text.split(',').take(50).map(read).collect::<Result<Vec<T>>>().map(Some)
}

fn unknown_code(field: &str, code: &str) -> Error {
    let shown: String = code.chars().take(60).collect();
    Error::bad_request(
        format!("Tham số `{field}` không có giá trị `{shown}`; xem /api/v1/openapi.json."),
        format!("Parameter `{field}` has no value `{shown}`; see /api/v1/openapi.json."),
    )
}
