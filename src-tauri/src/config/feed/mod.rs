//! `[[feed]]`: one file a kind.

mod asterisk;
mod ddi;
mod read;
mod replay;
mod simulated;
mod sip;
mod webhook;

pub use asterisk::{AsteriskFeed, Dial, Tls};
pub use ddi::{Ddi, Trunk};
pub(super) use read::read_feeds;
pub use replay::ReplayFeed;
pub use simulated::{SimulatedFaults, SimulatedFeed};
pub use sip::{SipFeed, SipTransport};
pub use webhook::{Certificate, Numbers, SelfMade, WebhookFeed};

/// One `[[feed]]`: a connection to a phone system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its name, unique; call ids begin with it, so it should not be changed later.
    pub name: String,
    /// What it connects to.
    pub kind: FeedKind,
    /// `[[feed.ddi]]`: our numbers.
    pub ddi: Vec<Ddi>,
    /// `[[feed.trunk]]`: lines to the outside that write numbers in a way of their own.
    pub trunk: Vec<Trunk>,
}

impl Feed {
    /// A feed of which nothing more is known.
    #[must_use]
    pub fn new(name: &str, kind: FeedKind) -> Self {
        Feed {
            name: name.to_owned(),
            kind,
            ddi: Vec::new(),
            trunk: Vec::new(),
        }
    }
}

/// What a feed connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedKind {
    /// `kind = "asterisk"`: the Asterisk Manager Interface.
    Asterisk(AsteriskFeed),
    /// `kind = "sip"`: lines watched by SIP.
    Sip(SipFeed),
    /// `kind = "webhook"`: deliveries by HTTP.
    Webhook(WebhookFeed),
    /// `kind = "replay"`: a recording.
    Replay(ReplayFeed),
    /// `kind = "simulated"`: made-up calls.
    Simulated(SimulatedFeed),
}
