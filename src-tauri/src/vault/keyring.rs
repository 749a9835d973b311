//! The system's keyring: Secret Service on Linux, Keychain on macOS, Credential Manager on Windows.
//!
//! Every question is asked on a thread of its own with a bound, because a keyring may wait for a person to unlock it and
//! a broken session bus may wait for ever. Knows names and texts; what a text means is its caller's.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use zeroize::Zeroizing;

/// Under which all entries stand.
const SERVICE: &str = "ringside";

/// The system's keyring with the time it is given to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyring {
    wait: Duration,
}

/// Why the keyring did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    /// There is none, or it is locked and stayed so.
    #[error("no keyring answers: {0}")]
    Unavailable(String),
    /// It did not answer in time; perhaps it waits for somebody to unlock it.
    #[error("the keyring did not answer within {} seconds; it may be waiting to be unlocked", .0.as_secs())]
    Silent(Duration),
}

impl Keyring {
    /// The keyring of this session. `wait` must leave a person the time to type a password.
    #[must_use]
    pub fn new(wait: Duration) -> Self {
        Keyring { wait }
    }

    /// The text that is kept as `account`, if any.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn get(&self, account: &str) -> Result<Option<Zeroizing<String>>, KeyringError> {
        let account = account.to_owned();
        self.ask(move || match entry(&account)?.get_password() {
            Ok(text) => Ok(Some(Zeroizing::new(text))),
            Err(::keyring::Error::NoEntry) => Ok(None),
            Err(other) => Err(other),
        })
    }

    /// Keeps `text` as `account` in place of what was there, and reads it back: some keyrings accept and forget.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn set(&self, account: &str, text: &str) -> Result<(), KeyringError> {
        let (name, kept) = (account.to_owned(), Zeroizing::new(text.to_owned()));
        self.ask(move || entry(&name)?.set_password(&kept))?;
        match self.get(account)? {
            Some(read) if *read == text => Ok(()),
            Some(_) | None => Err(KeyringError::Unavailable(
                "it did not keep what it was given".to_owned(),
            )),
        }
    }

    /// Removes `account`; `false` when there was none.
    ///
    /// # Errors
    /// See [`KeyringError`].
    pub fn remove(&self, account: &str) -> Result<bool, KeyringError> {
        let account = account.to_owned();
        self.ask(move || match entry(&account)?.delete_credential() {
            Ok(()) => Ok(true),
            Err(::keyring::Error::NoEntry) => Ok(false),
            Err(other) => Err(other),
        })
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce() -> Result<T, ::keyring::Error> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let (answer, answered) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("keyring".to_owned())
            .spawn(move || answer.send(question()))
            .map_err(|error| KeyringError::Unavailable(error.to_string()))?;
        match answered.recv_timeout(self.wait) {
            Ok(result) => result.map_err(|error| KeyringError::Unavailable(error.to_string())),
            Err(mpsc::RecvTimeoutError::Timeout) => Err(KeyringError::Silent(self.wait)),
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(KeyringError::Unavailable(
                "its client stopped without an answer".to_owned(),
            )),
        }
    }
}

fn entry(account: &str) -> Result<::keyring::Entry, ::keyring::Error> {
    ::keyring::Entry::new(SERVICE, account)
}
