//! The database: opening it, beginning a write, and pages of a list. SQLite in a file or PostgreSQL; the rest of the service
//! does not ask which.

use std::time::Duration;

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef};
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    AccessMode, Condition, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::error::{Error, Result};
use crate::request;
use crate::settings::DatabaseSettings;

mod pages;

pub use pages::{Frame, PAGE_DEFAULT, PAGE_MAX, Page, PageArgs, SortValue, Sorting, listed, page};

/// Rows written, or ids named, by one statement: well under the bound of variables of either database.
pub const ROWS_AT_ONCE: usize = 1_000;
/// Most things of one kind that are gathered as open; who has more looks into the lists.
pub const OPEN_MAX: u64 = 1_000;

/// Opens the pool. A SQLite file is created when it is not there; migrations are another step.
pub async fn open(settings: &DatabaseSettings) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(settings.url.expose());
    options
        .max_connections(settings.connections_max)
        .acquire_timeout(Duration::from_secs(settings.acquire_timeout_seconds))
        .sqlx_logging(false)
        .record_stmt_in_spans(false)
        // Every instance shares the server; a statement that runs for ever would hold its connection for ever.
        .statement_timeout(Duration::from_secs(settings.statement_timeout_seconds))
        .set_application_name("thidua")
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .journal_mode(SqliteJournalMode::Wal)
                // FULL: what was acknowledged survives a power cut; NORMAL does not promise it.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(5))
        });
    let mut db = Database::connect(options).await?;
    db.set_metric_callback(|_| request::count_statement());
    Ok(db)
}

/// Begins a transaction that will write. It takes SQLite's write lock at once, so that two writers wait for each other
/// instead of failing; PostgreSQL begins as always. Dropping it rolls back.
pub async fn begin_write(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    Ok(db.begin_with_options(options).await?)
}

/// Begins a transaction that only reads, so that several statements see one moment: a total and the counts beside it agree.
pub async fn begin_read(db: &DatabaseConnection) -> Result<DatabaseTransaction> {
    let mut options = TransactionOptions::default();
    // SQLite's transactions see one moment anyway and know no other level.
    if db.get_database_backend() == DbBackend::Postgres {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
        options.access_mode = Some(AccessMode::ReadOnly);
    }
    Ok(db.begin_with_options(options).await?)
}

/// What only one writer at a time may do, besides the rows that it changes.
#[derive(Clone, Copy, Debug)]
pub enum Turn {
    /// Changing the tree of units: what stands above a unit is worked out from what stands above others.
    UnitTree = 1,
    /// Taking access from those who administer everything: two at once must not leave nobody.
    Administrators = 2,
    /// Setting periods: one of a unit must not overlap those of units above and below it.
    Periods = 3,
}

/// Waits for one's turn and keeps it until the transaction ends. On SQLite whoever writes has it already.
pub async fn wait_for_turn(tx: &impl ConnectionTrait, turn: Turn) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let sql = format!("SELECT pg_advisory_xact_lock({ADVISORY_CLASS}, {})", turn as i32);
        tx.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Tells every instance something as soon as the transaction is committed; see [`Listener`]. On SQLite there is one instance.
pub async fn tell(tx: &impl ConnectionTrait, channel: &str, text: &str) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let notify = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_notify($1, $2)",
            [channel.into(), text.into()],
        );
        tx.execute_raw(notify).await?;
    }
    Ok(())
}

/// Hears what instances [`tell`] each other, over a connection of its own.
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen; `None` on SQLite.
    pub async fn open(db: &DatabaseConnection, settings: &DatabaseSettings, channel: &str) -> Result<Option<Self>> {
        if db.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let mut listener = PgListener::connect(settings.url.expose())
            .await
            .map_err(Error::internal)?;
        listener.listen(channel).await.map_err(Error::internal)?;
        Ok(Some(Self(listener)))
    }

    /// Waits for the next word. `None` when the connection was lost meanwhile and is there again: something may have been missed.
    pub async fn next(&mut self) -> Result<Option<String>> {
        let heard = self.0.try_recv().await.map_err(Error::internal)?;
        Ok(heard.map(|notification| notification.payload().to_owned()))
    }
}

/// Tells our advisory locks from those of others on the same server: "thid" in ASCII.
const ADVISORY_CLASS: i32 = 0x7468_6964;

/// Holds on the day: `valid_from` is open or not after it, `valid_to` is open or after it.
pub fn holds_on(from: impl IntoColumnRef, to: impl IntoColumnRef, day: NaiveDate) -> Condition {
    let day = comparable(day);
    let (from, to) = (Expr::col(from.into_column_ref()), Expr::col(to.into_column_ref()));
    Condition::all()
        .add(Condition::any().add(from.clone().is_null()).add(from.lte(day)))
        .add(Condition::any().add(to.clone().is_null()).add(to.gt(day)))
}

/// The day, or the first or last one that both databases can compare: PostgreSQL knows no day before 4713 BC, SQLite
/// compares days as text of four-digit years. Clients ask about any day; those outside all hold nothing.
pub fn comparable(day: NaiveDate) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap_or(day);
    // The day after it stands for an end that has not come.
    let last = NaiveDate::from_ymd_opt(9999, 12, 30).unwrap_or(day);
    day.clamp(first, last)
}

/// One row was to change and none did: the thing has another version by now, or is gone.
pub fn one_changed(rows_affected: u64, current: i32) -> Result<()> {
    if rows_affected == 1 {
        Ok(())
    } else {
        Err(Error::StaleVersion { current })
    }
}
