//! Token → [`Actor`]: signing keys, access tokens, and who it is that calls. What the actor may do is said in `policy.rs`.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::policy::{self, Capacity, Scope};

/// Who calls, and in what capacities. A handler or use-case that takes one cannot be called without.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The account.
    pub account_id: Uuid,
    /// Its sign-in name.
    pub username: String,
    /// The sign-in to which the token belongs.
    pub session_id: Uuid,
    capacities: Vec<(Capacity, Scope)>,
    command_line: bool,
}

impl Actor {
    /// An account that has signed in.
    pub fn new(account_id: Uuid, username: String, session_id: Uuid, capacities: Vec<(Capacity, Scope)>) -> Self {
        Self {
            account_id,
            username,
            session_id,
            capacities,
            command_line: false,
        }
    }

    /// Whoever may run commands on the machine of the service: administers everything, and has no account.
    pub fn command_line() -> Self {
        Self {
            account_id: Uuid::nil(),
            username: "command line".to_owned(),
            session_id: Uuid::nil(),
            capacities: vec![(Capacity::Role(policy::ADMINISTRATOR), Scope::Everything)],
            command_line: true,
        }
    }

    /// What the actor is and where.
    pub fn capacities(&self) -> &[(Capacity, Scope)] {
        &self.capacities
    }

    /// The same actor in other capacities.
    pub fn with_capacities(&self, capacities: Vec<(Capacity, Scope)>) -> Self {
        Self {
            capacities,
            ..self.clone()
        }
    }

    /// The account to name in the audit and in rows; `None` for the command line.
    pub fn recorded_as(&self) -> Option<Uuid> {
        (!self.command_line).then_some(self.account_id)
    }
}

/// What an access token says.
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

/// The longest token that is looked at: ours have about 500 bytes.
const TOKEN_BYTES_MAX: usize = 2_048;
/// How far the clocks of two machines may differ, in seconds.
const LEEWAY_SECONDS: i64 = 30;
/// How many verified tokens are remembered, so that a signature is checked once and not for each request.
const REMEMBERED_MAX: u64 = 10_000;

/// The signing key as it stands in its file.
#[derive(Serialize, Deserialize)]
struct StoredKey {
    kid: String,
    algorithm: String,
    pkcs8: String,
}

/// Issues and verifies access tokens.
pub struct Tokens {
    kid: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
    public: Vec<u8>,
    issuer: String,
    audience: String,
    life: Duration,
    verified: Cache<[u8; 32], Claims>,
}

impl Tokens {
    /// Reads the signing key, or makes one with owner-only rights when there is none.
    pub fn open(file: &Path, issuer: &str, audience: &str, life_seconds: u64) -> Result<Self> {
        let stored = read_or_make_key(file)
            .map_err(|error| Error::internal(format!("the signing key {} cannot be used: {error}", file.display())))?;
        Self::from_key(&stored, issuer, audience, life_seconds)
    }

    /// A key that is kept nowhere: for commands that let nobody in.
    pub fn unkept() -> Result<Self> {
        Self::from_key(&new_key().map_err(Error::internal)?, "", "", 0)
    }

    fn from_key(stored: &StoredKey, issuer: &str, audience: &str, life_seconds: u64) -> Result<Self> {
        let pkcs8 = URL_SAFE_NO_PAD.decode(&stored.pkcs8).map_err(Error::internal)?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).map_err(|error| Error::internal(error.to_string()))?;
        let public = pair.public_key().as_ref().to_vec();
        Ok(Self {
            kid: stored.kid.clone(),
            encoding: EncodingKey::from_ed_der(&pkcs8),
            decoding: DecodingKey::from_ed_der(&public),
            public,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            life: Duration::seconds(i64::try_from(life_seconds).unwrap_or(600)),
            verified: Cache::new(REMEMBERED_MAX),
        })
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
        let header = Header {
            kid: Some(self.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let token = encode(&header, &claims, &self.encoding).map_err(Error::internal)?;
        Ok((token, self.life.num_seconds()))
    }

    /// Reads a token. Whatever is wrong with it, the answer is the same: `UNAUTHENTICATED`.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Error::Unauthenticated);
        }
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let claims = match self.verified.get(&digest) {
            Some(claims) => claims,
            None => {
                let claims = self.verify_signature(token)?;
                self.verified.insert(digest, claims.clone());
                claims
            }
        };
        let seconds = now.timestamp();
        let timely = seconds < claims.exp + LEEWAY_SECONDS && claims.nbf <= seconds + LEEWAY_SECONDS;
        if timely {
            Ok(claims)
        } else {
            Err(Error::Unauthenticated)
        }
    }

    fn verify_signature(&self, token: &str) -> Result<Claims> {
        // The key is ours by its `kid`; nothing in the header can name another key or another algorithm.
        let header = decode_header(token).map_err(|_| Error::Unauthenticated)?;
        if header.kid.as_deref() != Some(&self.kid) {
            return Err(Error::Unauthenticated);
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are checked against the clock of the environment, which a test may move.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        decode::<Claims>(token, &self.decoding, &validation)
            .map(|data| data.claims)
            .map_err(|_| Error::Unauthenticated)
    }

    /// Identity of the signing key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public key for others, as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> Value {
        json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA",
            "kid": self.kid, "x": URL_SAFE_NO_PAD.encode(&self.public),
        }] })
    }
}

/// Reads the key, or makes it. Several processes may start at once on one folder: whoever holds the lock makes the key, the
/// others read it, and nobody ever sees half of it.
fn read_or_make_key(file: &Path) -> io::Result<StoredKey> {
    if let Some(key) = read_key(file)? {
        return Ok(key);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let lock = private_file(&beside(file, ".lock"))?;
    lock.lock()?;
    if let Some(key) = read_key(file)? {
        return Ok(key);
    }
    let key = new_key()?;
    let draft = beside(file, ".new");
    let mut written = private_file(&draft)?;
    written.set_len(0)?;
    written.write_all(&serde_json::to_vec_pretty(&key)?)?;
    written.sync_all()?;
    fs::rename(draft, file)?;
    Ok(key)
}

fn read_key(file: &Path) -> io::Result<Option<StoredKey>> {
    match fs::read(file) {
        Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn new_key() -> io::Result<StoredKey> {
    let pair = Ed25519KeyPair::generate().map_err(io::Error::other)?;
    let document = pair.to_pkcs8().map_err(io::Error::other)?;
    let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(pair.public_key().as_ref())[..12]);
    Ok(StoredKey {
        kid,
        algorithm: "EdDSA".to_owned(),
        pkcs8: URL_SAFE_NO_PAD.encode(document.as_ref()),
    })
}

/// Opens a file that only its owner can read, making it when it is not there.
fn private_file(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// The path with a suffix at its name.
fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A random secret for a client, and the hash of it that is stored.
pub fn new_secret() -> (String, Vec<u8>) {
    let bytes: [u8; 32] = rand::random();
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash_secret(&secret);
    (secret, hash)
}

/// The hash under which a random secret is stored. The secret has 256 random bits, so a plain hash is enough.
pub fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
