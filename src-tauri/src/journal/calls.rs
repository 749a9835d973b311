//! Calls in the journal: written as a whole, read page by page.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params, params};
use serde::de::DeserializeOwned;

use super::outbox::stir;
use super::record::{CallFacts, CallLine, CallRecord, Cursor, LoggedCall, LoggedCustomer, Note, Word};
use super::waits::end_waits;
use super::{Journal, JournalError};
use crate::call::{CallId, Direction, Line, Outcome};
use crate::customer::CustomerRef;
use crate::number::Key;

/// A call `c` with its note `n`.
pub(super) const COLUMNS: &str = "
    c.id, c.feed, c.direction, c.number, c.number_raw, c.number_display, c.presentation, c.caller_name, c.trust,
    c.customer, c.customer_name, c.customer_company, c.called, c.started, c.answered, c.answered_by, c.ended, c.outcome,
    c.ended_by, c.unfinished, c.went_to, c.talked, n.text, n.written_at, n.revision, c.disposition,
    c.queue, c.queue_outcome, c.verdict, c.popped";
/// Where they are.
pub(super) const TABLES: &str = "calls c LEFT JOIN notes n ON n.call = c.id";

const PUT_CALL: &str = "
    INSERT INTO calls (id, feed, direction, number, number_raw, number_display, presentation, caller_name, trust,
        customer, customer_name, customer_company, called, started, answered, answered_by, ended, outcome, ended_by,
        unfinished, went_to, talked, queue, queue_outcome, verdict, popped, dialled)
    VALUES (:id, :feed, :direction, :number, :number_raw, :number_display, :presentation, :caller_name, :trust,
        :customer, :customer_name, :customer_company, :called, :started, :answered, :answered_by, :ended, :outcome,
        :ended_by, :unfinished, :went_to, :talked, :queue, :queue_outcome, :verdict, :popped, :dialled)
    ON CONFLICT (id) DO UPDATE SET feed = excluded.feed, direction = excluded.direction, number = excluded.number,
        number_raw = excluded.number_raw, number_display = excluded.number_display,
        presentation = excluded.presentation, caller_name = excluded.caller_name, trust = excluded.trust,
        customer = excluded.customer, customer_name = excluded.customer_name,
        customer_company = excluded.customer_company, called = excluded.called, started = excluded.started,
        answered = excluded.answered, answered_by = excluded.answered_by, ended = excluded.ended, outcome = excluded.outcome,
        ended_by = excluded.ended_by, unfinished = excluded.unfinished, went_to = excluded.went_to,
        talked = excluded.talked, queue = excluded.queue, queue_outcome = excluded.queue_outcome,
        dialled = excluded.dialled,
        verdict = coalesce(verdict, excluded.verdict), popped = coalesce(popped, excluded.popped)";

const PUT_LINE: &str = "
    INSERT INTO call_lines (call, position, extension, rang, talked_from, talked_until, started)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

impl Journal {
    /// Writes a call as it now is, in place of what was written of it before. Durable on return.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; what was written before still stands then.
    pub fn put_call(&mut self, call: &CallRecord) -> Result<(), JournalError> {
        self.conn
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .and_then(|tx| put(&tx, call).and_then(|()| tx.commit()))
            .map_err(JournalError::NotWritten)
    }

    /// One call with its note.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn call(&self, id: &CallId) -> Result<Option<LoggedCall>, JournalError> {
        self.select("c.id = ?1", params![id.0], 1)
            .map(|calls| calls.into_iter().next())
    }

    /// At most `limit` calls, the newest first; with `before`, the page that follows it.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn calls(&self, before: Option<&Cursor>, limit: u32) -> Result<Vec<LoggedCall>, JournalError> {
        match before {
            None => self.select("true", [], limit),
            Some(Cursor { started, id }) => self.select(
                "(c.started, c.id) < (?1, ?2)",
                params![started.timestamp_millis(), id.0],
                limit,
            ),
        }
    }

    /// Calls without an end, the newest first: those that are on, or were when Ringside stopped.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn open_calls(&self) -> Result<Vec<CallRecord>, JournalError> {
        let calls = self.select("c.ended IS NULL", [], u32::MAX)?;
        Ok(calls.into_iter().map(|logged| logged.call).collect())
    }

    /// Closes what a crash left open, for the start of the desk, and says how many there were. A call ends with the last
    /// that is known of it; it was answered if somebody talked, and has no outcome otherwise. A call that
    /// turns out to be still on is written again by [`Journal::put_call`].
    ///
    /// # Errors
    /// [`JournalError::NotRead`] or [`JournalError::NotWritten`].
    pub fn close_unfinished(&mut self) -> Result<usize, JournalError> {
        let open = self.open_calls()?;
        for mut call in open.iter().cloned() {
            let times = call
                .lines
                .iter()
                .flat_map(|line| [line.rang, line.talked_from, line.talked_until]);
            call.ended = times.flatten().chain(call.answered).chain([call.started]).max();
            call.outcome = call.answered.map(|_| Outcome::Answered);
            call.unfinished = true;
            self.write(|conn| {
                put(conn, &call)?;
                end_waits(conn, &call)
            })?;
        }
        Ok(open.len())
    }

    /// When this customer's last call began.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn last_contact(&self, customer: &CustomerRef) -> Result<Option<DateTime<Utc>>, JournalError> {
        self.conn
            .prepare_cached("SELECT max(started) FROM calls WHERE customer = ?1")
            .and_then(|mut select| select.query_row([&customer.0], |row| optional_time(row, 0)))
            .map_err(JournalError::NotRead)
    }

    /// The last call whose other side has the number `key`, or wrote it as `raw`; with `near`, the one that began next
    /// to it, within an hour.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn last_with(
        &self,
        key: Option<Key>,
        raw: &str,
        near: Option<DateTime<Utc>>,
    ) -> Result<Option<CallId>, JournalError> {
        let key = key.map(|key| key.get().cast_signed());
        let sql = "SELECT id FROM calls
                   WHERE (number = ?1 OR number_raw = ?2 AND ?2 <> '')
                     AND (?3 IS NULL OR started BETWEEN ?3 - 3600000 AND ?3 + 3600000)
                   ORDER BY abs(started - coalesce(?3, 9223372036854)) LIMIT 1";
        let near = near.map(|near| near.timestamp_millis());
        found(
            self.conn
                .query_row(sql, params![key, raw, near], |row| row.get(0).map(CallId)),
        )
    }

    fn select(
        &self,
        condition: &str,
        values: impl rusqlite::Params,
        limit: u32,
    ) -> Result<Vec<LoggedCall>, JournalError> {
        self.in_one_state(|state| select(state, condition, values, limit))
    }
}

/// Writes a call within the caller's transaction.
pub(super) fn put(tx: &Connection, call: &CallRecord) -> rusqlite::Result<()> {
    let customer = call.customer.as_ref();
    let first = call.lines.first().filter(|_| call.direction != Direction::In);
    let dialled = first.map(|line| line.line.0.as_str());
    tx.prepare_cached(PUT_CALL)?.execute(named_params! {
        ":id": call.id.0,
        ":feed": call.feed,
        ":direction": Word(call.direction),
        ":number": call.number.map(|key| key.get().cast_signed()),
        ":number_raw": call.number_raw,
        ":number_display": call.number_display,
        ":presentation": Word(call.presentation),
        ":caller_name": call.caller_name,
        ":trust": Word(call.trust),
        ":customer": customer.map(|c| c.reference.0.as_str()),
        ":customer_name": customer.map_or("", |c| c.name.as_str()),
        ":customer_company": customer.map_or("", |c| c.company.as_str()),
        ":called": call.called,
        ":started": call.started.timestamp_millis(),
        ":answered": call.answered.map(|at| at.timestamp_millis()),
        ":answered_by": call.answered_by,
        ":ended": call.ended.map(|at| at.timestamp_millis()),
        ":outcome": Word(call.outcome),
        ":ended_by": Word(call.ended_by),
        ":unfinished": call.unfinished,
        ":went_to": Word(call.then),
        ":talked": call.talked_seconds,
        ":queue": call.facts.queue,
        ":queue_outcome": Word(call.facts.queue_outcome),
        ":verdict": call.facts.verdict,
        ":popped": call.facts.popped_micros,
        ":dialled": dialled,
    })?;
    tx.prepare_cached("DELETE FROM call_lines WHERE call = ?1")?
        .execute([&call.id.0])?;
    for (position, line) in (0_i64..).zip(&call.lines) {
        tx.prepare_cached(PUT_LINE)?.execute(params![
            call.id.0,
            position,
            line.line.0,
            line.rang.map(|at| at.timestamp_millis()),
            line.talked_from.map(|at| at.timestamp_millis()),
            line.talked_until.map(|at| at.timestamp_millis()),
            call.started.timestamp_millis(),
        ])?;
    }
    follow(tx, &call.id, customer)
}

/// What came of a call belongs to whom the call is logged for, also when that turns out later.
pub(super) fn follow(tx: &Connection, call: &CallId, customer: Option<&LoggedCustomer>) -> rusqlite::Result<()> {
    let reference = customer.map(|customer| customer.reference.0.as_str());
    let name = customer.map_or("", LoggedCustomer::headline);
    for table in ["tasks", "tickets"] {
        let sql =
            format!("UPDATE {table} SET customer = ?2, customer_name = ?3 WHERE call = ?1 AND customer IS NOT ?2");
        tx.prepare_cached(&sql)?.execute(params![call.0, reference, name])?;
    }
    tx.prepare_cached("UPDATE offers SET customer = ?2 WHERE call = ?1 AND customer IS NOT ?2")?
        .execute(params![call.0, reference])?;
    stir(tx, call, None)
}

/// The calls that `condition` lets through, the newest first.
pub(super) fn select(
    conn: &Connection,
    condition: &str,
    values: impl rusqlite::Params,
    limit: u32,
) -> rusqlite::Result<Vec<LoggedCall>> {
    // `condition` is one of the constants above; every value is bound.
    let sql =
        format!("SELECT {COLUMNS} FROM {TABLES} WHERE {condition} ORDER BY c.started DESC, c.id DESC LIMIT {limit}");
    logged(conn, &sql, values)
}

/// The calls that a statement which selects [`COLUMNS`] gives.
pub(super) fn logged(conn: &Connection, sql: &str, values: impl rusqlite::Params) -> rusqlite::Result<Vec<LoggedCall>> {
    let mut calls = conn
        .prepare_cached(sql)?
        .query_map(values, logged_call)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for logged in &mut calls {
        logged.call.lines = lines(conn, &logged.call.id)?;
    }
    Ok(calls)
}

fn logged_call(row: &Row<'_>) -> rusqlite::Result<LoggedCall> {
    let call = CallRecord {
        id: CallId(row.get(0)?),
        feed: row.get(1)?,
        direction: word(row, 2)?,
        number: row
            .get::<_, Option<i64>>(3)?
            .and_then(|key| Key::new(key.cast_unsigned())),
        number_raw: row.get(4)?,
        number_display: row.get(5)?,
        presentation: word(row, 6)?,
        caller_name: row.get(7)?,
        trust: word(row, 8)?,
        customer: customer(row)?,
        called: row.get(12)?,
        started: time(row, 13)?,
        answered: optional_time(row, 14)?,
        answered_by: row.get(15)?,
        ended: optional_time(row, 16)?,
        outcome: word(row, 17)?,
        ended_by: word(row, 18)?,
        unfinished: row.get(19)?,
        then: word(row, 20)?,
        talked_seconds: row.get(21)?,
        facts: CallFacts {
            queue: row.get(26)?,
            queue_outcome: word(row, 27)?,
            verdict: row.get(28)?,
            popped_micros: row.get(29)?,
        },
        lines: Vec::new(),
    };
    let note = match row.get::<_, Option<String>>(22)? {
        Some(text) => Some(Note {
            text,
            at: time(row, 23)?,
            revision: row.get(24)?,
        }),
        None => None,
    };
    Ok(LoggedCall {
        call,
        note,
        disposition: row.get(25)?,
    })
}

fn customer(row: &Row<'_>) -> rusqlite::Result<Option<LoggedCustomer>> {
    let Some(reference) = row.get(9)? else { return Ok(None) };
    Ok(Some(LoggedCustomer {
        reference: CustomerRef(reference),
        name: row.get(10)?,
        company: row.get(11)?,
    }))
}

fn lines(conn: &Connection, call: &CallId) -> rusqlite::Result<Vec<CallLine>> {
    let sql = "SELECT extension, rang, talked_from, talked_until FROM call_lines WHERE call = ?1 ORDER BY position";
    conn.prepare_cached(sql)?
        .query_map([&call.0], |row| {
            Ok(CallLine {
                line: Line(row.get(0)?),
                rang: optional_time(row, 1)?,
                talked_from: optional_time(row, 2)?,
                talked_until: optional_time(row, 3)?,
            })
        })?
        .collect()
}

pub(super) fn word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    row.get(column).map(|Word(value)| value)
}

/// A time column; one that chrono cannot hold is damage.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let millis = row.get(column)?;
    DateTime::from_timestamp_millis(millis).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, millis))
}

/// The same where there may be none.
pub(super) fn optional_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => time(row, column).map(Some),
    }
}

/// Whether nothing was found, as an `Option`.
pub(super) fn found<T>(result: rusqlite::Result<T>) -> Result<Option<T>, JournalError> {
    result.optional().map_err(JournalError::NotRead)
}
