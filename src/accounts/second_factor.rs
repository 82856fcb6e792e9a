//! Codes of the second factor: six digits that change each half minute (RFC 6238), and recovery codes for a lost phone. Pure.

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

use crate::auth;

/// Bytes of a shared secret: RFC 4226 asks for 20.
const SECRET_BYTES: usize = 20;
/// Seconds for which a code is shown.
const STEP_SECONDS: i64 = 30;
/// Recovery codes that are given at once.
pub const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code: enough that a plain hash of it cannot be guessed back.
const RECOVERY_BYTES: usize = 10;
/// What programs on phones call the service.
const ISSUER: &str = "Thi đua";

/// A new secret.
pub fn new_secret() -> [u8; SECRET_BYTES] {
    rand::random()
}

/// The secret as people type it into a phone that cannot read the square code.
pub fn shown(secret: &[u8]) -> String {
    Secret::from(secret.to_vec()).to_base32()
}

/// The address (`otpauth://…`) that programs on phones read out of a square code.
pub fn address(secret: &[u8], username: &str) -> Option<String> {
    totp(secret, username)?.to_url().ok()
}

fn totp(secret: &[u8], username: &str) -> Option<Totp> {
    // SHA-1, six digits, half a minute: what every such program knows. One step either way, for clocks that differ.
    let builder = Builder::new().with_secret(secret.to_vec()).with_skew(1);
    builder
        .with_account_name(username)
        .with_issuer(Some(ISSUER))
        .build()
        .ok()
}

/// The half minute, counted from 1970, to which a code belongs; `None` for a code that is wrong now.
pub fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now.timestamp()).ok()?;
    let step = totp(secret, "")?.check(&digits, seconds)?;
    i64::try_from(step).ok()
}

/// The code of a moment, as the phone shows it.
pub fn code_at(secret: &[u8], at: DateTime<Utc>) -> Option<String> {
    let seconds = u64::try_from(at.timestamp()).ok()?;
    Some(totp(secret, "")?.generate(seconds).to_string())
}

/// The first step whose codes are still to come at a moment: those before are never taken.
pub fn first_step(now: DateTime<Utc>) -> i64 {
    now.timestamp().div_euclid(STEP_SECONDS) - 2
}

/// New recovery codes, as they are shown once: `ABCD-EFGH-IJKL-MNOP`.
pub fn new_recovery_codes() -> Vec<String> {
    let one = |_| {
        let letters = shown(&rand::random::<[u8; RECOVERY_BYTES]>());
        let letters: Vec<char> = letters.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    };
    (0..RECOVERY_CODES).map(one).collect()
}

/// The hash under which a recovery code is stored, however it was typed.
pub fn recovery_hash(code: &str) -> Vec<u8> {
    let letters = code.chars().filter(char::is_ascii_alphanumeric).take(64);
    auth::hash_secret(&letters.map(|c| c.to_ascii_uppercase()).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238, appendix B, the last six of eight digits.
        let secret = b"12345678901234567890";
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(code_at(secret, at(seconds)).unwrap(), code);
            assert_eq!(step_of(secret, code, at(seconds)), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_works_half_a_minute_early_or_late_and_no_longer() {
        let secret = new_secret();
        let code = code_at(&secret, at(1_773_115_200)).unwrap();
        let (left, right) = code.split_at(3);
        let spaced = format!(" {left} {right}");
        for (seconds, works) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let now = at(1_773_115_200 + seconds);
            assert_eq!(step_of(&secret, &code, now).is_some(), works, "{seconds}");
            assert_eq!(step_of(&secret, &spaced, now).is_some(), works);
        }
        for wrong in ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "-12345"] {
            assert_eq!(step_of(&secret, wrong, at(1_773_115_200)), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_recovery_code_is_the_same_however_it_is_typed() {
        let codes = new_recovery_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = &codes[0];
        assert_eq!((code.len(), code.split('-').count()), (19, 4));
        assert_eq!(
            recovery_hash(code),
            recovery_hash(&code.to_lowercase().replace('-', " "))
        );
        assert_ne!(recovery_hash(code), recovery_hash(&codes[1]));
    }

    #[test]
    fn a_phone_reads_the_name_of_the_service_and_of_the_account() {
        let address = address(&new_secret(), "hien.tran").unwrap();
        assert!(
            address.starts_with("otpauth://totp/") && address.contains("hien.tran"),
            "{address}"
        );
    }
}
