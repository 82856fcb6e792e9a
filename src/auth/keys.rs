//! The keys that sign access tokens: a ring of them in one file with owner-only rights. One key signs, the next is already known to
//! everybody who verifies, the last ones still verify what they signed. Turning the ring needs no pause.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Where a key stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyState {
    /// Signs nothing yet; told to others already, so that they know it when it begins to sign.
    Next,
    /// Signs.
    Active,
    /// Signs nothing any more; verifies until the last token that it signed has expired.
    Retired,
}

/// A signing key as it stands in the file: Ed25519.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredKey {
    /// Identity, drawn from the public key.
    pub kid: String,
    /// Where it stands in its life.
    pub state: KeyState,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Until when it verifies; only of a retired key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verifies_until: Option<DateTime<Utc>>,
    /// PKCS #8, in Base64 for addresses.
    pub pkcs8: String,
}

/// All keys of a service: to sign with, one active, one next, any number retired; and one to seal with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRing {
    /// The keys, the newest first.
    pub keys: Vec<StoredKey>,
    /// The key of [`super::sealing`], in Base64 for addresses. It does not turn: what it sealed must open.
    sealing: String,
}

impl KeyRing {
    /// A ring for a service that starts for the first time.
    pub fn new(now: DateTime<Utc>) -> io::Result<Self> {
        Ok(Self {
            keys: vec![new_key(KeyState::Next, now)?, new_key(KeyState::Active, now)?],
            sealing: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>()),
        })
    }

    /// The ring after one turn: the next key signs, the active one retires, a new next key is made. A retired key verifies for
    /// `verify_for` more, the life of a token, and is then left out.
    pub fn turned(&self, now: DateTime<Utc>, verify_for: Duration) -> io::Result<Self> {
        let mut keys = vec![new_key(KeyState::Next, now)?];
        for key in &self.keys {
            let mut key = key.clone();
            match key.state {
                KeyState::Next => key.state = KeyState::Active,
                KeyState::Active => {
                    key.state = KeyState::Retired;
                    key.verifies_until = Some(now + verify_for);
                }
                KeyState::Retired if key.verifies(now) => {}
                KeyState::Retired => continue,
            }
            keys.push(key);
        }
        Ok(Self {
            keys,
            sealing: self.sealing.clone(),
        })
    }

    /// The key of [`super::sealing`].
    pub fn sealing_key(&self) -> io::Result<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(&self.sealing).map_err(io::Error::other)
    }

    /// The key that signs.
    pub fn active(&self) -> Option<&StoredKey> {
        self.keys.iter().find(|key| key.state == KeyState::Active)
    }
}

impl StoredKey {
    /// Whether tokens that it signed are accepted at this moment. Those of the next key are: another instance may have turned
    /// the ring a moment earlier.
    pub fn verifies(&self, now: DateTime<Utc>) -> bool {
        self.verifies_until.is_none_or(|until| now < until)
    }

    /// The key itself.
    pub fn private(&self) -> io::Result<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(&self.pkcs8).map_err(io::Error::other)
    }
}

/// The public half of a key.
pub fn public(pkcs8: &[u8]) -> io::Result<Vec<u8>> {
    let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(io::Error::other)?;
    Ok(pair.public_key().as_ref().to_vec())
}

fn new_key(state: KeyState, now: DateTime<Utc>) -> io::Result<StoredKey> {
    let pair = Ed25519KeyPair::generate().map_err(io::Error::other)?;
    let document = pair.to_pkcs8().map_err(io::Error::other)?;
    Ok(StoredKey {
        kid: URL_SAFE_NO_PAD.encode(&Sha256::digest(pair.public_key().as_ref())[..12]),
        state,
        made_at: now,
        verifies_until: None,
        pkcs8: URL_SAFE_NO_PAD.encode(document.as_ref()),
    })
}

/// Reads the ring, or makes it. Several processes may start at once on one folder: whoever holds the lock makes it, the others
/// read it, and nobody ever sees half of it.
pub fn read_or_make(file: &Path, now: DateTime<Utc>) -> io::Result<KeyRing> {
    if let Some(ring) = read(file)? {
        return Ok(ring);
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let _lock = lock(file)?;
    if let Some(ring) = read(file)? {
        return Ok(ring);
    }
    let ring = KeyRing::new(now)?;
    write(file, &ring)?;
    Ok(ring)
}

/// Turns the ring in its file by one; services that read it notice within a second.
pub fn turn(file: &Path, now: DateTime<Utc>, verify_for: Duration) -> io::Result<KeyRing> {
    read_or_make(file, now)?;
    let _lock = lock(file)?;
    let ring = read(file)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
    let turned = ring.turned(now, verify_for)?;
    write(file, &turned)?;
    Ok(turned)
}

/// When the file was last changed, to be compared with another such time.
pub fn changed_at(file: &Path) -> io::Result<std::time::SystemTime> {
    fs::metadata(file)?.modified()
}

fn lock(file: &Path) -> io::Result<File> {
    let lock = private_file(&beside(file, ".lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// Reads the ring; `None` when there is no file. A file without exactly one active key is an error.
pub fn read(file: &Path) -> io::Result<Option<KeyRing>> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let ring: KeyRing = serde_json::from_slice(&bytes)?;
    let active = ring.keys.iter().filter(|key| key.state == KeyState::Active).count();
    if active == 1 {
        Ok(Some(ring))
    } else {
        Err(io::Error::other(format!(
            "it holds {active} active keys instead of one"
        )))
    }
}

/// Writes the whole ring to a draft and puts it in place of the old one.
fn write(file: &Path, ring: &KeyRing) -> io::Result<()> {
    let draft = beside(file, ".new");
    let mut written = private_file(&draft)?;
    written.set_len(0)?;
    written.write_all(&serde_json::to_vec_pretty(ring)?)?;
    written.sync_all()?;
    fs::rename(draft, file)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        DateTime::from_timestamp(1_773_115_200, 0).unwrap()
    }

    fn states(ring: &KeyRing) -> Vec<KeyState> {
        ring.keys.iter().map(|key| key.state).collect()
    }

    #[test]
    fn the_next_key_signs_after_a_turn_and_the_old_one_verifies_as_long_as_its_tokens_live() {
        use KeyState::{Active, Next, Retired};
        let life = Duration::minutes(10);
        let first = KeyRing::new(noon()).unwrap();
        assert_eq!(states(&first), [Next, Active]);
        let second = first.turned(noon(), life).unwrap();
        assert_eq!(states(&second), [Next, Active, Retired]);
        assert_eq!(second.active().unwrap().kid, first.keys[0].kid);
        let old = &second.keys[2];
        assert_eq!(old.kid, first.active().unwrap().kid);
        assert!(old.verifies(noon() + life - Duration::seconds(1)) && !old.verifies(noon() + life));
        let third = second.turned(noon() + life, life).unwrap();
        assert_eq!(states(&third), [Next, Active, Retired]);
        assert!(third.keys.iter().all(|key| key.kid != old.kid));
    }

    #[test]
    fn of_many_who_start_at_once_all_read_one_ring_and_only_its_owner_may() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/signing-keys.json");
        let rings: Vec<_> = std::thread::scope(|scope| {
            let start = || scope.spawn(|| read_or_make(&file, noon()).unwrap());
            let started: Vec<_> = (0..8).map(|_| start()).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(rings.iter().all(|ring| *ring == rings[0]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let turned = turn(&file, noon(), Duration::minutes(10)).unwrap();
        assert_eq!(turned.active().unwrap().kid, rings[0].keys[0].kid);
        assert!(read(&file).unwrap().is_some_and(|ring| ring == turned));
    }

    #[test]
    fn a_file_without_an_active_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("signing-keys.json");
        for text in ["", "{}", "{\"keys\":[]}"] {
            fs::write(&file, text).unwrap();
            assert!(read(&file).is_err(), "{text:?}");
        }
    }
}
