//! The story of a call: its steps as the phone system told them, and what was said of it beside what stands now.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::calls::{put, time};
use super::record::{CallRecord, Said, Word};
use super::waits::put_waits;
use super::{Journal, JournalError};
use crate::call::{CallId, Endpoint, Line, Step, Stepped, Wait};
use crate::customer::CustomerRef;
pub use crate::pop::view::SaidKind;

/// One step of a call as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallStep {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub step: StepWord,
    /// The extension of ours that it is about, or that did it.
    pub line: Option<Line>,
    /// The queue, the number outside, or the phone that it went to.
    pub other: Option<String>,
    /// The cause, the way of a transfer, how it left a queue: the word by which that is serialized.
    pub why: Option<String>,
    /// The call in which a transfer was talked over.
    pub joined: Option<CallId>,
}

/// The kinds of step. A journal holds these words for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepWord {
    /// It came into being.
    Began,
    /// It waits in a queue.
    Queued,
    /// It waits no longer.
    Unqueued,
    /// A phone rings.
    Ringing,
    /// A phone talks.
    Answered,
    /// A phone is asked about the call.
    Consulted,
    /// It is on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// It was passed on.
    Transferred,
    /// It went elsewhere.
    Diverted,
    /// A phone is out of it.
    LegEnded,
    /// It is over.
    Ended,
}

/// What an agent said of whom a call was with, beside who stood there until then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallWord {
    /// When.
    pub at: DateTime<Utc>,
    /// At which extension.
    pub line: Line,
    /// How.
    pub word: SaidKind,
    /// Whom it is with by that word, with the name of that day.
    pub customer: Option<Named>,
    /// Who stood there until then.
    pub before: Option<Named>,
}

/// A customer with the name of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The lasting reference.
    pub reference: CustomerRef,
    /// The person, or the company when no person is known.
    pub name: String,
}

/// A transfer that two calls have to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The caller's call.
    pub call: CallId,
    /// Who passed it on.
    pub by: Option<Line>,
    /// To whom.
    pub to: Option<String>,
}

impl Journal {
    /// [`Journal::put_call`], and the call's story so far, with when its caller waited. What was written of it before `steps` begin
    /// stays: of a call that was on when Ringside stopped. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; what was written before still stands then.
    pub fn put_story(&mut self, call: &CallRecord, steps: &[Step], waits: &[Wait]) -> Result<(), JournalError> {
        self.write(|conn| {
            put(conn, call)?;
            put_steps(conn, call, steps)?;
            put_waits(conn, &call.id, waits)
        })
    }

    /// The steps of a call, in the order they were told.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn steps(&self, call: &CallId) -> Result<Vec<CallStep>, JournalError> {
        self.of_call(
            "SELECT at, step, line, other, why, joined FROM call_steps WHERE call = ?1 ORDER BY position",
            call,
            |row| {
                Ok(CallStep {
                    at: time(row, 0)?,
                    step: row.get::<_, Word<_>>(1)?.0,
                    line: row.get::<_, Option<String>>(2)?.map(Line),
                    other: row.get(3)?,
                    why: row.get(4)?,
                    joined: row.get::<_, Option<String>>(5)?.map(CallId),
                })
            },
        )
    }

    /// The calls that went on when `call`, in which they were talked over, ended.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn joined_from(&self, call: &CallId) -> Result<Vec<Joined>, JournalError> {
        self.of_call(
            "SELECT call, line, other FROM call_steps WHERE joined = ?1 ORDER BY call",
            call,
            |row| {
                Ok(Joined {
                    call: CallId(row.get(0)?),
                    by: row.get::<_, Option<String>>(1)?.map(Line),
                    to: row.get(2)?,
                })
            },
        )
    }

    /// What agents said of whom `call` was with, the oldest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn words_of(&self, call: &CallId) -> Result<Vec<CallWord>, JournalError> {
        self.of_call(
            "SELECT at, line, word, customer, customer_name, before, before_name FROM call_words WHERE call = ?1 ORDER BY id",
            call,
            |row| {
                Ok(CallWord {
                    at: time(row, 0)?,
                    line: Line(row.get(1)?),
                    word: row.get::<_, Word<_>>(2)?.0,
                    customer: named(row, 3)?,
                    before: named(row, 5)?,
                })
            },
        )
    }

    pub(super) fn of_call<T>(
        &self,
        sql: &'static str,
        call: &CallId,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([&call.0], read)?.collect())
            .map_err(JournalError::NotRead)
    }
}

fn put_steps(conn: &Connection, call: &CallRecord, steps: &[Step]) -> rusqlite::Result<()> {
    let Some(first) = steps.iter().map(|step| step.at).min() else {
        return Ok(());
    };
    conn.prepare_cached("DELETE FROM call_steps WHERE call = ?1 AND at >= ?2")?
        .execute(params![call.id.0, first.timestamp_millis()])?;
    let kept: i64 = conn
        .prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM call_steps WHERE call = ?1")?
        .query_row([&call.id.0], |row| row.get(0))?;
    // that Ringside heard of it again is no second beginning
    let again = |step: &&Step| kept > 0 && step.what == Stepped::Began;
    let mut insert = conn.prepare_cached("INSERT INTO call_steps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    for (position, step) in (kept..).zip(steps.iter().filter(|step| !again(step))) {
        let Columns {
            word,
            line,
            other,
            why,
            joined,
        } = columns(call, &step.what);
        insert.execute(params![
            call.id.0,
            position,
            step.at.timestamp_millis(),
            Word(word),
            line,
            other,
            why,
            joined
        ])?;
    }
    Ok(())
}

#[derive(Default)]
struct Columns {
    word: Option<StepWord>,
    line: Option<String>,
    other: Option<String>,
    why: Option<String>,
    joined: Option<String>,
}

impl Columns {
    fn of(word: StepWord) -> Self {
        Columns {
            word: Some(word),
            ..Columns::default()
        }
    }

    fn at(self, phone: &Endpoint) -> Self {
        match phone {
            Endpoint::Line(line) => Columns {
                line: Some(line.0.clone()),
                ..self
            },
            Endpoint::Outside(number) => Columns {
                other: Some(number.clone()),
                ..self
            },
        }
    }

    fn because(self, why: impl Serialize) -> Self {
        let word = serde_json::to_value(why).ok();
        let why = word.as_ref().and_then(Value::as_str).map(str::to_owned);
        Columns { why, ..self }
    }
}

fn columns(call: &CallRecord, what: &Stepped) -> Columns {
    match what {
        Stepped::Began => Columns::of(StepWord::Began),
        Stepped::Queued(queue) => Columns {
            other: Some(queue.clone()),
            ..Columns::of(StepWord::Queued)
        },
        Stepped::Unqueued(outcome) => Columns::of(StepWord::Unqueued).because(outcome),
        Stepped::Ringing(phone) => Columns::of(StepWord::Ringing).at(phone),
        Stepped::Answered(phone) => Columns::of(StepWord::Answered).at(phone),
        Stepped::Consulted(phone, by) => Columns {
            line: Some(by.0.clone()),
            other: Some(phone.to_string()),
            ..Columns::of(StepWord::Consulted)
        },
        Stepped::Held => Columns::of(StepWord::Held),
        Stepped::Resumed => Columns::of(StepWord::Resumed),
        Stepped::Transferred(transfer) => Columns {
            line: transfer.by.as_ref().map(|line| line.0.clone()),
            other: transfer.to.as_ref().map(ToString::to_string),
            joined: transfer.consultation.as_ref().map(|key| CallId::new(&call.feed, key).0),
            ..Columns::of(StepWord::Transferred).because(transfer.kind)
        },
        Stepped::Diverted(then) => Columns::of(StepWord::Diverted).because(then),
        Stepped::LegEnded(phone, cause) => Columns::of(StepWord::LegEnded).at(phone).because(cause),
        Stepped::Ended(cause) => Columns::of(StepWord::Ended).because(cause),
    }
}

/// Who stands at a call.
pub(super) fn standing(conn: &Connection, call: &CallId) -> rusqlite::Result<Option<Named>> {
    let sql = "SELECT customer, iif(customer_name = '', customer_company, customer_name) FROM calls WHERE id = ?1";
    let found = conn
        .prepare_cached(sql)?
        .query_row([&call.0], |row| named(row, 0))
        .optional()?;
    Ok(found.flatten())
}

/// Adds a word about whom a call is with, beside who stood there `before`. Of a call that is not in the journal nothing is kept.
pub(super) fn put_word(
    conn: &Connection,
    word: SaidKind,
    said: &Said,
    before: Option<&Named>,
    now: Option<&Named>,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO call_words (call, at, line, word, customer, customer_name, before, before_name)
               SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM calls WHERE id = ?1";
    let name = |one: Option<&Named>| one.map_or_else(String::new, |one| one.name.clone());
    conn.prepare_cached(sql)?.execute(params![
        said.call.0,
        said.at.timestamp_millis(),
        said.line.0,
        Word(word),
        now.map(|one| one.reference.0.as_str()),
        name(now),
        before.map(|one| one.reference.0.as_str()),
        name(before),
    ])?;
    Ok(())
}

fn named(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<Named>> {
    let Some(reference) = row.get(first)? else {
        return Ok(None);
    };
    Ok(Some(Named {
        reference: CustomerRef(reference),
        name: row.get(first + 1)?,
    }))
}
