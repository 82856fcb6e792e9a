//! What a use-case may need besides the actor: the database, the clock, tokens and passwords. Time comes in from outside, so that a test can
//! move it past a deadline.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Datelike as _, Duration, FixedOffset, NaiveDate, NaiveTime, SubsecRound, Utc};
use sea_orm::DatabaseConnection;
use uuid::Uuid;

use crate::accounts::callers::Callers;
use crate::accounts::passwords::Passwords;
use crate::accounts::throttle::Throttle;
use crate::auth::Tokens;
use crate::auth::sealing::Sealer;
use crate::criteria::remembered::Remembered;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::mail::Mail;
use crate::provider::Provider;
use crate::settings::Settings;
use crate::sheets::desk::Desk;

/// Hours by which Asia/Ho_Chi_Minh is ahead of UTC; it has no summer time.
const HO_CHI_MINH_OFFSET_SECONDS: i32 = 7 * 3600;

/// Most days before its last day on which a report is reminded of: longer than a quarter nobody thinks ahead.
const REMINDER_DAYS_MAX: u32 = 92;

/// What is asked of who decides, besides a token.
#[derive(Clone, Copy, Debug)]
pub struct Demands {
    /// How long after signing in, or confirming, one may decide; `None` when that does not matter.
    pub fresh_for: Option<Duration>,
    /// Whether a second factor is asked for.
    pub second_factor: bool,
}

/// When people are told of what is due and of what they have not read.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    /// Days before the last day of a report from which it is reminded of.
    pub reminder_days: u32,
    /// Hour of the day from which letters are sent.
    pub digest_hour: u32,
}

impl Telling {
    fn of(settings: &Settings) -> Result<Self> {
        let within = |name: &str, value: u32, most: u32| {
            if value <= most {
                return Ok(value);
            }
            Err(Error::internal(format!(
                "setting `{name}`: {value} is more than {most}"
            )))
        };
        Ok(Self {
            reminder_days: within("reminder_days", settings.reminder_days, REMINDER_DAYS_MAX)?,
            digest_hour: within("digest_hour", settings.digest_hour, 23)?,
        })
    }
}

/// How much evidence there may be.
#[derive(Clone, Copy, Debug)]
pub struct EvidenceLimits {
    /// Most bytes of one file.
    pub bytes_max: u64,
    /// Most files of one thing.
    pub files_max: u64,
    /// Most bytes that a unit may add in a year; `None` for any number.
    pub unit_year_bytes_max: Option<u64>,
    /// Within what time a file must have arrived.
    pub upload_time_max: std::time::Duration,
}

impl EvidenceLimits {
    fn of(settings: &Settings) -> Self {
        Self {
            bytes_max: settings.evidence_bytes_max.into(),
            files_max: settings.evidence_files_max.into(),
            unit_year_bytes_max: Some(settings.evidence_unit_year_bytes_max).filter(|&most| most > 0),
            upload_time_max: std::time::Duration::from_secs(settings.evidence_upload_seconds),
        }
    }
}

/// The database, the clock, and what signing in needs; cheap to clone.
#[derive(Clone)]
pub struct Env {
    /// The pool.
    pub db: DatabaseConnection,
    /// Issues and verifies access tokens.
    pub tokens: Arc<Tokens>,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// Who called lately.
    pub callers: Arc<Callers>,
    /// Seals secrets that are stored.
    pub sealer: Arc<Sealer>,
    /// What is asked of who decides.
    pub demands: Demands,
    /// How often it was tried lately what may not be tried often.
    pub throttle: Throttle,
    /// Sends mail, where there is a mail server.
    pub mail: Mail,
    /// The province's identity provider, where there is one.
    pub provider: Provider,
    /// Links by which passwords are chosen.
    pub links: Links,
    /// When people are told of what is due.
    pub telling: Telling,
    /// Keeps the content of files.
    pub files: Files,
    /// How much evidence there may be.
    pub evidence: EvidenceLimits,
    /// Where spreadsheets are written and read.
    pub sheets: Desk,
    /// Criteria sets that were lately reckoned with.
    pub criteria: Remembered,
    /// Life of a session without sign-in.
    pub session_life: Duration,
    clock: Clock,
}

impl Env {
    /// The environment that the settings describe, on an open database. `clock` is the machine's but in tests.
    pub fn new(settings: &Settings, db: DatabaseConnection, clock: Clock) -> Result<Self> {
        let tokens = Tokens::open(
            &settings.signing_keys_path(),
            &settings.token_issuer,
            &settings.token_audience,
            settings.access_token_seconds,
            clock.now(),
        )?;
        Self::with(settings, db, clock, tokens, Files::new(settings)?)
    }

    /// The environment of a command that lets nobody in: it touches no signing keys and no files.
    pub fn for_command(settings: &Settings, db: DatabaseConnection) -> Result<Self> {
        let clock = Clock::default();
        let tokens = Tokens::unkept(clock.now())?;
        Self::with(settings, db, clock, tokens, Files::unkept())
    }

    fn with(settings: &Settings, db: DatabaseConnection, clock: Clock, tokens: Tokens, files: Files) -> Result<Self> {
        let sealer = tokens.sealer()?;
        Ok(Self {
            db,
            tokens: Arc::new(tokens),
            passwords: Passwords::new(settings.password_hashes_at_once),
            callers: Arc::default(),
            sealer: Arc::new(sealer),
            demands: Demands {
                fresh_for: match i64::try_from(settings.deciding_fresh_minutes).unwrap_or(0) {
                    0 => None,
                    minutes => Some(Duration::minutes(minutes)),
                },
                second_factor: settings.deciding_second_factor,
            },
            throttle: Throttle::default(),
            mail: Mail::new(settings)?,
            provider: Provider::of(settings, &clock)?,
            links: Links::of(settings),
            telling: Telling::of(settings)?,
            files,
            evidence: EvidenceLimits::of(settings),
            sheets: Desk::default(),
            criteria: Remembered::default(),
            session_life: Duration::days(i64::try_from(settings.session_days).unwrap_or(30)),
            clock,
        })
    }

    /// Now, in microseconds, which is what both databases keep.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today in Asia/Ho_Chi_Minh: the day by which deadlines, grants and offices are counted.
    pub fn today(&self) -> NaiveDate {
        day_of(self.now())
    }

    /// The same environment with a clock of its own that shows `instant` and goes on from there. For what is told as of another day.
    pub fn showing(&self, instant: DateTime<Utc>) -> Self {
        let clock = Clock::default();
        clock.set(instant);
        Self { clock, ..self.clone() }
    }

    /// A new identity.
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Links by which passwords are chosen: where they lead, and how long they work.
#[derive(Clone, Debug)]
pub struct Links {
    page: String,
    /// Life of an invitation.
    pub invitation: Duration,
    /// Life of a password reset.
    pub password_reset: Duration,
}

impl Links {
    fn of(settings: &Settings) -> Self {
        let whole = |number: u64| i64::from(u32::try_from(number).unwrap_or(u32::MAX));
        Self {
            page: settings.public_url.clone(),
            invitation: Duration::hours(whole(settings.invitation_hours)),
            password_reset: Duration::minutes(whole(settings.password_reset_minutes)),
        }
    }

    /// The link with a token. It stands behind `#`, so that no server on the way and no log sees it.
    pub fn to(&self, token: &str) -> String {
        format!("{}#token={token}", self.page)
    }
}

/// When the calendar year of an instant began in Asia/Ho_Chi_Minh.
pub fn year_begins(instant: DateTime<Utc>) -> DateTime<Utc> {
    let first_day = in_vietnam(instant).with_ordinal(1);
    let midnight = first_day.and_then(|day| day.with_time(NaiveTime::MIN).single());
    midnight.map_or(instant, |midnight| midnight.to_utc())
}

/// The day of an instant in Asia/Ho_Chi_Minh.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    in_vietnam(instant).date_naive()
}

/// An instant as clocks in Asia/Ho_Chi_Minh show it.
pub fn in_vietnam(instant: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(HO_CHI_MINH_OFFSET_SECONDS)
        .map_or_else(|| instant.fixed_offset(), |offset| instant.with_timezone(&offset))
}

/// A clock that a test may set forward or back.
#[derive(Clone, Default)]
pub struct Clock {
    shift_microseconds: Arc<AtomicI64>,
}

impl Clock {
    /// The time of the machine, moved by the shift.
    pub fn now(&self) -> DateTime<Utc> {
        #[allow(
            clippy::disallowed_methods,
            reason = "the one place that asks the machine for the time"
        )]
        let machine = Utc::now();
        (machine + Duration::microseconds(self.shift_microseconds.load(Ordering::Relaxed))).trunc_subsecs(6)
    }

    /// Moves this clock so that it shows `instant` now and goes on from there.
    pub fn set(&self, instant: DateTime<Utc>) {
        let now = self.now();
        // What does not fit is more than 290,000 years.
        let shift = (instant - now).num_microseconds().unwrap_or_default();
        self.shift_microseconds.fetch_add(shift, Ordering::Relaxed);
    }
}
