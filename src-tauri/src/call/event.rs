//! What a phone system can tell about a call, in the field's words. Every feed speaks only this.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The phone system's own name for a call, unique within its feed. For Asterisk the `Uniqueid` of
/// the channel that began it, for a webhook the provider's call or session id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CallKey(pub String);

/// The phone system's own name for one dialled phone, unique within its feed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LegKey(pub String);

/// One of our own extensions, as the phone system writes it, for example `101`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub String);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From outside to us.
    In,
    /// From us to the outside.
    Out,
    /// Between two of our own phones.
    Internal,
}

/// The attestation of the calling number (STIR/SHAKEN, ATIS-1000074), passed on and not checked here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// Full attestation: the carrier knows the customer and the number.
    Verified,
    /// Partial or gateway attestation, level B.
    NotVerifiedB,
    /// Gateway attestation, level C.
    NotVerifiedC,
    /// The check failed.
    Failed,
    /// The phone system said nothing about it.
    #[default]
    Unknown,
}

/// Whether the other side lets its number be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presentation {
    /// The number may be shown.
    Allowed,
    /// The caller withheld the number (CLIR, RFC 3323 `Privacy: id`).
    Restricted,
    /// The feed cannot tell.
    #[default]
    Unknown,
}

/// The other side of a call as the phone system gives it. Nothing here was looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The number exactly as it came, empty when none came.
    pub number: String,
    /// The display name, empty when none came.
    pub name: String,
    /// Whether the number may be shown. When restricted, `number` must not be used.
    pub presentation: Presentation,
    /// The attestation that came with the number.
    pub trust: Trust,
    /// The attestation in the phone system's words, for example `TN-Validation-Passed`; empty when none came.
    pub verstat: String,
}

/// Who is dialled.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Endpoint {
    /// One of our phones.
    Line(Line),
    /// A number outside.
    Outside(String),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Endpoint::Line(Line(text)) | Endpoint::Outside(text) => f.write_str(text),
        }
    }
}

/// Why a leg or a call ended, reduced from Q.850 and SIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Somebody hung up in the ordinary way (Q.850 16).
    Normal,
    /// The phone said busy (Q.850 17, SIP 486); after ringing this is a rejection.
    Busy,
    /// It rang until the time was up (Q.850 18, 19, SIP 408, 480).
    NoAnswer,
    /// The caller gave up while it rang (SIP CANCEL).
    Cancelled,
    /// Another phone took the call (Q.850 26).
    AnsweredElsewhere,
    /// Refused by the person called (Q.850 21, SIP 603).
    Rejected,
    /// The phone could not be reached (Q.850 1, 3, 20, 27, SIP 404).
    Unreachable,
    /// No hang-up was ever heard; the call was closed because the feed no longer knows it or by age.
    Stale,
    /// Anything else.
    Other,
}

/// Who ended a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who began it, from outside or, in an internal call, the colleague.
    Caller,
    /// The agent.
    Agent,
    /// The person outside that an agent had dialled.
    Callee,
    /// The phone system.
    Pbx,
    /// Nobody: it was a consultation, and its two sides were joined with another call.
    Transfer,
}

/// How an agent passed a call on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// Without speaking to the colleague first (RFC 5589, section 5).
    Blind,
    /// After speaking to the colleague (RFC 5589, section 7).
    Attended,
    /// The colleague was called first, but the agent left while it still rang; also semi-attended.
    Blonde,
}

/// By whom a call was passed to whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Transfer {
    /// How.
    pub kind: TransferKind,
    /// The agent who passed it on, when the phone system tells.
    pub by: Option<Line>,
    /// Where it went.
    pub to: Option<Endpoint>,
    /// The call in which the agent spoke to the colleague first, when that was a call of its own.
    pub consultation: Option<CallKey>,
}

/// How a call left a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueOutcome {
    /// An agent took it.
    Answered,
    /// The caller hung up while waiting.
    Abandoned,
    /// Nobody took it in time, or there was nobody: it went on elsewhere.
    TimedOut,
}

/// Where a call that no agent answered went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// To a voice mailbox.
    Voicemail,
}

/// One thing that happened. Events may come twice, late, or not at all; the tracker bears it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CallEvent {
    /// A call came into being.
    Began {
        /// The call.
        call: CallKey,
        /// From where to where.
        direction: Direction,
        /// The person outside; in an internal call the colleague who dialled.
        remote: Party,
        /// The number that was dialled, as it came.
        called: String,
        /// The trunk it came over, when the phone system tells.
        trunk: Option<String>,
        /// Our phone that began it, for outgoing and internal calls.
        origin: Option<Line>,
    },
    /// A phone is being dialled.
    Offered {
        /// The call.
        call: CallKey,
        /// The dialled phone.
        leg: LegKey,
        /// Who that is.
        to: Endpoint,
    },
    /// The dialled phone is consulted by an agent about the call: until it is transferred, whoever answers
    /// there speaks to the agent and not to the other side. Only where the consultation is no call of its own.
    Consulted {
        /// The call.
        call: CallKey,
        /// The dialled phone.
        leg: LegKey,
        /// The agent who asks.
        by: Line,
    },
    /// The dialled phone rings.
    Ringing {
        /// The call.
        call: CallKey,
        /// The dialled phone.
        leg: LegKey,
    },
    /// The dialled phone talks to the other side.
    Answered {
        /// The call.
        call: CallKey,
        /// The dialled phone.
        leg: LegKey,
    },
    /// An agent put the call on hold.
    Held {
        /// The call.
        call: CallKey,
    },
    /// The call is off hold.
    Resumed {
        /// The call.
        call: CallKey,
    },
    /// More is known of the other side than when the call began.
    PartyChanged {
        /// The call.
        call: CallKey,
        /// All that is known now.
        remote: Party,
    },
    /// The call waits in a queue.
    Queued {
        /// The call.
        call: CallKey,
        /// The queue, as the phone system names it.
        queue: String,
    },
    /// The call waits no longer.
    Unqueued {
        /// The call.
        call: CallKey,
        /// Why.
        outcome: QueueOutcome,
    },
    /// An agent passed the call on. The phones that take part from then on are told as legs of this call,
    /// [`CallEvent::Offered`] and [`CallEvent::Answered`], also those that rang in a consultation.
    Transferred {
        /// The call that goes on: the original caller's.
        call: CallKey,
        /// By whom to whom.
        transfer: Transfer,
    },
    /// The phone system sent the call elsewhere.
    Diverted {
        /// The call.
        call: CallKey,
        /// Where to.
        then: Then,
    },
    /// A phone is out of the call.
    LegEnded {
        /// The call.
        call: CallKey,
        /// The dialled phone; or the phone of ours that began the call, which is named like the call.
        leg: LegKey,
        /// Why.
        cause: Cause,
    },
    /// The call is over.
    Ended {
        /// The call.
        call: CallKey,
        /// Why.
        cause: Cause,
        /// Who ended it, when the phone system tells.
        by: Option<Side>,
    },
}

impl CallEvent {
    /// The call that the event is about.
    #[must_use]
    pub fn call(&self) -> &CallKey {
        match self {
            CallEvent::Began { call, .. }
            | CallEvent::Offered { call, .. }
            | CallEvent::Consulted { call, .. }
            | CallEvent::Ringing { call, .. }
            | CallEvent::Answered { call, .. }
            | CallEvent::Held { call }
            | CallEvent::Resumed { call }
            | CallEvent::PartyChanged { call, .. }
            | CallEvent::Queued { call, .. }
            | CallEvent::Unqueued { call, .. }
            | CallEvent::Transferred { call, .. }
            | CallEvent::Diverted { call, .. }
            | CallEvent::LegEnded { call, .. }
            | CallEvent::Ended { call, .. } => call,
        }
    }
}
