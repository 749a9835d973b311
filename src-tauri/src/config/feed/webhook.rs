//! `kind = "webhook"`.

use std::collections::HashMap;
use std::net::SocketAddr;

use serde::Deserialize;

use crate::config::{SecretRef, check};
use crate::number::Region;

/// An HTTP endpoint that a phone system delivers to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookFeed {
    /// Whose format.
    pub preset: Preset,
    /// Where it listens.
    #[serde(deserialize_with = "check::address")]
    pub listen: SocketAddr,
    /// `open_to_network`: it may listen on more than this computer.
    #[serde(default)]
    pub open_to_network: bool,
    /// The token in the address.
    pub token: SecretRef,
    /// `agents`: the phone system's names for its users and their extensions, for example `"Ada Example" = "101"`.
    #[serde(default)]
    pub agents: HashMap<String, String>,
    /// How the phone system writes numbers.
    #[serde(default)]
    pub numbers: Numbers,
    /// Where this phone system's national numbers are read, when not in the home region.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
}

/// How a phone system writes numbers in its deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Numbers {
    /// `"country-code"`: with the country code, the plus left out, as in Zammad's samples.
    #[default]
    CountryCode,
    /// `"as-dialled"`: as people in the region dial them.
    AsDialled,
}

/// Formats of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Zammad's generic CTI.
    Zammad,
}
