//! What a front end does for a voter in a secret ballot: makes up a token, blinds it, unblinds the signature (RFC 9474, sections 4.2 and 4.4).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use num_bigint::BigUint;
use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use sha2::{Digest as _, Sha256, Sha384};

/// Bytes of a number of 2048 bits.
const SIZE: usize = 256;
const HASH: usize = 48;

/// A voting token with what it was blinded with.
pub struct VotingToken {
    token: [u8; 32],
    modulus: BigUint,
    inverse: BigUint,
    blinded: BigUint,
}

impl VotingToken {
    /// A new token for the ballot with this public key.
    pub fn new(public_key: &str) -> Self {
        let der = URL_SAFE_NO_PAD.decode(public_key).expect("base64url");
        let key = RsaPublicKey::from_public_key_der(&der).expect("a public key");
        let modulus = BigUint::from_bytes_be(&key.n().to_bytes_be());
        let exponent = BigUint::from_bytes_be(&key.e().to_bytes_be());
        let token: [u8; 32] = rand::random();
        let (factor, inverse) = loop {
            let bytes: Vec<u8> = (0..SIZE).map(|_| rand::random()).collect();
            let factor = BigUint::from_bytes_be(&bytes) % &modulus;
            if let Some(inverse) = factor.modinv(&modulus) {
                break (factor, inverse);
            }
        };
        let message = BigUint::from_bytes_be(&encoded(&token));
        let blinded = message * factor.modpow(&exponent, &modulus) % &modulus;
        Self {
            token,
            modulus,
            inverse,
            blinded,
        }
    }

    /// What is handed in to be signed.
    pub fn blinded(&self) -> String {
        text(&self.blinded)
    }

    /// The token.
    pub fn token(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.token)
    }

    /// Its signature, out of the blind one.
    pub fn signature(&self, blind_signature: &str) -> String {
        let signed = URL_SAFE_NO_PAD.decode(blind_signature).expect("base64url");
        text(&(BigUint::from_bytes_be(&signed) * &self.inverse % &self.modulus))
    }

    /// By what the voter finds the vote again.
    pub fn receipt(&self) -> String {
        Sha256::digest(self.token)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

fn text(number: &BigUint) -> String {
    let bytes = number.to_bytes_be();
    let mut padded = vec![0; SIZE - bytes.len()];
    padded.extend(bytes);
    URL_SAFE_NO_PAD.encode(padded)
}

/// EMSA-PSS with SHA-384 and a salt of 48 bytes for 2047 bits (RFC 8017, section 9.1.1).
fn encoded(message: &[u8]) -> Vec<u8> {
    let salt: Vec<u8> = (0..HASH).map(|_| rand::random()).collect();
    let mut hash = Sha384::new();
    hash.update([0; 8]);
    hash.update(Sha384::digest(message));
    hash.update(&salt);
    let hash = hash.finalize();
    let mut block = vec![0; SIZE - HASH - 1];
    let at = block.len() - HASH;
    block[at - 1] = 1;
    block[at..].copy_from_slice(&salt);
    let mask = (0_u32..).flat_map(|counter| {
        let mut part = Sha384::new();
        part.update(hash);
        part.update(counter.to_be_bytes());
        part.finalize().to_vec()
    });
    for (byte, mask) in block.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    block[0] &= 0x7f;
    block.extend(hash);
    block.push(0xbc);
    block
}
