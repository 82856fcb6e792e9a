//! The REST interface in OpenAPI 3.1: what every concept tells of its routes, put together.

use std::sync::LazyLock;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{
    ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi as Document, Ref, RefOr, ResponseBuilder};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::error::Error;
use crate::policy::ServiceScope;
use crate::{
    accounts, awards, ballots, clusters, conferences, councils, criteria, crosschecks, evidence, forms, handover, http,
    notifications, policy, reports, results, scoring, units, years,
};

/// Every concept's part of the document.
fn parts() -> Vec<Document> {
    vec![
        accounts::rest::Docs::openapi(),
        accounts::rest::services::Docs::openapi(),
        units::rest::Docs::openapi(),
        clusters::rest::Docs::openapi(),
        forms::rest::Docs::openapi(),
        criteria::rest::Docs::openapi(),
        scoring::rest::Docs::openapi(),
        years::rest::Docs::openapi(),
        reports::rest::Docs::openapi(),
        crosschecks::rest::Docs::openapi(),
        evidence::rest::Docs::openapi(),
        results::rest::Docs::openapi(),
        councils::rest::Docs::openapi(),
        conferences::rest::Docs::openapi(),
        ballots::rest::Docs::openapi(),
        awards::rest::Docs::openapi(),
        handover::rest::Docs::openapi(),
        notifications::rest::Docs::openapi(),
    ]
}

/// What is said of the whole.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "thidua",
        description = "Emulation clusters of Vietnamese trade unions: units, clusters, forms, reports, awards.\n\n\
            Sign in with `POST /api/v1/auth/login` and send the access token as `Authorization: Bearer …`; another system gets its \
            token with a service account at `POST /api/v1/auth/token`. Errors are \
            `application/problem+json` (RFC 9457) with a stable `code`; the sentence is Vietnamese, or English when \
            `Accept-Language` prefers it. Lists page by cursor: give `pageInfo.endCursor` as `after`. What has a version \
            answers with it as `ETag`; a change names it in `If-Match`, and sent again with the same `Idempotency-Key` it is \
            made once. A filter by what the caller does not see finds nothing, as one by what never was. Answers with \
            `Retry-After` (429, 503) may be asked for again. Figures are exact decimals, written as text. Ids are \
            opaque and the same on GraphQL, at `/graphql`.",
        license(name = "MIT", identifier = "MIT")
    ),
    servers((url = "/", description = "The service that gave this document")),
    paths(get_openapi),
    components(schemas(ProblemJson, FieldProblemJson)),
    tags(
        (name = "auth", description = "Signing in and out, and who the caller is"),
        (name = "service-accounts", description = "Other systems that call the service, and their secrets"),
        (name = "units", description = "Union organisations, a tree with dates"),
        (name = "clusters", description = "Emulation clusters, their members and offices"),
        (name = "forms", description = "Periods, indicators, and report forms with their versions"),
        (name = "criteria", description = "Criteria sets with their versions: drafts, published, adapted by clusters, compared"),
        (name = "scoring", description = "Score sheets of units in emulation years: entries by layer, handing in, objections"),
        (name = "emulation-years", description = "Emulation years of clusters: participants, registrations, targets, pacts"),
        (name = "reports", description = "Reports of units, and totals over them"),
        (name = "cross-checks", description = "Who checks whom, what was found, and what was replied"),
        (name = "evidence", description = "Files beside reports and their figures"),
        (name = "results", description = "Results of emulation years with their snapshots, explanations and grade counts"),
        (name = "councils", description = "Councils of emulation and commendation, and who sits in them"),
        (name = "conferences", description = "Conferences of clusters and councils: agenda, roll, quorum, minutes"),
        (name = "ballots", description = "Ballots of conferences: rules, rolls, outcomes, receipts, and the door for secret votes"),
        (name = "awards", description = "The registry of awards"),
        (name = "notifications", description = "What the caller is told"),
        (name = "service", description = "The service itself")
    ),
    modifiers(&Bearer)
)]
struct Base;

/// How a caller shows who it is.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some(
                "The access token of `POST /api/v1/auth/login`, or of `POST /api/v1/auth/token`.",
            ))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let scopes = ServiceScope::ALL
            .iter()
            .map(|scope| (scope.code(), scope.meaning().trim()));
        let flow = ClientCredentials::new("/api/v1/auth/token", Scopes::from_iter(scopes));
        let service = OAuth2::with_description(
            [Flow::ClientCredentials(flow)],
            "How another system calls, with a service account. A door is open to it where one of the scopes that it names was given.",
        );
        components.add_security_scheme("service", SecurityScheme::OAuth2(service));
    }
}

/// An error, as RFC 9457 describes it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProblemJson {
    /// Always `about:blank`: `code` tells the kind.
    r#type: String,
    /// The status in words.
    title: String,
    /// The status.
    status: u16,
    /// Stable code, the same as on GraphQL: `UNAUTHENTICATED`, `SECOND_FACTOR_REQUIRED`, `PROOF_REQUIRED`,
    /// `PASSWORD_CHANGE_REQUIRED`, `FORBIDDEN`, `INSUFFICIENT_SCOPE`, `NOT_FOUND`, `WRONG_STATE`, `STALE_VERSION`, `ALREADY_EXISTS`, `BAD_REQUEST`,
    /// `INVALID`, `TOO_COMPLEX`; `RATE_LIMITED` and `UNAVAILABLE`, which say in `Retry-After` when to try again; `INTERNAL`.
    code: String,
    /// What is wrong, in the caller's language.
    detail: String,
    /// With `INVALID`: what a form can mend, field by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<FieldProblemJson>>,
    /// Identity of the request, as in the log and in `X-Request-Id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

/// What is wrong with one field.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct FieldProblemJson {
    /// Stable code, never translated.
    code: String,
    /// Path of the field in the body, `figures.3.text`.
    field: String,
    /// What is wrong and how to mend it, in the caller's language.
    message: String,
}

/// The document.
pub fn document() -> Document {
    let mut document = Base::openapi();
    for part in parts() {
        document.merge(part);
    }
    for (path, item) in &mut document.paths.paths {
        let operations = [
            ("GET", &mut item.get),
            ("PUT", &mut item.put),
            ("POST", &mut item.post),
            ("DELETE", &mut item.delete),
            ("PATCH", &mut item.patch),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                if !WITHOUT_PROBLEM.contains(&path.as_str()) {
                    describe_problem(operation);
                }
                say_what_it_requires(&format!("{method} {path}"), operation);
            }
        }
    }
    document
}

/// What never answers with a problem: the keys and this document, and the door of RFC 6749, which has errors of its own.
const WITHOUT_PROBLEM: &[&str] = &["/.well-known/jwks.json", "/api/v1/openapi.json", "/api/v1/auth/token"];

/// Anything else may be answered by a problem, which is said here once.
fn describe_problem(operation: &mut Operation) {
    let problem = Content::new(Some(Ref::from_schema_name("ProblemJson")));
    let response = ResponseBuilder::new()
        .description("A problem, RFC 9457")
        .content("application/problem+json", problem)
        .build();
    operation
        .responses
        .responses
        .insert("default".to_owned(), RefOr::T(response));
}

/// What an operation asks for, told by the policy itself.
fn say_what_it_requires(name: &str, operation: &mut Operation) {
    let Some(requires) = policy::of_route(name) else { return };
    if requires.admits_services() {
        let each = requires
            .scopes()
            .into_iter()
            .map(|scope| SecurityRequirement::new("service", [scope.code()]));
        let mut ways: Vec<SecurityRequirement> = each.collect();
        if ways.is_empty() {
            ways.push(SecurityRequirement::new("service", [""; 0]));
        }
        operation.security.get_or_insert_default().extend(ways);
    }
    let said = operation.description.get_or_insert_default();
    if !said.is_empty() {
        said.push_str("\n\n");
    }
    said.push_str(&requires.line());
}

/// The document as text, in a stable order.
pub fn printed() -> Result<String, String> {
    let text = document().to_pretty_json().map_err(|error| error.to_string())?;
    Ok(text + "\n")
}

static SERVED: LazyLock<Bytes> = LazyLock::new(|| Bytes::from(printed().unwrap_or_default()));

/// The route of the document, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_openapi);
}

/// This document.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "service",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")))]
#[get("/openapi.json")]
async fn get_openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(SERVED.clone())
}

/// A path of the document, cut at its slashes, with the methods that it takes.
type Template = (Vec<String>, Vec<&'static str>);

static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    let paths = document().paths.paths;
    let cut = |path: &str| path.split('/').map(str::to_owned).collect();
    paths
        .iter()
        .map(|(path, item)| {
            let methods = [
                (item.get.is_some(), "GET"),
                (item.get.is_some(), "HEAD"),
                (item.put.is_some(), "PUT"),
                (item.post.is_some(), "POST"),
                (item.delete.is_some(), "DELETE"),
                (item.patch.is_some(), "PATCH"),
            ];
            let methods = methods.into_iter().filter(|(there, _)| *there);
            (cut(path), methods.map(|(_, method)| method).collect())
        })
        .collect()
});

/// The methods that a path of REST takes; empty when there is no such path.
fn methods_at(path: &str) -> Vec<&'static str> {
    let segments: Vec<&str> = path.split('/').collect();
    let same = |template: &[String]| {
        template.len() == segments.len()
            && template
                .iter()
                .zip(&segments)
                .all(|(known, given)| known.starts_with('{') && !given.is_empty() || known == given)
    };
    let fitting = TEMPLATES.iter().filter(|(template, _)| same(template));
    let mut methods: Vec<&'static str> = fitting.flat_map(|(_, methods)| methods.iter().copied()).collect();
    methods.sort_unstable();
    methods.dedup();
    methods
}

/// Answers what no route takes: 405 for a path that takes other methods, else 404.
pub async fn unmatched(request: HttpRequest) -> HttpResponse {
    let language = http::language(request.headers());
    let methods = methods_at(request.path());
    if methods.is_empty() {
        return http::problem(&Error::NotFound, language);
    }
    http::method_not_allowed(request.method(), &methods, language)
}
