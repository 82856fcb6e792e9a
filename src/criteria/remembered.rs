//! The criteria sets that were lately reckoned with, remembered ready to use: a version that is published never changes, and neither do the
//! forms of the figures that it reads.

use std::sync::Arc;

use moka::sync::Cache;
use uuid::Uuid;

use crate::reckoning::CheckedSet;

/// Sets that are remembered: more than the clusters of one province are scored by in a year.
const REMEMBERED_MAX: u64 = 100;

/// The memory of one instance, by the ids of versions; cheap to clone.
#[derive(Clone)]
pub struct Remembered(Cache<Uuid, Arc<CheckedSet>>);

impl Default for Remembered {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED_MAX))
    }
}

impl Remembered {
    /// The set of a version, if it was used lately.
    pub fn get(&self, version: Uuid) -> Option<Arc<CheckedSet>> {
        self.0.get(&version)
    }

    /// Remembers the set of a version that is published.
    pub fn remember(&self, version: Uuid, set: Arc<CheckedSet>) {
        self.0.insert(version, set);
    }
}
