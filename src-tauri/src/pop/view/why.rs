//! Why a call did or did not pop: what was heard, what was made of it, and what was decided.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::facts::{CustomerView, Grade, ReasonView, VerdictKind};
use super::health::UnreadableView;
use super::panel::FeedHealth;
use super::suggestion::{GuardView, SilencedView};
use super::trial::WhatView;
use crate::call::Cause;

/// The answer to "why did it (not) pop?", with everything it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct WhyView {
    /// The call; absent when no such call was heard.
    pub call: Option<String>,
    /// The feed that told of it.
    pub feed: Option<String>,
    /// When it was first heard of.
    #[ts(type = "string | null")]
    pub at: Option<DateTime<Utc>>,
    /// The other side's number as people write it; absent when withheld or not known.
    pub number: Option<String>,
    /// The customer it was logged for.
    pub customer: Option<CustomerView>,
    /// The answer.
    pub answer: AnswerView,
    /// What happened, the oldest first; empty when the trace is gone.
    pub steps: Vec<StepView>,
    /// Steps that were left out because there were too many.
    pub left_out: u32,
}

/// Why, in one word with what belongs to it. Each says what to do first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum AnswerView {
    /// It popped.
    Popped {
        /// At my extension.
        line: String,
        /// Who it was found to be.
        verdict: VerdictKind,
        /// Why its number could not be read.
        unreadable: Option<UnreadableView>,
        /// From the phone system's word to the panel's, in microseconds.
        took_us: Option<u32>,
    },
    /// It popped as one more card beside the call that stood open.
    Beside {
        /// At my extension.
        line: String,
    },
    /// The panel comes up when a call is answered, and this one was not answered here.
    Waited {
        /// At my extension.
        line: String,
    },
    /// Nobody was to be disturbed, so the panel did not come up.
    Quiet {
        /// At my extension.
        line: String,
    },
    /// No extension is mine.
    NoLines,
    /// It was for other extensions.
    NotMine {
        /// Those that were dialled.
        dialled: Vec<String>,
        /// Mine.
        mine: Vec<String>,
    },
    /// It was dialled to me and my phone did not ring.
    NotRung {
        /// My extension.
        line: String,
        /// What the phone system said; absent while it is still dialled.
        cause: Option<Cause>,
    },
    /// It was answered or over when it was first heard of.
    OverBefore {
        /// My extension.
        line: String,
    },
    /// It stands in the call log, but its trace is not kept any more.
    NotTraced {
        /// The extensions that rang.
        rang: Vec<String>,
        /// Mine.
        mine: Vec<String>,
    },
    /// Ringside did not run at that time.
    NotRunning {
        /// When it last did.
        #[ts(type = "string")]
        since: DateTime<Utc>,
    },
    /// The phone system was not connected at that time.
    FeedDown {
        /// Its feed.
        feed: String,
        /// How it was.
        health: FeedHealth,
        /// Since when.
        #[ts(type = "string")]
        since: DateTime<Utc>,
        /// What was wrong and what to do. English: it quotes the phone system.
        detail: Option<String>,
    },
    /// The phone systems were connected, and none told of such a call.
    NotHeard {
        /// Their feeds.
        feeds: Vec<String>,
    },
    /// Ringside has traced nothing so far.
    NothingTraced,
}

/// What one word of the phone system led to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct StepView {
    /// When it was heard.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What the phone system told; absent when time or a person led to it.
    pub event: Option<WhatView>,
    /// What the feed heard, as text.
    pub raw: Option<String>,
    /// What the feed heard is not kept, because the caller withheld the number.
    pub hidden: bool,
    /// What changed of the call; empty when all of it was known, or it waits for what it refers to.
    pub changes: Vec<ChangeView>,
    /// Who it was found to be, when it was looked up.
    pub looked: Option<LookedView>,
    /// What was decided for each of my extensions, when that was decided anew.
    pub decisions: Vec<DecisionView>,
    /// What the panel was told.
    pub told: Option<ToldView>,
    /// How long it took.
    pub timings: TimingsView,
}

/// What changed of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeView {
    /// What.
    pub what: ChangeKind,
    /// The phone that it is about.
    pub phone: Option<String>,
}

/// The kinds of change that the tracker tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It came into being.
    Began,
    /// A phone is dialled.
    Offered,
    /// A phone is consulted.
    Consulted,
    /// A phone rings.
    Ringing,
    /// A phone talks.
    Answered,
    /// On hold.
    Held,
    /// Off hold.
    Resumed,
    /// More is known of the other side.
    PartyChanged,
    /// It waits in a queue, or no longer.
    Queue,
    /// It was passed on.
    Transferred,
    /// It went to a mailbox.
    Diverted,
    /// A phone is out of it.
    LegEnded,
    /// It is over.
    Ended,
}

/// How the caller was looked up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LookedView {
    /// The number as it came; absent when withheld.
    pub number: Option<String>,
    /// The country in which a number without a country code was read, ISO 3166 alpha-2.
    pub region: Option<String>,
    /// How it was read, in the order tried.
    pub readings: Vec<ReadingView>,
    /// Why it could not be read.
    pub unreadable: Option<UnreadableView>,
    /// The verdict.
    pub verdict: VerdictKind,
    /// Whose number it is; at most twenty.
    pub candidates: Vec<TracedCandidate>,
    /// How many more.
    pub more: u32,
    /// The agent chose among them.
    pub chosen: bool,
    /// What was thought of and not suggested, and which guard silenced it.
    #[serde(default)]
    pub silenced: Vec<SilencedView>,
    /// Guards that are off, because neither the data nor the settings know anything for them.
    #[serde(default)]
    pub guards_off: Vec<GuardView>,
}

/// One way to read the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReadingView {
    /// The number in E.164 with its plus, or the extension.
    pub number: String,
    /// As what it was read.
    pub read_as: ReadAs,
    /// How many customers have it.
    pub holders: u32,
}

/// As what a number was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadAs {
    /// It carried its country code.
    International,
    /// The country was supplied.
    National,
    /// The country's numbering plan was repaired.
    Repaired,
    /// The home's area code was supplied.
    NoArea,
    /// Italy's 0 was supplied.
    NoZero,
    /// Brazil's ninth digit was supplied.
    NoNinth,
    /// A national number of some country.
    NoCountry,
    /// Without a first digit that may be an outside-line prefix.
    Outside,
    /// An extension of the phone system.
    Extension,
}

/// Somebody who has the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TracedCandidate {
    /// Who.
    pub customer: CustomerView,
    /// How surely.
    pub grade: Grade,
    /// Why that grade.
    pub reason: ReasonView,
    /// The extension stored with the number.
    pub ext: Option<String>,
}

/// What was decided for one of my extensions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecisionView {
    /// My extension; absent when none of mine takes part.
    pub line: Option<String>,
    /// Whether a card of the call is in the panel.
    pub shown: bool,
    /// Why.
    pub why: DecisionKind,
    /// The extension or call that it is about: who took it, which call stands open, which phones were dialled.
    pub by: Option<String>,
}

/// Why a call is or is not in the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// It has a card, and the panel is up.
    Shown,
    /// It has a card; another call that is more urgent stands open.
    Beside,
    /// It has a card; the panel comes up when the call is answered.
    Waits,
    /// It has a card; the panel did not come up, because nobody was to be disturbed.
    Quiet,
    /// The call is over for me; its note is open.
    WrapUp,
    /// It is shown at another extension of mine.
    OtherLine,
    /// No extension is mine.
    NoLines,
    /// Other extensions were dialled.
    NotMine,
    /// My extension is dialled and does not ring yet.
    NotRinging,
    /// My phone was busy, refused, or could not be reached: it never rang.
    NotRung,
    /// A colleague took it.
    AnsweredElsewhere,
    /// Nobody took it: it became a line among the missed calls.
    Missed,
    /// It was refused here.
    Rejected,
    /// It rings elsewhere now, or nowhere.
    StoppedRinging,
    /// A consultation whose two sides were joined with the caller.
    Joined,
    /// It was answered or over when it was first heard of.
    OverBefore,
    /// Its wrap-up is done.
    Closed,
}

/// What the panel was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ToldView {
    /// To come up.
    ComesUp,
    /// What changed.
    Changes,
    /// To go away.
    GoesAway,
}

/// How long each part took, in microseconds; absent where it did not take place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TimingsView {
    /// From the phone system's word until the desk took it up.
    pub waited_us: Option<u32>,
    /// Applying it to the call.
    pub tracker_us: Option<u32>,
    /// Finding out who it is, and what is known of them.
    pub lookup_us: Option<u32>,
    /// Telling the panel.
    pub panel_us: Option<u32>,
    /// All of it, without the waiting.
    pub whole_us: Option<u32>,
}
