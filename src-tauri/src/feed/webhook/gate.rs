//! From a request to what it says: the token, the signature over the raw bytes, the fields, the normal form.
//!
//! Pure; time is an argument. It does not know connections, nor what was said before.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::dialect::Dialect;
use super::fields::Fields;
use super::preset::{Format, Reply};
use super::proof::{Keys, Need, Unproven};
use super::refusal::Refusal;
use super::request::Request;
use super::told::{Bad, Told};

/// A format with the keys of one feed.
#[derive(Debug)]
pub(super) struct Gate {
    dialect: Dialect,
    keys: Keys,
}

/// A request that was believed, and its acknowledgement.
#[derive(Debug)]
pub(super) struct Believed {
    pub(super) told: Vec<Told>,
    pub(super) reply: Reply,
}

impl Gate {
    /// # Errors
    /// What is missing for the format to be verified.
    pub(super) fn new(dialect: Dialect, keys: Keys) -> Result<Self, Need> {
        let given = |need: &Need| match need {
            Need::Token => keys.token.is_some(),
            Need::Secret => !keys.secrets.is_empty(),
            Need::PublicKey => keys.public_key.is_some(),
        };
        match dialect.format().needs().iter().find(|need| !given(need)) {
            Some(missing) => Err(*missing),
            None => Ok(Gate { dialect, keys }),
        }
    }

    pub(super) fn format(&self) -> &dyn Format {
        self.dialect.format()
    }

    /// Whether it may come from there. Behind a proxy, which `public_url` tells of, the address is the last one in
    /// `X-Forwarded-For`, which the proxy has written.
    pub(super) fn admits(&self, peer: IpAddr, request: &Request) -> bool {
        if self.keys.from_addresses.is_empty() {
            return true;
        }
        let forwarded = || {
            let all = request
                .headers
                .get_all("x-forwarded-for")
                .iter()
                .next_back()?
                .to_str()
                .ok()?;
            all.rsplit(',').next()?.trim().parse().ok()
        };
        let from = if self.keys.public_url.is_some() {
            forwarded().unwrap_or(peer)
        } else {
            peer
        };
        let from = from.to_canonical();
        self.keys.from_addresses.iter().any(|net| net.contains(&from))
    }

    /// Whether the path's token is right.
    pub(super) fn opens(&self, token: Option<&str>) -> bool {
        self.keys.opens(token)
    }

    /// The answer to a request by which the provider finds out whether somebody is here.
    pub(super) fn greet(&self, request: &Request) -> Option<Reply> {
        self.format().greet(request, &self.keys)
    }

    /// Whether the request is the provider's, by its signature; the path's token was compared before.
    ///
    /// # Errors
    /// Which check failed.
    pub(super) fn prove(&self, request: &Request, now: DateTime<Utc>) -> Result<(), Unproven> {
        self.format().prove(request, &self.keys, now)
    }

    /// Believes a request that carries the right token.
    ///
    /// # Errors
    /// When the signature or the fields are not right.
    pub(super) fn believe(&self, request: &Request, now: DateTime<Utc>) -> Result<Believed, Refusal> {
        if let Some(reply) = self.greet(request) {
            let told = Vec::new();
            return Ok(Believed { told, reply });
        }
        self.prove(request, now)?;
        let fields = self.format().fields(request)?;
        let told = self.read(&fields)?;
        let url = request.url(self.keys.public_url.as_deref());
        let reply = self.format().reply(&fields, &url);
        Ok(Believed { told, reply })
    }

    /// What the fields say.
    ///
    /// # Errors
    /// When what is needed is missing or cannot be read.
    pub(super) fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        self.format().read(fields)
    }

    /// The request as it may stand in a recording.
    pub(super) fn recorded(&self, request: &Request) -> Vec<u8> {
        request.to_text(&self.keys.hidden())
    }
}
