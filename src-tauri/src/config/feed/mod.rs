//! `[[feed]]`: one file a kind.

mod asterisk;
mod read;
mod simulated;
mod webhook;

pub use asterisk::AsteriskFeed;
pub(super) use read::read_feeds;
pub use simulated::SimulatedFeed;
pub use webhook::{Numbers, SelfMade, Tls, WebhookFeed};

/// One `[[feed]]`: a connection to a phone system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its name, unique; call ids begin with it, so it should not be changed later.
    pub name: String,
    /// What it connects to.
    pub kind: FeedKind,
}

/// What a feed connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedKind {
    /// `kind = "asterisk"`: the Asterisk Manager Interface.
    Asterisk(AsteriskFeed),
    /// `kind = "webhook"`: deliveries by HTTP.
    Webhook(WebhookFeed),
    /// `kind = "simulated"`: made-up calls.
    Simulated(SimulatedFeed),
}
