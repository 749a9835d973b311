//! Finding the master key of a home, or making it at the first start.
//!
//! Files under `keys`: `id` names the entry in the keyring (so that a moved home finds it), `passphrase.age` and
//! `recovery.age` hold the key sealed by the passphrase and by the recovery code, `lock` is held meanwhile.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rand::TryRngCore as _;
use tempfile::TempDir;

use super::sealed::{self, FOR_CODE, FOR_PASSPHRASE, Unsealed};
use super::{KeptIn, KeyringError, MasterKey, RecoveryCode, Unlocked, VaultError, Ways};
use crate::config::{Home, write_durably};

/// Finds the key of `home`, or makes it when the home has none and no stores.
///
/// # Errors
/// See [`VaultError`]; never makes a key where stores need another one.
pub fn unlock(home: &Home, ways: &Ways) -> Result<Unlocked, VaultError> {
    let _lock = lock(home)?;
    let (key, kept_in, keyring_error) = match find(home, ways)? {
        Found::Key(key, kept_in) => (key, kept_in, None),
        Found::Nothing(keyring_error) => make(home, ways, keyring_error)?,
    };
    let (new_code, session) = match kept_in {
        KeptIn::ThisRunOnly => (None, Some(session_folder()?)),
        KeptIn::PassphraseFile | KeptIn::Keyring => (missing_recovery_code(home, &key)?, None),
    };
    Ok(Unlocked {
        key,
        kept_in,
        new_code,
        keyring_error,
        home: home.clone(),
        session,
    })
}

/// The key of `home` if it has one. No key is made; one that only the keyring held is sealed by the passphrase when there
/// is one, as [`unlock`] does.
///
/// # Errors
/// As [`unlock`].
pub fn existing_key(home: &Home, ways: &Ways) -> Result<Option<(MasterKey, KeptIn)>, VaultError> {
    if !home.keys().is_dir() {
        return Ok(None);
    }
    match find(home, ways)? {
        Found::Key(key, kept_in) => Ok(Some((key, kept_in))),
        Found::Nothing(_) => Ok(None),
    }
}

/// Unwraps the home's own `keys/recovery.age` by `code`, without keeping the key anywhere yet.
///
/// # Errors
/// [`VaultError::WrongRecoveryCode`], or when the file is missing or damaged.
pub fn recover(home: &Home, code: &RecoveryCode) -> Result<MasterKey, VaultError> {
    let file = recovery_file(home);
    let sealed = sealed::read(&file)?.ok_or(VaultError::NoRecoveryFile { file: file.clone() })?;
    read_recovery(&sealed, code, &file)
}

/// The key in the bytes of a `recovery.age`; `file` is named in errors.
///
/// # Errors
/// [`VaultError::WrongRecoveryCode`] or [`VaultError::DamagedFile`].
pub fn read_recovery(sealed: &[u8], code: &RecoveryCode, file: &Path) -> Result<MasterKey, VaultError> {
    sealed::unseal(sealed, &code.text()).map_err(|failed| match failed {
        Unsealed::Wrong => VaultError::WrongRecoveryCode,
        Unsealed::Damaged => VaultError::DamagedFile { file: file.to_owned() },
    })
}

/// Makes `key` the key of `home`: into the passphrase file when a passphrase is given, else into the keyring.
/// The caller has made sure that no store needs another key.
///
/// # Errors
/// [`VaultError::NowhereToKeep`] without either.
pub fn adopt(home: &Home, ways: &Ways, key: &MasterKey) -> Result<KeptIn, VaultError> {
    let _lock = lock(home)?;
    let kept_in = keep(home, ways, key)?;
    // What holds an earlier key, or the same under a passphrase nobody has any more, must not shadow this one.
    let shadow = match kept_in {
        KeptIn::PassphraseFile => home.keys().join("id"),
        KeptIn::Keyring | KeptIn::ThisRunOnly => passphrase_file(home),
    };
    remove_if_there(&shadow)?;
    Ok(kept_in)
}

/// Makes a new recovery code for `key` in place of the old one, for who lost the paper.
///
/// # Errors
/// When `keys/recovery.age` cannot be written.
pub fn new_recovery_code(home: &Home, key: &MasterKey) -> Result<RecoveryCode, VaultError> {
    let code = RecoveryCode::random()?;
    sealed::write(&recovery_file(home), key, &code.text(), FOR_CODE)?;
    Ok(code)
}

enum Found {
    Key(MasterKey, KeptIn),
    Nothing(Option<KeyringError>),
}

fn find(home: &Home, ways: &Ways) -> Result<Found, VaultError> {
    let sealed = sealed::read(&passphrase_file(home))?;
    match (&ways.passphrase, sealed) {
        (Some(passphrase), Some(sealed)) => {
            open_by_passphrase(home, &sealed, passphrase).map(|key| Found::Key(key, KeptIn::PassphraseFile))
        }
        (Some(passphrase), None) => match find_in_keyring(home, ways)? {
            Found::Key(key, _) => {
                sealed::write(&passphrase_file(home), &key, passphrase, FOR_PASSPHRASE)?;
                Ok(Found::Key(key, KeptIn::PassphraseFile))
            }
            Found::Nothing(why) => nothing(home, why),
        },
        (None, sealed) => match find_in_keyring(home, ways)? {
            Found::Key(key, kept_in) => Ok(Found::Key(key, kept_in)),
            Found::Nothing(_) if sealed.is_some() => Err(VaultError::PassphraseNeeded),
            Found::Nothing(why) => nothing(home, why),
        },
    }
}

/// No key was found: right for a fresh home, an error where stores need one.
fn nothing(home: &Home, why: Option<KeyringError>) -> Result<Found, VaultError> {
    let needed = [home.journal_db(), home.cache_db(), recovery_file(home)]
        .iter()
        .any(|file| file.exists());
    match (needed, why) {
        (false, why) => Ok(Found::Nothing(why)),
        (true, Some(error)) => Err(VaultError::KeyringUnavailable(error)),
        (true, None) => Err(VaultError::NoKey {
            home: home.folder().to_owned(),
        }),
    }
}

fn open_by_passphrase(home: &Home, sealed: &[u8], passphrase: &str) -> Result<MasterKey, VaultError> {
    let file = passphrase_file(home);
    sealed::unseal(sealed, passphrase).map_err(|failed| match failed {
        Unsealed::Wrong => VaultError::WrongPassphrase { file },
        Unsealed::Damaged => VaultError::DamagedFile { file },
    })
}

fn find_in_keyring(home: &Home, ways: &Ways) -> Result<Found, VaultError> {
    let (Some(keyring), Some(account)) = (&ways.keyring, account(home)?) else {
        return Ok(Found::Nothing(None));
    };
    match keyring.get(&account) {
        Ok(Some(text)) => match MasterKey::from_hex(&text) {
            Some(key) => Ok(Found::Key(key, KeptIn::Keyring)),
            None => Err(VaultError::NotAKey { account }),
        },
        Ok(None) => Ok(Found::Nothing(None)),
        Err(error) => Ok(Found::Nothing(Some(error))),
    }
}

fn make(
    home: &Home,
    ways: &Ways,
    earlier: Option<KeyringError>,
) -> Result<(MasterKey, KeptIn, Option<KeyringError>), VaultError> {
    let key = MasterKey::random()?;
    if earlier.is_some() && ways.passphrase.is_none() {
        return Ok((key, KeptIn::ThisRunOnly, earlier));
    }
    match keep(home, ways, &key) {
        Ok(kept_in) => Ok((key, kept_in, None)),
        Err(VaultError::NowhereToKeep(why)) => Ok((key, KeptIn::ThisRunOnly, why)),
        Err(other) => Err(other),
    }
}

fn keep(home: &Home, ways: &Ways, key: &MasterKey) -> Result<KeptIn, VaultError> {
    if let Some(passphrase) = &ways.passphrase {
        sealed::write(&passphrase_file(home), key, passphrase, FOR_PASSPHRASE)?;
        return Ok(KeptIn::PassphraseFile);
    }
    let keyring = ways.keyring.as_ref().ok_or(VaultError::NowhereToKeep(None))?;
    let account = match account(home)? {
        Some(account) => account,
        None => new_account(home)?,
    };
    keyring
        .set(&account, &key.hex())
        .map_err(|error| VaultError::NowhereToKeep(Some(error)))?;
    Ok(KeptIn::Keyring)
}

/// A key that lasts has a recovery code; a crash between the two is mended at the next start.
fn missing_recovery_code(home: &Home, key: &MasterKey) -> Result<Option<RecoveryCode>, VaultError> {
    if recovery_file(home).exists() {
        Ok(None)
    } else {
        new_recovery_code(home, key).map(Some)
    }
}

/// The home's name in the keyring, if it has one.
fn account(home: &Home) -> Result<Option<String>, VaultError> {
    let file = home.keys().join("id");
    match fs::read_to_string(&file) {
        Ok(id) => Ok(Some(format!("home {}", id.trim()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(VaultError::Io { path: file, source }),
    }
}

fn new_account(home: &Home) -> Result<String, VaultError> {
    let mut bytes = [0; 8];
    rand::rngs::OsRng
        .try_fill_bytes(&mut bytes)
        .map_err(|_| VaultError::NoRandomness)?;
    let (file, id) = (home.keys().join("id"), format!("{:016x}", u64::from_be_bytes(bytes)));
    write_durably(&file, id.as_bytes()).map_err(|source| VaultError::Io { path: file, source })?;
    Ok(format!("home {id}"))
}

/// Held while a key is looked for and made, so that two first starts do not make two keys.
fn lock(home: &Home) -> Result<File, VaultError> {
    home.create().map_err(|source| VaultError::Io {
        path: home.folder().to_owned(),
        source,
    })?;
    let path = home.keys().join("lock");
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .and_then(|file| file.lock().map(|()| file))
        .map_err(|source| VaultError::Io { path, source })
}

fn session_folder() -> Result<TempDir, VaultError> {
    tempfile::Builder::new()
        .prefix("ringside-this-run-")
        .tempdir()
        .map_err(|source| VaultError::Io {
            path: std::env::temp_dir(),
            source,
        })
}

fn remove_if_there(file: &Path) -> Result<(), VaultError> {
    match fs::remove_file(file) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(VaultError::Io {
            path: file.to_owned(),
            source,
        }),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn passphrase_file(home: &Home) -> PathBuf {
    home.keys().join("passphrase.age")
}

fn recovery_file(home: &Home) -> PathBuf {
    home.keys().join("recovery.age")
}
