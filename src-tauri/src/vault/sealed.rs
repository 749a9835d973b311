//! A master key sealed by a passphrase: an age file with one scrypt stanza (<https://age-encryption.org/v1>).
//!
//! `age --decrypt keys/passphrase.age` opens it without Ringside. Knows no home and no keyring.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use age::secrecy::SecretString;
use age::{DecryptError, scrypt};
use zeroize::Zeroizing;

use super::{MasterKey, VaultError};
use crate::config::write_durably;

/// scrypt's log2(N) for what a person thought up: 64 MiB and some 0.2 s a try, which every command pays once.
pub(super) const FOR_PASSPHRASE: u8 = 16;
/// The same for 128 random bits, where guessing is hopeless at any price.
pub(super) const FOR_CODE: u8 = 10;
/// The most work a file may ask for: 256 MiB. A hostile file could ask for hours.
const MOST_WORK: u8 = 18;
/// A sealed key has some 250 bytes; no more than this is read.
const MOST_BYTES: u64 = 16 * 1024;

/// How opening a sealed key failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unsealed {
    /// The passphrase is wrong.
    Wrong,
    /// The file is not a sealed key.
    Damaged,
}

/// The bytes of a sealed key.
pub(super) fn seal(key: &MasterKey, passphrase: &str, work: u8) -> Result<Vec<u8>, VaultError> {
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase));
    recipient.set_work_factor(work);
    age::encrypt(&recipient, key.hex().as_bytes()).map_err(|error| VaultError::Seal(Box::new(error)))
}

/// The key in the bytes of a sealed key.
pub(super) fn unseal(sealed: &[u8], passphrase: &str) -> Result<MasterKey, Unsealed> {
    let mut identity = scrypt::Identity::new(SecretString::from(passphrase));
    identity.set_max_work_factor(MOST_WORK);
    let plain = age::decrypt(&identity, sealed)
        .map(Zeroizing::new)
        .map_err(|error| match error {
            DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys => {
                Unsealed::Wrong
            }
            _ => Unsealed::Damaged,
        })?;
    std::str::from_utf8(&plain)
        .ok()
        .and_then(MasterKey::from_hex)
        .ok_or(Unsealed::Damaged)
}

/// Seals `key` into `file`, in place of what was there.
pub(super) fn write(file: &Path, key: &MasterKey, passphrase: &str, work: u8) -> Result<(), VaultError> {
    write_durably(file, &seal(key, passphrase, work)?).map_err(|source| VaultError::Io {
        path: file.to_owned(),
        source,
    })
}

/// The bytes of a sealed file, `None` when there is none.
pub(super) fn read(file: &Path) -> Result<Option<Vec<u8>>, VaultError> {
    let mut bytes = Vec::new();
    match File::open(file).and_then(|opened| opened.take(MOST_BYTES).read_to_end(&mut bytes)) {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(VaultError::Io {
            path: file.to_owned(),
            source,
        }),
    }
}
