//! The extensions that the journal heard of, and the calls that some of them had.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::calls::{optional_time, select, time};
use super::record::{Cursor, LoggedCall};
use super::{Journal, JournalError};
use crate::call::Line;

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
        let lines: Vec<&str> = lines.iter().map(|line| line.0.as_str()).collect();
        let lines = serde_json::to_string(&lines).unwrap_or_default();
        let (started, id) = before.map_or((i64::MAX, ""), |cursor| {
            (cursor.started.timestamp_millis(), &cursor.id.0)
        });
        let condition = "(c.started, c.id) < (?1, ?2) AND EXISTS (SELECT 1 FROM call_lines l
                         JOIN json_each(?3) mine ON l.extension = mine.value WHERE l.call = c.id)";
        select(&self.conn, condition, params![started, id, lines], limit).map_err(JournalError::NotRead)
    }

    /// Every extension that took part in a call since `since`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn seen_lines(&self, since: DateTime<Utc>) -> Result<Vec<SeenLine>, JournalError> {
        // with one max(), the other columns are those of its row (https://sqlite.org/lang_select.html#bareagg)
        let sql = "SELECT l.extension, c.feed, max(c.started),
                     (SELECT max(t.talked_until) FROM call_lines t JOIN calls d ON d.id = t.call
                      WHERE d.started >= ?1 AND t.extension = l.extension)
                   FROM calls c JOIN call_lines l ON l.call = c.id
                   WHERE c.started >= ?1 GROUP BY l.extension ORDER BY l.extension";
        self.conn
            .prepare_cached(sql)
            .and_then(|mut select| select.query_map([since.timestamp_millis()], seen)?.collect())
            .map_err(JournalError::NotRead)
    }
}

fn seen(row: &Row<'_>) -> rusqlite::Result<SeenLine> {
    Ok(SeenLine {
        line: Line(row.get(0)?),
        feed: row.get(1)?,
        heard: time(row, 2)?,
        left: optional_time(row, 3)?,
    })
}
