//! Where customer data comes from, and how it stands.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::SentenceView;

/// A source of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceView {
    /// Its name.
    pub name: String,
    /// What it does.
    pub state: SourceState,
    /// The stream that is being read, the source's own word.
    pub stream: Option<String>,
    /// Records of it so far.
    #[ts(type = "number")]
    pub done: u64,
    /// Records of it in all, where the source says so.
    #[ts(type = "number | null")]
    pub total: Option<u64>,
    /// Customers that it gave.
    #[ts(type = "number")]
    pub customers: u64,
    /// When it was last read to its end: as old is what it gave.
    #[ts(type = "string | null")]
    pub checked: Option<DateTime<Utc>>,
    /// Why the last run did not come to its end, or what it waits for; empty when nothing is wrong.
    pub trouble: Vec<SentenceView>,
    /// When it is read next; absent when only a person's word does that.
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
    /// What it no longer has and what was kept until a person says that it may go.
    pub held: Vec<HeldView>,
}

/// What a source does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SourceState {
    /// It is read when its time comes.
    Idle,
    /// It is being read.
    Running,
    /// It does not answer, or asked for time; it is tried again.
    Waiting,
    /// The last run did not come to its end; the data before it stays.
    Failed,
}

/// A call that is to be written into its source and is not there as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UnwrittenView {
    /// Its name, for a word about it.
    #[ts(type = "number")]
    pub id: i64,
    /// The call.
    pub call: String,
    /// The source.
    pub source: String,
    /// The customer's lasting reference.
    pub customer: String,
    /// The customer's name of that day; empty when the call is no longer known.
    pub name: String,
    /// When the call began.
    #[ts(type = "string | null")]
    pub began: Option<DateTime<Utc>>,
    /// The source has it, but not what was written since.
    pub is_there: bool,
    /// Why it was not written; empty while nothing went wrong.
    pub trouble: Vec<SentenceView>,
    /// It is not tried again until a person says so.
    pub waits_for_you: bool,
    /// When it is tried next.
    #[ts(type = "string | null")]
    pub next: Option<DateTime<Utc>>,
}

/// Records of one stream that wait for a person's word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldView {
    /// The stream, the source's own word.
    pub stream: String,
    /// How many.
    #[ts(type = "number")]
    pub records: u64,
}
