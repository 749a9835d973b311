//! The calls of the log that a filter lets through.

use chrono::{DateTime, Utc};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{ToSql as _, params_from_iter};
use serde::Serialize;

use super::calls::select;
use super::contacts::begun;
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

/// Conditions, and the values they speak of.
#[derive(Default)]
struct Conditions {
    sql: Vec<&'static str>,
    values: Vec<Value>,
}

impl Conditions {
    /// `sql` speaks of the value as `?`.
    fn ask(&mut self, sql: &'static str, value: impl Into<Value>) {
        self.sql.push(sql);
        self.values.push(value.into());
    }

    fn text(&mut self, sql: &'static str, text: &str) {
        if !text.is_empty() {
            self.ask(sql, text.to_owned());
        }
    }

    fn word<T: Serialize>(&mut self, sql: &'static str, word: Option<T>) -> rusqlite::Result<()> {
        let Some(word) = word else { return Ok(()) };
        match Word(word).to_sql()? {
            ToSqlOutput::Owned(value) => self.ask(sql, value),
            ToSqlOutput::Borrowed(value) => self.ask(sql, Value::try_from(value)?),
            other => {
                return Err(rusqlite::Error::ToSqlConversionFailure(
                    format!("{other:?} is no word").into(),
                ));
            }
        }
        Ok(())
    }
}

impl CallFilter {
    fn conditions(&self) -> rusqlite::Result<Conditions> {
        let mut all = Conditions::default();
        if let Some(from) = self.from {
            all.ask("c.started >= ?", from.timestamp_millis());
        }
        if let Some(until) = self.until {
            all.ask("c.started < ?", until.timestamp_millis());
        }
        all.word("c.direction = ?", self.direction)?;
        all.word("c.outcome = ?", self.outcome)?;
        all.text(
            "EXISTS (SELECT 1 FROM call_lines l WHERE l.call = c.id AND l.extension = ?)",
            &self.extension,
        );
        all.text("c.queue = ?", &self.queue);
        all.text("d.code = ?", &self.disposition);
        all.text("c.customer = ?", &self.customer);
        if let Some(matched) = self.matched {
            all.ask("(c.verdict = 'one') = ?", i64::from(matched));
        }
        all.word("c.mark = ?", self.mark)?;
        let words: Vec<String> = self.words.split_whitespace().filter_map(begun).collect();
        all.text(
            "n.rowid IN (SELECT rowid FROM note_words WHERE note_words MATCH ?)",
            &words.join(" AND "),
        );
        Ok(all)
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
        let read = || {
            let Conditions { mut sql, mut values } = filter.conditions()?;
            if let Some(Cursor { started, id }) = before {
                sql.push("(c.started, c.id) < (?, ?)");
                values.extend([started.timestamp_millis().into(), id.0.clone().into()]);
            }
            sql.push("true");
            select(&self.conn, &sql.join(" AND "), params_from_iter(values), limit)
        };
        read().map_err(JournalError::NotRead)
    }
}
