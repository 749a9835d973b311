//! One thing that is kept up with the phone system: the watch over a line, the registration, the question whether
//! it is still there. Writes its requests; what the answers mean for the whole is not known here.

use chrono::{DateTime, TimeDelta, Utc};

use super::message::Message;
use crate::call::Line;
use crate::words::Saying;

/// How long a subscription or registration is asked for, in seconds. Short, so that a phone system that lost it
/// in a restart is noticed, and none of its callers waits long for a contact that is gone.
pub(super) const EXPIRES: i64 = 120;
/// Longest that is agreed to when the phone system wants longer ones.
pub(super) const LONGEST_EXPIRES: i64 = 24 * 3600;
/// A phone system that grants less is not asked more often than this, in seconds.
const SHORTEST_EXPIRES: i64 = 20;

/// What is kept up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A subscription to the dialogs of a line.
    Watch(Line),
    /// The second contact.
    Register,
    /// Whether the phone system is there.
    Ping,
}

/// How far it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Asked, or about to.
    Waiting,
    /// Agreed; for a watch the first list is awaited.
    Agreed,
    /// All well.
    On,
    /// Refused or broken, with what to do. Tried again later.
    Failed(Saying),
}

/// One kept-up thing.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) what: What,
    pub(super) status: Status,
    /// When the next request is due; `None` while one is under way.
    pub(super) due: Option<DateTime<Utc>>,
    pub(super) call_id: String,
    pub(super) tag: String,
    pub(super) expires: i64,
    remote_tag: Option<String>,
    target: String,
    routes: Vec<String>,
    cseq: u32,
}

/// Who sends the requests of a connection, and from where.
#[derive(Clone, Debug)]
pub(super) struct Sender {
    /// `user@domain`.
    pub(super) address: String,
    /// Domain of the addresses.
    pub(super) domain: String,
    /// `UDP`, `TCP` or `TLS`.
    pub(super) protocol: &'static str,
    /// Where we are, as we see it.
    pub(super) local: std::net::SocketAddr,
    /// Where the phone system sees us.
    pub(super) seen: std::net::SocketAddr,
    /// The user in the contact.
    pub(super) user: String,
}

impl Task {
    pub(super) fn new(what: What, sender: &Sender, call_id: String, tag: String, due: DateTime<Utc>) -> Self {
        let domain = &sender.domain;
        let target = match &what {
            What::Watch(line) => format!("sip:{}@{domain}", uri_user(&line.0)),
            What::Register | What::Ping => format!("sip:{domain}"),
        };
        Task {
            what,
            status: Status::Waiting,
            due: Some(due),
            call_id,
            tag,
            expires: EXPIRES,
            remote_tag: None,
            target,
            routes: Vec::new(),
            cseq: 0,
        }
    }

    pub(super) fn method(&self) -> &'static str {
        match self.what {
            What::Watch(_) => "SUBSCRIBE",
            What::Register => "REGISTER",
            What::Ping => "OPTIONS",
        }
    }

    /// The Request-URI, which an answer to a challenge covers.
    pub(super) fn target(&self) -> &str {
        &self.target
    }

    /// Whether the phone system knows the subscription already.
    pub(super) fn is_in_dialog(&self) -> bool {
        self.remote_tag.is_some()
    }

    /// The next request, with the headers that answer challenges.
    pub(super) fn request(&mut self, sender: &Sender, branch: &str, answers: &[String]) -> Vec<u8> {
        self.cseq += 1;
        let method = self.method();
        let to = match &self.what {
            What::Watch(line) => format!("<sip:{}@{}>", uri_user(&line.0), sender.domain),
            What::Register => format!("<sip:{}>", sender.address),
            What::Ping => format!("<sip:{}>", sender.domain),
        };
        let remote_tag = self
            .remote_tag
            .as_ref()
            .map(|tag| format!(";tag={tag}"))
            .unwrap_or_default();
        let mut text = format!(
            "{method} {} SIP/2.0\r\nVia: SIP/2.0/{} {};rport;branch={branch}\r\nMax-Forwards: 70\r\n\
             From: <sip:{}>;tag={}\r\nTo: {to}{remote_tag}\r\nCall-ID: {}\r\nCSeq: {} {method}\r\n",
            self.target, sender.protocol, sender.local, sender.address, self.tag, self.call_id, self.cseq,
        );
        for route in &self.routes {
            text.push_str(&format!("Route: {route}\r\n"));
        }
        text.push_str(&format!("Contact: <{}>\r\n", sender.contact()));
        text.push_str(&self.own_headers());
        for answer in answers {
            text.push_str(&format!("{answer}\r\n"));
        }
        text.push_str(concat!(
            "User-Agent: Ringside/",
            env!("CARGO_PKG_VERSION"),
            "\r\nContent-Length: 0\r\n\r\n"
        ));
        text.into_bytes()
    }

    fn own_headers(&self) -> String {
        match self.what {
            What::Watch(_) => format!(
                "Event: dialog\r\nAccept: application/dialog-info+xml\r\nExpires: {}\r\n",
                self.expires
            ),
            What::Register => format!("Expires: {}\r\n", self.expires),
            What::Ping => "Accept: application/sdp\r\n".to_owned(),
        }
    }

    /// A 2xx came: the dialog of a subscription is learnt, and when to ask again.
    pub(super) fn agreed(&mut self, response: &Message, sender: &Sender, now: DateTime<Utc>) {
        if matches!(self.what, What::Watch(_)) {
            self.learn(response, true);
        }
        let granted = match self.what {
            What::Register => registered_for(response, sender),
            What::Watch(_) | What::Ping => None,
        };
        let granted = granted.or_else(|| response.seconds("Expires")).unwrap_or(self.expires);
        self.refresh_within(granted, now);
    }

    /// Asks again after half of what is left.
    pub(super) fn refresh_within(&mut self, seconds: i64, now: DateTime<Utc>) {
        let half = seconds.clamp(SHORTEST_EXPIRES, LONGEST_EXPIRES) / 2;
        self.due = Some(now + TimeDelta::seconds(half));
    }

    /// Tag, target and routes of the other side, from a response to us or a request of theirs (RFC 3261, 12.1).
    pub(super) fn learn(&mut self, message: &Message, is_response: bool) {
        let header = if is_response { "To" } else { "From" };
        if self.remote_tag.is_some() && !is_response {
            return;
        }
        self.remote_tag = message.tag(header).map(str::to_owned).or(self.remote_tag.take());
        let contact = message
            .get("Contact")
            .map(|contact| super::address::Address::parse(contact).uri);
        if let Some(target) = contact.filter(|target| is_sip_uri(target)) {
            self.target = target;
        }
        self.routes = message
            .all("Record-Route")
            .flat_map(super::address::list)
            .map(str::to_owned)
            .collect();
        if is_response {
            self.routes.reverse();
        }
    }

    /// Begins anew, as if nothing had been agreed.
    pub(super) fn begin_again(&mut self, sender: &Sender, call_id: String, tag: String, due: DateTime<Utc>) {
        let expires = self.expires;
        *self = Task::new(self.what.clone(), sender, call_id, tag, due);
        self.expires = expires;
    }
}

impl Sender {
    /// Our contact: where we are seen from, so that requests find back through a router.
    pub(super) fn contact(&self) -> String {
        let transport = match self.protocol {
            "TCP" => ";transport=tcp",
            "TLS" => ";transport=tls",
            _ => "",
        };
        format!("sip:{}@{}{transport}", uri_user(&self.user), self.seen)
    }
}

/// How long our contact is registered: the parameter at our own among all that are listed.
fn registered_for(response: &Message, sender: &Sender) -> Option<i64> {
    let place = sender.seen.to_string();
    let ours = response
        .all("Contact")
        .flat_map(super::address::list)
        .find(|contact| contact.contains(&place))?;
    super::message::param(ours.rsplit('>').next()?, "expires")?.parse().ok()
}

fn is_sip_uri(uri: &str) -> bool {
    let sip = |scheme: &str| {
        uri.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    (sip("sip:") || sip("sips:")) && !uri.chars().any(|c| c.is_whitespace() || c.is_control() || c == '>')
}

/// What may not stand in the user part of a URI, escaped (RFC 3261, 25.1).
pub(super) fn uri_user(user: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()&=+$,;?/".contains(&byte);
    user.bytes()
        .map(|byte| {
            if plain(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}
