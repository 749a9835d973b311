//! Calls as a review reads them: a whole period, one by one, without what only the log shows.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::calls::{optional_time, time, word};
use super::{Journal, JournalError};
use crate::call::{CallId, Direction};
use crate::review::{Period, Reviewed};

/// Whoever talked: of a call from outside who answered first, of others who dialled. Somebody corrected it who said, of a number
/// that one customer has, that it was another.
const REVIEWED: &str = "
    SELECT c.direction, c.started, c.answered, c.answered_by, c.ended, c.outcome, c.ended_by, c.queue, c.queue_outcome,
        c.wrapped, c.verdict, c.popped, d.code,
        c.verdict = 'one' AND EXISTS (SELECT 1 FROM choices x WHERE x.call = c.id),
        CASE WHEN c.direction <> 'in' THEN (SELECT extension FROM call_lines l WHERE l.call = c.id AND l.position = 0) END
    FROM calls c LEFT JOIN dispositions d ON d.call = c.id
    WHERE c.started >= ?1 AND c.started < ?2";

impl Journal {
    /// Shows every call that began in `period`, in any order, to `see`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn review(&self, period: Period, mut see: impl FnMut(&Reviewed)) -> Result<(), JournalError> {
        let mut read = || {
            let mut select = self.conn.prepare_cached(REVIEWED)?;
            let (from, until) = (period.from.timestamp_millis(), period.until.timestamp_millis());
            let mut rows = select.query(params![from, until])?;
            while let Some(row) = rows.next()? {
                see(&reviewed(row)?);
            }
            Ok(())
        };
        read().map_err(JournalError::NotRead)
    }

    /// Says that whoever talked has done with a call. What was said first stands. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn wrap_up(&mut self, call: &CallId, at: DateTime<Utc>) -> Result<(), JournalError> {
        self.conn
            .prepare_cached("UPDATE calls SET wrapped = ?2 WHERE id = ?1 AND wrapped IS NULL AND ended IS NOT NULL")
            .and_then(|mut update| update.execute(params![call.0, at.timestamp_millis()]))
            .map(drop)
            .map_err(JournalError::NotWritten)
    }
}

fn reviewed(row: &Row<'_>) -> rusqlite::Result<Reviewed> {
    let direction = word(row, 0)?;
    Ok(Reviewed {
        direction,
        started: time(row, 1)?,
        answered: optional_time(row, 2)?,
        agent: row.get(if direction == Direction::In { 3 } else { 14 })?,
        ended: optional_time(row, 4)?,
        outcome: word(row, 5)?,
        ended_by: word(row, 6)?,
        queue: row.get(7)?,
        queue_outcome: word(row, 8)?,
        wrapped: optional_time(row, 9)?,
        verdict: row.get(10)?,
        popped_micros: row.get(11)?,
        disposition: row.get(12)?,
        corrected: row.get::<_, Option<bool>>(13)?.unwrap_or_default(),
    })
}
