//! The log of all calls as a supervisor reads it: rows that a filter lets through, and the story of one call.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    CallLogRow, Direction, OfferAnswer, Outcome, PeriodView, TaskKind, TicketKind, TicketState, Trust, VerdictKind,
    WhatView,
};

/// Which calls the log has; what is left empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct LogFilter {
    /// When they began.
    pub period: Option<PeriodView>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// What happened.
    pub outcome: Option<Outcome>,
    /// One of our extensions that took part.
    pub agent: String,
    /// The queue that they last waited in.
    pub queue: String,
    /// What the agent chose as the result, one of the shop's codes.
    pub disposition: String,
    /// The customer, `source/key`.
    pub customer: String,
    /// Whether the number is that of one customer.
    pub matched: Option<bool>,
    /// The mark that a supervisor gave.
    pub marked: Option<Mark>,
    /// Words of the note, by their beginnings, all of them.
    pub words: String,
}

/// What a supervisor marks a call as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// To be talked over with the agent.
    Coaching,
    /// Looked at, and done with.
    Reviewed,
}

/// What the filters of the log can choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogChoicesView {
    /// Every extension of ours that stands in the journal.
    pub agents: Vec<String>,
    /// Every queue.
    pub queues: Vec<String>,
}

/// One call of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LogRowView {
    /// As the agents' log has it.
    pub row: CallLogRow,
    /// The queue that it last waited in.
    pub queue: Option<String>,
    /// Our extensions that talked, in that order.
    pub talked: Vec<String>,
    /// The attestation that the phone system passed on.
    pub trust: Trust,
    /// What the number said when the call came; absent where nobody was asked.
    pub verdict: Option<VerdictKind>,
    /// An agent said of whom it was with.
    pub said: bool,
    /// Seconds until somebody answered, or until it was over.
    #[ts(type = "number | null")]
    pub wait_seconds: Option<i64>,
    /// Products that were suggested.
    pub offered: u32,
    /// Of these, accepted.
    pub accepted: u32,
    /// What a supervisor marked it as.
    pub mark: Option<Mark>,
    /// How many comments it has.
    pub comments: u32,
}

/// One call with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StoryView {
    /// The call.
    pub call: LogRowView,
    /// Whether every step was written down when it happened; else the story is put together from who rang and who talked.
    pub told: bool,
    /// What happened and what was said of it, the oldest first.
    pub entries: Vec<StoryEntryView>,
    /// The calls in which an agent talked a transfer of this one over, and those that this one was talked over for.
    pub others: Vec<OtherCallView>,
    /// What supervisors wrote about it, the oldest first.
    pub comments: Vec<CommentView>,
    /// Every mark that it was given, the oldest first.
    pub marks: Vec<MarkView>,
}

/// One thing of a call's story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoryEntryView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// At which of our extensions it was said; absent where that is not known, or where nobody said it.
    pub line: Option<String>,
    /// What.
    pub what: StoryWhat,
}

/// What happened in a call or was said of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StoryWhat {
    /// On the phone.
    Phone {
        /// What happened.
        event: WhatView,
        /// How long that lasted, in seconds; absent where it is a moment, or where its end is not known.
        #[ts(type = "number | null")]
        seconds: Option<i64>,
    },
    /// What the number alone said, before anybody said otherwise.
    Matched {
        /// The verdict.
        verdict: VerdictKind,
        /// The customer it was logged for then.
        customer: Option<String>,
    },
    /// An agent said whom the call was with, or took that back.
    Said {
        /// How.
        word: SaidKind,
        /// Whom it is with by that word.
        customer: Option<String>,
        /// Who stood there until then.
        before: Option<String>,
    },
    /// The note as it stands.
    Note {
        /// The text.
        text: String,
        /// What it said before, the newest first.
        earlier: Vec<NoteTextView>,
    },
    /// What a colleague wrote before passing the call on.
    Handed {
        /// The text.
        text: String,
    },
    /// The result that the agent chose, one of the shop's codes.
    Disposition {
        /// The code.
        code: String,
    },
    /// A product was suggested.
    Offer {
        /// Its name.
        product: String,
        /// What was answered.
        answer: OfferAnswer,
    },
    /// Something to do was planned.
    Task {
        /// What.
        todo: TaskKind,
        /// What was promised; may be empty.
        text: String,
        /// For when.
        #[ts(type = "string")]
        due: DateTime<Utc>,
        /// When it was done.
        #[ts(type = "string | null")]
        done: Option<DateTime<Utc>>,
    },
    /// A ticket was opened.
    Ticket {
        /// Its number.
        #[ts(type = "number")]
        id: i64,
        /// What it is about.
        about: TicketKind,
        /// How far it is now.
        state: TicketState,
        /// In a few words; may be empty.
        subject: String,
    },
}

/// How an agent said whom a call was with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SaidKind {
    /// This customer, in this call.
    Chosen,
    /// The number is this customer's from now on.
    Linked,
    /// The customer is new.
    Created,
    /// What was said was wrong.
    TakenBack,
}

/// What a note said at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteTextView {
    /// The text.
    pub text: String,
    /// When it was written.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// At which extension; empty where that was not written down.
    pub line: String,
}

/// Another call that has to do with a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherCallView {
    /// The call.
    pub call: String,
    /// Whether the other one is the caller's, and this one the consultation.
    pub goes_on: bool,
    /// Who passed it on.
    pub by: Option<String>,
    /// To whom.
    pub to: Option<String>,
}

/// What a supervisor wrote about a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommentView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Their name, or else where they sat; empty where neither is known.
    pub by: String,
    /// The text.
    pub text: String,
}

/// A mark that a call was given, or that was taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarkView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who gave it: a name, or else where they sat; empty where neither is known.
    pub by: String,
    /// Which; absent where it was taken away.
    pub mark: Option<Mark>,
}
