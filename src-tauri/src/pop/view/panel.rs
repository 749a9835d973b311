//! Cards, missed calls, feeds, and the rows of the call log.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::facts::{CustomerView, PastNoteView, PopView};
use crate::call::{Direction, Outcome, TransferKind};
use crate::role::Act;
use crate::words::SentenceView;

/// The whole panel: one card a call, one line a missed call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PanelView {
    /// Calls of my lines, the newest first.
    pub cards: Vec<CardView>,
    /// Calls nobody answered, until dismissed, the newest first.
    pub missed: Vec<MissedView>,
    /// The call that was last taken away from my lines without my doing, and why.
    pub gone: Option<GoneView>,
    /// Health of every phone system connection.
    pub feeds: Vec<FeedView>,
    /// Nobody is to be disturbed: the panel does not come up by itself.
    pub quiet: Option<QuietView>,
    /// A fact that its source gave longer ago than this looks old, in seconds.
    #[ts(type = "number")]
    pub stale_after_seconds: i64,
}

/// Nobody is to be disturbed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuietView {
    /// Since when.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// Until when; until somebody ends it when absent.
    #[ts(type = "string | null")]
    pub until: Option<DateTime<Utc>>,
}

/// A call that is on my lines no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GoneView {
    /// The call.
    pub call: String,
    /// Why.
    pub reason: GoneReason,
    /// The colleague's extension, when one took it.
    pub by: Option<String>,
}

/// Why a call is on my lines no longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GoneReason {
    /// A colleague or another phone took it.
    AnsweredElsewhere,
    /// Nobody took it.
    Missed,
    /// It was refused here.
    Rejected,
    /// It was a consultation, and its two sides were joined with the caller.
    Joined,
    /// It rings elsewhere now, or nowhere.
    StoppedRinging,
}

/// How a call was passed to me.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverView {
    /// The colleague's extension, when the phone system tells.
    pub by: Option<String>,
    /// Whether the colleague spoke to me first.
    pub kind: TransferKind,
    /// What the colleague wrote about the call, when that is known here.
    pub note: Option<PastNoteView>,
}

/// One call in the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CardView {
    /// The call, as requests name it.
    pub call: String,
    /// What the line does.
    pub state: CardState,
    /// Who called whom.
    pub direction: Direction,
    /// When the state began; the timer counts from here.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// How long it was talked, once it ended, in seconds.
    #[ts(type = "number | null")]
    pub talked_seconds: Option<i64>,
    /// My extension that the call is on.
    pub line: String,
    /// The number that was called, or its label.
    pub called: String,
    /// The language that callers of that number are spoken to in, ISO 639-1.
    pub language: Option<String>,
    /// The queue it came through.
    pub queue: Option<String>,
    /// Who passed it to me.
    pub handed_over: Option<HandOverView>,
    /// What happened, once it ended.
    pub outcome: Option<Outcome>,
    /// Who it is and what is known.
    pub pop: PopView,
    /// The note of this call.
    pub note: NoteView,
    /// What the agent chose as the result of the call, one of the shop's codes.
    pub disposition: Option<String>,
    /// When the wrap-up closes by itself; absent while the call is on, and when somebody holds it open.
    #[ts(type = "string | null")]
    pub closes_at: Option<DateTime<Utc>>,
}

/// What the line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// The phone rings.
    Ringing,
    /// An outgoing call that is not answered yet.
    Dialling,
    /// Two people talk.
    Talking,
    /// The call is on hold.
    Held,
    /// The call ended and the note is still open.
    WrapUp,
    /// The feed was lost while the call was on: the state may be old.
    Unsure,
}

/// The note of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteView {
    /// The text as it is in the journal.
    pub text: String,
    /// When it became durable; absent when nothing was written yet.
    #[ts(type = "string | null")]
    pub saved_at: Option<DateTime<Utc>>,
}

/// A call nobody answered, in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MissedView {
    /// The call.
    pub call: String,
    /// Who, as far as known.
    pub name: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The number as people write it; absent when withheld.
    pub number: Option<String>,
    /// When it began to ring.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// How long it rang, in seconds.
    #[ts(type = "number")]
    pub rang_seconds: i64,
}

/// Health of one connection to a phone system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FeedView {
    /// Its name in the configuration.
    pub name: String,
    /// How it is.
    pub health: FeedHealth,
    /// Since when.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// What is wrong and what to do, when something is.
    pub said: Vec<SentenceView>,
}

/// How a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FeedHealth {
    /// Not connected yet.
    Starting,
    /// Connected and heard.
    Up,
    /// The connection is gone; it is tried again.
    Lost,
    /// It cannot work until somebody changes something, for example a wrong password.
    Refused,
}

/// One line of the call log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CallLogRow {
    /// The call.
    pub call: String,
    /// When it began.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who called whom.
    pub direction: Direction,
    /// The other side's number as people write it; absent when withheld.
    pub number: Option<String>,
    /// The customer it was logged for.
    pub customer: Option<CustomerView>,
    /// The number that was called.
    pub called: String,
    /// My extensions that rang.
    pub rang: Vec<String>,
    /// Who answered: an extension or, for an outgoing call, the number.
    pub answered_by: Option<String>,
    /// What happened; absent while the call is on, or when Ringside stopped before it ended.
    pub outcome: Option<Outcome>,
    /// Whether the call is still on.
    pub on: bool,
    /// Seconds talked.
    #[ts(type = "number | null")]
    pub talked_seconds: Option<i64>,
    /// What the agent chose as the result, one of the shop's codes.
    pub disposition: Option<String>,
    /// The note.
    pub note: String,
}

/// Something the person at the screen has to be told at the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StartNotice {
    /// The code that opens the journal when the keyring or the passphrase is lost. It is shown this once.
    RecoveryCode {
        /// To be written down, in groups.
        code: String,
    },
    /// There is no place for a key: nothing is kept after this run.
    ThisRunOnly,
    /// Something that does not work here, and what to do.
    Said {
        /// What.
        said: Vec<SentenceView>,
    },
    /// Somebody was erased at this start.
    Erased {
        /// What they are called in the audit trail from now on.
        pseudonym: String,
        /// How many rows are gone.
        #[ts(type = "number")]
        gone: u64,
        /// How many stay without who it was.
        #[ts(type = "number")]
        stay: u64,
        /// Nothing of it is left in the bytes of the files; `false` while another command reads them.
        finished: bool,
        /// Files of the home folder that somebody has to look into.
        files: Vec<String>,
    },
    /// An erasure was begun before and could not be done at this start.
    NotErased {
        /// Why, and what to do.
        said: Vec<SentenceView>,
    },
}

impl StartNotice {
    /// What whoever is told has to be allowed to do: the recovery code is for whoever sets things up, and what became of
    /// an erasure for whoever may ask for one.
    #[must_use]
    pub fn is_for(&self) -> Act {
        match self {
            StartNotice::RecoveryCode { .. } | StartNotice::ThisRunOnly | StartNotice::Said { .. } => Act::Settings,
            StartNotice::Erased { .. } | StartNotice::NotErased { .. } => Act::Team,
        }
    }
}
