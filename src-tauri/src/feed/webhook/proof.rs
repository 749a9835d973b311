//! Whether a request is from whom it says: tokens and signatures, over the raw bytes and in constant time.
//!
//! Pure; time is an argument. It does not know which provider signs how; the presets put these pieces together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use ipnet::IpNet;
use ring::{digest, hmac};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::request::Request;
use crate::words::Saying;

pub(super) use ring::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY as SHA1, HMAC_SHA256 as SHA256};

/// How old, or how far ahead, a signed time may be when nothing else is set.
pub const WINDOW: TimeDelta = TimeDelta::seconds(300);

/// What a request is checked with.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The token in the path; `None` where none is asked for.
    pub token: Option<Zeroizing<String>>,
    /// The secrets that are shared with the provider: the new one and, during a change, the one before.
    pub secrets: Vec<Zeroizing<String>>,
    /// The provider's public key, where it signs with one: base64, or PEM.
    pub public_key: Option<String>,
    /// How old, or how far ahead, a signed time may be.
    pub window: TimeDelta,
    /// Scheme and host that the provider knows this endpoint by, when a proxy stands before it.
    pub public_url: Option<String>,
    /// Where deliveries may come from; anywhere when empty.
    pub from_addresses: Vec<IpNet>,
}

impl Default for Keys {
    fn default() -> Self {
        Keys {
            token: None,
            secrets: Vec::new(),
            public_key: None,
            window: WINDOW,
            public_url: None,
            from_addresses: Vec::new(),
        }
    }
}

/// Something that a format cannot be verified without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `token`.
    Token,
    /// `secret`.
    Secret,
    /// `public_key`.
    PublicKey,
}

/// Which check a request failed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum Unproven {
    /// It is no request at all.
    Nothing,
    /// The token in the path is wrong or missing.
    Token,
    /// The header with the signature is missing.
    Missing(String),
    /// The header cannot be read.
    Unreadable(String),
    /// The signature is not over these bytes by this secret.
    Signature,
    /// The signed time is too long ago or too far ahead.
    Stale(i64),
    /// The secret in the body or header is not ours.
    Secret(String),
    /// The key that is configured is none.
    Key,
    /// It comes from an address that is not in the list.
    Address,
}

impl Unproven {
    /// Which check, and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Unproven::Nothing => Saying::of("said.hook_no_request"),
            Unproven::Token => Saying::of("said.hook_token"),
            Unproven::Missing(header) => Saying::of("said.hook_header_missing").with("header", header),
            Unproven::Unreadable(header) => Saying::of("said.hook_header_unreadable").with("header", header),
            Unproven::Signature => Saying::of("said.hook_signature"),
            Unproven::Stale(seconds) => Saying::of("said.hook_stale").with("seconds", seconds),
            Unproven::Secret(field) => Saying::of("said.hook_secret").with("field", field),
            Unproven::Key => Saying::of("said.hook_key"),
            Unproven::Address => Saying::of("said.hook_address"),
        }
    }
}

impl Keys {
    /// Whether the path's token is ours.
    pub(super) fn opens(&self, token: Option<&str>) -> bool {
        match (&self.token, token) {
            (None, None) => true,
            (Some(ours), Some(token)) => same(ours.as_bytes(), token.as_bytes()),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }

    /// Tries all secrets, always all of them.
    pub(super) fn any(&self, fits: impl Fn(&[u8]) -> bool) -> bool {
        let tried = self.secrets.iter().map(|secret| fits(secret.as_bytes()));
        tried.fold(false, |one, other| one | other)
    }

    /// Whether `given` is an HMAC of `parts` by one of the secrets.
    pub(super) fn signed(&self, by: hmac::Algorithm, parts: &[&[u8]], given: &[u8]) -> Result<(), Unproven> {
        if self.any(|secret| same(&mac(by, secret, parts), given)) {
            Ok(())
        } else {
            Err(Unproven::Signature)
        }
    }

    /// Refuses a time outside the window, both ways.
    pub(super) fn fresh(&self, seconds: i64, now: DateTime<Utc>) -> Result<(), Unproven> {
        let away = now.timestamp().saturating_sub(seconds);
        if away.saturating_abs() <= self.window.num_seconds() {
            Ok(())
        } else {
            Err(Unproven::Stale(away))
        }
    }

    /// The secret to sign with.
    pub(super) fn secret(&self) -> &[u8] {
        self.secrets.first().map_or(&[], |secret| secret.as_bytes())
    }

    /// All that must not stand in a recording.
    pub(super) fn hidden(&self) -> Vec<&str> {
        self.token
            .iter()
            .chain(&self.secrets)
            .map(|secret| secret.as_str())
            .collect()
    }
}

/// The HMAC of `parts` one after the other.
pub(super) fn mac(by: hmac::Algorithm, secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut context = hmac::Context::with_key(&hmac::Key::new(by, secret));
    parts.iter().for_each(|part| context.update(part));
    context.sign().as_ref().to_vec()
}

/// The SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA256, bytes).as_ref().to_vec()
}

/// In constant time for texts of one length.
pub(super) fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// A header that has to be there.
pub(super) fn header<'a>(request: &'a Request, name: &str) -> Result<&'a str, Unproven> {
    let value = request
        .headers
        .get(name)
        .ok_or_else(|| Unproven::Missing(name.to_owned()))?;
    value.to_str().map_err(|_| Unproven::Unreadable(name.to_owned()))
}

/// A header in base64.
pub(super) fn base64_header(request: &Request, name: &str) -> Result<Vec<u8>, Unproven> {
    STANDARD
        .decode(header(request, name)?.trim())
        .map_err(|_| Unproven::Unreadable(name.to_owned()))
}

/// A header in hexadecimal.
pub(super) fn hex_header(request: &Request, name: &str) -> Result<Vec<u8>, Unproven> {
    hex::decode(header(request, name)?.trim()).map_err(|_| Unproven::Unreadable(name.to_owned()))
}

/// Base64 with padding.
pub(super) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
