//! Secrets that the service must read again, such as those of second factors, are sealed before they are stored: AES-256-GCM with a
//! key beside the signing keys. Who has only the database, or a dump of it, cannot read them.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
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
        let mut text = secret.to_vec();
        let nonce = self.0.seal_in_place_append_tag(Aad::from(owner.as_bytes()), &mut text);
        let nonce = nonce.map_err(|_| Error::internal("a secret could not be sealed"))?;
        Ok([nonce.as_ref().as_slice(), &text].concat())
    }

    /// Opens what was sealed for `owner`.
    pub fn open(&self, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken =
            || Error::internal("a sealed secret does not open: the sealing key is another, or the row was changed");
        let (nonce, text) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let mut text = text.to_vec();
        let opened = self.0.open_in_place(nonce, Aad::from(owner.as_bytes()), &mut text);
        opened.map(|secret| secret.to_vec()).map_err(|_| broken())
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
}
