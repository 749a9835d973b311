//! Where a stream was left, as text: what later runs ask from, and where a run that was stopped goes on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::source::pull::Mark;

/// Where a stream was left.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Left {
    /// What changed since then is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) since: Option<DateTime<Utc>>,
    /// The same as the system's own token or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) token: Option<String>,
    /// A run that was stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) stopped: Option<Stopped>,
}

/// How far a run came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stopped {
    /// The key of the last record that was handed over.
    pub(super) last: String,
    /// When it began, by the server's clock: nothing that was handed over is newer knowledge than that.
    pub(super) began: DateTime<Utc>,
    /// The latest change among what was handed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reached: Option<DateTime<Utc>>,
}

impl Left {
    /// What `mark` says; `None` when it is none of ours.
    pub(super) fn read(mark: &Mark) -> Option<Self> {
        serde_json::from_str(&mark.0).ok()
    }

    /// As a mark.
    pub(super) fn mark(&self) -> Mark {
        Mark(serde_json::to_string(self).unwrap_or_default())
    }
}
