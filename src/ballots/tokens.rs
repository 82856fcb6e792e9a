//! Tokens of secret ballots: blind signatures with RSA (RFC 9474, RSABSSA-SHA384-PSS-Deterministic), a key for each ballot. Pure.
//!
//! A voter makes up 32 random bytes, blinds them and has them signed by showing who it is; with the signature, unblinded, the token shows
//! that it comes from somebody on the roll, and not from whom. The service never sees a token and a voter together. The deterministic variant
//! is for messages that nobody can guess, which 32 random bytes are.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use blind_rsa_signatures::{PublicKeySha384PSSDeterministic, SecretKeySha384PSSDeterministic, Signature};
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
    let private = private.as_ref().to_vec();
    let public = key(&private)?.public_key().and_then(|public| public.to_der());
    Ok(Keys {
        public: public.map_err(Error::internal)?,
        private,
    })
}

fn key(private: &[u8]) -> Result<SecretKeySha384PSSDeterministic> {
    SecretKeySha384PSSDeterministic::from_der(private).map_err(Error::internal)
}

/// Signs a blinded token. The same gives the same again.
pub fn sign(private: &[u8], blinded: &[u8]) -> Result<Vec<u8>> {
    let signed = key(private)?.blind_sign(blinded);
    signed.map(|signature| signature.0).map_err(|_| {
        Error::invalid(
            "BLINDED_TOKEN_INVALID",
            "blindedToken",
            "Mã đã làm mù phải gồm 256 byte (base64url) và được tạo với khóa công khai của cuộc bỏ phiếu này.",
            "A blinded token has 256 bytes (base64url) and is made with the public key of this ballot.",
        )
    })
}

/// Whether a signature of a token is by the key of a ballot.
pub fn is_signed(public: &[u8], token: &[u8], signature: &[u8]) -> Result<bool> {
    let public = PublicKeySha384PSSDeterministic::from_der(public).map_err(Error::internal)?;
    let right_size = token.len() == TOKEN_BYTES && signature.len() == SIGNED_BYTES;
    Ok(right_size && public.verify(&Signature(signature.to_vec()), None, token).is_ok())
}

/// The receipt of a token: its SHA-256 in hexadecimal.
pub fn receipt(token: &[u8]) -> String {
    hex(&Sha256::digest(token))
}

#[cfg(test)]
mod tests {
    use blind_rsa_signatures::{BlindSignature, DefaultRng};

    use super::*;

    #[test]
    fn a_token_that_was_signed_blindly_is_good_and_no_other() {
        let (keys, others) = (make_keys().unwrap(), make_keys().unwrap());
        let public = PublicKeySha384PSSDeterministic::from_der(&keys.public).unwrap();
        let token = [7_u8; TOKEN_BYTES];
        let blinding = public.blind(&mut DefaultRng, token).unwrap();
        let blinded = blinding.blind_message.0.clone();
        let signed = sign(&keys.private, &blinded).unwrap();
        assert_eq!(signed, sign(&keys.private, &blinded).unwrap(), "a lost answer is given again");
        let signature = public.finalize(&BlindSignature(signed), &blinding, token).unwrap().0;
        assert!(is_signed(&keys.public, &token, &signature).unwrap());
        assert!(!is_signed(&others.public, &token, &signature).unwrap());
        assert!(!is_signed(&keys.public, &[8; TOKEN_BYTES], &signature).unwrap());
        assert!(!is_signed(&keys.public, &token, &signature[1..]).unwrap());
        assert!(sign(&keys.private, &blinded[1..]).is_err());
        assert!(sign(&keys.private, &[255; SIGNED_BYTES]).is_err());
    }
}
