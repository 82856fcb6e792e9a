//! Tokens of secret ballots: blind signatures with RSA (RFC 9474, RSABSSA-SHA384-PSS-Deterministic), a key for each ballot. Pure.
//!
//! A voter makes up 32 random bytes, blinds them and has them signed by showing who it is; with the signature, unblinded, the token shows
//! that it comes from somebody on the roll, and not from whom. The service never sees a token and a voter together. The deterministic variant
//! is for messages that nobody can guess, which 32 random bytes are.
//!
//! What the voter does (encoding, blinding, unblinding) is done by the front end, with any library for RFC 9474. What is left for the service is
//! making a key and verifying RSASSA-PSS, which aws-lc-rs does, and the bare private operation on what was blinded (section 4.3).

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PSS_2048_8192_SHA384, UnparsedPublicKey};
use rsa::hazmat::rsa_decrypt_and_check;
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey};
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::files::hex;

/// Bytes of a token.
pub const TOKEN_BYTES: usize = 32;
/// Bytes of a blinded token and of a signature.
pub const SIGNED_BYTES: usize = 256;

/// The keys of a ballot, as they are stored: the public one as SubjectPublicKeyInfo, the private one as PKCS #8.
pub struct Keys {
    /// With what tokens are verified.
    pub public: Vec<u8>,
    /// With what they are signed; it is sealed before it is stored.
    pub private: Vec<u8>,
}

/// Makes the keys of a ballot. It takes a fraction of a second.
pub fn make_keys() -> Result<Keys> {
    let failed = |_| Error::internal("no key was made for a ballot");
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(failed)?;
    let private: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(failed)?;
    Ok(Keys {
        public: public.as_ref().to_vec(),
        private: private.as_ref().to_vec(),
    })
}

/// Signs a blinded token. The same gives the same again.
pub fn sign(private: &[u8], blinded: &[u8]) -> Result<Vec<u8>> {
    let key = RsaPrivateKey::from_pkcs8_der(private).map_err(Error::internal)?;
    let number = BigUint::from_bytes_be(blinded);
    if blinded.len() != key.size() || number >= *key.n() {
        return Err(Error::invalid(
            "BLINDED_TOKEN_INVALID",
            "blindedToken",
            format!(
                "Mã đã làm mù gồm {SIGNED_BYTES} byte (base64url) và được tạo với khóa công khai của cuộc bỏ phiếu này."
            ),
            format!(
                "A blinded token has {SIGNED_BYTES} bytes (base64url) and is made with the public key of this ballot."
            ),
        ));
    }
    // It blinds once more by itself, so that time tells nothing of the key, and checks the outcome, so that a fault does not either.
    let signed = rsa_decrypt_and_check(&key, Some(&mut OsRng), &number).map_err(Error::internal)?;
    let signed = signed.to_bytes_be();
    let mut padded = vec![0; key.size().saturating_sub(signed.len())];
    padded.extend(signed);
    Ok(padded)
}

/// Whether a signature of a token is by the key of a ballot.
pub fn is_signed(public: &[u8], token: &[u8], signature: &[u8]) -> bool {
    token.len() == TOKEN_BYTES && signature.len() == SIGNED_BYTES && verifies(public, token, signature)
}

fn verifies(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA384, public);
    key.verify(message, signature).is_ok()
}

/// The receipt of a token: its SHA-256 in hexadecimal.
pub fn receipt(token: &[u8]) -> String {
    hex(&Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use rsa::pkcs8::{EncodePrivateKey as _, EncodePublicKey as _};

    use super::*;

    /// The test vector of RFC 9474, appendix A.3.
    const VECTOR: &str = include_str!("tokens/rfc9474.json");

    fn bytes(hexadecimal: &str) -> Vec<u8> {
        let digits: Vec<u8> = hexadecimal.bytes().collect();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        digits.chunks(2).map(byte).collect()
    }

    #[test]
    fn blind_signatures_are_those_of_the_standard() {
        let vector: HashMap<String, String> = serde_json::from_str(VECTOR).unwrap();
        let part = |name: &str| bytes(&vector[name]);
        let number = |name: &str| BigUint::from_bytes_be(&part(name));
        let primes = vec![number("p"), number("q")];
        let key = RsaPrivateKey::from_components(number("n"), number("e"), number("d"), primes).unwrap();
        let private = key.to_pkcs8_der().unwrap();
        assert_eq!(
            sign(private.as_bytes(), &part("blinded_msg")).unwrap(),
            part("blind_sig")
        );
        let public = key.to_public_key().to_public_key_der().unwrap();
        assert!(verifies(public.as_bytes(), &part("msg"), &part("sig")));
        assert!(!verifies(public.as_bytes(), b"another", &part("sig")));
        assert!(
            !is_signed(public.as_bytes(), &part("msg"), &part("sig")),
            "no token is so long"
        );
    }

    #[test]
    fn what_no_voter_sends_is_not_signed() {
        let keys = make_keys().unwrap();
        assert_eq!(sign(&keys.private, &[1; SIGNED_BYTES]).unwrap().len(), SIGNED_BYTES);
        for wrong in [
            vec![],
            vec![1; SIGNED_BYTES - 1],
            vec![1; SIGNED_BYTES + 1],
            vec![255; SIGNED_BYTES],
        ] {
            assert!(matches!(sign(&keys.private, &wrong), Err(Error::Invalid(_))));
        }
        assert!(!is_signed(&keys.public, &[1; TOKEN_BYTES], &[1; SIGNED_BYTES]));
    }
}
