//! What the provider tells of itself, remembered: where it is asked what, and by which keys it signs.
//!
//! Asked by one request at a time, the others wait for its answer. When the provider does not answer, what it told before goes on
//! for a day, and for some seconds nobody asks again: so an hour in which it is away costs nobody more than a moment.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{CoreJsonWebKeySet, CoreProviderMetadata};
use openidconnect::{DiscoveryError, IssuerUrl};

use super::Failure;
use super::http::{Http, HttpError};
use crate::env::Clock;

/// How long it is believed without asking again.
const FRESH_FOR: Duration = Duration::hours(1);
/// How long it is believed while the provider does not answer.
const USABLE_FOR: Duration = Duration::hours(24);
/// How long nobody asks again after the provider did not answer.
const LEFT_ALONE_FOR: Duration = Duration::seconds(5);
/// How long the keys are not asked for again, whatever keys the provider names: each sign-in would ask while it is in disorder.
const KEYS_KEPT_FOR: Duration = Duration::seconds(30);
/// How long both documents together may take.
const BOTH_MAX: StdDuration = StdDuration::from_secs(10);

/// The memory of one instance.
pub(super) struct Documents {
    clock: Clock,
    memory: Mutex<Memory>,
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Memory {
    told: Option<Told>,
    failed: Option<(DateTime<Utc>, Failure)>,
}

#[derive(Clone)]
struct Told {
    metadata: Arc<CoreProviderMetadata>,
    at: DateTime<Utc>,
    keys_at: DateTime<Utc>,
}

impl Documents {
    /// An empty one.
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            memory: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// What the provider tells of itself: remembered, or asked for now.
    pub(super) async fn current(&self, http: &Http, issuer: &IssuerUrl) -> Result<Arc<CoreProviderMetadata>, Failure> {
        if let Some(known) = self.known() {
            return known;
        }
        let _turn = self.asking.lock().await;
        if let Some(known) = self.known() {
            return known;
        }
        let asked = tokio::time::timeout(BOTH_MAX, discover(http, issuer)).await;
        let now = self.clock.now();
        match asked.unwrap_or_else(|_| Err(Failure::too_slow())) {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *self.memory() = Memory {
                    told: Some(Told {
                        metadata: Arc::clone(&metadata),
                        at: now,
                        keys_at: now,
                    }),
                    failed: None,
                };
                Ok(metadata)
            }
            Err(failure) => {
                self.memory().failed = Some((now, failure.clone()));
                let known = self.known().unwrap_or_else(|| Err(failure.clone()));
                if known.is_ok() {
                    tracing::warn!(cause = ?failure, "The identity provider does not answer; what it told before goes on");
                }
                known
            }
        }
    }

    /// The same with keys that are newer than those that were used in vain; with the same where they were asked for a moment ago.
    pub(super) async fn with_newer_keys(
        &self,
        http: &Http,
        used: &Arc<CoreProviderMetadata>,
    ) -> Result<Arc<CoreProviderMetadata>, Failure> {
        let _turn = self.asking.lock().await;
        let (told, now) = (self.memory().told.clone(), self.clock.now());
        let Some(told) = told else { return Ok(Arc::clone(used)) };
        if !Arc::ptr_eq(&told.metadata, used) || now < told.keys_at + KEYS_KEPT_FOR {
            return Ok(told.metadata);
        }
        let keys = CoreJsonWebKeySet::fetch_async(used.jwks_uri(), http).await;
        let keys = keys.map_err(|error| not_told(&error))?;
        let metadata = Arc::new(used.as_ref().clone().set_jwks(keys));
        if let Some(told) = &mut self.memory().told {
            told.metadata = Arc::clone(&metadata);
            told.keys_at = now;
        }
        Ok(metadata)
    }

    /// What is known without asking; `None` when it is time to ask.
    fn known(&self) -> Option<Result<Arc<CoreProviderMetadata>, Failure>> {
        let (memory, now) = (self.memory(), self.clock.now());
        let not_older = |than: Duration| {
            let told = memory.told.as_ref().filter(|told| now < told.at + than);
            told.map(|told| Ok(Arc::clone(&told.metadata)))
        };
        let left_alone = memory.failed.as_ref().filter(|(at, _)| now < *at + LEFT_ALONE_FOR);
        not_older(FRESH_FOR).or_else(|| {
            let (_, failure) = left_alone?;
            Some(not_older(USABLE_FOR).unwrap_or_else(|| Err(failure.clone())))
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn discover(http: &Http, issuer: &IssuerUrl) -> Result<CoreProviderMetadata, Failure> {
    let metadata = CoreProviderMetadata::discover_async(issuer.clone(), http).await;
    let metadata = metadata.map_err(|error| not_told(&error))?;
    // It is where browsers are sent; the other addresses are looked at when they are asked.
    let entrance = metadata.authorization_endpoint().url();
    if http.may_lead_to(entrance) {
        Ok(metadata)
    } else {
        Err(Failure::Away(format!("{entrance} is no https:// address")))
    }
}

fn not_told(error: &DiscoveryError<HttpError>) -> Failure {
    Failure::Away(match error {
        DiscoveryError::Request(cause) => cause.to_string(),
        DiscoveryError::Response(status, _, said) => format!("it answered {status}: {said}"),
        DiscoveryError::Parse(error) => format!("what it tells of itself cannot be read at {}", error.path()),
        other => other.to_string(),
    })
}
