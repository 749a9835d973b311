//! Digest authentication (RFC 2617, RFC 7616, RFC 8760): which challenge to take, and the answer to it.
//!
//! `rsipstack` has a digest of its own, but it does not know the name `SHA-256`, a list of `qop`s or a session
//! variant, and always counts 1. Basic authentication is never answered: it would give the secret away.

use md5::Md5;
use sha2::{Digest as _, Sha256, Sha512_256};
use zeroize::Zeroizing;

use super::message::Message;

/// Who we are to the phone system.
#[derive(Clone)]
pub struct Credentials {
    /// The user, as in the SIP address.
    pub user: String,
    /// Its password.
    pub secret: Zeroizing<String>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({})", self.user)
    }
}

/// A hash function, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha512_256,
    Sha256,
}

/// What a phone system asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    realm: String,
    /// Changes when the phone system wants a new answer.
    pub nonce: String,
    opaque: Option<String>,
    algorithm: Option<String>,
    hash: Hash,
    session: bool,
    qop: Option<&'static str>,
    /// The secret was right, only the nonce is too old.
    pub stale: bool,
    /// Asked by a proxy (407), so that the answer has another header.
    pub proxy: bool,
}

impl Challenge {
    /// The strongest challenge in a 401 or 407 that can be answered.
    #[must_use]
    pub fn strongest(response: &Message) -> Option<Self> {
        let of = |header: &'static str, proxy: bool| {
            response
                .all(header)
                .filter_map(move |value| Challenge::parse(value, proxy))
        };
        of("WWW-Authenticate", false)
            .chain(of("Proxy-Authenticate", true))
            // of equals the first, which the phone system prefers (RFC 8760, 2.4)
            .reduce(|best, next| if next.hash > best.hash { next } else { best })
    }

    fn parse(value: &str, proxy: bool) -> Option<Self> {
        let (scheme, rest) = value.trim().split_once([' ', '\t'])?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let parameters = parameters(rest);
        let get = |name: &str| {
            parameters
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value)
        };
        let algorithm = get("algorithm");
        let name = algorithm.map_or_else(|| "MD5".to_owned(), |name| name.to_ascii_uppercase());
        let (plain, session) = name
            .strip_suffix("-SESS")
            .map_or((name.as_str(), false), |plain| (plain, true));
        Some(Challenge {
            realm: get("realm")?.clone(),
            nonce: get("nonce")?.clone(),
            opaque: get("opaque").cloned(),
            algorithm: algorithm.cloned(),
            hash: match plain {
                "MD5" => Hash::Md5,
                "SHA-256" => Hash::Sha256,
                "SHA-512-256" => Hash::Sha512_256,
                _ => return None,
            },
            session,
            qop: match get("qop") {
                None => None,
                Some(offered) => Some(qop_of(offered)?),
            },
            stale: get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
            proxy,
        })
    }

    /// The header that answers this challenge. `count` is how many requests were answered with this nonce, this
    /// one included; `cnonce` is ours and by chance.
    #[must_use]
    pub fn answer(&self, who: &Credentials, method: &str, uri: &str, count: u32, cnonce: &str) -> String {
        let response = self.response(who, method, uri, count, cnonce);
        let name = if self.proxy {
            "Proxy-Authorization"
        } else {
            "Authorization"
        };
        let mut header = format!(
            "{name}: Digest username=\"{}\", realm=\"{}\", nonce=\"{}\", uri=\"{uri}\", response=\"{response}\"",
            quotable(&who.user),
            quotable(&self.realm),
            quotable(&self.nonce),
        );
        if let Some(algorithm) = &self.algorithm {
            header.push_str(&format!(", algorithm={algorithm}"));
        }
        if let Some(qop) = self.qop {
            header.push_str(&format!(", qop={qop}, nc={count:08x}, cnonce=\"{cnonce}\""));
        } else if self.session {
            header.push_str(&format!(", cnonce=\"{cnonce}\""));
        }
        if let Some(opaque) = &self.opaque {
            header.push_str(&format!(", opaque=\"{}\"", quotable(opaque)));
        }
        header
    }

    fn response(&self, who: &Credentials, method: &str, uri: &str, count: u32, cnonce: &str) -> String {
        let secret = Zeroizing::new(format!("{}:{}:{}", who.user, self.realm, who.secret.as_str()));
        let mut a1 = self.hash.hex(secret.as_bytes());
        if self.session {
            a1 = self.hash.hex(format!("{a1}:{}:{cnonce}", self.nonce).as_bytes());
        }
        let a2 = match self.qop {
            // our requests have no body
            Some("auth-int") => format!("{method}:{uri}:{}", self.hash.hex(b"")),
            _ => format!("{method}:{uri}"),
        };
        let a2 = self.hash.hex(a2.as_bytes());
        let all = match self.qop {
            Some(qop) => format!("{a1}:{}:{count:08x}:{cnonce}:{qop}:{a2}", self.nonce),
            None => format!("{a1}:{}:{a2}", self.nonce),
        };
        self.hash.hex(all.as_bytes())
    }
}

impl Hash {
    fn hex(self, bytes: &[u8]) -> String {
        let hex = |digest: &[u8]| digest.iter().map(|byte| format!("{byte:02x}")).collect();
        match self {
            Hash::Md5 => hex(&Md5::digest(bytes)),
            Hash::Sha256 => hex(&Sha256::digest(bytes)),
            Hash::Sha512_256 => hex(&Sha512_256::digest(bytes)),
        }
    }
}

/// `auth` where offered, for it is what everybody tests with.
fn qop_of(offered: &str) -> Option<&'static str> {
    let has = |wanted: &str| offered.split(',').any(|one| one.trim().eq_ignore_ascii_case(wanted));
    ["auth", "auth-int"].into_iter().find(|wanted| has(wanted))
}

/// `name=value, name="quoted \" value"`, names in small letters.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in super::address::list(text) {
        let Some((name, value)) = part.split_once('=') else {
            continue;
        };
        let value = value.trim();
        let value = match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
            Some(quoted) => unescaped(quoted),
            None => value.to_owned(),
        };
        found.push((name.trim().to_ascii_lowercase(), value));
    }
    found
}

fn unescaped(quoted: &str) -> String {
    let mut escaped = false;
    quoted
        .chars()
        .filter(|c| {
            let drop = *c == '\\' && !escaped;
            escaped = drop;
            !drop
        })
        .collect()
}

fn quotable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(user: &str, secret: &str) -> Credentials {
        Credentials {
            user: user.to_owned(),
            secret: Zeroizing::new(secret.to_owned()),
        }
    }

    fn challenge(headers: &[&str]) -> Option<Challenge> {
        let text = format!("SIP/2.0 401 Unauthorized\r\n{}\r\n\r\n", headers.join("\r\n"));
        Challenge::strongest(&Message::parse(text.as_bytes()).expect("a message"))
    }

    #[track_caller]
    fn assert_response(challenge: &Challenge, answer: &str, response: &str) {
        assert!(
            answer.contains(&format!("response=\"{response}\"")),
            "{challenge:?}\n{answer}"
        );
    }

    /// RFC 2617, 3.5.
    #[test]
    fn the_example_of_rfc_2617_comes_out() {
        let asked = challenge(&[
            "WWW-Authenticate: Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
             nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"",
        ])
        .expect("a challenge");
        let mufasa = who("Mufasa", "Circle Of Life");
        let answer = asked.answer(&mufasa, "GET", "/dir/index.html", 1, "0a4f113b");
        assert_response(&asked, &answer, "6629fae49393a05397450978507c4ef1");
        assert!(
            answer.contains("qop=auth, nc=00000001") && answer.contains("opaque=\"5ccc"),
            "{answer}"
        );
        let tenth = asked.answer(&mufasa, "GET", "/dir/index.html", 17, "0a4f113b");
        assert!(tenth.contains("nc=00000011"), "{tenth}");
    }

    /// RFC 2069, 2.4, with the response of its erratum 749.
    #[test]
    fn a_challenge_without_qop_is_answered_the_old_way() {
        let asked = challenge(&[
            "WWW-Authenticate: Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
        ])
        .expect("a challenge");
        let answer = asked.answer(&who("Mufasa", "CircleOfLife"), "GET", "/dir/index.html", 1, "x");
        assert_response(&asked, &answer, "1949323746fe6a43ef61f9606e7febea");
        assert!(!answer.contains("nc="), "{answer}");
    }

    /// RFC 7616, 3.9.1, both algorithms over the same challenge; also the order of preference of RFC 8760.
    #[test]
    fn the_examples_of_rfc_7616_come_out_and_sha_256_is_taken_before_md5() {
        let rest = "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
                    nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
                    opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
        let md5 = format!("WWW-Authenticate: Digest {rest}, algorithm=MD5");
        let sha = format!("WWW-Authenticate: Digest {rest}, algorithm=SHA-256");
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        let mufasa = who("Mufasa", "Circle of Life");
        let answer = |asked: &Challenge| asked.answer(&mufasa, "GET", "/dir/index.html", 1, cnonce);
        let weak = challenge(&[&md5]).expect("a challenge");
        assert_response(&weak, &answer(&weak), "8ca523f5e9506fed4657c9700eebdbec");
        for both in [[md5.as_str(), &sha], [&sha, &md5]] {
            let strong = challenge(&both).expect("a challenge");
            assert_response(
                &strong,
                &answer(&strong),
                "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
            );
            assert!(answer(&strong).contains("algorithm=SHA-256"));
        }
    }

    #[test]
    fn what_cannot_be_answered_is_passed_over() {
        assert_eq!(challenge(&["WWW-Authenticate: Basic realm=\"x\""]), None);
        assert_eq!(
            challenge(&["WWW-Authenticate: Digest realm=\"x\", nonce=\"1\", algorithm=SHA3-512"]),
            None
        );
        assert_eq!(
            challenge(&["WWW-Authenticate: Digest realm=\"x\", nonce=\"1\", qop=\"token\""]),
            None
        );
        assert_eq!(challenge(&["WWW-Authenticate: Digest"]), None);
        assert_eq!(challenge(&["WWW-Authenticate: Digest nonce"]), None);
        let proxy = challenge(&["Proxy-Authenticate: Digest realm=\"x\", nonce=\"1\", stale=TRUE"]).expect("one");
        assert!(proxy.stale && proxy.proxy);
        let answer = proxy.answer(&who("a\"b", "s"), "REGISTER", "sip:x", 1, "c");
        assert!(
            answer.starts_with("Proxy-Authorization: Digest username=\"a\\\"b\""),
            "{answer}"
        );
    }
}
