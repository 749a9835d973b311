//! What a pasted webhook request would do.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SentenceView;
use super::facts::PopView;
use crate::call::{Cause, Direction, QueueOutcome, Side, TransferKind};

/// What was found out about a request. Nothing of it happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WebhookTrialView {
    /// Whether it is from whom it says.
    pub proof: ProofView,
    /// Which check failed or what is not set, and what to do.
    pub proof_detail: Vec<SentenceView>,
    /// What it says of a call, also when it is not believed.
    pub events: Vec<EventView>,
    /// Why it says nothing, and what to do; empty where it says something.
    pub trouble: Vec<SentenceView>,
    /// Who would be shown, when it says who calls.
    pub caller: Option<PopView>,
    /// Whether one of my extensions takes part; else the panel stays away.
    pub mine: bool,
}

/// Whether a request is from whom it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProofView {
    /// The token and the signature are right.
    Signed,
    /// The token is right; the format has no signature.
    TokenOnly,
    /// A check failed.
    Failed,
    /// Something is not set without which it cannot be checked.
    Unset,
}

/// One thing that a phone system told of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventView {
    /// The phone system's name for the call.
    pub call: String,
    /// What happened.
    pub what: WhatView,
}

/// What happened to a call. A phone is an extension, a number outside, or the phone system's name for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhatView {
    /// It began.
    Began {
        /// From where to where.
        direction: Direction,
        /// The other side's number as it came; absent when withheld.
        number: Option<String>,
        /// The display name.
        name: Option<String>,
        /// The number that was dialled, as it came.
        called: Option<String>,
        /// Our phone that began it.
        origin: Option<String>,
    },
    /// A phone is being dialled.
    Offered {
        /// Which.
        phone: String,
    },
    /// A phone is asked about the call.
    Consulted {
        /// Which.
        phone: String,
        /// By which extension.
        by: String,
    },
    /// A phone rings.
    Ringing {
        /// Which.
        phone: String,
    },
    /// A phone took it.
    Answered {
        /// Which.
        phone: String,
    },
    /// It is on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// More is known of the other side.
    PartyChanged {
        /// The number as it came; absent when withheld.
        number: Option<String>,
        /// The display name.
        name: Option<String>,
    },
    /// It waits in a queue.
    Queued {
        /// Which.
        queue: String,
    },
    /// It waits no longer.
    Unqueued {
        /// Why.
        outcome: QueueOutcome,
    },
    /// It was passed on.
    Transferred {
        /// How.
        how: TransferKind,
        /// By which extension.
        by: Option<String>,
        /// Where to.
        to: Option<String>,
    },
    /// It went to a voice mailbox.
    Voicemail,
    /// A phone is out of it.
    LegEnded {
        /// Which.
        phone: String,
        /// Why.
        cause: Cause,
    },
    /// It is over.
    Ended {
        /// Why.
        cause: Cause,
        /// Who ended it.
        by: Option<Side>,
    },
}
