//! Bringing the database to the shape that this program wants, and refusing one of another shape.
//!
//! Several processes may start at once on one database: a lock lets one of them migrate while the others wait. On PostgreSQL
//! it belongs to a connection, on SQLite to a file beside the database; either goes when its process does, however it ends.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sea_orm::sea_query::{Expr, Order, Query};
use sea_orm::sqlx::{self, Connection as _, PgConnection};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use thidua_migration::{Migrator, MigratorTrait as _, SchemaManager};

use crate::db;
use crate::settings::DatabaseSettings;

/// Where the migrator writes which steps have run.
const TABLE: &str = "seaql_migrations";
/// How long one attempt to reach the database may take, when the reason of a failure is looked for.
const ATTEMPT_TIME_MAX: Duration = Duration::from_secs(5);
/// Number of the lock on PostgreSQL, the letters "thidua" as bytes: other programs that share a database take other numbers.
const POSTGRES_LOCK: i64 = 0x7468_6964_7561;

/// Which steps have run on a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Steps that have run.
    pub applied: Vec<String>,
    /// Steps of this program that have not run yet.
    pub pending: Vec<String>,
    /// Steps that have run and that this program does not know: a newer version ran them.
    pub unknown: Vec<String>,
}

impl Status {
    /// `Ok` when no newer version has been here.
    fn none_unknown(&self) -> Result<(), String> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        Err(format!(
            "the database was made by a newer version of thidua (unknown here: {}); start that version or a newer one, or \
             go back to a copy of the database from before",
            self.unknown.join(", ")
        ))
    }
}

/// Which steps have run. Writes nothing, so it needs no right to make tables.
pub async fn status(db: &DatabaseConnection) -> Result<Status, String> {
    let ran = applied(db).await.map_err(|error| plainly(&error))?;
    let known: Vec<String> = Migrator::migrations()
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    let (applied, pending) = known.iter().cloned().partition(|step| ran.contains(step));
    let unknown = ran.into_iter().filter(|step| !known.contains(step)).collect();
    Ok(Status {
        applied,
        pending,
        unknown,
    })
}

async fn applied(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if !SchemaManager::new(db).has_table(TABLE).await? {
        return Ok(Vec::new());
    }
    let steps = Query::select()
        .column("version")
        .from(TABLE)
        .order_by_expr(Expr::col("version"), Order::Asc)
        .to_owned();
    let rows = db.query_all(&steps).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}

/// Refuses a database on which steps are missing, or on which a newer version has been.
pub async fn check(db: &DatabaseConnection) -> Result<(), String> {
    let status = status(db).await?;
    status.none_unknown()?;
    if status.pending.is_empty() {
        return Ok(());
    }
    Err(format!(
        "the database is not in the present shape (still to run: {}); run `thidua migrate`, or set migrate_on_start",
        status.pending.join(", ")
    ))
}

/// Opens the database anew and runs the steps that have not run: on connections without the bound on a statement's time,
/// since a step may take long on a large table. Tells which steps ran.
pub async fn run(settings: &DatabaseSettings) -> Result<Vec<String>, String> {
    let patient = DatabaseSettings {
        connections_max: 4,
        statement_timeout_seconds: 0,
        ..settings.clone()
    };
    let db = open(&patient).await?;
    let ran = migrate(&db).await;
    // The steps have run or not; a connection that does not close well changes nothing.
    let _ = db.close().await;
    ran
}

/// Runs the steps that have not run, while no other process does. Tells which ones ran.
pub async fn migrate(db: &DatabaseConnection) -> Result<Vec<String>, String> {
    let lock = Lock::take(db)
        .await
        .map_err(|error| format!("the lock for migrating cannot be taken: {error}"))?;
    let ran = migrate_alone(db).await;
    lock.release().await;
    ran
}

async fn migrate_alone(db: &DatabaseConnection) -> Result<Vec<String>, String> {
    let before = status(db).await?;
    before.none_unknown()?;
    if !before.pending.is_empty() {
        Migrator::up(db, None)
            .await
            .map_err(|error| format!("a step of the migration failed, and it was taken back: {error}"))?;
    }
    Ok(before.pending)
}

/// Opens the database, or tells in a sentence why that does not work.
pub async fn open(settings: &DatabaseSettings) -> Result<DatabaseConnection, String> {
    let reason = match db::open(settings).await {
        Ok(db) => return Ok(db),
        Err(error) => error.plainly(),
    };
    // The pool has tried again and again and only tells that its time is over; one attempt of our own tells the cause.
    let url = settings.url.expose();
    let attempt = async {
        match PgConnection::connect(url).await {
            Ok(connection) => connection.close().await,
            Err(error) => Err(error),
        }
    };
    let cause = match tokio::time::timeout(ATTEMPT_TIME_MAX, attempt).await {
        Ok(Err(error)) if url.starts_with("postgres") => error.to_string(),
        _ => reason,
    };
    Err(format!("the database cannot be opened: {cause}"))
}

fn plainly(error: &DbErr) -> String {
    format!("the database does not answer: {error}")
}

/// Held while steps run.
enum Lock {
    Connection(Box<PgConnection>),
    File(File),
    /// A database in memory belongs to one process.
    Nothing,
}

impl Lock {
    async fn take(db: &DatabaseConnection) -> Result<Self, String> {
        match db.get_database_backend() {
            DbBackend::Postgres => Self::connection(db).await.map_err(|error| error.to_string()),
            DbBackend::Sqlite => match sqlite_file(db).await.map_err(|error| error.to_string())? {
                Some(file) => Self::file(file).await,
                None => Ok(Self::Nothing),
            },
            _ => Ok(Self::Nothing),
        }
    }

    /// The lock of a connection of its own, which goes back to no pool.
    async fn connection(db: &DatabaseConnection) -> Result<Self, sqlx::Error> {
        let mut connection = db.get_postgres_connection_pool().acquire().await?.detach();
        // Another process may be at a long step; waiting for it is no statement that runs away.
        sqlx::query("SET statement_timeout = 0")
            .execute(&mut connection)
            .await?;
        sqlx::query("SELECT pg_advisory_lock($1)")
            .bind(POSTGRES_LOCK)
            .execute(&mut connection)
            .await?;
        Ok(Self::Connection(Box::new(connection)))
    }

    async fn file(database: PathBuf) -> Result<Self, String> {
        let mut name = database.into_os_string();
        name.push("-migrating.lock");
        let locked = tokio::task::spawn_blocking(move || lock_file(Path::new(&name)));
        let locked = locked.await.map_err(|error| error.to_string())?;
        locked.map(Self::File).map_err(|error| error.to_string())
    }

    async fn release(self) {
        match self {
            // Its end releases the lock; if it does not end well, the server notices that it is gone.
            Self::Connection(connection) => drop(connection.close().await),
            Self::File(file) => drop(file),
            Self::Nothing => {}
        }
    }
}

fn lock_file(name: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).open(name)?;
    file.lock()?;
    Ok(file)
}

/// The file of a SQLite database; `None` when it lives in memory.
async fn sqlite_file(db: &DatabaseConnection) -> Result<Option<PathBuf>, DbErr> {
    let question = "SELECT file FROM pragma_database_list WHERE name = 'main'";
    let row = db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, question))
        .await?;
    let file: String = row.map_or_else(|| Ok(String::new()), |row| row.try_get("", "file"))?;
    Ok((!file.is_empty()).then(|| file.into()))
}
