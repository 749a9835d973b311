//! RSA signatures over SHA-256 (PKCS #1 v1.5), with keys as PEM.
//!
//! Pure. It does not know headers or providers.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey};

/// `None` when `pem` is no public key (`BEGIN PUBLIC KEY`), else whether `signature` is over `message`.
pub(super) fn is_signed(pem: &str, message: &[u8], signature: &[u8]) -> Option<bool> {
    let der = der(pem, "PUBLIC KEY")?;
    let key = bare_key(&der)?;
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
    Some(key.verify(message, signature).is_ok())
}

/// `None` when `pem` is no private key (`BEGIN PRIVATE KEY`, PKCS #8).
pub(super) fn sign(pem: &str, message: &[u8]) -> Option<Vec<u8>> {
    let pair = RsaKeyPair::from_pkcs8(&der(pem, "PRIVATE KEY")?).ok()?;
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
        .ok()?;
    Some(signature)
}

fn der(pem: &str, label: &str) -> Option<Vec<u8>> {
    let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let letters: String = body.split_whitespace().collect();
    STANDARD.decode(letters).ok()
}

/// The key itself out of a `SubjectPublicKeyInfo` (RFC 5280 section 4.1): a sequence of the algorithm, a sequence
/// too, and a bit string whose first byte counts unused bits.
fn bare_key(der: &[u8]) -> Option<&[u8]> {
    let (info, _) = value(der, 0x30)?;
    let (_, after) = value(info, 0x30)?;
    let (bits, _) = value(after, 0x03)?;
    bits.strip_prefix(&[0])
}

/// The content of the first value, which must have that tag, and what follows it.
fn value(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk::<2>()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => {
            let (bytes, rest) = rest.split_first_chunk::<2>()?;
            (usize::from(u16::from_be_bytes(*bytes)), rest)
        }
        _ => return None,
    };
    (found == tag).then(|| rest.split_at_checked(length)).flatten()
}
