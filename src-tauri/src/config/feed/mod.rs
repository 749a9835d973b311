//! `[[feed]]`: one file a kind.

mod asterisk;
mod read;
mod replay;
mod simulated;
mod webhook;

pub use asterisk::AsteriskFeed;
pub(super) use read::read_feeds;
pub use replay::ReplayFeed;
pub use simulated::{SimulatedFaults, SimulatedFeed};
pub use webhook::{Numbers, WebhookFeed};

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
    /// `kind = "replay"`: a recording.
    Replay(ReplayFeed),
    /// `kind = "simulated"`: made-up calls.
    Simulated(SimulatedFeed),
}
