//! How a mapped format is verified, and signed for the simulator.
//!
//! Pure; time is an argument. It does not know fields.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use ring::hmac;
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use super::header_name;
use super::template::Template;
use crate::feed::webhook::jwt;
use crate::feed::webhook::proof::{Keys, Need, SHA1, SHA256, Unproven, base64, header, mac, same, sha256};
use crate::feed::webhook::request::Request;

/// How a delivery is known to be the phone system's. Beside it, or alone, stand the token in the address and
/// `from_addresses`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum MappingProof {
    /// By nothing but the token in the address.
    Token {},
    /// A header that holds the secret.
    Header {
        /// The header.
        #[serde(deserialize_with = "header_name")]
        header: String,
        /// What stands before the secret, for example `Bearer `.
        #[serde(default)]
        prefix: String,
    },
    /// HTTP basic authentication (RFC 7617), the secret as password.
    Basic {
        /// The user.
        user: String,
    },
    /// An HMAC.
    Hmac {
        /// Over what hash.
        hash: Hash,
        /// The header with the signature.
        #[serde(deserialize_with = "header_name")]
        header: String,
        /// How the signature is written.
        #[serde(default)]
        encoding: Encoding,
        /// What stands before the signature, for example `sha256=`.
        #[serde(default)]
        prefix: String,
        /// What is signed.
        #[serde(default)]
        signed: Template,
        /// The header with the time at which it was signed.
        #[serde(default, deserialize_with = "optional_header")]
        time_header: Option<String>,
        /// The unit of that time.
        #[serde(default)]
        time_unit: TimeUnit,
    },
    /// An Ed25519 signature (RFC 8032) by the phone system's own key, `public_key`.
    Ed25519 {
        /// The header with the signature.
        #[serde(deserialize_with = "header_name")]
        header: String,
        /// How the signature is written.
        #[serde(default)]
        encoding: Encoding,
        /// What is signed.
        #[serde(default)]
        signed: Template,
        /// The header with the time at which it was signed.
        #[serde(default, deserialize_with = "optional_header")]
        time_header: Option<String>,
        /// The unit of that time.
        #[serde(default)]
        time_unit: TimeUnit,
    },
    /// A JSON Web Token by HMAC-SHA256 as `Authorization: Bearer`.
    Jwt {
        /// The claim that has the SHA-256 of the body in hexadecimal; without one a token is good for any body.
        #[serde(default)]
        body_claim: Option<String>,
    },
}

/// The hash of an HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hash {
    /// SHA-1, which is still sound in an HMAC.
    Sha1,
    /// SHA-256.
    Sha256,
}

/// How bytes are written in a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// Hexadecimal digits.
    #[default]
    Hex,
    /// Base64.
    Base64,
}

/// How a time is counted from 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Seconds.
    #[default]
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

impl MappingProof {
    pub(super) fn needs(&self) -> &'static [Need] {
        match self {
            MappingProof::Token {} => &[Need::Token],
            MappingProof::Ed25519 { .. } => &[Need::PublicKey],
            MappingProof::Header { .. }
            | MappingProof::Basic { .. }
            | MappingProof::Hmac { .. }
            | MappingProof::Jwt { .. } => &[Need::Secret],
        }
    }

    /// Whether the body is signed, rather than a secret sent along.
    pub(super) fn is_signed(&self) -> bool {
        match self {
            MappingProof::Hmac { .. } | MappingProof::Ed25519 { .. } => true,
            MappingProof::Jwt { body_claim } => body_claim.is_some(),
            MappingProof::Token {} | MappingProof::Header { .. } | MappingProof::Basic { .. } => false,
        }
    }

    pub(super) fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        match self {
            MappingProof::Token {} => Ok(()),
            MappingProof::Header { header: name, prefix } => {
                let given = after(header(request, name)?, prefix, name)?;
                shared(keys.any(|secret| same(secret, given.as_bytes())), name)
            }
            MappingProof::Basic { user } => {
                let name = "authorization";
                let given = after(header(request, name)?, "Basic ", name)?;
                let given = STANDARD.decode(given.trim()).map_err(|_| unreadable(name))?;
                let fits = |secret: &[u8]| same(&[user.as_bytes(), b":", secret].concat(), &given);
                shared(keys.any(fits), name)
            }
            MappingProof::Hmac {
                hash,
                header: name,
                encoding,
                prefix,
                signed,
                time_header,
                time_unit,
            } => {
                let given = encoding.decoded(after(header(request, name)?, prefix, name)?, name)?;
                let time = time_of(request, time_header.as_deref())?;
                let parts = signed.filled(request, &time, keys);
                keys.signed(hash.algorithm(), &[&parts], &given)?;
                time_unit.fresh(&time, time_header.as_deref(), keys, now)
            }
            MappingProof::Ed25519 {
                header: name,
                encoding,
                signed,
                time_header,
                time_unit,
            } => {
                let given = encoding.decoded(header(request, name)?, name)?;
                let time = time_of(request, time_header.as_deref())?;
                let key = keys.public_key.as_deref().unwrap_or_default();
                let key = STANDARD.decode(key.trim()).map_err(|_| Unproven::Key)?;
                if key.len() != 32 {
                    return Err(Unproven::Key);
                }
                UnparsedPublicKey::new(&ED25519, key)
                    .verify(&signed.filled(request, &time, keys), &given)
                    .map_err(|_| Unproven::Signature)?;
                time_unit.fresh(&time, time_header.as_deref(), keys, now)
            }
            MappingProof::Jwt { body_claim } => {
                let name = "authorization";
                let claims = jwt::claims(after(header(request, name)?, "Bearer ", name)?.trim(), keys, now)?;
                let Some(claim) = body_claim else { return Ok(()) };
                let hash = claims.get(claim).and_then(|hash| hash.as_str()).unwrap_or_default();
                let ours = hex::encode(sha256(&request.body));
                let fits = same(hash.to_ascii_lowercase().as_bytes(), ours.as_bytes());
                if fits { Ok(()) } else { Err(Unproven::Signature) }
            }
        }
    }

    pub(super) fn sign(&self, request: &mut Request, keys: &Keys, at: DateTime<Utc>) {
        let secret = String::from_utf8_lossy(keys.secret()).into_owned();
        match self {
            MappingProof::Token {} => {}
            MappingProof::Header { header, prefix } => request.put(header, &format!("{prefix}{secret}")),
            MappingProof::Basic { user } => {
                let both = base64(format!("{user}:{secret}").as_bytes());
                request.put("authorization", &format!("Basic {both}"));
            }
            MappingProof::Hmac {
                hash,
                header,
                encoding,
                prefix,
                signed,
                time_header,
                time_unit,
            } => {
                let time = time_unit.written(at);
                let signature = mac(hash.algorithm(), keys.secret(), &[&signed.filled(request, &time, keys)]);
                request.put(header, &format!("{prefix}{}", encoding.encoded(&signature)));
                put_time(request, time_header.as_deref(), &time);
            }
            MappingProof::Ed25519 {
                header,
                encoding,
                signed,
                time_header,
                time_unit,
            } => {
                let time = time_unit.written(at);
                let seed = STANDARD.decode(&secret).unwrap_or_default();
                if let Ok(pair) = Ed25519KeyPair::from_seed_unchecked(&seed) {
                    let signature = pair.sign(&signed.filled(request, &time, keys));
                    request.put(header, &encoding.encoded(signature.as_ref()));
                }
                put_time(request, time_header.as_deref(), &time);
            }
            MappingProof::Jwt { body_claim } => {
                let mut claims = json!({ "iat": at.timestamp() });
                if let Some(claim) = body_claim {
                    claims[claim] = hex::encode(sha256(&request.body)).into();
                }
                let token = jwt::token(&claims, keys.secret());
                request.put("authorization", &format!("Bearer {token}"));
            }
        }
    }
}

impl Hash {
    fn algorithm(self) -> hmac::Algorithm {
        match self {
            Hash::Sha1 => SHA1,
            Hash::Sha256 => SHA256,
        }
    }
}

impl Encoding {
    fn decoded(self, text: &str, name: &str) -> Result<Vec<u8>, Unproven> {
        let text = text.trim();
        match self {
            Encoding::Hex => hex::decode(text).map_err(|_| unreadable(name)),
            Encoding::Base64 => STANDARD.decode(text).map_err(|_| unreadable(name)),
        }
    }

    fn encoded(self, bytes: &[u8]) -> String {
        match self {
            Encoding::Hex => hex::encode(bytes),
            Encoding::Base64 => base64(bytes),
        }
    }
}

impl TimeUnit {
    fn fresh(self, time: &str, name: Option<&str>, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        let Some(name) = name else { return Ok(()) };
        let number: i64 = time.parse().map_err(|_| unreadable(name))?;
        let seconds = match self {
            TimeUnit::Seconds => number,
            TimeUnit::Milliseconds => number / 1000,
        };
        keys.fresh(seconds, now)
    }

    fn written(self, at: DateTime<Utc>) -> String {
        match self {
            TimeUnit::Seconds => at.timestamp().to_string(),
            TimeUnit::Milliseconds => at.timestamp_millis().to_string(),
        }
    }
}

fn optional_header<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    header_name(deserializer).map(Some)
}

fn time_of(request: &Request, name: Option<&str>) -> Result<String, Unproven> {
    name.map_or(Ok(String::new()), |name| header(request, name).map(str::to_owned))
}

fn put_time(request: &mut Request, name: Option<&str>, time: &str) {
    if let Some(name) = name {
        request.put(name, time);
    }
}

fn after<'a>(text: &'a str, prefix: &str, name: &str) -> Result<&'a str, Unproven> {
    text.strip_prefix(prefix).ok_or_else(|| unreadable(name))
}

fn shared(fits: bool, name: &str) -> Result<(), Unproven> {
    if fits {
        Ok(())
    } else {
        Err(Unproven::Secret(name.to_owned()))
    }
}

fn unreadable(name: &str) -> Unproven {
    Unproven::Unreadable(name.to_owned())
}
