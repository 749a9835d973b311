//! Secrets of others (passwords of phone systems, tokens of webhooks), fetched where the settings point.
//!
//! `keyring:NAME`, `env:NAME` and `file:PATH` are read when they are needed and never written to a log or an error.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Keyring, KeyringError};
use crate::config::{Home, SecretRef, write_durably};
use crate::words::Saying;

/// No password or token is longer.
const MOST_BYTES: u64 = 16 * 1024;

/// Why a secret cannot be had.
#[derive(Debug)]
pub enum SecretError {
    /// The keyring has no such entry.
    NotInKeyring(String),
    /// The keyring cannot be used.
    Keyring {
        /// Its name.
        name: String,
        /// The keyring's reason.
        source: Option<KeyringError>,
    },
    /// The variable is not set, empty or not UTF-8.
    NotInEnvironment(String),
    /// Others may read the file.
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file holds nothing, too much or no text.
    NotASecret(PathBuf),
    /// What is to be kept is empty, or more than a line.
    NoLine,
    /// The file cannot be written.
    NotWritten {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The file cannot be read.
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
}

impl SecretError {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            SecretError::NotInKeyring(name) => Saying::of("secret.not_in_keyring").with("name", name),
            SecretError::Keyring { name, .. } => Saying::of("secret.no_keyring").with("name", name),
            SecretError::NotInEnvironment(name) => Saying::of("secret.not_in_environment").with("name", name),
            SecretError::OpenToOthers { path, mode } => Saying::of("secret.open_to_others")
                .with("path", path.display())
                .with("mode", format_args!("{mode:o}")),
            SecretError::NotASecret(path) => Saying::of("secret.none_in_file").with("path", path.display()),
            SecretError::NoLine => Saying::of("secret.no_line"),
            SecretError::NotWritten { path, .. } => Saying::of("secret.not_written").with("path", path.display()),
            SecretError::Io { path, .. } => Saying::of("secret.not_read").with("path", path.display()),
        }
    }

    /// The same of what came as a text. The text of anything else is quoted.
    #[must_use]
    pub fn recognised(text: &str) -> Saying {
        Saying::recognised("secret.", text).unwrap_or_else(|| Saying::quoted(text))
    }
}

/// For logs and the command line.
impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.saying().fmt(f)
    }
}

impl Error for SecretError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SecretError::Keyring { source, .. } => source.as_ref().map(|source| source as _),
            SecretError::NotWritten { source, .. } | SecretError::Io { source, .. } => Some(source),
            SecretError::NotInKeyring(_)
            | SecretError::NotInEnvironment(_)
            | SecretError::OpenToOthers { .. }
            | SecretError::NotASecret(_)
            | SecretError::NoLine => None,
        }
    }
}

/// The secret that `reference` points to. A relative `file:` path counts from `folder`, the home folder; one line
/// end after the secret does not belong to it. A file is refused when its group or others may read it.
///
/// # Errors
/// See [`SecretError`].
pub fn read_secret(
    reference: &SecretRef,
    folder: &Path,
    keyring: Option<&Keyring>,
) -> Result<Zeroizing<String>, SecretError> {
    match reference {
        SecretRef::Keyring(name) => from_keyring(name, keyring),
        SecretRef::Env(name) => match std::env::var(name) {
            Ok(text) if !text.is_empty() => Ok(Zeroizing::new(text)),
            Ok(_) | Err(_) => Err(SecretError::NotInEnvironment(name.clone())),
        },
        SecretRef::File(path) => from_file(&folder.join(path)),
    }
}

/// Keeps `secret` in the keyring for `keyring:NAME`, in place of an earlier one.
///
/// # Errors
/// When the keyring cannot be used.
pub fn keep_secret(keyring: Option<&Keyring>, name: &str, secret: &str) -> Result<(), SecretError> {
    asked(name, keyring, |keyring| keyring.set(&account(name), secret))
}

/// Keeps `secret` under `name` and says where: in the keyring, and where there is none in a file of `secrets` in the home
/// folder that its owner alone may read.
///
/// # Errors
/// When it is no secret, or the file cannot be written.
pub fn put_secret(home: &Home, keyring: Option<&Keyring>, name: &str, secret: &str) -> Result<SecretRef, SecretError> {
    let file = Path::new("secrets").join(name);
    if secret.is_empty() || secret.contains(['\n', '\r', '\0']) || secret.len() as u64 > MOST_BYTES {
        return Err(SecretError::NoLine);
    }
    if keyring.is_some() {
        match keep_secret(keyring, name, secret) {
            Ok(()) => return Ok(SecretRef::Keyring(name.to_owned())),
            Err(error) => tracing::warn!(%error, "no keyring takes a secret, so it goes into a file"),
        }
    }
    let path = home.folder().join(&file);
    let written = home
        .create_secrets()
        .and_then(|()| write_durably(&path, secret.as_bytes()));
    written.map_err(|source| SecretError::NotWritten { path, source })?;
    Ok(SecretRef::File(file))
}

/// Removes the secret of `keyring:NAME`; `false` when there was none.
///
/// # Errors
/// When the keyring cannot be used.
pub fn forget_secret(keyring: Option<&Keyring>, name: &str) -> Result<bool, SecretError> {
    asked(name, keyring, |keyring| keyring.remove(&account(name)))
}

fn from_keyring(name: &str, keyring: Option<&Keyring>) -> Result<Zeroizing<String>, SecretError> {
    asked(name, keyring, |keyring| keyring.get(&account(name)))?
        .ok_or_else(|| SecretError::NotInKeyring(name.to_owned()))
}

fn asked<T>(
    name: &str,
    keyring: Option<&Keyring>,
    question: impl FnOnce(&Keyring) -> Result<T, KeyringError>,
) -> Result<T, SecretError> {
    let failed = |source| SecretError::Keyring {
        name: name.to_owned(),
        source,
    };
    question(keyring.ok_or_else(|| failed(None))?).map_err(|error| failed(Some(error)))
}

fn from_file(path: &Path) -> Result<Zeroizing<String>, SecretError> {
    let io_error = |source| SecretError::Io {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(io_error)?;
    refuse_open_to_others(path, &file).map_err(io_error)??;
    let mut bytes = Zeroizing::new(Vec::new());
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(io_error)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| SecretError::NotASecret(path.to_owned()))?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    let secret = line.strip_suffix('\r').unwrap_or(line);
    if secret.is_empty() || secret.contains('\n') || bytes.len() as u64 > MOST_BYTES {
        return Err(SecretError::NotASecret(path.to_owned()));
    }
    Ok(Zeroizing::new(secret.to_owned()))
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, file: &File) -> io::Result<Result<(), SecretError>> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata()?.permissions().mode() & 0o777;
    let open = mode & 0o077 != 0;
    Ok(if open {
        Err(SecretError::OpenToOthers {
            path: path.to_owned(),
            mode,
        })
    } else {
        Ok(())
    })
}

/// Windows guards a user's folder by access lists that need no check here.
#[cfg(not(unix))]
fn refuse_open_to_others(_path: &Path, _file: &File) -> io::Result<Result<(), SecretError>> {
    Ok(Ok(()))
}

fn account(name: &str) -> String {
    format!("secret {name}")
}
