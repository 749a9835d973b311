//! The page of the day: what was promised, who is to be rung back, and what was done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CallLogRow, CustomerView, GivenView, TaskKind};

/// Everything of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TodayView {
    /// What is to be done, the first due first: mine and that of everybody.
    pub tasks: Vec<TaskView>,
    /// Callers whom nobody reached, whoever called first at the beginning.
    pub missed: Vec<MissedPersonView>,
    /// How many others called in vain today and were reached since.
    pub reached: u32,
    /// The calls of today at my extensions, the newest first.
    pub calls: Vec<CallLogRow>,
    /// Calls that I answered in the last days and that have neither a result nor a note, the newest first.
    pub unfinished: Vec<CallLogRow>,
}

/// A follow-up or a callback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaskView {
    /// Its number, as requests name it.
    #[ts(type = "number")]
    pub id: i64,
    /// What there is to do.
    pub todo: TaskKind,
    /// What was promised; may be empty.
    pub text: String,
    /// For whom, when it is known.
    pub customer: Option<CustomerView>,
    /// The number to ring; absent when there is none.
    pub number: Option<String>,
    /// When.
    #[ts(type = "string")]
    pub due: DateTime<Utc>,
    /// When it was planned.
    #[ts(type = "string")]
    pub planned: DateTime<Utc>,
    /// Whose extension it was planned at.
    pub line: String,
    /// Whether that is one of mine.
    pub mine: bool,
}

/// A caller whom nobody reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MissedPersonView {
    /// Their last call, as requests name them.
    pub call: String,
    /// Who, when it is known.
    pub customer: Option<CustomerView>,
    /// The number to ring.
    pub number: String,
    /// When they called first.
    #[ts(type = "string")]
    pub first: DateTime<Utc>,
    /// When they called last.
    #[ts(type = "string")]
    pub last: DateTime<Utc>,
    /// How often they called.
    pub times: u32,
    /// Seconds they waited in the last call.
    #[ts(type = "number")]
    pub waited_seconds: i64,
    /// How often somebody rang back without an answer.
    pub tried: u32,
    /// Who is to ring back, when they were given to somebody.
    pub given: Option<GivenView>,
}
