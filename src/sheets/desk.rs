//! Where spreadsheets are written and read: beside the threads that answer requests, a few at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    /// Waits for a turn, to be kept from before what a sheet is made of is read; `RATE_LIMITED` when too many wait.
    pub async fn turn(&self) -> Result<Turn> {
        let place = Arc::clone(&self.waiting).try_acquire_owned();
        let place = place.map_err(|_| Error::RateLimited {
            retry_after: BUSY_SECONDS,
        })?;
        let turn = Arc::clone(&self.at_once)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        Ok(Turn {
            _place: place,
            _turn: turn,
        })
    }

    /// Does a piece of work when it is its turn.
    pub async fn work<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        self.turn().await?.work(work).await
    }
}

/// A turn at the desk, given back when it is dropped.
#[derive(Debug)]
pub struct Turn {
    _place: OwnedSemaphorePermit,
    _turn: OwnedSemaphorePermit,
}

impl Turn {
    /// Does a piece of work and gives the turn back. A parser that stops in the middle of a file that somebody made to that end says
    /// that the file is damaged.
    pub async fn work<T, F>(self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let worked = tokio::task::spawn_blocking(move || {
            // Given back when the work ends, and not when its client leaves.
            let _held = self;
            work()
        });
        match worked.await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => Err(super::damaged()),
            Err(stopped) => Err(Error::internal(stopped)),
        }
    }
}
