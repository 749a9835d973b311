//! From events to calls.

use chrono::{DateTime, Utc};

use super::event::{Cause, Endpoint};
use super::story::CallId;

/// A call that changed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallChange {
    /// The call; [`CallTracker::call`] has it as it is now.
    pub call: CallId,
    /// What happened to it.
    pub happened: Happened,
    /// When.
    pub at: DateTime<Utc>,
}

/// What can happen to a call, as far as anybody outside the tracker has to react.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It came into being.
    Began,
    /// A phone is being dialled.
    Offered(Endpoint),
    /// A phone rings.
    Ringing(Endpoint),
    /// A phone talks.
    Answered(Endpoint),
    /// It was put on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// More is known of the other side.
    PartyChanged,
    /// It went elsewhere, see [`Call::then`].
    Diverted,
    /// One phone is out of it.
    LegEnded(Endpoint, Cause),
    /// It is over.
    Ended,
}
