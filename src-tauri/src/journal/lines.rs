//! The extensions that the journal heard of, and the calls that some of them had.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::calls::{optional_time, select, time};
use super::record::{Cursor, LoggedCall};
use super::{Journal, JournalError};
use crate::call::Line;

/// Calls of some lines that are given at once.
const MOST_AT_LINES: u32 = 500;

/// An extension that took part in a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenLine {
    /// The extension.
    pub line: Line,
    /// The feed of its last call.
    pub feed: String,
    /// When that call began.
    pub heard: DateTime<Utc>,
    /// When it last stopped talking; absent where it did not talk.
    pub left: Option<DateTime<Utc>>,
}

impl Journal {
    /// At most `limit` calls that one of `lines` took part in, the newest first; with `before`, the page that follows it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_on(
        &self,
        lines: &[Line],
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<LoggedCall>, JournalError> {
        let before = before.map_or((i64::MAX, ""), |cursor| {
            (cursor.started.timestamp_millis(), cursor.id.0.as_str())
        });
        self.in_one_state(|state| of_lines(state, lines, i64::MIN, before, limit))
    }

    /// Calls that one of `lines` had since `since`, the newest first: dialled, answered or heard ringing there. The last of very
    /// many.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls_at(&self, lines: &[Line], since: DateTime<Utc>) -> Result<Vec<LoggedCall>, JournalError> {
        let since = since.timestamp_millis();
        self.in_one_state(|state| of_lines(state, lines, since, (i64::MAX, ""), MOST_AT_LINES))
    }

    /// Every extension that took part in a call since `since`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn seen_lines(&self, since: DateTime<Utc>) -> Result<Vec<SeenLine>, JournalError> {
        // with one max(), the other columns are those of its row (https://sqlite.org/lang_select.html#bareagg)
        let sql = "SELECT l.extension, c.feed, max(c.started),
                     (SELECT max(t.talked_until) FROM call_lines t WHERE t.extension = l.extension AND t.started >= ?1)
                   FROM calls c JOIN call_lines l ON l.call = c.id
                   WHERE c.started >= ?1 GROUP BY l.extension ORDER BY l.extension";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([since.timestamp_millis()], seen)?.collect())
            .map_err(JournalError::NotRead)
    }
}

impl Journal {
    /// Every extension and every queue that stands at a call, each once.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn agents_and_queues(&self) -> Result<(Vec<String>, Vec<String>), JournalError> {
        let none = DateTime::<Utc>::MIN_UTC;
        self.agents_and_queues_in(none, DateTime::<Utc>::MAX_UTC)
    }

    /// Those that stand at a call that began at or after `from` and before `until`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn agents_and_queues_in(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<(Vec<String>, Vec<String>), JournalError> {
        let times = params![from.timestamp_millis(), until.timestamp_millis()];
        let distinct = |sql: &str| -> Result<Vec<String>, JournalError> {
            self.conn
                .prepare_cached(sql)
                .and_then(|mut select| select.query_map(times, |row| row.get(0))?.collect())
                .map_err(JournalError::NotRead)
        };
        Ok((distinct(AGENTS)?, distinct(QUEUES)?))
    }
}

// From one value to the next by the index: DISTINCT would read an entry for every call.
const AGENTS: &str = "
    WITH RECURSIVE one (value) AS (
        SELECT min(extension) FROM call_lines
        UNION ALL SELECT (SELECT min(extension) FROM call_lines WHERE extension > value) FROM one WHERE value IS NOT NULL)
    SELECT value FROM one WHERE value IS NOT NULL
        AND EXISTS (SELECT 1 FROM call_lines WHERE extension = value AND started >= ?1 AND started < ?2)";

const QUEUES: &str = "
    WITH RECURSIVE one (value) AS (
        SELECT min(queue) FROM calls WHERE queue IS NOT NULL
        UNION ALL SELECT (SELECT min(queue) FROM calls WHERE queue > value) FROM one WHERE value IS NOT NULL)
    SELECT value FROM one WHERE value IS NOT NULL
        AND EXISTS (SELECT 1 FROM calls WHERE queue = value AND started >= ?1 AND started < ?2)";

/// The last `limit` calls of some lines, begun at or after `since` and before `before`. Each line is walked by its index, and what
/// they have together is put in order.
fn of_lines(
    conn: &Connection,
    lines: &[Line],
    since: i64,
    before: (i64, &str),
    limit: u32,
) -> rusqlite::Result<Vec<LoggedCall>> {
    let sql = "SELECT DISTINCT started, call FROM call_lines
               WHERE extension = ?1 AND started >= ?2 AND (started, call) < (?3, ?4)
               ORDER BY started DESC, call DESC LIMIT ?5";
    let mut found = BTreeSet::new();
    let mut walk = conn.prepare_cached(sql)?;
    for line in lines {
        let rows = walk.query_map(params![line.0, since, before.0, before.1, limit], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        for call in rows {
            found.insert(call?);
        }
    }
    let mut calls = Vec::new();
    for (_, call) in found.into_iter().rev().take(limit as usize) {
        calls.append(&mut select(conn, "c.id = ?1", [call], 1)?);
    }
    Ok(calls)
}

fn seen(row: &Row<'_>) -> rusqlite::Result<SeenLine> {
    Ok(SeenLine {
        line: Line(row.get(0)?),
        feed: row.get(1)?,
        heard: time(row, 2)?,
        left: optional_time(row, 3)?,
    })
}
