//! A database for each test: a copy of one that was migrated and peopled once. On SQLite a copied file, on PostgreSQL a
//! cloned database of the server at `TEST_DATABASE_URL`, dropped when the test ends.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, Statement};
use sea_orm_migration::MigratorTrait as _;
use tempfile::TempDir;
use thidua::db;
use thidua::settings::{DatabaseSettings, Secret};
use thidua_migration::Migrator;
use tokio::sync::{mpsc, oneshot};

use super::apart;
use super::world::{self, World};

/// On which database a sentence is to be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// A test's own database.
pub struct OwnDatabase {
    pub connection: DatabaseConnection,
    pub world: Arc<World>,
    /// Where it is, for a second pool.
    pub url: String,
    clone: Option<String>,
}

impl Database {
    /// A fresh copy for one test. `home` is the test's folder.
    pub async fn provide(self, home: &Path) -> OwnDatabase {
        let (url, world, clone) = match self {
            Self::Sqlite => {
                let template = &*SQLITE_TEMPLATE;
                let file = home.join("thidua.sqlite");
                std::fs::copy(template.folder.path().join("thidua.sqlite"), &file).expect("a copy of the template");
                (sqlite_url(&file), template.world.clone(), None)
            }
            Self::Postgres => {
                let server = match &*POSTGRES_SERVER {
                    Ok(server) => server,
                    Err(reason) => panic!("{reason}"),
                };
                let name = server.clone_template().await;
                (server.url_of(&name), server.world.clone(), Some(name))
            }
        };
        let connection = open(&url).await.expect("the test's own database");
        OwnDatabase {
            connection,
            world,
            url,
            clone,
        }
    }
}

impl OwnDatabase {
    /// Closes the pool and drops what was cloned; a file goes with its folder.
    pub async fn remove(self) {
        let _ = self.connection.close().await;
        if let (Some(name), Ok(server)) = (self.clone, &*POSTGRES_SERVER) {
            server
                .order(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await;
        }
    }
}

/// Opens a database as the service does, with few connections: many tests run at once.
pub async fn open(url: &str) -> thidua::error::Result<DatabaseConnection> {
    open_with(url, 3, 30).await
}

/// The same with so many connections, for one of which a request waits so many seconds.
pub async fn open_with(
    url: &str,
    connections_max: u32,
    wait_seconds: u64,
) -> thidua::error::Result<DatabaseConnection> {
    let settings = DatabaseSettings {
        url: Secret::new(url),
        connections_max,
        acquire_timeout_seconds: wait_seconds,
        statement_timeout_seconds: 30,
    };
    db::open(&settings).await
}

fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

/// Brings an empty database to the present shape and puts the world into it.
async fn prepare(url: String) -> Result<Arc<World>, String> {
    let connection = open(&url).await.map_err(|error| format!("{error:?}"))?;
    Migrator::up(&connection, None)
        .await
        .map_err(|error| error.to_string())?;
    let world = world::build(&connection).await;
    connection.close().await.map_err(|error| error.to_string())?;
    Ok(Arc::new(world))
}

struct SqliteTemplate {
    folder: TempDir,
    world: Arc<World>,
}

static SQLITE_TEMPLATE: LazyLock<SqliteTemplate> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the template");
    let url = sqlite_url(&folder.path().join("thidua.sqlite"));
    let world = apart(prepare(url)).expect("a migrated file");
    SqliteTemplate { folder, world }
});

/// The server at `TEST_DATABASE_URL`. One connection makes and drops databases, one after the other.
struct PostgresServer {
    url: String,
    key: i32,
    made: AtomicU32,
    world: Arc<World>,
    orders: mpsc::UnboundedSender<Order>,
}

struct Order {
    sql: String,
    done: oneshot::Sender<Result<(), DbErr>>,
}

static POSTGRES_SERVER: LazyLock<Result<PostgresServer, String>> = LazyLock::new(|| {
    let url = std::env::var("TEST_DATABASE_URL").map_err(|_| {
        "This test needs PostgreSQL and TEST_DATABASE_URL is not set. Run scripts/test.sh, or \
         scripts/with-postgres.sh COMMAND, which start a server and set it."
            .to_owned()
    })?;
    // Names hold a number that this process alone has locked, so that those left by a process that was killed are known.
    let key = i32::from_ne_bytes(rand::random::<[u8; 4]>()) & i32::MAX;
    let (sender, mut orders) = mpsc::unbounded_channel::<Order>();
    let (ready, is_ready) = std::sync::mpsc::channel();
    let admin_url = url.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async move {
            let admin = match begin_with_server(&admin_url, key).await {
                Ok(admin) => admin,
                Err(error) => return ready.send(Err(error.to_string())).unwrap_or(()),
            };
            let _ = ready.send(Ok(()));
            while let Some(order) = orders.recv().await {
                let _ = order.done.send(admin.execute_unprepared(&order.sql).await.map(|_| ()));
            }
        });
    });
    let begun = is_ready.recv().unwrap_or_else(|error| Err(error.to_string()));
    begun.map_err(|error| format!("PostgreSQL at TEST_DATABASE_URL cannot be used: {error}"))?;
    let world = apart(prepare(with_database(&url, &template(key))))?;
    Ok(PostgresServer {
        url,
        key,
        made: AtomicU32::new(0),
        world,
        orders: sender,
    })
});

fn template(key: i32) -> String {
    format!("thidua_test_{key}_template")
}

/// Takes the lock of this process, drops what dead ones left, and makes the template's database, still empty.
async fn begin_with_server(url: &str, key: i32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    // The lock belongs to the connection, so it must be one and stay.
    options
        .max_connections(1)
        .sqlx_logging(false)
        .idle_timeout(None)
        .max_lifetime(None);
    let admin = sea_orm::Database::connect(options).await?;
    admin
        .execute_unprepared(&format!("SELECT pg_advisory_lock({key})"))
        .await?;
    let left = "SELECT datname FROM pg_database WHERE datname LIKE 'thidua\\_test\\_%'";
    for row in admin.query_all_raw(statement(left)).await? {
        let name: String = row.try_get("", "datname")?;
        let Some(owner) = name.split('_').nth(2).and_then(|owner| owner.parse::<i32>().ok()) else {
            continue;
        };
        let free = format!("SELECT pg_try_advisory_lock({owner}) AS free");
        let dead = owner != key
            && match admin.query_one_raw(statement(&free)).await? {
                Some(row) => row.try_get::<bool>("", "free")?,
                None => false,
            };
        if dead {
            admin
                .execute_unprepared(&format!("DROP DATABASE IF EXISTS {name}"))
                .await?;
            admin
                .execute_unprepared(&format!("SELECT pg_advisory_unlock({owner})"))
                .await?;
        }
    }
    admin
        .execute_unprepared(&format!("CREATE DATABASE {}", template(key)))
        .await?;
    Ok(admin)
}

fn statement(sql: &str) -> Statement {
    Statement::from_string(sea_orm::DbBackend::Postgres, sql)
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let (server, _) = address.rsplit_once('/').expect("an address that ends in a database");
    let options = if options.is_empty() {
        String::new()
    } else {
        format!("?{options}")
    };
    format!("{server}/{name}{options}")
}

impl PostgresServer {
    async fn clone_template(&self) -> String {
        let name = format!("thidua_test_{}_{}", self.key, self.made.fetch_add(1, Ordering::Relaxed));
        let template = template(self.key);
        self.order(&format!(
            "CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"
        ))
        .await;
        name
    }

    fn url_of(&self, name: &str) -> String {
        with_database(&self.url, name)
    }

    async fn order(&self, sql: &str) {
        let (done, is_done) = oneshot::channel();
        let order = Order {
            sql: sql.to_owned(),
            done,
        };
        self.orders
            .send(order)
            .unwrap_or_else(|_| panic!("nobody takes orders for PostgreSQL any more"));
        let outcome = is_done.await.expect("an answer of PostgreSQL");
        outcome.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}
