//! A pointer to a secret, as it stands in the settings. The secret itself never stands there.
//!
//! Reads the three forms and nothing else; `vault` fetches what a pointer points to.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

use super::error::text_of;

/// Where a password or token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretRef {
    /// In the system's keyring under a name: `keyring:NAME`.
    Keyring(String),
    /// In an environment variable: `env:NAME`.
    Env(String),
    /// In a file that its owner alone may read: `file:PATH`, relative to the home folder.
    File(PathBuf),
}

/// What is said of a value in none of the three forms: its message of the catalogue. The value may be the secret itself, so
/// it is not repeated.
const FORMS: &str = "wrong.secret";

impl SecretRef {
    /// Reads one of the three forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (form, rest) = text.split_once(':')?;
        match (form, rest.trim()) {
            (_, "") => None,
            ("keyring", name) => is_name(name).then(|| SecretRef::Keyring(name.to_owned())),
            ("env", name) => is_name(name).then(|| SecretRef::Env(name.to_owned())),
            ("file", path) => Some(SecretRef::File(PathBuf::from(path))),
            _ => None,
        }
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretRef::Keyring(name) => write!(f, "keyring:{name}"),
            SecretRef::Env(name) => write!(f, "env:{name}"),
            SecretRef::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

impl<'de> Deserialize<'de> for SecretRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Pointer)
    }
}

/// Serde's own messages quote the value; these never do.
struct Pointer;

impl de::Visitor<'_> for Pointer {
    type Value = SecretRef;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text_of(FORMS))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<SecretRef, E> {
        SecretRef::parse(text).ok_or_else(|| E::custom(text_of(FORMS)))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<SecretRef, E> {
        Err(E::custom(text_of(FORMS)))
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<SecretRef, E> {
        Err(E::custom(text_of(FORMS)))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<SecretRef, E> {
        Err(E::custom(text_of(FORMS)))
    }
}

/// Letters, digits, `.`, `_` and `-`: what a keyring and a shell both take.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}
