//! Where spreadsheets are written and read: beside the threads that answer requests, a few at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// How many are worked on at once. Each takes at most some hundred milliseconds of a processor and 100 MiB.
const AT_ONCE: usize = 2;
/// How many more may wait.
const WAITING_MAX: usize = 30;
/// After how many seconds to come again when too many wait.
const BUSY_SECONDS: u64 = 2;

/// Clones share their turns.
#[derive(Clone)]
pub struct Desk {
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: Arc::new(Semaphore::new(AT_ONCE.saturating_add(WAITING_MAX))),
        }
    }
}

impl Desk {
    /// Does a piece of work when it is its turn; `RATE_LIMITED` when too many wait. A parser that stops in the middle of a
    /// file that somebody made to that end says that the file is damaged.
    pub async fn work<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let place = Arc::clone(&self.waiting).try_acquire_owned();
        let place = place.map_err(|_| Error::RateLimited {
            retry_after: BUSY_SECONDS,
        })?;
        let turn = Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        let worked = tokio::task::spawn_blocking(move || {
            // Given back when the work ends, and not when its client leaves.
            let _held = (place, turn);
            work()
        });
        match worked.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => Err(super::damaged()),
            Err(stopped) => Err(Error::internal(stopped)),
        }
    }
}
