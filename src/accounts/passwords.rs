//! Passwords: Argon2id, off the async threads and few at a time, so that a flood of sign-ins does not starve the service;
//! and a bound on how often one may guess.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use chrono::{DateTime, Duration, Utc};
use moka::ops::compute::Op;
use moka::sync::Cache;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::guessable;
use crate::error::{Error, Result};
use crate::text;

/// Fewest characters of a password.
pub const LENGTH_MIN: usize = 12;
/// Most bytes of a password; more would only cost us time.
pub const BYTES_MAX: usize = 512;

/// How many may wait for their turn; with two at a time the last waits some seconds.
const WAITING_MAX: usize = 128;
/// Seconds after which to try again when too many wait.
const BUSY_SECONDS: u64 = 5;
/// Wrong passwords in a row for one account before it must wait: NIST SP 800-63B asks for a bound of at most 100.
const FAILURES_MAX: u32 = 10;
/// How long it must wait then.
const PAUSE: Duration = Duration::minutes(5);
/// Accounts whose failures are remembered.
const REMEMBERED_MAX: u64 = 100_000;

/// Hashes and checks passwords. Argon2id version 19 with 19 MiB, two passes, one lane: the parameters of OWASP's
/// Password Storage Cheat Sheet.
#[derive(Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    failures: Cache<String, Failures>,
}

/// The hash of no password: of an account whose owner has yet to choose one, and what a password is checked against where there
/// is no account, so that it takes as long. Its parameters are those with which new ones are made.
pub const NONE: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gYWNjb3VudCBoZXJlIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Wrong passwords of one account since the last right one.
#[derive(Clone, Copy, Debug)]
struct Failures {
    count: u32,
    last: DateTime<Utc>,
}

impl Passwords {
    /// A hasher that works on at most `at_once` passwords at the same time.
    pub fn new(at_once: usize) -> Self {
        let at_once = at_once.clamp(1, 64);
        Self {
            at_once: Arc::new(Semaphore::new(at_once)),
            waiting: Arc::new(Semaphore::new(at_once + WAITING_MAX)),
            failures: Cache::new(REMEMBERED_MAX),
        }
    }

    /// The hash to store.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let (_place, _turn) = self.turn().await?;
        let password = stored_form(password);
        off_thread(move || hash_now(&password)).await
    }

    /// Whether the password belongs to the hash of the account with this sign-in name. With no hash (no such account) it
    /// takes as long and says no. After many wrong passwords in a row the name must wait, whether there is such an
    /// account or not: `RATE_LIMITED`.
    pub async fn verify(&self, name: &str, password: &str, hash: Option<&str>, now: DateTime<Utc>) -> Result<bool> {
        let (_place, _turn) = self.turn().await?;
        // Asked only now, so that many guesses sent at once do not all slip in before the first is counted.
        self.may_try(name, now)?;
        let known = hash.is_some();
        let (password, hash) = (stored_form(password), hash.unwrap_or(NONE).to_owned());
        let matches = off_thread(move || {
            let parsed = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
        })
        .await?;
        self.count(name, known && matches, now);
        Ok(known && matches)
    }

    /// Forgets the wrong passwords of an account: its owner has just chosen another.
    pub fn forgive(&self, name: &str) {
        self.failures.invalidate(name);
    }

    /// A place in the queue and then a turn; `RATE_LIMITED` when the queue is full.
    async fn turn(&self) -> Result<(SemaphorePermit<'_>, SemaphorePermit<'_>)> {
        let place = self.waiting.try_acquire().map_err(|_| Error::RateLimited {
            retry_after: BUSY_SECONDS,
        })?;
        let turn = self.at_once.acquire().await.map_err(Error::internal)?;
        Ok((place, turn))
    }

    /// Counts a guess that was right or wrong; a right one makes the wrong ones before it forgotten.
    pub fn count(&self, name: &str, right: bool, now: DateTime<Utc>) {
        if right {
            self.failures.invalidate(name);
        } else {
            self.count_failure(name, now);
        }
    }

    /// `RATE_LIMITED` after many wrong guesses in a row for this name.
    pub fn may_try(&self, name: &str, now: DateTime<Utc>) -> Result<()> {
        let Some(failures) = self.failures.get(name) else {
            return Ok(());
        };
        let left = (failures.last + PAUSE - now).num_seconds();
        match u64::try_from(left) {
            Ok(retry_after) if failures.count >= FAILURES_MAX && left > 0 => Err(Error::RateLimited { retry_after }),
            _ => Ok(()),
        }
    }

    fn count_failure(&self, name: &str, now: DateTime<Utc>) {
        self.failures.entry_by_ref(name).and_compute_with(|before| {
            let before = before.map(moka::Entry::into_value);
            let count = match before {
                Some(failures) if failures.last + PAUSE > now => failures.count.saturating_add(1),
                _ => 1,
            };
            Op::Put(Failures { count, last: now })
        });
    }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The form that is hashed: one keyboard sends `ậ` as one letter, another as three; both are the same password (RFC 8265).
fn stored_form(password: &str) -> String {
    text::nfc(password)
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

/// Whether two texts are one password.
pub fn are_the_same(one: &str, other: &str) -> bool {
    stored_form(one) == stored_form(other)
}

/// Who chooses a password, and where it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Field of the input.
    pub field: &'static str,
    /// Sign-in name.
    pub username: &'a str,
    /// Name shown to others.
    pub display_name: &'a str,
}

/// Refuses a password that is too short, too long, or would be guessed.
pub fn check(password: &str, choice: Choice<'_>) -> Result<()> {
    let field = choice.field;
    if password.len() > BYTES_MAX {
        return Err(Error::invalid(
            "TOO_LONG",
            field,
            format!("Mật khẩu dài tối đa {BYTES_MAX} byte."),
            format!("A password has at most {BYTES_MAX} bytes."),
        ));
    }
    if stored_form(password).chars().count() < LENGTH_MIN {
        return Err(Error::invalid(
            "PASSWORD_TOO_SHORT",
            field,
            format!("Mật khẩu cần ít nhất {LENGTH_MIN} ký tự."),
            format!("A password needs at least {LENGTH_MIN} characters."),
        ));
    }
    if guessable::is_guessable(password, choice.username, choice.display_name) {
        return Err(Error::invalid(
            "PASSWORD_TOO_COMMON",
            field,
            "Mật khẩu này dễ đoán: nó gồm những từ, dãy số phổ biến hoặc có tên của người dùng. Hãy ghép vài từ không liên quan với nhau.",
            "This password is easy to guess: it is made of common words or digits, or holds the name of its owner. Put some unrelated words together.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_773_115_200, 0).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_the_keyboard_sends_its_accents() {
        let passwords = Passwords::new(1);
        let composed = "Mật khẩu của Hiền";
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(composed).collect();
        assert_ne!(composed, decomposed);
        let hash = passwords.hash(composed).await.unwrap();
        assert!(
            passwords
                .verify("hien", &decomposed, Some(&hash), noon())
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("hien", "Mat khau cua Hien", Some(&hash), noon())
                .await
                .unwrap()
        );
        assert!(!passwords.verify("hien", composed, None, noon()).await.unwrap());
    }

    #[tokio::test]
    async fn after_ten_wrong_passwords_even_the_right_one_waits() {
        let passwords = Passwords::new(1);
        let hash = passwords.hash("đúng là mật khẩu").await.unwrap();
        for _ in 0..FAILURES_MAX {
            assert!(
                !passwords
                    .verify("an", "sai mật khẩu rồi", Some(&hash), noon())
                    .await
                    .unwrap()
            );
        }
        let refused = passwords.verify("an", "đúng là mật khẩu", Some(&hash), noon()).await;
        assert!(
            matches!(refused, Err(Error::RateLimited { retry_after: 300 })),
            "{refused:?}"
        );
        // Others do not wait, and the account itself not for ever.
        assert!(
            passwords
                .verify("binh", "đúng là mật khẩu", Some(&hash), noon())
                .await
                .unwrap()
        );
        let later = noon() + PAUSE;
        assert!(
            passwords
                .verify("an", "đúng là mật khẩu", Some(&hash), later)
                .await
                .unwrap()
        );
        assert!(
            !passwords
                .verify("an", "sai mật khẩu rồi", Some(&hash), later)
                .await
                .unwrap()
        );
    }

    #[test]
    fn checking_for_nobody_is_the_same_work() {
        let made = hash_now("một mật khẩu đủ dài").unwrap();
        let work = |hash: &str| {
            let hash = PasswordHash::new(hash).unwrap();
            let lengths = (
                hash.salt.map(|salt| salt.as_ref().len()),
                hash.hash.map(|hash| hash.as_ref().len()),
            );
            (hash.algorithm, hash.version, hash.params.to_string(), lengths)
        };
        assert_eq!(work(NONE), work(&made));
    }

    #[test]
    fn a_password_is_neither_short_nor_endless() {
        let choice = Choice {
            field: "password",
            username: "hien.tran",
            display_name: "Trần Thị Hiền",
        };
        assert!(check("mười hai chữ", choice).is_ok());
        for password in ["", "mười một chữ".strip_suffix('ữ').unwrap(), &"ữ".repeat(200)] {
            assert!(
                matches!(check(password, choice), Err(Error::Invalid(_))),
                "{password:?}"
            );
        }
    }
}
