//! Phone systems. Whatever they send becomes [`CallEvent`]s; no wire format leaves this room.
//!
//! It does not know customers or what is shown. Each feed is a task that ends when its channel closes
//! or when it is aborted; none can stop another.

pub mod ami;
pub mod record;
pub mod replay;
pub mod simulated;
pub mod sip;
mod tap;
mod verstat;
pub mod webhook;

use std::pin::Pin;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use crate::call::{CallEvent, CallKey};
use crate::words::Saying;

/// Something a feed has to say, with the time it heard it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedSignal {
    /// Name of the feed in the configuration.
    pub feed: Arc<str>,
    /// When it was heard.
    pub at: DateTime<Utc>,
    /// What.
    pub what: Signal,
}

/// What a feed can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Something happened to a call.
    Event(CallEvent),
    /// Connected; events come from now on. Carries what the feed cannot tell, in words, when there is such a thing.
    Up {
        /// What to mend in the phone system so that the feed can tell all, for example withheld numbers.
        caveat: Option<Saying>,
    },
    /// The connection is gone and is tried again. Carries what was seen and what to do.
    Lost(Saying),
    /// The phone system refuses; it is tried again slowly, but somebody has to change something first.
    Refused(Saying),
    /// After a gap: the calls that the phone system still knows. All others of the feed are over.
    Resync(Vec<CallKey>),
}

pub use tap::{Piece, Tap};

/// Where feeds send to. Bounded: a feed waits when the desk is behind, and nothing is dropped.
pub type Signals = mpsc::Sender<FeedSignal>;

/// How many signals may wait for the desk.
pub const SIGNALS: usize = 1024;

/// A connection to a phone system.
pub trait Feed: Send {
    /// Name in the configuration, unique.
    fn name(&self) -> &str;

    /// Runs until the receiving side is closed. Never returns on an error of the phone system: it says
    /// [`Signal::Lost`] or [`Signal::Refused`] and tries again.
    fn run(self: Box<Self>, signals: Signals) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}
