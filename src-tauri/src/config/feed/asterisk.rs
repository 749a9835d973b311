//! `kind = "asterisk"`.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

use crate::config::error::text_of;
use crate::config::{SecretRef, check};
use crate::number::Region;

/// An Asterisk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct AsteriskFeed {
    /// Name or address of the host.
    pub host: String,
    /// Port of the manager: 5038, or 5039 with TLS, when none is written.
    pub port: u16,
    /// Section of `manager.conf`.
    pub user: String,
    /// Its secret.
    pub secret: SecretRef,
    /// `tls`, `ca_file`, `fingerprint`: whether the connection is encrypted, and whom to believe.
    pub tls: Option<Tls>,
    /// Regular expression for the whole endpoint name of our phones.
    pub agents: String,
    /// Contexts of the dialplan that are a voice mailbox.
    pub voicemail: Vec<String>,
    /// Where this phone system's national numbers are read, when not in the home region.
    pub region: Option<Region>,
    /// What is dialled for an outside line, empty for nothing.
    pub outside_prefix: String,
    /// `[feed.dial]`: who may order calls, when anybody may.
    pub dial: Option<Dial>,
}

/// Which certificate the manager of an Asterisk may show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tls {
    /// One that an authority signed which this computer trusts.
    System,
    /// One that an authority in this PEM file signed; the path is relative to the home folder.
    CaFile(PathBuf),
    /// The one with this SHA-256 fingerprint.
    Fingerprint([u8; 32]),
}

/// `[feed.dial]`: a user of the manager that may order calls and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// Section of `manager.conf`, with `write=originate` and `read=call`.
    pub user: String,
    /// Its secret.
    pub secret: SecretRef,
    /// The context of the dialplan in which our phones dial.
    #[serde(default = "internal", deserialize_with = "context")]
    pub context: String,
    /// The channel of the phone that rings first; `{line}` stands for the extension.
    #[serde(default = "pjsip", deserialize_with = "channel")]
    pub channel: String,
    /// How long our phone rings, in seconds.
    #[serde(default = "half_a_minute", deserialize_with = "timeout")]
    pub timeout: u32,
}

/// What stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    host: String,
    #[serde(default, deserialize_with = "port")]
    port: Option<u16>,
    user: String,
    secret: SecretRef,
    #[serde(default)]
    tls: bool,
    ca_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "fingerprint")]
    fingerprint: Option<[u8; 32]>,
    #[serde(default = "any_extension", deserialize_with = "check::pattern")]
    agents: String,
    #[serde(default = "voicemail")]
    voicemail: Vec<String>,
    #[serde(default, deserialize_with = "check::region")]
    region: Option<Region>,
    #[serde(default, deserialize_with = "check::prefix")]
    outside_prefix: String,
    dial: Option<Dial>,
}

impl TryFrom<Written> for AsteriskFeed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let tls = match (written.tls, written.ca_file, written.fingerprint) {
            (false, None, None) => None,
            (true, None, None) => Some(Tls::System),
            (true, Some(file), None) => Some(Tls::CaFile(file)),
            (true, None, Some(fingerprint)) => Some(Tls::Fingerprint(fingerprint)),
            (true, Some(_), Some(_)) => return Err(text_of("wrong.two_trusts")),
            (false, _, _) => return Err(text_of("wrong.trust_without_tls")),
        };
        let port = written.port.unwrap_or(if tls.is_some() { 5039 } else { 5038 });
        Ok(AsteriskFeed {
            host: written.host,
            port,
            user: written.user,
            secret: written.secret,
            tls,
            agents: written.agents,
            voicemail: written.voicemail,
            region: written.region,
            outside_prefix: written.outside_prefix,
            dial: written.dial,
        })
    }
}

fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    check::port(deserializer).map(Some)
}

fn fingerprint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[u8; 32]>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let what = "fingerprint is the SHA-256 fingerprint of the certificate, 64 hexadecimal digits, as \
                `openssl x509 -in asterisk.pem -noout -fingerprint -sha256` prints it";
    read_fingerprint(&text).map(Some).ok_or_else(|| de::Error::custom(what))
}

/// 32 bytes in hexadecimal, with or without colons, also behind `sha256 Fingerprint=`.
fn read_fingerprint(text: &str) -> Option<[u8; 32]> {
    let (_, text) = text.rsplit_once('=').unwrap_or(("", text));
    let digits: Vec<u8> = text
        .chars()
        .filter(|c| *c != ':' && !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|two| two.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    (digits.len() == 64).then(|| bytes.try_into().ok())?
}

fn context<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let good = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let what = "context is a context of the dialplan, for example \"internal\", or \"from-internal\" on FreePBX";
    check::checked(String::deserialize(deserializer)?, good, what)
}

fn channel<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let good = |text: &String| {
        let plain = text.replacen("{line}", "", 1);
        plain.len() < text.len() && plain.chars().all(|c| c.is_ascii_alphanumeric() || "_-./@".contains(c))
    };
    let what = "channel is the channel of our phones with {line} for the extension, for example \"PJSIP/{line}\", or \
                \"Local/{line}@from-internal\" to ring all devices of one person";
    check::checked(String::deserialize(deserializer)?, good, what)
}

fn timeout<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let what = "timeout is how long our phone rings, from 5 to 120 seconds";
    check::checked(
        u32::deserialize(deserializer)?,
        |seconds| (5..=120).contains(seconds),
        what,
    )
}

fn any_extension() -> String {
    r"\d{2,6}".to_owned()
}

fn voicemail() -> Vec<String> {
    vec!["voicemail".to_owned()]
}

fn internal() -> String {
    "internal".to_owned()
}

fn pjsip() -> String {
    "PJSIP/{line}".to_owned()
}

fn half_a_minute() -> u32 {
    30
}
