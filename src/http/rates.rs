//! How many requests one address or one account may make in a minute, and the headers that tell how many are left
//! (`RateLimit`, `RateLimit-Policy`, of the IETF's draft on such headers).
//!
//! Each instance counts for itself: several together let through as many times more. Counted here, in fixed minutes, and not by a
//! library of token buckets, so that the memory is bounded and the clock is that of the environment.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration as StdDuration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, web};
use chrono::{DateTime, Duration, Utc};
use moka::sync::Cache;
use uuid::Uuid;

use super::{language, problem};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::request;
use crate::settings::Settings;

/// The span that is counted over.
const WINDOW: Duration = Duration::seconds(60);
/// Most addresses and accounts that are counted at once.
const COUNTED_MAX: u64 = 200_000;
/// Tells how many requests are left, and for how long.
const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
/// Tells the rule.
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// Paths that are asked by machines beside the service.
const UNCOUNTED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// Where one tries to get in.
const WAYS_IN: &str = "/api/v1/auth/";
/// What lies there and lets nobody in: counted like everything else.
const NOT_WAYS_IN: [&str; 3] = ["/api/v1/auth/me", "/api/v1/auth/sessions", "/api/v1/auth/ways"];

/// Who is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// An address, for everything.
    Address(IpAddr),
    /// An address, for what lets somebody in.
    AddressAtTheDoor(IpAddr),
    /// An account.
    Account(Uuid),
}

impl Who {
    const fn rule(self) -> &'static str {
        match self {
            Self::Address(_) => "address",
            Self::AddressAtTheDoor(_) => "sign-in",
            Self::Account(_) => "account",
        }
    }
}

/// One minute of somebody.
#[derive(Debug)]
struct Window {
    begun: DateTime<Utc>,
    count: AtomicU32,
}

/// How somebody stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    rule: &'static str,
    most: u32,
    left: u32,
    seconds: u64,
}

/// Counts requests. Clones share it.
#[derive(Clone)]
pub struct Rates {
    per_address: u32,
    at_the_door: u32,
    per_account: u32,
    windows: Cache<Who, Arc<Window>>,
}

impl Rates {
    /// As the settings say.
    pub fn of(settings: &Settings) -> Self {
        Self {
            per_address: settings.requests_per_minute_per_address,
            at_the_door: settings.sign_ins_per_minute_per_address,
            per_account: settings.requests_per_minute_per_account,
            windows: Cache::builder()
                .max_capacity(COUNTED_MAX)
                .time_to_live(StdDuration::from_secs(120))
                .build(),
        }
    }

    /// Counts one request: how one stands then, or `RATE_LIMITED`. `None` where there is no limit.
    pub fn count(&self, who: Who, now: DateTime<Utc>) -> Result<Option<Standing>> {
        let most = match who {
            Who::Address(_) => self.per_address,
            Who::AddressAtTheDoor(_) => self.at_the_door,
            Who::Account(_) => self.per_account,
        };
        if most == 0 {
            return Ok(None);
        }
        let new = || {
            Arc::new(Window {
                begun: now,
                count: AtomicU32::new(0),
            })
        };
        let mut window = self.windows.get_with(who, new);
        if now - window.begun >= WINDOW {
            window = new();
            self.windows.insert(who, Arc::clone(&window));
        }
        let before = window
            .count
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| {
                Some(count.saturating_add(1))
            });
        let count = before.unwrap_or_default().saturating_add(1);
        let left_ms = (window.begun + WINDOW - now).num_milliseconds().max(1);
        let seconds = u64::try_from(left_ms).unwrap_or(1).div_ceil(1_000);
        if count > most {
            return Err(Error::RateLimited { retry_after: seconds });
        }
        Ok(Some(Standing {
            rule: who.rule(),
            most,
            left: most.saturating_sub(count),
            seconds,
        }))
    }
}

/// One address of IPv4; of IPv6 the network that one customer gets.
fn counted(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Middleware for the whole application, inside the request log: counts by address, and tells in every answer how its client
/// stands. Accounts are counted where their token is read.
pub async fn rates(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let standing = match of_address(&request) {
        Ok(standing) => standing,
        Err(error) => {
            let response = problem(&error, language(request.headers()));
            return Ok(request.into_response(response));
        }
    };
    let mut response = next.call(request).await?.map_into_boxed_body();
    let of_account = response
        .request()
        .extensions()
        .get::<Option<Standing>>()
        .copied()
        .flatten();
    // The one that ends first is the one to mind.
    let tightest = [standing, of_account]
        .into_iter()
        .flatten()
        .min_by_key(|standing| standing.left);
    if let Some(Standing {
        rule,
        most,
        left,
        seconds,
    }) = tightest
    {
        let policy = format!("\"{rule}\";q={most};w={}", WINDOW.num_seconds());
        for (name, value) in [
            (RATE_LIMIT_POLICY, policy),
            (RATE_LIMIT, format!("\"{rule}\";r={left};t={seconds}")),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
    }
    Ok(response)
}

fn of_address(request: &ServiceRequest) -> Result<Option<Standing>> {
    let address = request::current().and_then(|record| record.client.address);
    let data = (
        request.app_data::<web::Data<Rates>>(),
        request.app_data::<web::Data<Env>>(),
    );
    let (Some(address), (Some(rates), Some(env))) = (address, data) else {
        return Ok(None);
    };
    let (path, address, now) = (request.path(), counted(address), env.now());
    if UNCOUNTED.contains(&path) {
        return Ok(None);
    }
    let standing = rates.count(Who::Address(address), now)?;
    if path.starts_with(WAYS_IN) && !NOT_WAYS_IN.iter().any(|other| path.starts_with(other)) {
        return rates.count(Who::AddressAtTheDoor(address), now);
    }
    Ok(standing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(most: u32) -> Rates {
        Rates::of(&Settings {
            requests_per_minute_per_address: most,
            ..Settings::default()
        })
    }

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_773_115_200, 0).unwrap()
    }

    #[test]
    fn after_so_many_in_a_minute_one_waits_for_the_next() {
        let (rates, who) = (rates(2), Who::Address([203, 0, 113, 7].into()));
        let left = |at| rates.count(who, at).map(|standing| standing.unwrap().left);
        assert_eq!((left(noon()).unwrap(), left(noon()).unwrap()), (1, 0));
        let refused = left(noon() + Duration::milliseconds(20_500)).unwrap_err();
        assert_eq!((refused.code(), refused.retry_after()), ("RATE_LIMITED", Some(40)));
        let other = Who::Address([203, 0, 113, 8].into());
        assert!(rates.count(other, noon()).is_ok(), "others do not wait");
        assert_eq!(left(noon() + WINDOW).unwrap(), 1);
    }

    #[test]
    fn no_limit_counts_nothing() {
        let rates = rates(0);
        for _ in 0..10 {
            assert_eq!(rates.count(Who::Address([127, 0, 0, 1].into()), noon()).unwrap(), None);
        }
    }

    #[test]
    fn a_network_of_ipv6_is_one_customer() {
        let address = |text: &str| counted(text.parse().unwrap());
        assert_eq!(address("2001:db8:1:2:3::4"), address("2001:db8:1:2:ffff::1"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("203.0.113.7").to_string(), "203.0.113.7");
    }
}
