//! Access tokens: JWTs that our own keys sign (RFC 7519, RFC 8037), checked on the way in, and the public keys for others. Those
//! of people and those of service accounts are two kinds, told apart by the signed header `typ`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::keys::{self, KeyRing, StoredKey};
use super::sealing::Sealer;
use crate::error::{Error, Result};
use crate::policy::ServiceScopes;

/// What the access token of a person says. Each claim must be there and of its JSON type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The account.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    /// Identity of the token.
    pub jti: Uuid,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// Expires at, seconds since 1970.
    pub exp: i64,
}

/// What the access token of a service account says (RFC 9068). It names no session, so it is never taken for one of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceClaims {
    /// Who issued it.
    pub iss: String,
    /// For whom.
    pub aud: String,
    /// The service account.
    pub sub: Uuid,
    /// The same, by the id with which it asked for the token.
    pub client_id: String,
    /// The secret by which it was issued.
    pub secret: Uuid,
    /// The scopes that it was asked for with, separated by blanks.
    pub scope: String,
    /// Identity of the token.
    pub jti: Uuid,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// Expires at, seconds since 1970.
    pub exp: i64,
}

/// A token that was verified: whose it is, and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// Of somebody who signed in.
    Person(Claims),
    /// Of a service account.
    Service(ServiceClaims),
}

impl Presented {
    /// The account.
    pub const fn account(&self) -> Uuid {
        match self {
            Self::Person(claims) => claims.sub,
            Self::Service(claims) => claims.sub,
        }
    }

    /// When it was issued, from when and until when it holds.
    const fn times(&self) -> (i64, i64, i64) {
        match self {
            Self::Person(claims) => (claims.iat, claims.nbf, claims.exp),
            Self::Service(claims) => (claims.iat, claims.nbf, claims.exp),
        }
    }
}

/// `typ` in the header of a person's token.
const OF_PERSON: &str = "JWT";
/// `typ` in the header of a service account's token: RFC 9068, section 2.1.
const OF_SERVICE: &str = "at+jwt";

/// The longest token that is looked at: ours have about 500 bytes.
const TOKEN_BYTES_MAX: usize = 2_048;
/// How far the clocks of two machines may differ, in seconds.
const LEEWAY_SECONDS: i64 = 30;
/// How many verified tokens are remembered, so that a signature is checked once and not for each request.
const REMEMBERED_MAX: u64 = 10_000;

/// A key of the ring, ready for use.
struct ReadyKey {
    stored: StoredKey,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Vec<u8>,
}

impl ReadyKey {
    fn new(stored: &StoredKey) -> std::io::Result<Self> {
        let pkcs8 = stored.private()?;
        let public = keys::public(&pkcs8)?;
        Ok(Self {
            encoding: EncodingKey::from_ed_der(&pkcs8),
            decoding: DecodingKey::from_ed_der(&public),
            stored: stored.clone(),
            public,
        })
    }
}

/// The ring as it was last read.
struct Ring {
    stored: KeyRing,
    keys: Vec<ReadyKey>,
    active: usize,
    /// When the file was changed that it was read from.
    file_of: Option<SystemTime>,
}

impl Ring {
    fn new(ring: &KeyRing, file_of: Option<SystemTime>) -> std::io::Result<Self> {
        let keys = ring
            .keys
            .iter()
            .map(ReadyKey::new)
            .collect::<std::io::Result<Vec<_>>>()?;
        let is_active = |key: &ReadyKey| key.stored.state == keys::KeyState::Active;
        let active = keys
            .iter()
            .position(is_active)
            .ok_or_else(|| std::io::Error::other("it holds no active key"))?;
        Ok(Self {
            stored: ring.clone(),
            keys,
            active,
            file_of,
        })
    }

    fn read(file: &Path, now: DateTime<Utc>) -> std::io::Result<Self> {
        let ring = keys::read_or_make(file, now)?;
        Self::new(&ring, keys::changed_at(file).ok())
    }

    fn verifying(&self, kid: &str, now: DateTime<Utc>) -> Option<&ReadyKey> {
        self.keys
            .iter()
            .find(|key| key.stored.kid == kid && key.stored.verifies(now))
    }
}

/// A token that was verified, and the key that it was verified by.
#[derive(Clone)]
struct Verified {
    presented: Presented,
    kid: String,
}

/// Issues and verifies access tokens.
pub struct Tokens {
    /// Where the keys are kept; `None` for keys that are kept nowhere.
    file: Option<PathBuf>,
    ring: RwLock<Arc<Ring>>,
    issuer: String,
    audience: String,
    life: Duration,
    verified: Cache<[u8; 32], Verified>,
}

impl Tokens {
    /// Reads the signing keys, or makes them with owner-only rights when there are none.
    pub fn open(file: &Path, issuer: &str, audience: &str, life_seconds: u64, now: DateTime<Utc>) -> Result<Self> {
        let ring = Ring::read(file, now).map_err(|error| unusable(file, &error))?;
        Ok(Self::on(Some(file.to_owned()), ring, issuer, audience, life_seconds))
    }

    /// Keys that are kept nowhere: for commands that let nobody in.
    pub fn unkept(now: DateTime<Utc>) -> Result<Self> {
        let ring = KeyRing::new(now)
            .and_then(|ring| Ring::new(&ring, None))
            .map_err(Error::internal)?;
        Ok(Self::on(None, ring, "", "", 0))
    }

    fn on(file: Option<PathBuf>, ring: Ring, issuer: &str, audience: &str, life_seconds: u64) -> Self {
        Self {
            file,
            ring: RwLock::new(Arc::new(ring)),
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            life: Duration::seconds(i64::try_from(life_seconds).unwrap_or(600)),
            verified: Cache::new(REMEMBERED_MAX),
        }
    }

    /// How long a key still verifies after it has signed its last token.
    pub fn verify_for(access_token_seconds: u64) -> Duration {
        Duration::seconds(
            i64::try_from(access_token_seconds)
                .unwrap_or(600)
                .saturating_add(LEEWAY_SECONDS),
        )
    }

    /// Reads the keys again when their file has changed. A file that cannot be read leaves the keys as they are: those who have
    /// signed in go on.
    pub fn reread(&self, now: DateTime<Utc>) -> Result<bool> {
        let Some(file) = &self.file else { return Ok(false) };
        let changed_at = keys::changed_at(file).map_err(|error| unusable(file, &error))?;
        if self.ring().file_of == Some(changed_at) {
            return Ok(false);
        }
        let ring = Ring::read(file, now).map_err(|error| unusable(file, &error))?;
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ring);
        Ok(true)
    }

    /// What seals secrets with the key in the same file.
    pub fn sealer(&self) -> Result<Sealer> {
        Sealer::of(&self.ring().stored)
    }

    fn ring(&self) -> Arc<Ring> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An access token for a session, and the seconds it lives.
    pub fn issue(&self, account: Uuid, session: Uuid, now: DateTime<Utc>) -> Result<(String, i64)> {
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account,
            sid: session,
            jti: Uuid::now_v7(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + self.life).timestamp(),
        };
        Ok((self.signed(OF_PERSON, &claims)?, self.life.num_seconds()))
    }

    /// An access token for a service account by one of its secrets, with some scopes, and the seconds it lives.
    pub fn issue_to_service(
        &self,
        (account, client_id): (Uuid, String),
        secret: Uuid,
        scopes: ServiceScopes,
        now: DateTime<Utc>,
    ) -> Result<(String, i64)> {
        let claims = ServiceClaims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: account,
            client_id,
            secret,
            scope: scopes.written(),
            jti: Uuid::now_v7(),
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + self.life).timestamp(),
        };
        Ok((self.signed(OF_SERVICE, &claims)?, self.life.num_seconds()))
    }

    fn signed(&self, kind: &str, claims: &impl Serialize) -> Result<String> {
        let ring = self.ring();
        let key = ring
            .keys
            .get(ring.active)
            .ok_or_else(|| Error::internal("no active key"))?;
        let header = Header {
            typ: Some(kind.to_owned()),
            kid: Some(key.stored.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        encode(&header, claims, &key.encoding).map_err(Error::internal)
    }

    /// Reads a token. Whatever is wrong with it, the answer is the same: `UNAUTHENTICATED`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Presented> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Error::Unauthenticated);
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let ring = self.ring();
        let known = self
            .verified
            .get(&digest)
            .filter(|known| ring.verifying(&known.kid, now).is_some());
        let presented = match known {
            Some(known) => known.presented,
            None => {
                let verified = self.verify_signature(&ring, token, now)?;
                self.verified.insert(digest, verified.clone());
                verified.presented
            }
        };
        let (seconds, (iat, nbf, exp)) = (now.timestamp(), presented.times());
        let timely = seconds < exp.saturating_add(LEEWAY_SECONDS)
            && nbf <= seconds + LEEWAY_SECONDS
            && iat <= seconds + LEEWAY_SECONDS;
        if timely {
            Ok(presented)
        } else {
            Err(Error::Unauthenticated)
        }
    }

    fn verify_signature(&self, ring: &Ring, token: &str, now: DateTime<Utc>) -> Result<Verified> {
        // The key is one of ours by its `kid`, and has one algorithm; nothing in the header can name another key or algorithm.
        let header = decode_header(token).map_err(|_| Error::Unauthenticated)?;
        let kid = header.kid.ok_or(Error::Unauthenticated)?;
        let key = ring.verifying(&kid, now).ok_or(Error::Unauthenticated)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are checked against the clock of the environment, which a test may move.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let presented = match header.typ.as_deref() {
            Some(OF_PERSON) => read(token, key, &validation).map(Presented::Person)?,
            Some(OF_SERVICE) => read(token, key, &validation).map(Presented::Service)?,
            _ => return Err(Error::Unauthenticated),
        };
        Ok(Verified { presented, kid })
    }

    /// Identity of the key that signs.
    pub fn kid(&self) -> String {
        let ring = self.ring();
        ring.keys
            .get(ring.active)
            .map(|key| key.stored.kid.clone())
            .unwrap_or_default()
    }

    /// The public keys by which others may verify now or soon, as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self, now: DateTime<Utc>) -> Value {
        let ring = self.ring();
        let keys = ring.keys.iter().filter(|key| key.stored.verifies(now));
        let shown = keys.map(|key| {
            json!({
                "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
                "kid": key.stored.kid, "x": URL_SAFE_NO_PAD.encode(&key.public),
            })
        });
        json!({ "keys": shown.collect::<Vec<_>>() })
    }
}

fn read<C: DeserializeOwned + Clone>(token: &str, key: &ReadyKey, validation: &Validation) -> Result<C> {
    let read = decode::<C>(token, &key.decoding, validation);
    Ok(read.map_err(|_| Error::Unauthenticated)?.claims)
}

fn unusable(file: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!(
        "the signing keys in {} cannot be used: {error}",
        file.display()
    ))
}
