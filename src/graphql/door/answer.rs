//! From the engine's responses to an HTTP answer: codes and sentences for errors, media type, status, headers.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, Accept, Header as _};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use async_graphql::{BatchResponse, ErrorExtensionValues, Response, ServerError, Value, value};
use serde::Serialize;

use crate::error::{Error, Language, Text};
use crate::http;
use crate::http::body::{Refusal, clipped};

/// Most errors told of a request that was not run: one mistake can bring thousands.
const REQUEST_ERRORS_MAX: usize = 20;
/// Most characters of what the engine says: it quotes the input.
const SAID_MAX: usize = 300;

/// How the engine begins when one of its limits is broken, and what we say. It gives these errors nothing else to know
/// them by; a test asks the engine for each.
const LIMITS: &[(&str, &str, &str)] = &[
    (
        "Query is too complex.",
        "Truy vấn đòi quá nhiều dữ liệu: hãy chọn ít trường hơn hoặc giảm `first`, `last`.",
        "The query asks for too much: select fewer fields, or lower `first` or `last`.",
    ),
    (
        "Query is nested too deep.",
        "Truy vấn lồng nhau quá sâu.",
        "The query is nested too deep.",
    ),
    (
        "The recursion depth of the query",
        "Truy vấn lồng nhau quá sâu.",
        "The query is nested too deep.",
    ),
    (
        "recursion limit exceeded",
        "Truy vấn lồng nhau quá sâu.",
        "The query is nested too deep.",
    ),
    (
        "The number of directives on the field",
        "Một trường có quá nhiều chỉ thị (directive).",
        "A field has too many directives.",
    ),
    (
        "The amount of aliases of the query",
        "Truy vấn có quá nhiều bí danh (alias).",
        "The query has too many aliases.",
    ),
];

/// The media types of "GraphQL over HTTP".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: 200 also for operations that were refused before they ran.
    Json,
    /// `application/graphql-response+json`: 4xx for those.
    GraphqlResponse,
}

impl Media {
    /// What the client asks for. Without a wish, or with a wildcard, it gets JSON, which every client can read.
    fn accepted(request: &HttpRequest) -> Self {
        let Ok(accept) = Accept::parse(request) else {
            return Self::Json;
        };
        let quality = |name: &str| {
            accept
                .iter()
                .find(|item| item.item.essence_str() == name)
                .map(|item| item.quality)
        };
        match (
            quality("application/graphql-response+json"),
            quality("application/json"),
        ) {
            (Some(special), _) if special == header::Quality::ZERO => Self::Json,
            (Some(special), Some(plain)) if special < plain => Self::Json,
            (Some(_), _) => Self::GraphqlResponse,
            (None, _) => Self::Json,
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }
}

/// How one request wants to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// Language of messages.
    pub language: Language,
    media: Media,
}

impl Answer {
    /// The answer to this request.
    pub fn to(request: &HttpRequest) -> Self {
        Self {
            language: http::language(request.headers()),
            media: Media::accepted(request),
        }
    }

    /// Sends what the engine answered.
    pub fn send(self, responses: BatchResponse) -> HttpResponse {
        match responses {
            BatchResponse::Single(response) => {
                let shown = Shown::of(response, self.language);
                let refused = shown.data.is_none() && self.media == Media::GraphqlResponse;
                self.begin(if refused {
                    StatusCode::BAD_REQUEST
                } else {
                    StatusCode::OK
                })
                .json(shown)
            }
            BatchResponse::Batch(responses) => {
                let shown: Vec<Shown> = responses.into_iter().map(|one| Shown::of(one, self.language)).collect();
                self.begin(StatusCode::OK).json(shown)
            }
        }
    }

    /// Sends why nothing was run.
    pub fn refuse(self, refusal: &Refusal) -> HttpResponse {
        let mut error = ServerError::new("", None);
        explain(&mut error, &refusal.error, self.language);
        let mut builder = self.begin(refusal.status);
        if refusal.status == StatusCode::UNAUTHORIZED {
            builder.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(retry_after) = refusal.error.retry_after() {
            builder.insert_header((header::RETRY_AFTER, retry_after.to_string()));
        }
        http::log_unexpected(&refusal.error);
        builder.json(Shown::refused(error))
    }

    /// Sends that the method is not the right one.
    pub fn refuse_method(self, allowed: &'static str, vi: &str, en: &str) -> HttpResponse {
        let mut error = ServerError::new("", None);
        explain(&mut error, &Error::bad_request(vi, en), self.language);
        self.begin(StatusCode::METHOD_NOT_ALLOWED)
            .insert_header((header::ALLOW, allowed))
            .json(Shown::refused(error))
    }

    fn begin(self, status: StatusCode) -> HttpResponseBuilder {
        let mut response = HttpResponse::build(status);
        response
            .insert_header((header::CONTENT_TYPE, self.media.content_type()))
            .insert_header((header::CONTENT_LANGUAGE, self.language.tag()))
            .insert_header((header::VARY, "Accept, Accept-Language"))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        response
    }
}

/// A response as the client sees it: without `data` when nothing was run, with `errors` first.
#[derive(Serialize)]
struct Shown {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: BTreeMap<String, Value>,
}

impl Shown {
    fn of(response: Response, language: Language) -> Self {
        let Response {
            mut errors,
            data,
            extensions,
            ..
        } = response;
        // Only what happens in a field has a path; without one, nothing was run.
        let refused = data == Value::Null && !errors.is_empty() && errors.iter().all(|error| error.path.is_empty());
        if refused {
            errors.truncate(REQUEST_ERRORS_MAX);
        }
        finish(&mut errors, language);
        Self {
            errors,
            data: (!refused).then_some(data),
            extensions,
        }
    }

    fn refused(error: ServerError) -> Self {
        Self {
            errors: vec![error],
            data: None,
            extensions: BTreeMap::new(),
        }
    }
}

/// One of our errors as the engine carries them.
pub fn server_error(error: Error) -> ServerError {
    ServerError {
        source: Some(Arc::new(error)),
        ..ServerError::new("", None)
    }
}

/// Gives every error its code and its sentence. What we did not expect is logged, once however many fields it struck, and
/// shown without its cause.
pub fn finish(errors: &mut [ServerError], language: Language) {
    let mut logged: Vec<*const Error> = Vec::new();
    for error in errors {
        let Some(source) = error.source.take() else {
            explain_engine(error, language);
            continue;
        };
        let ours = source
            .downcast_ref::<Error>()
            .or_else(|| source.downcast_ref::<Arc<Error>>().map(AsRef::as_ref));
        if let Some(ours) = ours {
            explain(error, ours, language);
            if !logged.contains(&std::ptr::from_ref(ours)) {
                logged.push(ours);
                http::log_unexpected(ours);
            }
        } else {
            // An error that nobody turned into ours: what it says is not for clients.
            let unexpected = Error::internal(std::mem::take(&mut error.message));
            explain(error, &unexpected, language);
            http::log_unexpected(&unexpected);
        }
    }
}

fn explain(error: &mut ServerError, ours: &Error, language: Language) {
    error.message = ours.text().in_language(language).to_owned();
    let extensions = error.extensions.get_or_insert_default();
    extensions.set("code", ours.code());
    if let Some(retry_after) = ours.retry_after() {
        extensions.set("retryAfter", retry_after);
    }
    match ours {
        Error::StaleVersion { current } => extensions.set("currentVersion", *current),
        Error::Forbidden(action) | Error::OwnWork(action) | Error::OwnUnit(action) => {
            extensions.set("action", action.code());
        }
        Error::Invalid(problems) => {
            let problems = problems.iter().map(|problem| {
                let message = problem.text.in_language(language);
                value!({ "code": problem.code, "field": problem.field.as_str(), "message": message })
            });
            extensions.set("errors", Value::List(problems.collect()));
        }
        _ => {}
    }
}

/// An error that the engine made has no source, only a sentence.
fn explain_engine(error: &mut ServerError, language: Language) {
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    if let Some((_, vi, en)) = LIMITS
        .iter()
        .find(|(beginning, _, _)| error.message.starts_with(beginning))
    {
        extensions.set("code", "TOO_COMPLEX");
        error.message = Text::new(*vi, *en).in_language(language).to_owned();
        return;
    }
    if extensions.get("code").is_none() {
        extensions.set("code", "BAD_REQUEST");
    }
    // The parser draws the line of the mistake, which `locations` tells already.
    let said = match error.message.rsplit_once("\n  = ") {
        Some((_, expected)) if error.message.starts_with(" --> ") => format!("syntax error: {expected}"),
        _ => error.message.clone(),
    };
    let said = clipped(&said, SAID_MAX);
    error.message = match language {
        Language::Vietnamese => format!("Yêu cầu không hợp lệ: {said}"),
        Language::English => said,
    };
}
