//! Whether the process lives, whether it can work, and its counters: for load balancers and monitoring.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ContentType};
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::request_log;
use crate::env::Env;
use crate::error::{Error, Result};

/// How long the database may take to answer before this instance counts as not ready.
const DATABASE_TIME_MAX: Duration = Duration::from_secs(2);

/// Upper bounds of the histogram of durations, in seconds.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];
/// Upper bounds of the histogram of SQL statements.
const STATEMENTS: &[f64] = &[0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0, 50.0, 100.0];

/// Adds `/healthz`, `/readyz` and `/metrics`. They want `web::Data` of [`Env`], and have use for [`Stopping`] and
/// [`PrometheusHandle`].
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/healthz").get(alive).default_service(web::to(other)))
        .service(web::resource("/readyz").get(ready).default_service(web::to(other)))
        .service(web::resource("/metrics").get(counters).default_service(web::to(other)));
}

/// Nothing is changed here; the server answers HEAD wherever GET is answered.
async fn other(request: HttpRequest) -> HttpResponse {
    super::method_not_allowed(request.method(), &["GET", "HEAD"], super::language(request.headers()))
}

/// Says that the service is about to stop, so that no new work is sent here. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stopping(Arc<AtomicBool>);

impl Stopping {
    /// From now on `/readyz` answers that this instance is not ready.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it has begun.
    pub fn begun(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// The process answers; asks nothing else, so that a database that is away does not get every instance restarted.
async fn alive() -> HttpResponse {
    respond(StatusCode::OK).json(json!({ "status": "alive" }))
}

/// The instance can work: it is not stopping and its database answers.
async fn ready(env: web::Data<Env>, stopping: Option<web::Data<Stopping>>) -> HttpResponse {
    if stopping.is_some_and(|stopping| stopping.begun()) {
        return respond(StatusCode::SERVICE_UNAVAILABLE).json(json!({ "status": "stopping" }));
    }
    let failure = match tokio::time::timeout(DATABASE_TIME_MAX, env.db.execute_unprepared("SELECT 1")).await {
        Ok(Ok(_)) => return respond(StatusCode::OK).json(json!({ "status": "ready" })),
        Ok(Err(error)) => error.to_string(),
        Err(_) => format!("no answer within {} seconds", DATABASE_TIME_MAX.as_secs()),
    };
    tracing::warn!(
        cause = failure,
        "The database does not answer: this instance is not ready"
    );
    respond(StatusCode::SERVICE_UNAVAILABLE).json(json!({ "status": "unavailable" }))
}

/// What was counted, in the text format of Prometheus.
async fn counters(handle: Option<web::Data<PrometheusHandle>>) -> HttpResponse {
    match handle {
        Some(handle) => respond(StatusCode::OK)
            .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .body(handle.render()),
        None => respond(StatusCode::NOT_FOUND)
            .insert_header(ContentType::plaintext())
            .body("metrics are not recorded"),
    }
}

fn respond(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    response
}

/// Begins to record metrics in this process, or returns the handle of the recorder that does so already. Somebody must
/// call `run_upkeep` on it every few seconds, else what is recorded piles up until `/metrics` is asked.
pub fn record_metrics() -> Result<PrometheusHandle> {
    static RECORDING: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut recording = RECORDING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(handle) = &*recording {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full(request_log::SECONDS.to_owned()), SECONDS)
        .and_then(|builder| {
            builder.set_buckets_for_metric(Matcher::Full(request_log::STATEMENTS.to_owned()), STATEMENTS)
        })
        .map_err(Error::internal)?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|error| Error::internal(error.to_string()))?;
    request_log::describe();
    *recording = Some(handle.clone());
    Ok(handle)
}
