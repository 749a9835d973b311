//! What is known of one person and would go, as their page shows it before they are erased.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What rows of the stores are, for a person; in the order in which they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KnownKind {
    /// Records of the sources, and those that were made here.
    Records,
    /// Telephone numbers.
    Numbers,
    /// Orders, line by line.
    Orders,
    /// Invoices and balances.
    Invoices,
    /// Tickets with what was said in them.
    Tickets,
    /// Notes of calls, with what they said before.
    Notes,
    /// What happened in calls, and comments and marks on them.
    Stories,
    /// Contacts over other channels.
    Contacts,
    /// Follow-ups and callbacks.
    Tasks,
    /// What was suggested to them, and what they said.
    Suggestions,
    /// Places in campaigns, with each attempt.
    Campaigns,
    /// What agents said of them: links, choices, corrections.
    Corrections,
    /// Filters that name them.
    Filters,
    /// What waits to be written back into a source.
    WrittenBack,
    /// Why their calls did or did not pop.
    Traces,
    /// Calls: when, how long, at which of our phones.
    Calls,
    /// What was chosen as the result of calls.
    Results,
    /// The audit trail.
    Audit,
    /// Anything else.
    Other,
}

/// How many rows there are of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownRowView {
    /// What they are.
    pub kind: KnownKind,
    /// How many.
    #[ts(type = "number")]
    pub rows: u64,
    /// They stay, without who it was.
    pub stays: bool,
}

/// A number that others have too: their calls, and those that are logged for nobody, stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SharedNumberView {
    /// The number as it is shown.
    pub number: String,
    /// The records of the others.
    pub others: Vec<String>,
}

/// What is known of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KnownView {
    /// The name that is to be typed.
    pub name: String,
    /// Every record of theirs, as source/key.
    pub records: Vec<String>,
    /// What there is, those that go first.
    pub rows: Vec<KnownRowView>,
    /// Their numbers that others have too.
    pub shared: Vec<SharedNumberView>,
    /// Files of the home folder that may have something of them, and that Ringside does not keep.
    pub files: Vec<String>,
}

/// A file that all about one person was written into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GivenOutView {
    /// Where it is.
    pub path: String,
    /// How many rows of the stores are in it.
    #[ts(type = "number")]
    pub rows: u64,
}
