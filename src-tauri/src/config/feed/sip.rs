//! `kind = "sip"`.

use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

use crate::config::error::text_of;
use crate::config::{SecretRef, check};
use crate::number::Region;

/// A phone system that speaks SIP.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct SipFeed {
    /// Name or address of the phone system.
    pub host: String,
    /// Its port: 5060, with TLS 5061, when not written.
    pub port: u16,
    /// How messages travel.
    pub transport: SipTransport,
    /// User, as in its SIP address.
    pub user: String,
    /// Its password.
    pub secret: SecretRef,
    /// The domain of the addresses: the host, with its port when that is an unusual one, when not written.
    pub domain: String,
    /// The lines to watch by a subscription.
    pub extensions: Vec<String>,
    /// `observe`: register a second contact of `user`, which sees the calls offered to it. Off by default, because
    /// it is harmless only where the phone system rings all contacts of a user at once: elsewhere the phone may not
    /// ring any more, and everywhere the caller of a phone that is busy or off waits for the time-out.
    pub observe: bool,
    /// A file of certificates (PEM) to trust besides the computer's own.
    pub ca_file: Option<PathBuf>,
    /// Where this phone system's national numbers are read, when not in the home region.
    pub region: Option<Region>,
}

/// `transport`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SipTransport {
    /// Datagrams.
    #[default]
    Udp,
    /// A stream.
    Tcp,
    /// An encrypted stream.
    Tls,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(deserialize_with = "server")]
    server: Server,
    #[serde(default)]
    transport: SipTransport,
    #[serde(deserialize_with = "user")]
    user: String,
    secret: SecretRef,
    #[serde(default, deserialize_with = "domain")]
    domain: Option<String>,
    #[serde(default, deserialize_with = "check::extensions")]
    extensions: Vec<String>,
    #[serde(default)]
    observe: bool,
    #[serde(default)]
    ca_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "check::region")]
    region: Option<Region>,
}

struct Server {
    host: String,
    port: Option<u16>,
}

impl TryFrom<Written> for SipFeed {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        if written.extensions.is_empty() && !written.observe {
            return Err(text_of("wrong.no_lines"));
        }
        if written.ca_file.is_some() && written.transport != SipTransport::Tls {
            return Err(text_of("wrong.ca_file"));
        }
        let Server { host, port } = written.server;
        let usual = if written.transport == SipTransport::Tls {
            5061
        } else {
            5060
        };
        let of_server = match port {
            Some(port) if port != usual => format!("{host}:{port}"),
            _ => host.clone(),
        };
        Ok(SipFeed {
            domain: written.domain.unwrap_or(of_server),
            port: port.unwrap_or(usual),
            host,
            transport: written.transport,
            user: written.user,
            secret: written.secret,
            extensions: written.extensions,
            observe: written.observe,
            ca_file: written.ca_file,
            region: written.region,
        })
    }
}

fn server<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Server, D::Error> {
    let text = String::deserialize(deserializer)?;
    let server = check::checked(server_of(&text), Option::is_some, text_of("wrong.server"))?;
    // checked just above
    Ok(server.unwrap_or(Server { host: text, port: None }))
}

/// `host`, `host:port`, `[address]` or `[address]:port`.
fn server_of(text: &str) -> Option<Server> {
    let (host, port) = match text.rfind(']') {
        Some(end) => text.split_at(end + 1),
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(port) => Some(port.parse().ok().filter(|port| *port > 0)?),
        None if port.is_empty() => None,
        None => return None,
    };
    is_host(host).then(|| Server {
        host: host.to_owned(),
        port,
    })
}

fn is_host(text: &str) -> bool {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match inner {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            !text.is_empty()
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
        }
    }
}

fn user<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let user = String::deserialize(deserializer)?;
    let named = |user: &String| check::is_extension(user) && !user.contains([':', '@', '<', '>', '"']);
    check::checked(user, named, text_of("wrong.sip_user"))
}

fn domain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let domain = String::deserialize(deserializer)?;
    let what = text_of("wrong.sip_domain");
    check::checked(domain, |domain| server_of(domain).is_some(), what).map(Some)
}
