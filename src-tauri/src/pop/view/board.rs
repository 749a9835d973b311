//! The live board: what every phone does now, who waits, and who called in vain.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MissedPersonView;

/// The whole board at one moment. What is counted over the day is in a report of that day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct BoardView {
    /// Of when it is.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Within how many seconds a call should be answered.
    pub target_seconds: u32,
    /// How many of a hundred calls should be.
    pub goal_percent: u32,
    /// Everybody who has a name in the settings, and every extension that was heard of today; the busy ones first.
    pub agents: Vec<AgentView>,
    /// Callers whom nobody talks to yet, the longest wait first.
    pub waiting: Vec<WaitingView>,
    /// Callers whom nobody reached, whoever called first at the beginning.
    pub missed: Vec<BoardMissedView>,
    /// How many others called in vain today and were reached since.
    pub reached: u32,
    /// Of these, how many last waited in each queue; and every other queue that somebody waits in or called in vain.
    pub queues: Vec<BoardQueueView>,
}

/// When a phone system said anything last, be it of a call or in answer to a question whether it is still there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FeedHeardView {
    /// Its name in the configuration.
    pub feed: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
}

/// One of our phones and who sits at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AgentView {
    /// The extension.
    pub extension: String,
    /// Who sits there, when the settings say it.
    pub name: Option<String>,
    /// What the phone does.
    pub state: AgentState,
    /// Since when; absent where that is not known.
    #[ts(type = "string | null")]
    pub since: Option<DateTime<Utc>>,
    /// With whom, while a call is on or is being wrapped up.
    pub with: Option<WithView>,
}

/// What an agent does, as far as it is known. The order is that of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// In a call that is not on hold.
    Talking,
    /// In a call that is on hold.
    Held,
    /// Waits for somebody to answer.
    Dialling,
    /// The phone rings.
    Ringing,
    /// The call is over, its card still open. Known of the phones of this desk alone.
    WrapUp,
    /// Nobody is to be disturbed. Known of the phones of this desk alone.
    DoNotDisturb,
    /// No call is on the phone.
    Free,
    /// Nothing was heard of the phone today, or the phone system cannot be heard.
    Unknown,
}

/// The other side of a call, for whoever looks at it from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WithView {
    /// The customer, or the name that came with the call.
    pub name: Option<String>,
    /// The company, where it is not the name.
    pub company: Option<String>,
    /// The number; absent when it was withheld.
    pub number: Option<String>,
    /// The customer, as requests name them.
    pub customer: Option<String>,
    /// A colleague's extension.
    pub extension: Option<String>,
}

/// A caller who waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitingView {
    /// The call.
    pub call: String,
    /// Since when.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// The queue that it last waited in; absent where a phone rings without one.
    pub queue: Option<String>,
    /// The extensions that ring for it.
    pub ringing: Vec<String>,
    /// Who.
    pub caller: WithView,
}

/// A queue of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardQueueView {
    /// Its name.
    pub queue: String,
    /// How many called there in vain today and were reached since.
    pub reached: u32,
}

/// A caller whom nobody reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardMissedView {
    /// Who, and how often.
    pub person: MissedPersonView,
    /// The queue that their last call waited in; absent where it waited in none.
    pub queue: Option<String>,
    /// The extension that talks to them now.
    pub talks_with: Option<String>,
}

/// To whom a missed caller was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GivenView {
    /// The extension.
    pub line: String,
    /// Who sits there, when the settings say it.
    pub name: Option<String>,
    /// By when they are to be called.
    #[ts(type = "string")]
    pub due: DateTime<Utc>,
}
