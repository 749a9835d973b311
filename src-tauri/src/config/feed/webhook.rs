//! `kind = "webhook"`.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::Deserialize;

use crate::config::{SecretRef, check};
use crate::feed::webhook::mapping::Mapping;
use crate::feed::webhook::{Dialect, Preset};
use crate::number::Region;

/// An HTTP endpoint that a phone system delivers to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookFeed {
    /// Whose format, by the name of its preset; absent when `mapping` describes it.
    #[serde(default)]
    pub preset: Option<Preset>,
    /// `[feed.mapping]`: a format that no preset has.
    #[serde(default)]
    pub mapping: Option<Box<Mapping>>,
    /// Where it listens.
    #[serde(deserialize_with = "check::address")]
    pub listen: SocketAddr,
    /// `open_to_network`: it may listen on more than this computer.
    #[serde(default)]
    pub open_to_network: bool,
    /// The token in the address; without one the address ends with the preset's name.
    #[serde(default)]
    pub token: Option<SecretRef>,
    /// What the provider signs with, where the preset has signatures.
    #[serde(default)]
    pub secret: Option<SecretRef>,
    /// The secret before the last change, taken as well while the provider still uses it.
    #[serde(default)]
    pub secret_before: Option<SecretRef>,
    /// The provider's public key, where it signs with a private one; base64 or PEM.
    #[serde(default)]
    pub public_key: Option<String>,
    /// Scheme and host that the provider knows this endpoint by, for example `https://pop.example.org`.
    #[serde(default, deserialize_with = "check::web_address")]
    pub public_url: Option<String>,
    /// Addresses and networks that deliveries may come from, for example `"192.0.2.0/24"`; any when empty.
    #[serde(default, deserialize_with = "check::networks")]
    pub from_addresses: Vec<IpNet>,
    /// How it is encrypted; not at all when absent.
    #[serde(default)]
    pub tls: Option<Certificate>,
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

impl WebhookFeed {
    /// The format; `None` unless exactly one of `preset` and `mapping` is there, which is checked when it is read.
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        match (&self.preset, &self.mapping) {
            (Some(preset), None) => Some(Dialect::from(*preset)),
            (None, Some(mapping)) => Some(Dialect::from(Mapping::clone(mapping))),
            (Some(_), Some(_)) | (None, None) => None,
        }
    }

    /// The names that a certificate of the endpoint is for: this computer, where it listens, and its public host.
    #[must_use]
    pub fn host_names(&self) -> Vec<String> {
        let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        if !self.listen.ip().is_unspecified() {
            names.push(self.listen.ip().to_string());
        }
        let public = self.public_url.as_deref().and_then(|url| url.split("://").nth(1));
        let host = public.and_then(|rest| rest.split(['/', ':']).next());
        names.extend(host.map(str::to_owned));
        names.dedup();
        names
    }
}

/// Where the certificate of an endpoint comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(
    untagged,
    expecting = "tls is \"self-made\", or { certificate = \"FILE\", key = \"FILE\" }"
)]
pub enum Certificate {
    /// `"self-made"`: made here, and kept in the home folder.
    Made(SelfMade),
    /// Two PEM files, relative to the home folder.
    Given {
        /// The certificate with its chain.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
}

/// The word `"self-made"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum SelfMade {
    /// It.
    #[serde(rename = "self-made")]
    SelfMade,
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
