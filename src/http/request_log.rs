//! One line in the log and one observation in the metrics for each request, and what every answer carries: the request's
//! id and headers that keep browsers from guessing.

use std::sync::Arc;
use std::time::Instant;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _};
use uuid::Uuid;

use super::address;
use super::body::Unread;
use crate::request::{self, CLIENT_NAME_MAX, Client, RequestRecord};

/// Header in which a request's id travels, both ways.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Most characters of an id that a client chose.
const REQUEST_ID_LENGTH_MAX: usize = 64;
/// Logged for a request whose client left before the answer.
const CLIENT_LEFT: u16 = 499;
/// Logged for a request whose handler panicked: its client got no answer either, but the fault is ours.
const PANICKED: u16 = 500;

/// Routes of which nothing is kept that could tell who called: not the address, not what the client calls itself, not an id that it chose. The
/// line in the log names the pattern and not the ballot.
const UNTRACED: [&str; 1] = ["/api/v1/ballots/{id}/votes"];

/// Counter of requests, by route and status.
pub const REQUESTS: &str = "thidua_requests_total";
/// Histogram of how long requests take, by route.
pub const SECONDS: &str = "thidua_request_seconds";
/// Histogram of how many SQL statements requests take, by route.
pub const STATEMENTS: &str = "thidua_request_statements";

/// Headers for answers that do not say otherwise.
const DEFAULT_HEADERS: [(HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-site"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// Tells the recorder what the metrics mean.
pub fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests answered, by route and status.");
    metrics::describe_histogram!(
        SECONDS,
        metrics::Unit::Seconds,
        "Time from a request's head to its answer."
    );
    metrics::describe_histogram!(STATEMENTS, metrics::Unit::Count, "SQL statements of a request.");
}

/// Middleware for the whole application, the outermost: `.wrap(from_fn(request_log::request_log))`.
pub async fn request_log(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let unread = Unread::of(&mut request);
    // Known before a handler runs, so that one that never answers is counted under its route too.
    let route = request.match_pattern();
    let untraced = route.as_deref().is_some_and(|route| UNTRACED.contains(&route));
    let record = if untraced {
        RequestRecord::new(Uuid::now_v7().to_string(), Client::default())
    } else {
        RequestRecord::new(request_id(request.headers()), client(&request))
    };
    let mut entry = Entry::new(Arc::clone(&record), request.method(), route);
    match request::scope(Arc::clone(&record), next.call(request)).await {
        Ok(mut response) => {
            entry.finish(response.status());
            // For a test that asks how many statements the request took.
            response.request().extensions_mut().insert(Arc::clone(&record));
            let headers = response.headers_mut();
            if let Ok(id) = HeaderValue::from_str(&record.id) {
                headers.insert(REQUEST_ID, id);
            }
            for (name, value) in DEFAULT_HEADERS {
                if !headers.contains_key(&name) {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            Ok(response.map_body(|_, body| unread.kept_by(body.boxed())))
        }
        Err(error) => {
            entry.finish(error.as_response_error().status_code());
            Err(error)
        }
    }
}

/// Who sent the request.
fn client(request: &ServiceRequest) -> Client {
    // Programs write what they like here, Vietnamese letters too.
    let name = request.headers().get(header::USER_AGENT);
    let name = name.map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
    Client {
        address: address::of_client(request),
        name: name.map(|name| name.chars().filter(|c| !c.is_control()).take(CLIENT_NAME_MAX).collect()),
    }
}

/// The id that the client gave, when it is one that can stand in a log, else a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| {
            (1..=REQUEST_ID_LENGTH_MAX).contains(&id.len())
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        });
    given.map_or_else(|| Uuid::now_v7().to_string(), ToOwned::to_owned)
}

/// What is written when the request is over, also when it is over because the client left or a handler panicked.
struct Entry {
    record: Arc<RequestRecord>,
    begun: Instant,
    method: &'static str,
    route: Option<String>,
    /// None until there is an answer.
    status: Option<u16>,
}

impl Entry {
    fn new(record: Arc<RequestRecord>, method: &Method, route: Option<String>) -> Self {
        Self {
            record,
            begun: Instant::now(),
            method: method_label(method),
            route,
            status: None,
        }
    }

    fn finish(&mut self, status: StatusCode) {
        self.status = Some(status.as_u16());
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        let unanswered = if std::thread::panicking() {
            PANICKED
        } else {
            CLIENT_LEFT
        };
        let status = self.status.unwrap_or(unanswered);
        let statements = self.record.statements();
        // The route's pattern and never the path or the client's operation name: metrics keep each label for ever.
        let kind = format!("{} {}", self.method, self.route.as_deref().unwrap_or("unmatched"));
        tracing::info!(
            request_id = self.record.id,
            account = self.record.account.get().map(tracing::field::display),
            operation = self.record.operation.get().unwrap_or(&kind),
            status,
            duration_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            statements,
            "Finished a request"
        );
        metrics::counter!(REQUESTS, "operation_kind" => kind.clone(), "status" => status.to_string()).increment(1);
        metrics::histogram!(SECONDS, "operation_kind" => kind.clone()).record(elapsed);
        metrics::histogram!(STATEMENTS, "operation_kind" => kind).record(f64::from(statements));
    }
}

/// Clients may send any word as a method; only those in use become labels.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use actix_web::dev::Service as _;
    use actix_web::middleware::from_fn;
    use actix_web::test::{self, TestRequest};
    use actix_web::{App, HttpResponse, web};
    use futures_util::FutureExt as _;

    use super::*;
    use crate::http::health;

    async fn breaks() -> HttpResponse {
        panic!("a fault of ours")
    }

    async fn never_answers() -> HttpResponse {
        std::future::pending().await
    }

    #[actix_web::test]
    async fn a_panic_is_counted_as_a_fault_of_ours_and_not_as_a_client_that_left() {
        let metrics = health::record_metrics().unwrap();
        let app = App::new()
            .route("/breaks/{id}", web::get().to(breaks))
            .route("/never/{id}", web::get().to(never_answers))
            .wrap(from_fn(request_log));
        let app = test::init_service(app).await;
        let broken = app.call(TestRequest::get().uri("/breaks/1").to_request());
        assert!(AssertUnwindSafe(broken).catch_unwind().await.is_err());
        let left = app.call(TestRequest::get().uri("/never/1").to_request());
        assert!(left.now_or_never().is_none());
        let counted = metrics.render();
        for (route, status) in [("/breaks/{id}", 500), ("/never/{id}", 499)] {
            let line = format!("{REQUESTS}{{operation_kind=\"GET {route}\",status=\"{status}\"}} 1");
            assert!(counted.contains(&line), "{line} is not in\n{counted}");
        }
    }
}
