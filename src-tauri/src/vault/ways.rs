//! What a key may be kept by, and what came out: the key with all that a person has to be told.

use std::path::PathBuf;
use std::time::Duration;

use tempfile::TempDir;
use zeroize::Zeroizing;

use super::{Keyring, KeyringError, MasterKey, RecoveryCode, VaultError};
use crate::config::Home;

/// Enough for a person to unlock the keyring when asked to.
const KEYRING_WAIT: Duration = Duration::from_secs(60);

/// What a key may be kept by.
#[derive(Clone, Debug, Default)]
pub struct Ways {
    /// The passphrase; wins over the keyring.
    pub passphrase: Option<Zeroizing<String>>,
    /// The keyring, unless it is not to be used.
    pub keyring: Option<Keyring>,
}

impl Ways {
    /// `RINGSIDE_PASSPHRASE`, and the system's keyring unless `RINGSIDE_KEYRING=off`.
    ///
    /// # Errors
    /// [`VaultError::BadPassphrase`] when the variable is set but empty or not UTF-8.
    pub fn from_environment() -> Result<Self, VaultError> {
        let passphrase = match std::env::var("RINGSIDE_PASSPHRASE") {
            Ok(text) if text.is_empty() => return Err(VaultError::BadPassphrase),
            Ok(text) => Some(Zeroizing::new(text)),
            Err(std::env::VarError::NotPresent) => None,
            Err(std::env::VarError::NotUnicode(_)) => return Err(VaultError::BadPassphrase),
        };
        let off = std::env::var_os("RINGSIDE_KEYRING").is_some_and(|value| value == "off");
        Ok(Ways {
            passphrase,
            keyring: (!off).then(|| Keyring::new(KEYRING_WAIT)),
        })
    }
}

/// Where the key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// `keys/passphrase.age`.
    PassphraseFile,
    /// The system's keyring.
    Keyring,
    /// Memory: the key and the stores are gone at the end of this run.
    ThisRunOnly,
}

/// The key of a home with what the person at the screen has to be told. Keep it as long as the stores are open: it owns
/// the folder of stores that live for this run only.
#[derive(Debug)]
pub struct Unlocked {
    /// Opens both stores.
    pub key: MasterKey,
    /// Where it is kept.
    pub kept_in: KeptIn,
    /// The recovery code, when one was made just now. It cannot be shown again.
    pub new_code: Option<RecoveryCode>,
    /// Why the keyring could not be used, when the key is for this run only.
    pub keyring_error: Option<KeyringError>,
    pub(super) home: Home,
    pub(super) session: Option<TempDir>,
}

impl Unlocked {
    /// Where `cache.db` is: in the home, or in this run's folder.
    #[must_use]
    pub fn cache_db(&self) -> PathBuf {
        self.session
            .as_ref()
            .map_or_else(|| self.home.cache_db(), |folder| folder.path().join("cache.db"))
    }

    /// Where `journal.db` is: in the home, or in this run's folder.
    #[must_use]
    pub fn journal_db(&self) -> PathBuf {
        self.session
            .as_ref()
            .map_or_else(|| self.home.journal_db(), |folder| folder.path().join("journal.db"))
    }

    /// Where `traces.db` is: in the home, or in this run's folder.
    #[must_use]
    pub fn traces_db(&self) -> PathBuf {
        self.session
            .as_ref()
            .map_or_else(|| self.home.traces_db(), |folder| folder.path().join("traces.db"))
    }

    /// The same, refused when nothing would be left after this run: for commands whose whole point is to leave something.
    ///
    /// # Errors
    /// [`VaultError::NowhereToKeep`].
    pub fn lasting(self) -> Result<Self, VaultError> {
        match self.kept_in {
            KeptIn::PassphraseFile | KeptIn::Keyring => Ok(self),
            KeptIn::ThisRunOnly => Err(VaultError::NowhereToKeep(self.keyring_error)),
        }
    }

    /// What must be said now, in plain sentences: the warning of a run that keeps nothing, the recovery code.
    #[must_use]
    pub fn notices(&self) -> Vec<Zeroizing<String>> {
        let mut notices = Vec::new();
        if self.kept_in == KeptIn::ThisRunOnly {
            let why = self
                .keyring_error
                .as_ref()
                .map(|error| format!(" ({error})"))
                .unwrap_or_default();
            notices.push(Zeroizing::new(format!(
                "WARNING: there is no system keyring{why} and RINGSIDE_PASSPHRASE is not set. Calls, notes and customers \
                 are kept for this run only and are gone when it ends."
            )));
        }
        if let Some(code) = &self.new_code {
            notices.push(Zeroizing::new(format!(
                "Recovery code: {}\nWrite it down and keep it apart from this computer. It is shown this once, and it \
                 alone opens the journal when the keyring or the passphrase is lost.",
                *code.text()
            )));
        }
        notices
    }
}
