//! Settings → application. Production and tests build it here, from the same routes.

use std::net::{SocketAddr, TcpListener};
use std::pin::pin;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::error::QueryPayloadError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName};
use actix_web::middleware::{Compress, Condition, Next, from_fn};
use actix_web::web::{self, PathConfig, QueryConfig, ServiceConfig};
use actix_web::{App, HttpServer};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::env::Env;
use crate::error::Error;
use crate::graphql::{self, Schema};
use crate::http::address::TrustedProxies;
use crate::http::body::BodyLimits;
use crate::http::health::{self, Stopping};
use crate::http::rates::{self, Rates};
use crate::http::turns::Turns;
use crate::http::{Problem, openapi, request_log};
use crate::settings::Settings;
use crate::{
    accounts, awards, ballots, clusters, conferences, councils, criteria, crosschecks, evidence, forms, graphiql,
    handover, notifications, reports, results, scoring, units, years,
};

/// How long an idle connection is kept for the next request: longer than proxies keep theirs, so that none sends a request on
/// a connection that is just being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How often what nobody can use any more is deleted.
const TIDY_EVERY: Duration = Duration::from_secs(3600);
/// How often the file of the signing keys is looked at.
const KEYS_EVERY: Duration = Duration::from_secs(1);
/// How often recorded metrics are summed.
const METRICS_EVERY: Duration = Duration::from_secs(5);

/// What is counted and allowed where requests come in.
#[derive(Clone)]
pub struct Edge {
    /// Requests of addresses and accounts.
    pub rates: Rates,
    /// Whose word on the client's address is believed.
    pub proxies: TrustedProxies,
    /// Web apps that may call from a browser.
    pub origins: Vec<String>,
}

impl Edge {
    /// As the settings say.
    pub fn of(settings: &Settings) -> Self {
        Self {
            rates: Rates::of(settings),
            proxies: TrustedProxies(settings.trusted_proxies.clone()),
            origins: settings.cors_origins.clone(),
        }
    }
}

/// Answers browsers of other origins (the CORS protocol of the Fetch standard), where the settings allow any.
fn cross_origin(origins: &[String]) -> Condition<Cors> {
    let methods = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
    let mut cors = Cors::default()
        .allowed_methods(methods)
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::ACCEPT_LANGUAGE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::IF_RANGE,
            header::RANGE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([
            header::ETAG,
            header::CONTENT_DISPOSITION,
            header::CONTENT_RANGE,
            header::RETRY_AFTER,
            header::LOCATION,
            HeaderName::from_static("ratelimit"),
            HeaderName::from_static("ratelimit-policy"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(3_600);
    for origin in origins {
        cors = cors.allowed_origin(origin);
    }
    Condition::new(!origins.is_empty(), cors)
}

/// What every worker shares.
#[derive(Clone)]
pub struct Shared {
    /// Database, clock, tokens.
    pub env: Env,
    /// The GraphQL schema.
    pub schema: Schema,
    /// How many requests of each account are under way.
    pub turns: Turns,
    /// What is counted and allowed at the edge.
    pub edge: Edge,
}

impl Shared {
    /// What a server on this environment shares.
    pub fn new(env: Env, settings: &Settings) -> Self {
        Self {
            env,
            schema: graphql::schema(),
            turns: Turns::of(settings),
            edge: Edge::of(settings),
        }
    }

    /// Every route of the service.
    pub fn routes(&self, config: &mut ServiceConfig) {
        config
            .app_data(web::Data::new(self.env.clone()))
            .app_data(web::Data::new(self.schema.clone()))
            .app_data(web::Data::new(self.turns.clone()))
            .app_data(web::Data::new(self.edge.rates.clone()))
            .app_data(web::Data::new(self.edge.proxies.clone()))
            .app_data(query_config())
            .app_data(PathConfig::default().error_handler(|_, request| Problem::new(Error::NotFound, request).into()));
        graphql::door::routes(config);
        graphiql::routes(config);
        health::routes(config);
        accounts::rest::well_known(config);
        awards::rest::public(config);
        config.service(
            web::scope("/api/v1")
                .configure(openapi::routes)
                .configure(accounts::rest::routes)
                .configure(units::rest::routes)
                .configure(clusters::rest::routes)
                .configure(forms::rest::routes)
                .configure(criteria::rest::routes)
                .configure(scoring::rest::routes)
                .configure(years::rest::routes)
                .configure(reports::rest::routes)
                .configure(crosschecks::rest::routes)
                .configure(evidence::rest::routes)
                .configure(results::rest::routes)
                .configure(councils::rest::routes)
                .configure(conferences::rest::routes)
                .configure(ballots::rest::routes)
                .configure(awards::rest::routes)
                .configure(handover::rest::routes)
                .configure(notifications::rest::routes),
        );
        config.default_service(web::to(openapi::unmatched));
    }
}

/// Most characters of what the reader of parameters says: it quotes what the caller sent.
const SAID_MAX: usize = 300;

/// Parameters that cannot be read are a problem like any other.
fn query_config() -> QueryConfig {
    QueryConfig::default().error_handler(|error, request| {
        let said = match &error {
            QueryPayloadError::Deserialize(error) => error.to_string(),
            other => other.to_string(),
        };
        let said: String = said.chars().take(SAID_MAX).collect();
        let error = Error::bad_request(
            format!("Tham số trong địa chỉ không hợp lệ: {said}; xem /api/v1/openapi.json."),
            format!("A parameter in the address is wrong: {said}; see /api/v1/openapi.json."),
        );
        Problem::new(error, request).into()
    })
}

/// Takes the port. Done before anything else, so that a taken port is told at once; who connects already waits until the
/// service runs.
pub fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "port {} of {} is taken by another program, perhaps another thidua; stop that one, or choose another port with \
             --listen {}:{}",
            address.port(),
            address.ip(),
            address.ip(),
            address.port().checked_add(1).unwrap_or(8081),
        ),
        std::io::ErrorKind::PermissionDenied => {
            format!("this user may not listen on {address}; choose a port above 1023 with --listen")
        }
        _ => format!("cannot listen on {address}: {error}"),
    })
}

/// The application of one worker: what it holds, what every request passes through, every route. Tests call it too.
pub fn app(
    shared: Shared,
    limits: BodyLimits,
    metrics: PrometheusHandle,
    stopping: Stopping,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    let cors = cross_origin(&shared.edge.origins);
    App::new()
        .app_data(web::Data::new(limits))
        .app_data(web::Data::new(metrics))
        .app_data(web::Data::new(stopping))
        .wrap(from_fn(head_as_get))
        .wrap(Compress::default())
        .wrap(from_fn(rates::rates))
        .wrap(cors)
        .wrap(from_fn(request_log::request_log))
        .configure(move |config| shared.routes(config))
}

/// Serves until the process is asked to stop, then lets the requests under way finish.
pub async fn run(settings: &Settings, shared: Shared, listener: TcpListener) -> Result<(), String> {
    let env = shared.env.clone();
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let metrics = health::record_metrics().map_err(|error| error.plainly())?;
    let stopping = Stopping::default();
    let (limits, recorded, flag) = (BodyLimits::of(settings), metrics.clone(), stopping.clone());
    let mut server = HttpServer::new(move || app(shared.clone(), limits, recorded.clone(), flag.clone()))
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(Duration::from_secs(settings.request_timeout_seconds))
        .shutdown_timeout(settings.shutdown_seconds)
        .disable_signals();
    if settings.workers > 0 {
        server = server.workers(settings.workers);
    }
    let server = server
        .listen_auto_h2c(listener)
        .map_err(|error| format!("cannot listen on {address}: {error}"))?
        .run();
    let handle = server.handle();
    tracing::info!("Serving on http://{address}");
    let mut server = pin!(server);
    let stop = async {
        let signal = asked_to_stop().await;
        tracing::info!(signal, "Stopping; requests under way may finish");
        stopping.begin();
        tokio::select! {
            () = handle.stop(true) => true,
            signal = asked_to_stop() => {
                tracing::warn!(signal, "Asked again: stopping at once");
                false
            }
        }
    };
    let background = [
        actix_web::rt::spawn(tidy(env.clone())),
        actix_web::rt::spawn(keep_metrics_small(metrics)),
        actix_web::rt::spawn(accounts::usecases::keep_hearing(env.clone(), settings.database())),
        actix_web::rt::spawn(reread_keys(env.clone())),
        actix_web::rt::spawn(notifications::usecases::keep_handling(env.clone())),
        actix_web::rt::spawn(notifications::usecases::keep_reminding(env.clone())),
        actix_web::rt::spawn(notifications::usecases::keep_mailing(env.clone())),
    ];
    let outcome = tokio::select! {
        outcome = &mut server => outcome,
        patient = stop => if patient { server.await } else { Ok(()) },
    };
    for task in &background {
        task.abort();
    }
    tracing::info!("Stopped");
    outcome.map_err(|error| format!("the server failed: {error}"))
}

/// Runs a command to its end on a runtime of its own.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// Answers HEAD wherever GET is answered; the server leaves the body out.
async fn head_as_get<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
    }
    next.call(request).await
}

/// Waits for a signal to stop, and tells which.
async fn asked_to_stop() -> &'static str {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    }
    #[cfg(not(unix))]
    {
        match tokio::signal::ctrl_c().await {
            Ok(()) => "Ctrl-C",
            Err(_) => std::future::pending().await,
        }
    }
}

/// What is recorded piles up until the recorder is told to sum it.
async fn keep_metrics_small(metrics: PrometheusHandle) {
    loop {
        tokio::time::sleep(METRICS_EVERY).await;
        metrics.run_upkeep();
    }
}

/// Notices when the signing keys in their file were turned.
async fn reread_keys(env: Env) {
    loop {
        tokio::time::sleep(KEYS_EVERY).await;
        match env.tokens.reread(env.now()) {
            Ok(false) => {}
            Ok(true) => tracing::info!(
                kid = env.tokens.kid(),
                "Read the signing keys again: their file has changed"
            ),
            Err(error) => {
                tracing::warn!(cause = %error, "The signing keys could not be read again; the former ones go on");
            }
        }
    }
}

/// Deletes now and then what nobody can use any more.
async fn tidy(env: Env) {
    loop {
        match accounts::usecases::forget_old_sessions(&env).await {
            Ok(0) => {}
            Ok(sessions) => tracing::info!(sessions, "Deleted sessions that have long been over"),
            Err(error) => tracing::warn!(cause = %error, "Old sessions could not be deleted; trying again later"),
        }
        match accounts::usecases::forget_old_links(&env).await {
            Ok(0) => {}
            Ok(links) => tracing::info!(links, "Deleted links that have long been over"),
            Err(error) => tracing::warn!(cause = %error, "Old links could not be deleted; trying again later"),
        }
        match notifications::usecases::forget_old(&env).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "Deleted what had been told long ago"),
            Err(error) => tracing::warn!(cause = %error, "Old notifications could not be deleted; trying again later"),
        }
        match accounts::usecases::provider::forget_old_flows(&env).await {
            Ok(0) => {}
            Ok(flows) => tracing::info!(
                flows,
                "Deleted sign-ins through the identity provider that were not finished in time"
            ),
            Err(error) => tracing::warn!(cause = %error, "Old sign-ins could not be deleted; trying again later"),
        }
        match evidence::usecases::forget_unwanted(&env).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "Deleted the content of files that nothing needs any more"),
            Err(error) => tracing::warn!(cause = %error, "Unneeded files could not be deleted; trying again later"),
        }
        tokio::time::sleep(TIDY_EVERY).await;
    }
}
