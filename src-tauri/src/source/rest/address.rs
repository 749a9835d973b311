//! Which hosts may be asked: a file that came from somewhere must not be a way into the local network.
//!
//! A host on a private address is asked only when whoever set the source up named it. What counts is the address that
//! is connected to, looked up for that connection: a name that changes its address meanwhile changes nothing.

use std::error::Error;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Hosts that may be on private addresses.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowed(Vec<String>);

impl Allowed {
    /// These names and addresses, as they stand in an address without its port.
    pub(super) fn new(hosts: &[String]) -> Self {
        let plain = |host: &String| host.trim().trim_matches(['[', ']']).to_lowercase();
        Allowed(hosts.iter().map(plain).collect())
    }

    /// Is it named?
    pub(super) fn names(&self, host: &str) -> bool {
        let host = host.trim_matches(['[', ']']).to_lowercase();
        self.0.contains(&host)
    }

    /// May `url` be asked, as far as the address itself says? What is wrong otherwise.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        let host = url.host_str().unwrap_or_default();
        if host.is_empty() || !url.username().is_empty() || url.password().is_some() {
            return Err(
                "the address needs a host and no user or password in it, for example https://erp.example.com"
                    .to_owned(),
            );
        }
        let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
        if literal.is_ok_and(is_private) && !self.names(host) {
            return Err(private(host));
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.names(host) => Ok(()),
            "http" => Err(format!(
                "{host} would be asked without encryption: write https://, or name {host} under private_hosts if it is in your own network"
            )),
            other => Err(format!("an address begins with https://, not with {other}:")),
        }
    }
}

fn private(host: &str) -> String {
    format!(
        "{host} is on a private address: name it under private_hosts of the source, in a walk by --private-host, if that is meant"
    )
}

/// Looks names up and gives no private address but of named hosts.
pub(super) struct Lookup(pub(super) Allowed);

/// What a look-up that gave a private address says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Private(String);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            if !allowed.names(&host) && found.iter().any(|address| is_private(address.ip())) {
                return Err(Box::new(Private(private(&host))) as Box<dyn Error + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Not reachable from everywhere: this computer, local and shared networks, link-local (cloud metadata among it),
/// multicast, documentation, reserved (IANA special-purpose registries).
pub(super) fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation()
        || matches!(
            (a, b, c),
            (0, ..) | (100, 64..=127, _) | (192, 0, 0) | (198, 18..=19, _) | (240.., ..)
        )
}

fn is_private_v6(v6: Ipv6Addr) -> bool {
    // an IPv4 address in one of the forms that lead to it: mapped, compatible, NAT64, 6to4
    let segments = v6.segments();
    let low = |at: usize| {
        let [a, b] = segments[at].to_be_bytes();
        let [c, d] = segments[at + 1].to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    let inner = match segments {
        [0, 0, 0, 0, 0, 0xffff | 0, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => Some(low(6)),
        [0x2002, ..] => Some(low(1)),
        _ => None,
    };
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || matches!(segments[0], 0xfc00..=0xfdff | 0xfe80..=0xfeff)
        || matches!(segments, [0x2001, 0xdb8, ..] | [0x64, 0xff9b, 1, ..])
        || inner.is_some_and(is_private_v4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.1.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "2002:a00:1::",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(is_private(address.parse().expect("an address")), "{address}");
        }
        for address in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1",
            "64:ff9b::808:808",
            "::ffff:8.8.8.8",
        ] {
            assert!(!is_private(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn an_address_is_asked_only_encrypted_or_where_it_is_named() {
        let allowed = Allowed::new(&["erp.local".to_owned(), "[::1]".to_owned()]);
        let check = |url: &str| allowed.check(&Url::parse(url).expect("a URL"));
        for url in [
            "https://erp.example.com/x",
            "http://erp.local:8000",
            "http://[::1]:8000/",
            "https://ERP.local",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for (url, part) in [
            ("http://erp.example.com", "without encryption"),
            ("https://127.0.0.1/", "private_hosts"),
            ("https://2130706433/", "private_hosts"),
            ("https://[::ffff:10.0.0.1]/", "private_hosts"),
            ("ftp://erp.example.com", "https://"),
            ("https://user:secret@erp.example.com", "no user or password"),
        ] {
            let error = check(url).expect_err(url);
            assert!(error.contains(part) && !error.contains("secret"), "{url}: {error}");
        }
    }
}
