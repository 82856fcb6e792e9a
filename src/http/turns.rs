//! How many requests of one account are worked on at once: one account, or a script that runs wild in its name, must not take
//! all connections to the database from everybody else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use crate::error::{Error, Result};
use crate::settings::Settings;

/// After how many seconds to try again: what is under way is mostly done by then.
const RETRY_AFTER_SECONDS: u64 = 1;

/// The requests under way, by account. Clones share it.
#[derive(Clone, Debug)]
pub struct Turns {
    most: usize,
    under_way: Arc<Mutex<HashMap<Uuid, usize>>>,
}

impl Turns {
    /// As many as the settings say.
    pub fn of(settings: &Settings) -> Self {
        Self {
            most: settings.requests_per_account_max,
            under_way: Arc::default(),
        }
    }

    /// A turn for one more request of the account, or `RATE_LIMITED`.
    pub fn take(&self, account: Uuid) -> Result<Turn> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.entry(account).or_default();
        if *count >= self.most.max(1) {
            return Err(Error::RateLimited {
                retry_after: RETRY_AFTER_SECONDS,
            });
        }
        *count = count.saturating_add(1);
        Ok(Turn {
            account,
            turns: self.clone(),
        })
    }
}

/// One request under way. Dropping it makes room for the next.
#[derive(Debug)]
pub struct Turn {
    account: Uuid,
    turns: Turns,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut under_way = self.turns.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.account) {
            *count = count.saturating_sub(1);
            // Only accounts at work are kept, so this never grows beyond the requests under way.
            if *count == 0 {
                under_way.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_turns_and_others_have_their_own() {
        let turns = Turns::of(&Settings {
            requests_per_account_max: 2,
            ..Settings::default()
        });
        let (hoa, binh) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = turns.take(hoa).unwrap();
        let _second = turns.take(hoa).unwrap();
        let refused = turns.take(hoa).unwrap_err();
        assert_eq!((refused.code(), refused.retry_after()), ("RATE_LIMITED", Some(1)));
        drop(turns.take(binh).unwrap());
        drop(first);
        turns.take(hoa).unwrap();
        assert_eq!(turns.under_way.lock().unwrap().len(), 1, "who is done is forgotten");
    }
}
