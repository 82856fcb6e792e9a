//! How often somebody may try: counted for a name and for an address, in the memory of one instance.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use moka::ops::compute::Op;
use moka::sync::Cache;

use crate::error::{Error, Result};

/// The time within which tries are counted together.
pub const WINDOW: Duration = Duration::minutes(15);
/// Names and addresses that are remembered.
const REMEMBERED_MAX: u64 = 100_000;

/// What is counted apart from everything else, and how often it may be tried within [`WINDOW`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tried {
    /// A link was asked for because a password was forgotten.
    Forgotten,
    /// A password was chosen by a link.
    PasswordByLink,
    /// A token was asked for with a wrong secret of a service account.
    ServiceToken,
}

impl Tried {
    /// Most times for one account: enough for somebody who mistypes, few enough that nobody's mailbox is flooded.
    const fn for_name(self) -> u32 {
        match self {
            Self::Forgotten => 3,
            Self::PasswordByLink => 10,
            Self::ServiceToken => 30,
        }
    }

    /// Most times from one address: a whole office may stand behind it.
    const fn for_address(self) -> u32 {
        match self {
            Self::Forgotten => 30,
            Self::PasswordByLink | Self::ServiceToken => 60,
        }
    }
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Count {
    since: DateTime<Utc>,
    tries: u32,
}

/// The counts of one instance.
#[derive(Clone)]
pub struct Throttle {
    counts: Cache<(Tried, Who), Count>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            counts: Cache::new(REMEMBERED_MAX),
        }
    }
}

impl Throttle {
    /// Counts a try for an account, whether there is one of that name or not; `RATE_LIMITED` when there were too many.
    pub fn name(&self, tried: Tried, name: &str, now: DateTime<Utc>) -> Result<()> {
        self.count((tried, Who::Name(name.to_owned())), tried.for_name(), now)
    }

    /// Counts a try from an address; `RATE_LIMITED` when there were too many. What has no address came from this machine.
    pub fn address(&self, tried: Tried, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        self.count((tried, Who::Address(network(address))), tried.for_address(), now)
    }

    /// Whether a try from an address would be let through, without counting one: where only tries that fail are counted.
    pub fn address_may_try(&self, tried: Tried, address: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(address) = address else { return Ok(()) };
        let count = self.counts.get(&(tried, Who::Address(network(address))));
        match count.filter(|count| count.tries >= tried.for_address()) {
            Some(count) => wait(count.since + WINDOW - now),
            None => Ok(()),
        }
    }

    fn count(&self, key: (Tried, Who), max: u32, now: DateTime<Utc>) -> Result<()> {
        let mut left = Duration::zero();
        self.counts.entry(key).and_compute_with(|before| {
            let before = before.map(moka::Entry::into_value);
            match before.filter(|count| now < count.since + WINDOW) {
                Some(count) if count.tries >= max => {
                    left = count.since + WINDOW - now;
                    Op::Nop
                }
                Some(count) => Op::Put(Count {
                    tries: count.tries + 1,
                    ..count
                }),
                None => Op::Put(Count { since: now, tries: 1 }),
            }
        });
        wait(left)
    }
}

/// `RATE_LIMITED` while some time is left, with its whole seconds.
fn wait(left: Duration) -> Result<()> {
    match u64::try_from(left.num_milliseconds()) {
        Ok(left @ 1..) => Err(Error::RateLimited {
            retry_after: left.div_ceil(1_000),
        }),
        _ => Ok(()),
    }
}

/// Whoever has an address of IPv6 has the 2^64 of its network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            std::net::Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_773_115_200, 0).unwrap()
    }

    #[test]
    fn after_three_tries_a_name_waits_and_others_do_not() {
        let throttle = Throttle::default();
        let tries = |name: &str, at| throttle.name(Tried::Forgotten, name, at);
        for _ in 0..3 {
            tries("hien", noon()).unwrap();
        }
        let later = noon() + Duration::minutes(5);
        let refused = tries("hien", later);
        assert!(
            matches!(refused, Err(Error::RateLimited { retry_after: 600 })),
            "{refused:?}"
        );
        tries("hoa", later).unwrap();
        throttle.name(Tried::PasswordByLink, "hien", later).unwrap();
        tries("hien", noon() + WINDOW).unwrap();
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let throttle = Throttle::default();
        let tries = |address: &str| throttle.address(Tried::Forgotten, Some(address.parse().unwrap()), noon());
        for last in 0..30 {
            tries(&format!("2001:db8::{last}")).unwrap();
        }
        assert!(tries("2001:db8::1:1").is_err());
        tries("2001:db8:0:1::1").unwrap();
        for _ in 0..30 {
            tries("192.0.2.1").unwrap();
        }
        assert!(tries("::ffff:192.0.2.1").is_err());
        assert!(throttle.address(Tried::Forgotten, None, noon()).is_ok());
    }
}
