//! When callers waited: written with the story of their call, read by the last hour.

use rusqlite::{Connection, Row, params};

use super::calls::{optional_time, time};
use super::record::CallRecord;
use super::{Journal, JournalError};
use crate::call::{CallId, Wait};
use crate::review::Period;

impl Journal {
    /// When the callers of calls that are over waited, as far as it fell into `period` or goes over its edges; those of one call
    /// behind each other.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn waits(&self, period: Period) -> Result<Vec<(CallId, Vec<Wait>)>, JournalError> {
        let read = || {
            let mut select = self.conn.prepare_cached(
                "SELECT w.call, w.began, w.until, w.since, w.queue FROM call_waits w JOIN calls c ON c.id = w.call
                 WHERE w.until >= ?1 AND w.began < ?2 AND c.ended IS NOT NULL ORDER BY w.call, w.position",
            )?;
            let (from, until) = (period.from.timestamp_millis(), period.until.timestamp_millis());
            let rows = select.query_map(params![from, until], wait)?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        };
        let mut calls: Vec<(CallId, Vec<Wait>)> = Vec::new();
        for (call, wait) in read().map_err(JournalError::NotRead)? {
            match calls.last_mut().filter(|(last, _)| *last == call) {
                Some((_, waits)) => waits.push(wait),
                None => calls.push((call, vec![wait])),
            }
        }
        Ok(calls)
    }
}

/// Writes when the caller waited. What was written of it before `waits` begin stays: of a call that was on when Ringside stopped.
pub(super) fn put_waits(conn: &Connection, call: &CallId, waits: &[Wait]) -> rusqlite::Result<()> {
    let Some(first) = waits.iter().map(|wait| wait.from).min() else {
        return Ok(());
    };
    conn.prepare_cached("DELETE FROM call_waits WHERE call = ?1 AND began >= ?2")?
        .execute(params![call.0, first.timestamp_millis()])?;
    let kept: i64 = conn
        .prepare_cached("SELECT coalesce(max(position) + 1, 0) FROM call_waits WHERE call = ?1")?
        .query_row([&call.0], |row| row.get(0))?;
    let mut insert = conn.prepare_cached("INSERT INTO call_waits VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?;
    for (position, wait) in (kept..).zip(waits) {
        insert.execute(params![
            call.0,
            position,
            wait.from.timestamp_millis(),
            wait.until.map(|until| until.timestamp_millis()),
            wait.since.timestamp_millis(),
            wait.queue,
        ])?;
    }
    Ok(())
}

/// Whoever waited when Ringside stopped waited at least until the last that is known of the call.
pub(super) fn end_waits(conn: &Connection, call: &CallRecord) -> rusqlite::Result<()> {
    let ended = call.ended.map(|ended| ended.timestamp_millis());
    conn.prepare_cached("UPDATE call_waits SET until = ?2 WHERE call = ?1 AND until IS NULL")?
        .execute(params![call.id.0, ended])
        .map(drop)
}

fn wait(row: &Row<'_>) -> rusqlite::Result<(CallId, Wait)> {
    let wait = Wait {
        from: time(row, 1)?,
        until: optional_time(row, 2)?,
        since: time(row, 3)?,
        queue: row.get(4)?,
    };
    Ok((CallId(row.get(0)?), wait))
}
