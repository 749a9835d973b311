//! What stands in the journal, as plain values, and the words by which it is stored.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::customer::CustomerRef;
use crate::number::Key;

/// A call's name, unique for ever. The desk chooses it; the journal only compares it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CallId(pub String);

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One call. Times are kept to the millisecond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecord {
    /// Its name.
    pub id: CallId,
    /// The feed that told of it.
    pub feed: String,
    /// Who called whom.
    pub direction: Direction,
    /// The other side's number, when it is one.
    pub number: Option<Key>,
    /// The other side's number as the phone system sent it; empty when withheld.
    pub number_raw: String,
    /// The other side's number as people write it; empty when withheld.
    pub number_display: String,
    /// Whether the caller shows the number.
    pub presentation: Presentation,
    /// The name that the phone system sent, else empty.
    pub caller_name: String,
    /// The attestation that the phone system passed on.
    pub trust: Trust,
    /// The customer it is logged for.
    pub customer: Option<LoggedCustomer>,
    /// The number that was called, or its label.
    pub called: String,
    /// When it began.
    pub started: DateTime<Utc>,
    /// When somebody answered.
    pub answered: Option<DateTime<Utc>>,
    /// When it ended; `None` while it is on.
    pub ended: Option<DateTime<Utc>>,
    /// What happened; `None` while it is on, or when nobody saw how it ended.
    pub outcome: Option<Outcome>,
    /// Who ended it, when known.
    pub ended_by: Option<EndedBy>,
    /// Seconds talked.
    pub talked_seconds: Option<i64>,
    /// Our extensions that took part, in the order they rang.
    pub lines: Vec<CallLine>,
}

impl CallRecord {
    /// Where the page after this call begins.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        Cursor {
            started: self.started,
            id: self.id.clone(),
        }
    }
}

/// The customer of a call with the name of that day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCustomer {
    /// The lasting reference.
    pub reference: CustomerRef,
    /// The person, empty when only a company is known.
    pub name: String,
    /// The company, empty for a private person.
    pub company: String,
}

/// What one extension did in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// The extension.
    pub extension: String,
    /// When it began to ring.
    pub rang: Option<DateTime<Utc>>,
    /// When it began to talk.
    pub talked_from: Option<DateTime<Utc>>,
    /// When it stopped to talk.
    pub talked_until: Option<DateTime<Utc>>,
}

/// A call with its note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCall {
    /// The call.
    pub call: CallRecord,
    /// What was written about it.
    pub note: Option<Note>,
}

/// What was written about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text; empty when it was cleared.
    pub text: String,
    /// When it was last saved.
    pub at: DateTime<Utc>,
    /// How often it was saved.
    pub revision: u32,
}

/// A note that is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedNote {
    /// When it was saved.
    pub at: DateTime<Utc>,
    /// How often it was saved.
    pub revision: u32,
}

/// A note of an earlier call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastNote {
    /// The call.
    pub call: CallId,
    /// The text, never empty.
    pub text: String,
    /// When it was last saved.
    pub at: DateTime<Utc>,
    /// The extension that talked, else the first that rang, else empty.
    pub line: String,
    /// The customer its call was logged for, for notes that were found by a shared number.
    pub customer: Option<CustomerRef>,
}

/// A place in the log between two calls; the next page holds what began before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Start of the last call of the page.
    pub started: DateTime<Utc>,
    /// The last call of the page.
    pub id: CallId,
}

/// An enum that is stored as words: the word of each value and back.
macro_rules! stored_as_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$doc])* $variant),+ }

        impl $name {
            /// The word it is stored as.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl rusqlite::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.word().into())
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok($name::$variant),)+
                    _ => Err(rusqlite::types::FromSqlError::InvalidType),
                }
            }
        }
    };
}

stored_as_words! {
    /// Who called whom.
    Direction {
        /// From outside to us.
        In = "in",
        /// From us to the outside.
        Out = "out",
        /// Between two of our own phones.
        Internal = "internal",
    }
}

stored_as_words! {
    /// What happened to a call.
    Outcome {
        /// Somebody talked to the caller.
        Answered = "answered",
        /// It rang and nobody answered.
        Missed = "missed",
        /// Busy before any ringing.
        Busy = "busy",
        /// An agent refused it while it rang.
        Rejected = "rejected",
        /// No phone could be reached.
        Failed = "failed",
    }
}

stored_as_words! {
    /// Who ended a call.
    EndedBy {
        /// The other side.
        Caller = "caller",
        /// One of our extensions.
        Agent = "agent",
        /// The phone system, for example after a timeout.
        System = "system",
        /// Nobody saw it: Ringside stopped while the call was on.
        Unfinished = "unfinished",
    }
}

stored_as_words! {
    /// Whether a caller shows the number.
    Presentation {
        /// The number is shown.
        Allowed = "allowed",
        /// The number is withheld.
        Withheld = "withheld",
        /// There is no number.
        Unavailable = "unavailable",
    }
}

stored_as_words! {
    /// The attestation of the calling number, passed on by the phone system.
    Trust {
        /// Level A.
        Verified = "verified",
        /// Level B.
        NotVerifiedB = "not_verified_b",
        /// Level C.
        NotVerifiedC = "not_verified_c",
        /// The check failed.
        Failed = "failed",
        /// Nothing was said about it.
        Unknown = "unknown",
    }
}
