//! The keys: one random master key opens both stores, and this room decides where it is kept.
//!
//! In this order: a file sealed by `RINGSIDE_PASSPHRASE` when that is set, else the system's keyring, else memory for
//! this run alone, with a warning and with stores that are gone at the end. Never plain text on disk.
//! A key is never replaced while a store exists that needs it. Knows no table and no setting.

mod keyring;
mod pin;
mod recovery;
mod sealed;
mod secret;
mod unlock;
mod ways;

use std::fmt;
use std::io;
use std::path::PathBuf;

use rand::TryRngCore as _;
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

pub use keyring::{Keyring, KeyringError};
pub use pin::{PIN_DIGITS, Pin};
pub use recovery::{CodeError, RecoveryCode};
pub use secret::{SecretError, forget_secret, keep_secret, put_secret, read_secret};
pub use unlock::{adopt, existing_key, new_recovery_code, read_recovery, recover, unlock};
pub use ways::{KeptIn, Unlocked, Ways};

/// The 32 random bytes that open both stores. Wiped from memory when dropped, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    /// A new key from the system's random source.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn random() -> Result<Self, VaultError> {
        let mut key = MasterKey([0; 32]);
        rand::rngs::OsRng
            .try_fill_bytes(&mut key.0)
            .map_err(|_| VaultError::NoRandomness)?;
        Ok(key)
    }

    /// The key itself, to open a store with.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> Zeroizing<String> {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in self.0 {
            text.push(char::from(DIGITS[usize::from(byte >> 4)]));
            text.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
        text
    }

    /// A key from what [`MasterKey::hex`] wrote.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.trim().as_bytes();
        let mut key = MasterKey([0; 32]);
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in key.0.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = hex_digit(pair[0])? << 4 | hex_digit(pair[1])?;
        }
        Some(key)
    }
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

impl PartialEq for MasterKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for MasterKey {}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// `RINGSIDE_PASSPHRASE` does not open `keys/passphrase.age`.
    #[error(
        "wrong passphrase: RINGSIDE_PASSPHRASE does not open {file}; set the right one, or run \
         `ringside restore --code CODE` with the recovery code to seal the key by the new one"
    )]
    WrongPassphrase {
        /// The sealed file.
        file: PathBuf,
    },
    /// `RINGSIDE_PASSPHRASE` is set but holds nothing that can be used.
    #[error("RINGSIDE_PASSPHRASE is empty or not valid UTF-8; set a passphrase or unset it")]
    BadPassphrase,
    /// The key is sealed by a passphrase that was not given.
    #[error("the key of this home is sealed by a passphrase; set RINGSIDE_PASSPHRASE")]
    PassphraseNeeded,
    /// There are stores but their key is nowhere to be found.
    #[error(
        "{home} has stores, but their key is not in the system keyring; run `ringside restore --code CODE` \
         with the recovery code that was shown at the first start"
    )]
    NoKey {
        /// The home folder.
        home: PathBuf,
    },
    /// There are stores, their key should be in the keyring, and the keyring does not answer.
    #[error(
        "the system keyring cannot be used, so the stores stay closed; unlock or start it, or set RINGSIDE_PASSPHRASE \
         and run `ringside restore --code CODE` with the recovery code"
    )]
    KeyringUnavailable(#[source] KeyringError),
    /// Neither a passphrase nor a keyring: nothing could be kept beyond this run.
    #[error("there is nowhere to keep a key: set RINGSIDE_PASSPHRASE, or unlock or start a system keyring")]
    NowhereToKeep(#[source] Option<KeyringError>),
    /// The keyring holds something under this home's name that is not a key.
    #[error(
        "the entry `{account}` of `ringside` in the system keyring is not a key; remove it, then run `ringside restore --code CODE`"
    )]
    NotAKey {
        /// The name of the entry.
        account: String,
    },
    /// There is no `keys/recovery.age`.
    #[error(
        "{file} is missing, so a recovery code opens nothing here; restore a backup by `ringside restore FILE --code CODE`"
    )]
    NoRecoveryFile {
        /// The missing file.
        file: PathBuf,
    },
    /// The code is well formed but not the one of this file.
    #[error("wrong recovery code: it belongs to another home or to an earlier key")]
    WrongRecoveryCode,
    /// The code was mistyped.
    #[error(transparent)]
    MistypedCode(#[from] CodeError),
    /// A sealed file cannot be read as one.
    #[error("{file} is damaged; put it back from a backup, or run `ringside restore --code CODE`")]
    DamagedFile {
        /// The sealed file.
        file: PathBuf,
    },
    /// A file of the home cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// The key could not be sealed.
    #[error("the key could not be sealed by a passphrase")]
    Seal(#[source] Box<age::EncryptError>),
    /// The system's random source failed.
    #[error("the system gave no random numbers, so no key was made")]
    NoRandomness,
}
