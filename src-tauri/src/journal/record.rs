//! What stands in the journal, as plain values, and how words are stored. The words for what happens on the phone are
//! those of `call`.

use chrono::{DateTime, Utc};
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::de::{DeserializeOwned, IntoDeserializer as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, forward_to_deserialize_any};
use serde_json::Value;

use crate::call::{CallId, Direction, Line, Outcome, Presentation, QueueOutcome, Side, Then, Trust};
use crate::customer::CustomerRef;
use crate::number::Key;

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
    /// Who answered: one of our extensions, or the number outside.
    pub answered_by: Option<String>,
    /// When it ended; `None` while it is on.
    pub ended: Option<DateTime<Utc>>,
    /// What happened; `None` while it is on, or when nobody saw how it ended.
    pub outcome: Option<Outcome>,
    /// Who ended it, when known.
    pub ended_by: Option<Side>,
    /// Nobody saw how it ended: Ringside stopped while the call was on.
    pub unfinished: bool,
    /// Where it went when no agent answered.
    pub then: Option<Then>,
    /// Seconds talked.
    pub talked_seconds: Option<i64>,
    /// What only a review asks for.
    pub facts: CallFacts,
    /// Our extensions that took part, in the order they rang.
    pub lines: Vec<CallLine>,
}

/// What only a review of calls asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFacts {
    /// The queue that it last waited in.
    pub queue: Option<String>,
    /// How it left that.
    pub queue_outcome: Option<QueueOutcome>,
    /// What the number said: `one`, `several`, `unknown` and so on; `None` where nobody was asked. What was written once
    /// stands, whatever an agent says later.
    pub verdict: Option<String>,
    /// Microseconds from the phone system's word until the panel was told; `None` where it did not come up. What was written
    /// once stands.
    pub popped_micros: Option<u32>,
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

impl LoggedCustomer {
    /// The person, or the company when no person is known.
    #[must_use]
    pub fn headline(&self) -> &str {
        if self.name.is_empty() {
            &self.company
        } else {
            &self.name
        }
    }
}

/// What one extension did in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallLine {
    /// The extension.
    pub line: Line,
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
    /// What the agent chose as its result, one of the shop's codes.
    pub disposition: Option<String>,
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

/// What a note said at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteText {
    /// The text; empty when it was cleared.
    pub text: String,
    /// When it was saved.
    pub at: DateTime<Utc>,
    /// At which extension; empty where that was not written down.
    pub line: Line,
}

/// A note that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedNote {
    /// What stands there: the text that was given, without card numbers.
    pub text: String,
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
    /// The extension that talked, else the first that rang, when one took part.
    pub line: Option<Line>,
    /// The customer its call was logged for, for notes that were found by a shared number.
    pub customer: Option<CustomerRef>,
}

/// In which call something was said, at which extension, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// The call.
    pub call: CallId,
    /// The agent's extension.
    pub line: Line,
    /// When, to the millisecond.
    pub at: DateTime<Utc>,
}

/// Whom a call is with, by an agent's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The customer.
    pub customer: CustomerRef,
    /// The caller's number, when there is one.
    pub number: Option<Key>,
    /// Who said so.
    pub said: Said,
}

/// A customer who was chosen at calls of one number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The customer.
    pub customer: CustomerRef,
    /// The last time.
    pub said: Said,
    /// How often.
    pub times: u32,
}

/// A number that an agent linked to a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The customer.
    pub customer: CustomerRef,
    /// Who said so.
    pub said: Said,
}

/// A customer that an agent made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// Its row.
    pub id: i64,
    /// The lasting reference.
    pub reference: CustomerRef,
    /// What the agent wrote.
    pub card: NewCustomer,
    /// Who made it.
    pub said: Said,
}

/// What an agent writes of a new customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct NewCustomer {
    /// The person, empty for a company alone.
    pub name: String,
    /// The company, empty for a private person.
    pub company: String,
    /// The e-mail address, empty when not known.
    pub email: String,
}

/// A place in the log between two calls; the next page holds what began before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Start of the last call of the page.
    pub started: DateTime<Utc>,
    /// The last call of the page.
    pub id: CallId,
}

/// A value of the `call` room that is stored as the word by which it is serialized, `not_verified_b` for example.
/// A journal holds these words for ever; `tests/journal/calls.rs` holds them fast.
pub(super) struct Word<T>(pub(super) T);

impl<T: Serialize> ToSql for Word<T> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match serde_json::to_value(&self.0) {
            Ok(Value::String(word)) => Ok(word.into()),
            Ok(Value::Null) => Ok(rusqlite::types::Null.into()),
            Ok(other) => Err(rusqlite::Error::ToSqlConversionFailure(
                format!("{other} is no word").into(),
            )),
            Err(error) => Err(rusqlite::Error::ToSqlConversionFailure(error.into())),
        }
    }
}

impl<T: DeserializeOwned> FromSql for Word<T> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = match value {
            ValueRef::Null => None,
            other => Some(other.as_str()?),
        };
        T::deserialize(Stored(word)).map(Word).map_err(FromSqlError::other)
    }
}

/// A word of the journal on its way to a value; a report reads four of a call, so nothing is copied.
struct Stored<'a>(Option<&'a str>);

impl<'de> Deserializer<'de> for Stored<'_> {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            None => visitor.visit_unit(),
            Some(word) => visitor.visit_str(word),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        match self.0 {
            None => visitor.visit_none(),
            Some(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        match self.0 {
            None => visitor.visit_unit(),
            Some(word) => visitor.visit_enum(word.into_deserializer()),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}
