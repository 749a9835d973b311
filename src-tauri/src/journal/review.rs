//! Calls as a review reads them: a whole period, one by one, without what only the log shows.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::calls::{optional_time, time, word};
use super::{Journal, JournalError, OfferAnswer};
use crate::call::{CallId, Direction};
use crate::review::{Only, Period, Promise, Reaction, Reviewed, Suggested};

/// Whoever talked: of a call from outside who answered first, of others who dialled. Somebody corrected it who said, of a number
/// that one customer has, that it was another.
///
/// All of it stands in the index: a row of `calls` is five times as long, and each page of it has to be decrypted.
const REVIEWED: &str = "
    SELECT c.direction, c.started, c.answered, c.answered_by, c.ended, c.outcome, c.ended_by, c.queue, c.queue_outcome,
        c.wrapped, c.verdict, c.popped, c.disposition, c.corrected, c.dialled
    FROM calls c INDEXED BY calls_reviewed
    WHERE c.started >= ?1 AND c.started < ?2
        AND (?3 = '' OR c.queue = ?3) AND (?4 = '' OR c.answered_by = ?4 OR c.dialled = ?4)";

/// Each looks at one entry of the index.
const KNOWS_DAY: &str = "
    SELECT EXISTS (SELECT 1 FROM calls INDEXED BY calls_by_start WHERE started < ?1)
        AND EXISTS (SELECT 1 FROM calls INDEXED BY calls_by_start WHERE started >= ?1 AND started < ?2)";

const PROMISED: &str = "
    SELECT t.due, t.done, t.line, c.queue FROM tasks t LEFT JOIN calls c ON c.id = t.call
    WHERE t.kind = 'callback' AND t.due >= ?1 AND t.due < ?2";

const SUGGESTED: &str = "
    SELECT o.answered, o.product_name, o.answer, o.line, c.queue FROM offers o LEFT JOIN calls c ON c.id = o.call
    WHERE o.answered >= ?1 AND o.answered < ?2";

impl Journal {
    /// Shows every call that began in `period`, in any order, to `see`; with `only` at least those that it is of.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn review(&self, period: Period, only: &Only, mut see: impl FnMut(&Reviewed<'_>)) -> Result<(), JournalError> {
        let mut read = || {
            let mut select = self.conn.prepare_cached(REVIEWED)?;
            let (from, until) = (period.from.timestamp_millis(), period.until.timestamp_millis());
            let mut rows = select.query(params![from, until, only.queue, only.agent])?;
            while let Some(row) = rows.next()? {
                see(&reviewed(row)?);
            }
            Ok(())
        };
        read().map_err(JournalError::NotRead)
    }

    /// Whether the journal tells how many calls there were on a day: it has one of that day, and reaches back before it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn knows_day(&self, day: Period) -> Result<bool, JournalError> {
        let (from, until) = (day.from.timestamp_millis(), day.until.timestamp_millis());
        self.conn
            .prepare_cached(KNOWS_DAY)
            .and_then(|mut select| select.query_row(params![from, until], |row| row.get(0)))
            .map_err(JournalError::NotRead)
    }

    /// Shows every callback that came due in `period`, in any order, to `see`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn review_promises(&self, period: Period, see: impl FnMut(Promise)) -> Result<(), JournalError> {
        self.each(PROMISED, period, promise, see)
    }

    /// Shows every product that was suggested in `period`, in any order, to `see`.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn review_suggestions(&self, period: Period, see: impl FnMut(Suggested)) -> Result<(), JournalError> {
        self.each(SUGGESTED, period, suggested, see)
    }

    fn each<T>(
        &self,
        sql: &'static str,
        period: Period,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
        see: impl FnMut(T),
    ) -> Result<(), JournalError> {
        let (from, until) = (period.from.timestamp_millis(), period.until.timestamp_millis());
        let all = || {
            let mut select = self.conn.prepare_cached(sql)?;
            let rows = select.query_map(params![from, until], read)?;
            rows.collect::<rusqlite::Result<Vec<T>>>()
        };
        all()
            .map(|all| all.into_iter().for_each(see))
            .map_err(JournalError::NotRead)
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

fn reviewed<'a>(row: &'a Row<'_>) -> rusqlite::Result<Reviewed<'a>> {
    let direction = word(row, 0)?;
    let text = |column| -> rusqlite::Result<Option<&'a str>> { Ok(row.get_ref(column)?.as_str_or_null()?) };
    let verdict = text(10)?;
    Ok(Reviewed {
        direction,
        started: time(row, 1)?,
        answered: optional_time(row, 2)?,
        agent: text(if direction == Direction::In { 3 } else { 14 })?,
        ended: optional_time(row, 4)?,
        outcome: word(row, 5)?,
        ended_by: word(row, 6)?,
        queue: text(7)?,
        queue_outcome: word(row, 8)?,
        wrapped: optional_time(row, 9)?,
        corrected: verdict == Some("one") && row.get(13)?,
        verdict,
        popped_micros: row.get(11)?,
        disposition: text(12)?,
    })
}

fn promise(row: &Row<'_>) -> rusqlite::Result<Promise> {
    Ok(Promise {
        due: time(row, 0)?,
        done: optional_time(row, 1)?,
        agent: row.get(2)?,
        queue: row.get(3)?,
    })
}

fn suggested(row: &Row<'_>) -> rusqlite::Result<Suggested> {
    Ok(Suggested {
        at: time(row, 0)?,
        product: row.get(1)?,
        reaction: match word(row, 2)? {
            OfferAnswer::Offered => Reaction::Open,
            OfferAnswer::Accepted => Reaction::Accepted,
            OfferAnswer::Declined => Reaction::Declined,
            OfferAnswer::NotNow => Reaction::NotNow,
        },
        agent: row.get(3)?,
        queue: row.get(4)?,
    })
}
