//! What supervisors write about calls: comments and marks. Only ever added to; a mark that no longer holds stays in the
//! history.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Connection, Row, params};

use super::calls::time;
use super::log_walk;
use super::record::{Cursor, LoggedCall, Word};
use super::{CallFilter, Journal, JournalError};
use crate::call::{CallId, Line};
use crate::note;
pub use crate::pop::view::Mark;

/// Who writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// The name in the settings; empty without one.
    pub agent: String,
    /// Where they sit; empty where no extension is theirs.
    pub line: Line,
}

/// What somebody wrote about a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// When, to the millisecond.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Reviewer,
    /// The text.
    pub text: String,
}

/// A mark that a call was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// When, to the millisecond.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Reviewer,
    /// Which; `None` where it was taken away.
    pub mark: Option<Mark>,
}

/// A call of the log with what a review asks beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// The call.
    pub logged: LoggedCall,
    /// What it is marked as.
    pub mark: Option<Mark>,
    /// How many comments it has.
    pub comments: u32,
    /// How many products were suggested.
    pub offered: u32,
    /// How many of them were accepted.
    pub accepted: u32,
    /// An agent said of whom it was with.
    pub said: bool,
}

const BESIDE: &str = "
    SELECT c.mark, (SELECT count(*) FROM call_comments m WHERE m.call = c.id),
        (SELECT count(*) FROM offers o WHERE o.call = c.id),
        (SELECT count(*) FROM offers o WHERE o.call = c.id AND o.answer = 'accepted'),
        EXISTS (SELECT 1 FROM call_words w WHERE w.call = c.id)
    FROM calls c WHERE c.id = ?1";

impl Journal {
    /// [`Journal::calls_by`], with what a review asks beside each call; all of one state of the journal.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn log(&self, filter: &CallFilter, before: Option<&Cursor>, limit: u32) -> Result<Vec<LogEntry>, JournalError> {
        self.in_one_state(|state| {
            let calls = log_walk::page(state, &filter.asked()?, &filter.span(before), limit)?;
            calls.into_iter().map(|logged| entry(state, logged)).collect()
        })
    }

    /// One call of the log.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn log_entry(&self, call: &CallId) -> Result<Option<LogEntry>, JournalError> {
        let logged = self.call(call)?;
        let entry = logged.map(|logged| entry(&self.conn, logged)).transpose();
        entry.map_err(JournalError::NotRead)
    }

    /// Adds a comment to a call of the journal; `false` when there is no such call. Card numbers are struck out. Durable on
    /// return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn comment(
        &mut self,
        call: &CallId,
        by: &Reviewer,
        text: &str,
        at: DateTime<Utc>,
    ) -> Result<bool, JournalError> {
        let sql = "INSERT INTO call_comments (call, at, line, agent, text) SELECT id, ?2, ?3, ?4, ?5 FROM calls WHERE id = ?1";
        let at = at.trunc_subsecs(3).timestamp_millis();
        let text = note::struck(text);
        self.conn
            .prepare_cached(sql)
            .and_then(|mut insert| insert.execute(params![call.0, at, by.line.0, by.agent, text]))
            .map(|added| added > 0)
            .map_err(JournalError::NotWritten)
    }

    /// The comments on a call, the oldest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn comments(&self, call: &CallId) -> Result<Vec<Comment>, JournalError> {
        self.of_call(
            "SELECT at, agent, line, text FROM call_comments WHERE call = ?1 ORDER BY id",
            call,
            |row| {
                Ok(Comment {
                    at: time(row, 0)?,
                    by: reviewer(row)?,
                    text: row.get(3)?,
                })
            },
        )
    }

    /// Marks a call of the journal, or takes its mark away; `false` when there is no such call. A mark that it has already
    /// stays as it was given. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; nothing has changed then.
    pub fn mark(
        &mut self,
        call: &CallId,
        by: &Reviewer,
        mark: Option<Mark>,
        at: DateTime<Utc>,
    ) -> Result<bool, JournalError> {
        let at = at.trunc_subsecs(3).timestamp_millis();
        let mut known = false;
        self.write(|tx| {
            known = tx
                .prepare_cached("SELECT 1 FROM calls WHERE id = ?1")?
                .exists([&call.0])?;
            let changed = tx
                .prepare_cached("UPDATE calls SET mark = ?2 WHERE id = ?1 AND mark IS NOT ?2")?
                .execute(params![call.0, Word(mark)])?;
            if changed > 0 {
                tx.prepare_cached("INSERT INTO call_marks (call, at, line, agent, mark) VALUES (?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![call.0, at, by.line.0, by.agent, Word(mark)])?;
            }
            Ok(())
        })?;
        Ok(known)
    }

    /// Every mark that a call was given, the oldest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn marks(&self, call: &CallId) -> Result<Vec<Marked>, JournalError> {
        self.of_call(
            "SELECT at, agent, line, mark FROM call_marks WHERE call = ?1 ORDER BY id",
            call,
            |row| {
                Ok(Marked {
                    at: time(row, 0)?,
                    by: reviewer(row)?,
                    mark: row.get::<_, Word<_>>(3)?.0,
                })
            },
        )
    }
}

fn entry(conn: &Connection, logged: LoggedCall) -> rusqlite::Result<LogEntry> {
    let id = logged.call.id.0.clone();
    conn.prepare_cached(BESIDE)?.query_row([id], |row| {
        Ok(LogEntry {
            logged,
            mark: row.get::<_, Word<_>>(0)?.0,
            comments: row.get(1)?,
            offered: row.get(2)?,
            accepted: row.get(3)?,
            said: row.get(4)?,
        })
    })
}

/// Name and extension from the second and third column.
fn reviewer(row: &Row<'_>) -> rusqlite::Result<Reviewer> {
    Ok(Reviewer {
        agent: row.get(1)?,
        line: Line(row.get(2)?),
    })
}
