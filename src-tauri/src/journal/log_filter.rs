//! What the calls of the log are asked for, and how each thing asked is found.

use chrono::{DateTime, Utc};
use rusqlite::ToSql as _;
use rusqlite::types::{ToSqlOutput, Value};
use serde::Serialize;

use super::contacts::begun;
use super::log_walk;
use super::marks::Mark;
use super::record::{Cursor, LoggedCall, Word};
use super::{Journal, JournalError};
use crate::call::{Direction, Outcome};

/// What the calls of a list have in common; what is left empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallFilter {
    /// Begun at or after.
    pub from: Option<DateTime<Utc>>,
    /// Begun before.
    pub until: Option<DateTime<Utc>>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// What happened.
    pub outcome: Option<Outcome>,
    /// One of our extensions that took part.
    pub extension: String,
    /// The queue that it last waited in.
    pub queue: String,
    /// The result that the agent chose.
    pub disposition: String,
    /// The customer, `source/key`.
    pub customer: String,
    /// Whether its number is that of one customer. Calls of which nobody asked are neither.
    pub matched: Option<bool>,
    /// What a supervisor marked it as.
    pub mark: Option<Mark>,
    /// Words of the note, by their beginnings, all of them.
    pub words: String,
}

/// Something that is asked of a call, and the value that each of its conditions speaks of as `?`.
pub(super) struct Asked {
    pub(super) kind: &'static Kind,
    pub(super) value: Value,
}

/// What can be asked.
pub(super) struct Kind {
    pub(super) walk: Walk,
    /// Finds the calls, in the order of the log.
    pub(super) walked: &'static str,
    /// Of a call that is at hand, which began `{at}` and is called `{id}`. A bare `EXISTS` would be made a join of, and the order of
    /// the tables another one (<https://sqlite.org/optoverview.html#the_exists_to_join_optimization>).
    pub(super) checked: &'static str,
}

/// What is walked to find calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// The calls by an index of theirs.
    Calls,
    /// The lines of an extension.
    Lines,
    /// The notes with some words, those that were first written last at the beginning.
    Notes,
}

/// Of the call itself; the plus keeps the index out of it.
const fn of_call(walked: &'static str, checked: &'static str) -> Kind {
    Kind {
        walk: Walk::Calls,
        walked,
        checked,
    }
}

const CUSTOMER: Kind = of_call("c.customer = ?", "+c.customer = ?");
const MARK: Kind = of_call("c.mark = ?", "+c.mark = ?");
const DISPOSITION: Kind = of_call("c.disposition = ?", "+c.disposition = ?");
const QUEUE: Kind = of_call("c.queue = ?", "+c.queue = ?");
const OUTCOME: Kind = of_call("c.outcome = ?", "+c.outcome = ?");
const MATCHED: Kind = of_call(
    "(c.verdict = 'one') = ? AND c.verdict IS NOT NULL",
    "+(c.verdict = 'one') = ?",
);
const DIRECTION: Kind = of_call("c.direction = ?", "+c.direction = ?");
/// Once, also where it stands at several places of the call.
const EXTENSION: Kind = Kind {
    walk: Walk::Lines,
    walked: "l.extension = ? AND NOT EXISTS (SELECT 1 FROM call_lines e INDEXED BY call_lines_by_extension
        WHERE e.extension = l.extension AND e.started = l.started AND e.call = l.call AND e.position < l.position)",
    checked: ON_LINE,
};
const ON_LINE: &str = "EXISTS (SELECT 1 FROM call_lines m INDEXED BY call_lines_by_extension
    WHERE m.extension = ? AND m.started = {at} AND m.call = {id}) = 1";
const WORDS: Kind = Kind {
    walk: Walk::Notes,
    walked: "note_words MATCH ?",
    checked: WITH_WORDS,
};
const WITH_WORDS: &str = "n.rowid IN (SELECT rowid FROM note_words WHERE note_words MATCH ?)";

impl CallFilter {
    pub(super) fn asked(&self) -> rusqlite::Result<Vec<Asked>> {
        let mut all = Vec::new();
        let mut ask = |kind, value: Option<Value>| all.extend(value.map(|value| Asked { kind, value }));
        ask(&CUSTOMER, text(&self.customer));
        ask(&MARK, word(self.mark)?);
        ask(&DISPOSITION, text(&self.disposition));
        ask(&QUEUE, text(&self.queue));
        ask(&OUTCOME, word(self.outcome)?);
        ask(&MATCHED, self.matched.map(|matched| i64::from(matched).into()));
        ask(&DIRECTION, word(self.direction)?);
        ask(&EXTENSION, text(&self.extension));
        let words: Vec<String> = self.words.split_whitespace().filter_map(begun).collect();
        ask(&WORDS, text(&words.join(" AND ")));
        Ok(all)
    }

    /// The time that is asked for, up to where the page before ended.
    pub(super) fn span(&self, before: Option<&Cursor>) -> Span {
        Span {
            from: self.from.map(|from| from.timestamp_millis()),
            until: self.until.map(|until| until.timestamp_millis()),
            before: before.map(|cursor| (cursor.started.timestamp_millis(), cursor.id.0.clone())),
        }
    }
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.to_owned().into())
}

fn word<T: Serialize>(word: Option<T>) -> rusqlite::Result<Option<Value>> {
    let Some(word) = word else { return Ok(None) };
    match Word(word).to_sql()? {
        ToSqlOutput::Owned(value) => Ok(Some(value)),
        ToSqlOutput::Borrowed(value) => Ok(Some(Value::try_from(value)?)),
        other => Err(rusqlite::Error::ToSqlConversionFailure(
            format!("{other:?} is no word").into(),
        )),
    }
}

/// Some time of the log.
pub(super) struct Span {
    from: Option<i64>,
    until: Option<i64>,
    before: Option<(i64, String)>,
}

impl Span {
    pub(super) fn is_all(&self) -> bool {
        self.from.is_none() && self.is_until_now()
    }

    /// Whether what began before `at` is not asked for.
    pub(super) fn begins_after(&self, at: i64) -> bool {
        self.from.is_some_and(|from| from > at)
    }

    pub(super) fn is_until_now(&self) -> bool {
        self.until.is_none() && self.before.is_none()
    }

    /// Adds what it asks of the columns `started` and `id`.
    pub(super) fn ask(&self, started: &str, id: &str, statement: &mut Statement) {
        let mut one = |sql, value: Option<i64>| {
            if let Some(value) = value {
                statement.ask(format!("{started} {sql} ?"), [value.into()]);
            }
        };
        one(">=", self.from);
        one("<", self.until);
        if let Some((at, name)) = &self.before {
            statement.ask(
                format!("({started}, {id}) < (?, ?)"),
                [(*at).into(), name.clone().into()],
            );
        }
    }
}

/// Conditions and the values that they speak of, in their order.
#[derive(Default)]
pub(super) struct Statement {
    conditions: Vec<String>,
    pub(super) values: Vec<Value>,
}

impl Statement {
    pub(super) fn ask(&mut self, condition: impl Into<String>, values: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.into());
        self.values.extend(values);
    }

    pub(super) fn conditions(&self) -> String {
        if self.conditions.is_empty() {
            return "true".to_owned();
        }
        self.conditions.join(" AND ")
    }
}

impl Journal {
    /// At most `limit` calls that `filter` lets through, the newest first; with `before`, the page that follows it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_by(
        &self,
        filter: &CallFilter,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<LoggedCall>, JournalError> {
        self.in_one_state(|state| log_walk::page(state, &filter.asked()?, &filter.span(before), limit))
    }
}
