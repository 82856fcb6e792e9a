//! What is known of the request at hand while it runs: its id, who asked, what for, and how many SQL statements it took.
//! Kept beside the task, so that deep code needs no extra argument and the log line at the end has it all.

use std::future::Future;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use uuid::Uuid;

tokio::task_local! {
    static CURRENT: Arc<RequestRecord>;
}

/// The program at the other end of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its address.
    pub address: Option<IpAddr>,
    /// What it calls itself: the header `User-Agent`, cut off at [`CLIENT_NAME_MAX`] characters.
    pub name: Option<String>,
}

/// Most characters kept of what a client calls itself.
pub const CLIENT_NAME_MAX: usize = 200;

/// What one request has shown of itself so far.
#[derive(Debug)]
pub struct RequestRecord {
    /// Identity of the request, also in the answer's `X-Request-Id`.
    pub id: String,
    /// Who sent it.
    pub client: Client,
    /// SQL statements so far.
    pub statements: AtomicU32,
    /// Name of the operation, as soon as it is known.
    pub operation: OnceLock<String>,
    /// Who asks, as soon as it is known.
    pub account: OnceLock<Uuid>,
}

impl RequestRecord {
    /// A record of a new request.
    pub fn new(id: String, client: Client) -> Arc<Self> {
        Arc::new(Self {
            id,
            client,
            statements: AtomicU32::new(0),
            operation: OnceLock::new(),
            account: OnceLock::new(),
        })
    }

    /// SQL statements so far.
    pub fn statements(&self) -> u32 {
        self.statements.load(Ordering::Relaxed)
    }
}

/// Runs a future as part of a request.
pub async fn scope<F: Future>(record: Arc<RequestRecord>, future: F) -> F::Output {
    CURRENT.scope(record, future).await
}

/// The request at hand, if any: the command line has none.
pub fn current() -> Option<Arc<RequestRecord>> {
    CURRENT.try_with(Arc::clone).ok()
}

/// Counts one SQL statement.
pub fn count_statement() {
    let _ = CURRENT.try_with(|record| record.statements.fetch_add(1, Ordering::Relaxed));
}

/// Tells what the request is for; the first word stands.
pub fn name_operation(name: impl Into<String>) {
    let _ = CURRENT.try_with(|record| record.operation.set(name.into()));
}

/// Tells who asks.
pub fn name_account(account: Uuid) {
    let _ = CURRENT.try_with(|record| record.account.set(account));
}
