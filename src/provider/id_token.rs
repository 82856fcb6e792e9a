//! Who an ID token says somebody is: OpenID Connect Core 1.0, section 3.1.3.7.

use chrono::{DateTime, Duration, Utc};
use openidconnect::core::{
    CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreTokenResponse,
};
use openidconnect::{AccessTokenHash, ClaimsVerificationError, Nonce, OAuth2TokenResponse as _};

use super::set_up::SetUp;
use super::{Proven, read_subject};

/// How far the clocks of provider and service may be apart.
const CLOCKS_APART: Duration = Duration::seconds(60);

/// Signatures that are believed: those by which only who has the private key can sign. Not `none`, and not the HMACs, which everybody
/// can make who knows the secret or, worse, takes a public key for it.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// What an ID token must fit.
pub(super) struct Expected<'a> {
    pub(super) set_up: &'a SetUp,
    pub(super) nonce: String,
    pub(super) sent_at: DateTime<Utc>,
    pub(super) now: DateTime<Utc>,
}

/// Reads who it says somebody is, if everything about it is right.
pub(super) fn read(
    expected: &Expected<'_>,
    keys: &CoreJsonWebKeySet,
    token: &CoreIdToken,
    answer: &CoreTokenResponse,
) -> Result<Proven, ClaimsVerificationError> {
    let (now, sent_at, max_age) = (expected.now, expected.sent_at, expected.set_up.max_age);
    let (client_id, issuer) = (&expected.set_up.client_id, &expected.set_up.issuer);
    // As for a client without a secret, so that no HMAC is ever tried.
    let verifier = CoreIdTokenVerifier::new_public_client(client_id.clone(), issuer.clone(), keys.clone())
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || now)
        .set_issue_time_verifier_fn(move |at| issued_for_this(at, sent_at, now))
        .set_auth_time_verifier_fn(move |at| recent_enough(at, max_age, now));
    let claims = token.claims(&verifier, &Nonce::new(expected.nonce.clone()))?;
    // The library leaves the rest to us.
    if claims.authorized_party().is_some_and(|party| party != client_id) {
        let said = "it was issued to another client (azp)";
        return Err(ClaimsVerificationError::InvalidAudience(said.to_owned()));
    }
    if let Some(told) = claims.access_token_hash() {
        let other = |said: &str| ClaimsVerificationError::Other(said.to_owned());
        let algorithm = token.signing_alg().map_err(|_| other("no at_hash can be made"))?;
        let key = token
            .signing_key(&verifier)
            .map_err(|_| other("no at_hash can be made"))?;
        let made = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
        if made.map_err(|_| other("no at_hash can be made"))? != *told {
            return Err(other("it belongs to another access token (at_hash)"));
        }
    }
    let subject = read_subject(claims.subject());
    let subject = subject.ok_or_else(|| ClaimsVerificationError::InvalidSubject("it is none".to_owned()))?;
    Ok(Proven {
        subject,
        authenticated_at: claims.auth_time().map(|at| at.min(now)),
    })
}

/// It was issued after the person was sent, and not in the future.
fn issued_for_this(at: DateTime<Utc>, sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), String> {
    if at > now + CLOCKS_APART {
        return Err("it was issued in the future (iat)".to_owned());
    }
    if at < sent_at - CLOCKS_APART {
        return Err("it was issued before anybody was sent for it (iat)".to_owned());
    }
    Ok(())
}

/// The person has signed in there not longer ago than was asked for.
fn recent_enough(at: Option<DateTime<Utc>>, max_age: Option<Duration>, now: DateTime<Utc>) -> Result<(), String> {
    match (at, max_age) {
        (Some(at), _) if at > now + CLOCKS_APART => Err("it tells a future sign-in (auth_time)".to_owned()),
        (Some(at), Some(max_age)) if at + max_age + CLOCKS_APART < now => {
            Err("the sign-in there is too long ago (auth_time)".to_owned())
        }
        (None, Some(_)) => Err("it does not tell when the person signed in (auth_time)".to_owned()),
        _ => Ok(()),
    }
}
