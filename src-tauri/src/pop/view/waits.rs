//! How callers waited in the last hour.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The last hour, minute by minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LastHourView {
    /// When the first minute began.
    #[ts(type = "string")]
    pub from: DateTime<Utc>,
    /// Within how many seconds a call should be answered.
    pub target_seconds: u32,
    /// Every minute, the one that goes on at the end.
    pub minutes: Vec<WaitsView>,
    /// All of them together; every caller is counted once.
    pub all: WaitsView,
}

/// Who waited in a minute, or in several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitsView {
    /// Callers who waited at some time in it.
    pub waiting: u32,
    /// Of these, those who had waited longer than the target by its end.
    pub late: u32,
    /// The longest that any of them had waited by then, in seconds.
    pub longest_seconds: u32,
}
