//! The application under test: built from the same parts as in production, called in-process, with a clock that moves.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Deref;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use actix_web::body::BoxBody;
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::test::{self, TestRequest};
use chrono::{DateTime, FixedOffset, TimeZone as _};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QueryResult, Statement,
};
use tempfile::TempDir;
use thidua::db;
use thidua::env::{Clock, Env};
use thidua::graphql::Schema;
use thidua::http::body::BodyLimits;
use thidua::http::health::{self, Stopping};
use thidua::http::turns::Turns;
use thidua::request::{self, Client, RequestRecord};
use thidua::server::{self, Edge, Shared};
use thidua::settings::{Secret, Settings};
use thidua_entity::audit_entry;
use uuid::Uuid;

use super::database::{Database, OwnDatabase, open_with};
use super::world::World;

/// Building the schema takes longer than most tests; it knows no database, so all share it.
static SCHEMA: LazyLock<Schema> = LazyLock::new(thidua::graphql::schema);

type Routes = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, ServiceResponse<BoxBody>>>;

/// An application with a database of its own. It begins at 8 o'clock on Tuesday, 10 March 2026, in Vietnam.
#[derive(Clone)]
pub struct TestApp(Rc<Inner>);

/// What a [`TestApp`] holds.
pub struct Inner {
    /// On which database it runs.
    pub database: Database,
    /// Database, clock and tokens, for what no door offers.
    pub env: Env,
    /// Its settings; its folder holds the signing keys.
    pub settings: Settings,
    pub(super) people: Cell<u32>,
    routes: Routes,
    clock: Clock,
    world: Arc<World>,
}

impl Deref for TestApp {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// Tells a sentence on one database and cleans up, also when it turned out not to be true.
pub async fn run<F: Future<Output = ()>>(database: Database, sentence: fn(TestApp) -> F) {
    let home = tempfile::tempdir().expect("a folder for the test");
    let own = database.provide(home.path()).await;
    let app = TestApp::start(database, &own, &home).await;
    let outcome = AssertUnwindSafe(sentence(app)).catch_unwind().await;
    own.remove().await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

/// A moment in Vietnam.
pub fn moment(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> DateTime<FixedOffset> {
    let vietnam = FixedOffset::east_opt(7 * 3600).expect("an offset");
    vietnam
        .with_ymd_and_hms(year, month, day, hour, minute, 0)
        .single()
        .expect("a moment that exists")
}

/// What something comes to that no request does, and how many SQL statements it took.
pub async fn counted<T>(work: impl Future<Output = T>) -> (T, u32) {
    let record = RequestRecord::new("background".to_owned(), Client::default());
    let outcome = request::scope(Arc::clone(&record), work).await;
    (outcome, record.statements())
}

/// A clock that shows the moment at which every test begins.
pub fn clock() -> Clock {
    let clock = Clock::default();
    clock.set(moment(2026, 3, 10, 8, 0).to_utc());
    clock
}

impl TestApp {
    async fn start(database: Database, own: &OwnDatabase, home: &TempDir) -> Self {
        let settings = Settings {
            data_dir: home.path().to_owned(),
            database_url: Secret::new(&own.url),
            // People sign in once and the clock moves by months; who tells of fresh proofs says so.
            deciding_fresh_minutes: 0,
            ..Settings::default()
        };
        let clock = clock();
        let env = Env::new(&settings, own.connection.clone(), clock.clone()).expect("an environment");
        Self::built(database, env, settings, clock, own.world.clone(), 0).await
    }

    /// `people`: from which number on the people of this application are named.
    async fn built(
        database: Database,
        env: Env,
        settings: Settings,
        clock: Clock,
        world: Arc<World>,
        people: u32,
    ) -> Self {
        let shared = Shared {
            env: env.clone(),
            schema: SCHEMA.clone(),
            turns: Turns::of(&settings),
            edge: Edge::of(&settings),
        };
        Self(Rc::new(Inner {
            database,
            env,
            people: Cell::new(people),
            routes: routes(shared, &settings).await,
            settings,
            clock,
            world,
        }))
    }

    /// The same application on the same data, but with a single connection, for which a request waits one second.
    pub async fn on_one_connection(&self) -> Self {
        let url = self.settings.database_url.expose();
        let connection = open_with(url, 1, 1).await.expect("a second pool");
        let env = Env::new(&self.settings, connection, self.0.clock.clone()).expect("an environment");
        let (settings, clock) = (self.settings.clone(), self.0.clock.clone());
        Self::built(self.database, env, settings, clock, self.world(), 1_000).await
    }

    /// The same application on the same data, with other settings.
    pub async fn with(&self, change: impl FnOnce(&mut Settings)) -> Self {
        let (mut settings, clock) = (self.settings.clone(), self.0.clock.clone());
        change(&mut settings);
        let env = Env::new(&settings, self.env.db.clone(), clock.clone()).expect("an environment");
        Self::built(
            self.database,
            env,
            settings,
            clock,
            self.world(),
            self.people.get() + 2_000,
        )
        .await
    }

    /// The small world that every test begins with.
    pub fn world(&self) -> Arc<World> {
        self.0.world.clone()
    }

    /// Another instance of the service, with a pool of its own on the same database, the same keys and the same clock.
    pub async fn another_instance(&self) -> Env {
        let connection = db::open(&self.settings.database()).await.expect("a second pool");
        Env::new(&self.settings, connection, self.0.clock.clone()).expect("an environment")
    }

    /// Moves the clock.
    pub fn it_is(&self, moment: DateTime<FixedOffset>) {
        self.0.clock.set(moment.to_utc());
    }

    /// What the audit says of a thing, the oldest entry first.
    pub async fn audit_of(&self, subject: Uuid) -> Vec<audit_entry::Model> {
        let entries = audit_entry::Entity::find().filter(audit_entry::Column::SubjectId.eq(subject));
        let entries = entries.order_by_asc(audit_entry::Column::Id).all(&self.env.db).await;
        entries.expect("the audit")
    }

    /// Everything that is stored: each table with its rows as text, to tell that nothing was changed.
    pub async fn contents(&self) -> BTreeMap<String, Vec<String>> {
        let mut contents = BTreeMap::new();
        let tables = match self.database {
            Database::Sqlite => {
                "SELECT m.name AS name, 'SELECT ' || group_concat('quote(\"' || c.name || '\")', '||'',''||') || ' AS line FROM \"' \
                 || m.name || '\" ORDER BY 1' AS text FROM sqlite_master m JOIN pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name"
            }
            Database::Postgres => {
                "SELECT tablename::text AS name, 'SELECT t::text AS line FROM \"' || tablename || '\" t ORDER BY 1' AS text \
                 FROM pg_tables WHERE schemaname = 'public'"
            }
        };
        for table in self.rows(tables).await {
            let part = |name: &str| table.try_get::<String>("", name).expect("a text");
            let lines = self.rows(&part("text")).await;
            let lines = lines
                .iter()
                .map(|row| row.try_get::<String>("", "line").expect("a line"));
            contents.insert(part("name"), lines.collect());
        }
        contents
    }

    /// The rows of a statement in SQL.
    pub async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let statement = Statement::from_string(self.env.db.get_database_backend(), sql);
        let rows = self.env.db.query_all_raw(statement).await;
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// Sends a request through the whole application.
    pub async fn call(&self, request: TestRequest) -> ServiceResponse<BoxBody> {
        (self.0.routes)(request).await
    }
}

async fn routes(shared: Shared, settings: &Settings) -> Routes {
    let metrics = health::record_metrics().expect("a recorder of metrics");
    let app = server::app(shared, BodyLimits::of(settings), metrics, Stopping::default());
    let service = Rc::new(test::init_service(app).await);
    Box::new(move |request| {
        let service = service.clone();
        Box::pin(async move {
            match service.call(request.to_request()).await {
                Ok(response) => response.map_into_boxed_body(),
                Err(error) => {
                    let request = TestRequest::default().to_http_request();
                    ServiceResponse::new(request, error.error_response())
                }
            }
        })
    })
}
