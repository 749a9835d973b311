//! `kind = "asterisk"`.

use serde::Deserialize;

use crate::config::{SecretRef, check};
use crate::number::Region;

/// An Asterisk.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AsteriskFeed {
    /// Name or address of the host.
    pub host: String,
    /// Port of the manager.
    #[serde(default = "manager_port", deserialize_with = "check::port")]
    pub port: u16,
    /// Section of `manager.conf`.
    pub user: String,
    /// Its secret.
    pub secret: SecretRef,
    /// Regular expression for the whole endpoint name of our phones.
    #[serde(default = "any_extension", deserialize_with = "check::pattern")]
    pub agents: String,
    /// Contexts of the dialplan that are a voice mailbox.
    #[serde(default = "voicemail")]
    pub voicemail: Vec<String>,
    /// Where this phone system's national numbers are read, when not in the home region.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
    /// What is dialled for an outside line, empty for nothing.
    #[serde(default, deserialize_with = "check::prefix")]
    pub outside_prefix: String,
}

fn manager_port() -> u16 {
    5038
}

fn any_extension() -> String {
    r"\d{2,6}".to_owned()
}

fn voicemail() -> Vec<String> {
    vec!["voicemail".to_owned()]
}
