//! Who called lately, remembered, so that a request need not ask the database who its session, or the secret of a service account, is.
//!
//! What somebody may do can change at any moment and on any instance. So the memory is used only while this instance is known to
//! hear of changes ([`Callers::heard`]); when it has not heard for some seconds, every request asks the database. A change of
//! access ([`Callers::doubt`]) takes the account out of the memory before it is committed, and keeps it out long enough for the
//! change to be committed and told.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration as StdDuration;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use moka::sync::Cache;
use uuid::Uuid;

use crate::auth::Actor;

/// Sessions that are remembered: more than call within some minutes.
const REMEMBERED_MAX: u64 = 20_000;
/// How long a session is remembered after it was read.
const REMEMBERED_FOR: StdDuration = StdDuration::from_secs(600);
/// How long an account is kept out of the memory after a change: longer than any transaction may take.
const DOUBT_FOR: StdDuration = StdDuration::from_secs(60);
/// How long the memory may be used after changes were last heard of.
pub const TRUSTED_FOR: Duration = Duration::seconds(3);

/// A session, or the secret of a service account, as it was read.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// Who it is, in what capacities on `day`.
    pub actor: Arc<Actor>,
    /// The day in Asia/Ho_Chi_Minh on which it was read: grants and offices begin and end by days.
    pub day: NaiveDate,
    /// Until when this holds without a change: the session ends by itself, or the proof of who it is gets stale.
    pub holds_until: DateTime<Utc>,
    /// When the access of the account was last changed, as it was read.
    pub access_changed_at: Option<DateTime<Utc>>,
}

/// The memory of one instance.
pub struct Callers {
    known: Cache<Uuid, Remembered>,
    doubted: Cache<Uuid, ()>,
    /// Microseconds since 1970.
    heard_at: AtomicI64,
}

impl Default for Callers {
    fn default() -> Self {
        Self {
            known: Cache::builder()
                .max_capacity(REMEMBERED_MAX)
                .time_to_live(REMEMBERED_FOR)
                .support_invalidation_closures()
                .build(),
            doubted: Cache::builder().time_to_live(DOUBT_FOR).build(),
            heard_at: AtomicI64::new(0),
        }
    }
}

impl Callers {
    /// Who a session is, if that is known for sure at this moment.
    pub fn get(&self, session: Uuid, now: DateTime<Utc>, today: NaiveDate) -> Option<Arc<Actor>> {
        if now - self.heard_at() > TRUSTED_FOR {
            return None;
        }
        let caller = self.known.get(&session)?;
        let holds = caller.day == today && now < caller.holds_until && !self.doubts(caller.actor.account_id);
        holds.then_some(caller.actor)
    }

    /// Remembers who a session is, unless the account is just being changed.
    pub fn remember(&self, session: Uuid, caller: Remembered) {
        if !self.doubts(caller.actor.account_id) {
            self.known.insert(session, caller);
        }
    }

    /// The access of an account is being changed, here or on another instance.
    pub fn doubt(&self, account: Uuid) {
        self.doubted.insert(account, ());
    }

    fn doubts(&self, account: Uuid) -> bool {
        self.doubted.contains_key(&account)
    }

    /// All changes up to `at` have been heard of: those whose access changed at another time than was read are forgotten.
    pub fn heard(&self, changed: &[(Uuid, DateTime<Utc>)], at: DateTime<Utc>) {
        let known = if changed.is_empty() { None } else { Some(&self.known) };
        for (session, caller) in known.into_iter().flatten() {
            let account = caller.actor.account_id;
            let newer = |&&(id, at): &&(Uuid, DateTime<Utc>)| id == account && Some(at) != caller.access_changed_at;
            if changed.iter().any(|change| newer(&change)) {
                self.known.invalidate(&*session);
            }
        }
        self.heard_at.store(at.timestamp_micros(), Ordering::Release);
    }

    /// When changes were last heard of.
    pub fn heard_at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.heard_at.load(Ordering::Acquire)).unwrap_or_default()
    }

    /// Forgets everybody: nobody knows what was missed.
    pub fn forget_all(&self) {
        self.known.invalidate_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Capacity, Scope};

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_773_144_000, 0).unwrap()
    }

    fn caller(account: Uuid) -> Remembered {
        let capacity = (Capacity::ALL[0], Scope::Everything);
        Remembered {
            actor: Arc::new(Actor::new(account, "hoa".to_owned(), Uuid::now_v7(), vec![capacity])),
            day: noon().date_naive(),
            holds_until: noon() + Duration::days(30),
            access_changed_at: Some(noon()),
        }
    }

    fn remembered() -> (Callers, Uuid, Uuid) {
        let (callers, session, account) = (Callers::default(), Uuid::now_v7(), Uuid::now_v7());
        callers.remember(session, caller(account));
        callers.heard(&[], noon());
        assert!(knows(&callers, session, noon()));
        (callers, session, account)
    }

    fn knows(callers: &Callers, session: Uuid, at: DateTime<Utc>) -> bool {
        callers.get(session, at, at.date_naive()).is_some()
    }

    #[test]
    fn who_called_is_known_only_while_changes_are_heard_of() {
        let (callers, session, _) = remembered();
        assert!(knows(&callers, session, noon() + TRUSTED_FOR));
        assert!(!knows(
            &callers,
            session,
            noon() + TRUSTED_FOR + Duration::microseconds(1)
        ));
        callers.heard(&[], noon() + Duration::hours(1));
        assert!(knows(&callers, session, noon() + Duration::hours(1)));
    }

    #[test]
    fn a_new_day_and_the_end_of_the_session_are_asked_about() {
        let (callers, session, _) = remembered();
        let (midnight, end) = (noon() + Duration::hours(12), noon() + Duration::days(30));
        for later in [midnight, end] {
            callers.heard(&[], later);
            assert!(!knows(&callers, session, later));
        }
    }

    #[test]
    fn a_change_is_known_before_it_is_committed_and_is_not_read_into_the_memory_half_done() {
        let (callers, session, account) = remembered();
        callers.doubt(account);
        assert!(!knows(&callers, session, noon()));
        callers.remember(session, caller(account));
        assert!(!knows(&callers, session, noon()));
    }

    #[test]
    fn a_change_on_another_instance_is_told_from_what_was_read_already() {
        let (callers, session, account) = remembered();
        callers.heard(
            &[(account, noon()), (Uuid::now_v7(), noon() + Duration::seconds(1))],
            noon(),
        );
        assert!(knows(&callers, session, noon()));
        callers.heard(&[(account, noon() + Duration::microseconds(1))], noon());
        assert!(!knows(&callers, session, noon()));
    }
}
