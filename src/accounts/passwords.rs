//! Passwords: Argon2id, off the async threads and few at a time, so that a flood of sign-ins does not starve the service.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Fewest characters of a password.
pub const LENGTH_MIN: usize = 12;
/// Most bytes of a password; more would only cost us time.
pub const BYTES_MAX: usize = 512;

/// Hashes and checks passwords. Argon2id version 19 with 19 MiB, two passes, one lane: the parameters of OWASP's
/// Password Storage Cheat Sheet.
#[derive(Clone)]
pub struct Passwords {
    at_once: Arc<Semaphore>,
    nobody: Arc<str>,
}

impl Passwords {
    /// A hasher that works on at most `at_once` passwords at the same time.
    pub fn new(at_once: usize) -> Result<Self> {
        let nobody = hash_now(&crate::auth::new_secret().0)?;
        Ok(Self {
            at_once: Arc::new(Semaphore::new(at_once.max(1))),
            nobody: nobody.into(),
        })
    }

    /// The hash to store.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let password = password.to_owned();
        self.off_thread(move || hash_now(&password)).await
    }

    /// Whether the password belongs to the hash. With no hash (no such account) it takes as long and says no.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool> {
        let known = hash.is_some();
        let (password, hash) = (password.to_owned(), hash.unwrap_or(&self.nobody).to_owned());
        let matches = self
            .off_thread(move || {
                let parsed = PasswordHash::new(&hash).map_err(|error| Error::internal(error.to_string()))?;
                Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(known && matches)
    }

    async fn off_thread<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let _turn = self.at_once.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

fn hash_now(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|error| Error::internal(error.to_string()))
}

/// Refuses a password that is too short or too long.
pub fn check(password: &str, field: &str) -> Result<()> {
    if password.chars().count() < LENGTH_MIN {
        return Err(Error::invalid(
            "PASSWORD_TOO_SHORT",
            field,
            format!("Mật khẩu cần ít nhất {LENGTH_MIN} ký tự."),
            format!("A password needs at least {LENGTH_MIN} characters."),
        ));
    }
    if password.len() > BYTES_MAX {
        return Err(Error::invalid(
            "TOO_LONG",
            field,
            format!("Mật khẩu dài tối đa {BYTES_MAX} byte."),
            format!("A password has at most {BYTES_MAX} bytes."),
        ));
    }
    Ok(())
}
