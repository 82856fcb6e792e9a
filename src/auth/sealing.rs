//! Secrets that the service must read again, such as those of second factors, are sealed before they are stored: AES-256-GCM with a
//! key beside the signing keys. Who has only the database, or a dump of it, cannot read them. Tokens that say something only the
//! service may have said are sealed in the same way.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::keys::KeyRing;
use crate::error::{Error, Result};

/// Bytes of a nonce.
const NONCE_BYTES: usize = 12;

/// Seals and opens.
pub struct Sealer(RandomizedNonceKey);

impl Sealer {
    /// With the sealing key of a ring.
    pub fn of(ring: &KeyRing) -> Result<Self> {
        let key = ring.sealing_key().map_err(Error::internal)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key);
        key.map(Self)
            .map_err(|_| Error::internal("the sealing key beside the signing keys has not 32 bytes"))
    }

    /// Seals a secret of `owner`; it opens for the same owner only.
    pub fn seal(&self, owner: Uuid, secret: &[u8]) -> Result<Vec<u8>> {
        self.seal_for(owner.as_bytes(), secret)
    }

    /// Opens what was sealed for `owner`.
    pub fn open(&self, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        self.open_for(owner.as_bytes(), sealed).ok_or_else(|| {
            Error::internal("a sealed secret does not open: the sealing key is another, or the row was changed")
        })
    }

    /// Seals what a client carries about and cannot read or change, as a text for addresses. It opens for the same purpose only.
    pub fn seal_token(&self, purpose: Purpose, content: &[u8]) -> Result<String> {
        let sealed = self.seal_for(purpose.name(), content)?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// Opens such a text; `None` for whatever else a client sends.
    pub fn open_token(&self, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
        self.open_for(purpose.name(), &URL_SAFE_NO_PAD.decode(token).ok()?)
    }

    fn seal_for(&self, whom: &[u8], content: &[u8]) -> Result<Vec<u8>> {
        let mut text = content.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(whom), &mut text);
        let nonce = nonce.map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    fn open_for(&self, whom: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(whom), &mut text);
        opened.ok().map(|content| content.to_vec())
    }
}

/// What a sealed token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A link by which somebody downloads a file.
    Download,
}

impl Purpose {
    /// No UUID, so that no token opens as a secret of somebody, nor the other way round.
    const fn name(self) -> &'static [u8] {
        match self {
            Self::Download => b"download",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_for_its_owner_and_unchanged_only() {
        let ring = KeyRing::new(chrono::DateTime::from_timestamp(1_773_115_200, 0).unwrap()).unwrap();
        let (sealer, owner) = (Sealer::of(&ring).unwrap(), Uuid::now_v7());
        let sealed = sealer.seal(owner, "bí mật".as_bytes()).unwrap();
        assert_eq!(sealer.open(owner, &sealed).unwrap(), "bí mật".as_bytes());
        assert_ne!(
            sealer.seal(owner, "bí mật".as_bytes()).unwrap(),
            sealed,
            "each time in another way"
        );
        assert!(sealer.open(Uuid::now_v7(), &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(owner, &changed).is_err(), "byte {at}");
        }
        assert!(sealer.open(owner, &sealed[..5]).is_err());
    }

    #[test]
    fn a_token_opens_unchanged_and_for_its_purpose_only() {
        let ring = KeyRing::new(chrono::DateTime::from_timestamp(1_773_115_200, 0).unwrap()).unwrap();
        let sealer = Sealer::of(&ring).unwrap();
        let token = sealer.seal_token(Purpose::Download, b"to whom it concerns").unwrap();
        assert_eq!(
            sealer.open_token(Purpose::Download, &token).unwrap(),
            b"to whom it concerns"
        );
        let secret = sealer.seal(Uuid::now_v7(), b"secret").unwrap();
        let secret = URL_SAFE_NO_PAD.encode(secret);
        for other in ["", "x", "không", &format!("A{token}"), &format!("{token}A"), &secret] {
            assert_eq!(sealer.open_token(Purpose::Download, other), None, "{other}");
        }
    }
}
