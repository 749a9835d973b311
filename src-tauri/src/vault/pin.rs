//! PINs of those who share a desk: kept as Argon2id (RFC 9106) in the PHC string form, never as they are.
//!
//! A PIN has few possibilities; what guards it is the pause after wrong ones, and that the journal is encrypted.

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::TryRngCore as _;
use zeroize::Zeroizing;

use super::VaultError;

/// How many digits a PIN has.
pub const PIN_DIGITS: std::ops::RangeInclusive<usize> = 4..=12;

/// How every hash begins.
const OURS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A PIN as somebody typed it; wiped from memory when dropped.
#[derive(Clone)]
pub struct Pin(Zeroizing<String>);

impl Pin {
    /// The PIN of a text: 4 to 12 digits.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let fits = PIN_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Pin(Zeroizing::new(text.to_owned())))
    }

    /// What is kept of it. Takes a noticeable time by design; not for the thread that waits for calls.
    ///
    /// # Errors
    /// [`VaultError::NoRandomness`].
    pub fn hash(&self) -> Result<String, VaultError> {
        let mut salt = [0; 16];
        rand::rngs::OsRng
            .try_fill_bytes(&mut salt)
            .map_err(|_| VaultError::NoRandomness)?;
        let salt = SaltString::encode_b64(&salt).map_err(|_| VaultError::NoRandomness)?;
        let hash = hasher().hash_password(self.0.as_bytes(), &salt);
        Ok(hash.map_err(|_| VaultError::NoRandomness)?.to_string())
    }

    /// Whether it is the PIN that this was kept of. False for what is no hash.
    #[must_use]
    pub fn fits(&self, hash: &str) -> bool {
        // of a hash that asks for more work than ours do, the memory could be exhausted
        hash.starts_with(OURS)
            && PasswordHash::new(hash).is_ok_and(|hash| hasher().verify_password(self.0.as_bytes(), &hash).is_ok())
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pin(…)")
    }
}

/// 19 MiB and two rounds, as OWASP's Password Storage Cheat Sheet has it.
fn hasher() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_fits_its_own_hash_and_no_other_and_no_two_hashes_are_the_same() {
        let pin = Pin::read("4711").expect("a PIN");
        let (one, other) = (pin.hash().expect("a hash"), pin.hash().expect("a hash"));
        assert_ne!(one, other);
        assert!(one.starts_with(OURS), "{one}");
        assert!(!one.contains("4711") && pin.fits(&one) && pin.fits(&other));
        assert!(!Pin::read("4712").expect("a PIN").fits(&one));
    }

    #[test]
    fn what_is_no_hash_fits_nobody() {
        let pin = Pin::read("0000").expect("a PIN");
        for strange in [
            "",
            "0000",
            "$argon2id$",
            "$argon2id$v=19$m=4294967295,t=1,p=1$AAAAAAAAAAA$AAAA",
        ] {
            assert!(!pin.fits(strange), "{strange}");
        }
    }

    #[test]
    fn a_pin_is_four_to_twelve_digits() {
        for good in ["0000", "123456789012"] {
            assert!(Pin::read(good).is_some(), "{good}");
        }
        for bad in ["", "123", "1234567890123", "12 34", "१२३४", "12a4", "-123", "1234\n"] {
            assert!(Pin::read(bad).is_none(), "{bad:?}");
        }
    }

    #[test]
    fn a_pin_is_not_printed() {
        assert_eq!(format!("{:?}", Pin::read("4711")), "Some(Pin(…))");
    }
}
