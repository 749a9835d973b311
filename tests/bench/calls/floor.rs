//! The bare SQL of a page of the log: the quickest of the statements that one can write for a filter, found by trying them all.

use std::hint::black_box;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ringside::journal::CallFilter;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use serde::Serialize;

use crate::{Result, timed};

/// A statement that takes longer on the clock is not the quickest.
const PATIENCE: Duration = Duration::from_secs(5);
const ROW: &str = "
    SELECT c.id, c.feed, c.direction, c.number, c.number_raw, c.number_display, c.presentation, c.caller_name, c.trust, c.customer,
        c.customer_name, c.customer_company, c.called, c.started, c.answered, c.answered_by, c.ended, c.outcome, c.ended_by,
        c.unfinished, c.went_to, c.talked, n.text, n.written_at, n.revision, c.disposition, c.queue, c.queue_outcome, c.verdict,
        c.popped, c.mark, (SELECT count(*) FROM call_comments m WHERE m.call = c.id),
        (SELECT count(*) FROM offers o WHERE o.call = c.id),
        (SELECT count(*) FROM offers o WHERE o.call = c.id AND o.answer = 'accepted'),
        EXISTS (SELECT 1 FROM call_words w WHERE w.call = c.id)";
const LINES: &str =
    "SELECT extension, rang, talked_from, talked_until FROM call_lines WHERE call = ? ORDER BY position";

/// A condition on a call at hand, and the same by an index: what is read first, and the condition on that.
struct Condition {
    checked: String,
    walked: String,
    from: &'static str,
    value: Value,
}

const CALLS: &str = "calls c LEFT JOIN notes n ON n.call = c.id";

/// A page of the log by the quickest statement.
pub(crate) struct Page {
    /// Milliseconds of CPU, what it reads being in memory.
    pub(crate) took: f64,
    /// The calls.
    pub(crate) ids: Vec<String>,
    sql: String,
    values: Vec<Value>,
}

impl Page {
    /// Tries every statement that there is for `filter`.
    pub(crate) fn quickest(conn: &Connection, filter: &CallFilter, limit: u32) -> Result<Self> {
        let conditions = conditions(filter)?;
        let mut statements = Vec::new();
        for nth in 0..=conditions.len() {
            let parts = conditions.iter().enumerate().map(|(other, one)| match other == nth {
                true => one.walked.clone(),
                false => one.checked.clone(),
            });
            let from = conditions.get(nth).map_or(CALLS, |one| one.from);
            let at = if from.starts_with("call_lines") { "l" } else { "c" };
            statements.push(statement(from, parts.collect(), filter, at, limit));
        }
        let own = conditions.iter().map(|one| one.checked.replace('+', ""));
        statements.push(statement(CALLS, own.collect(), filter, "c", limit));
        let values: Vec<Value> = conditions.into_iter().map(|one| one.value).collect();
        let (mut best, mut patience): (Option<Page>, _) = (None, PATIENCE);
        for sql in statements {
            let begun = Instant::now();
            let tried = within(conn, patience, || run(conn, &sql, &values))
                .and_then(|_| within(conn, PATIENCE, || timed(|| run(conn, &sql, &values))));
            let Ok((took, ids)) = tried else { continue };
            if best.as_ref().is_none_or(|best| took < best.took) {
                // reading what it reads for the first time may take much longer
                patience = patience.min(begun.elapsed() * 4 + Duration::from_millis(20));
                let values = values.clone();
                best = Some(Page { took, ids, sql, values });
            }
        }
        best.ok_or_else(|| format!("no statement ends within {PATIENCE:?}: {filter:?}").into())
    }

    /// Milliseconds of CPU that its statement takes on another file.
    pub(crate) fn elsewhere(&self, conn: &Connection) -> Result<f64> {
        run(conn, &self.sql, &self.values)?;
        Ok(timed(|| run(conn, &self.sql, &self.values))?.0)
    }
}

fn conditions(filter: &CallFilter) -> Result<Vec<Condition>> {
    let mut all = Vec::new();
    let mut add = |walked: &str, checked: &str, from, value: Option<Value>| {
        all.extend(value.map(|value| Condition {
            checked: checked.to_owned(),
            walked: walked.to_owned(),
            from,
            value,
        }));
    };
    add("c.customer = ?", "+c.customer = ?", CALLS, text(&filter.customer));
    add("c.mark = ?", "+c.mark = ?", CALLS, word(filter.mark)?);
    add(
        "c.disposition = ?",
        "+c.disposition = ?",
        CALLS,
        text(&filter.disposition),
    );
    add("c.queue = ?", "+c.queue = ?", CALLS, text(&filter.queue));
    add("c.outcome = ?", "+c.outcome = ?", CALLS, word(filter.outcome)?);
    add("c.direction = ?", "+c.direction = ?", CALLS, word(filter.direction)?);
    add(
        "c.verdict IS NOT NULL AND (c.verdict = 'one') = ?",
        "+c.verdict IS NOT NULL AND (+c.verdict = 'one') = ?",
        CALLS,
        filter.matched.map(|matched| i64::from(matched).into()),
    );
    add(
        "l.extension = ? AND NOT EXISTS (SELECT 1 FROM call_lines e WHERE e.call = l.call AND e.position < l.position
            AND e.extension = l.extension)",
        "EXISTS (SELECT 1 FROM call_lines l WHERE l.call = c.id AND +l.extension = ?) = 1",
        "call_lines l CROSS JOIN calls c ON c.id = l.call LEFT JOIN notes n ON n.call = c.id",
        text(&filter.extension),
    );
    let words: Vec<String> = filter
        .words
        .split_whitespace()
        .map(|word| format!("\"{word}\"*"))
        .collect();
    add(
        "n.rowid IN (SELECT rowid FROM note_words WHERE note_words MATCH ?)",
        "n.rowid IN (SELECT rowid FROM note_words WHERE note_words MATCH ?)",
        "notes n CROSS JOIN calls c ON c.id = n.call",
        text(&words.join(" AND ")),
    );
    Ok(all)
}

fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.to_owned().into())
}

fn word(word: Option<impl Serialize>) -> Result<Option<Value>> {
    match serde_json::to_value(word)? {
        serde_json::Value::String(word) => Ok(Some(word.into())),
        _ => Ok(None),
    }
}

fn statement(from: &str, mut parts: Vec<String>, filter: &CallFilter, at: &str, limit: u32) -> String {
    let time = |sign: &str, time: i64| format!("{at}.started {sign} {time}");
    parts.extend(filter.from.map(|from| time(">=", from.timestamp_millis())));
    parts.extend(filter.until.map(|until| time("<", until.timestamp_millis())));
    parts.push("true".to_owned());
    let id = if at == "l" { "l.call" } else { "c.id" };
    let parts = parts.join(" AND ");
    format!("{ROW} FROM {from} WHERE {parts} ORDER BY {at}.started DESC, {id} DESC LIMIT {limit}")
}

fn run(conn: &Connection, sql: &str, values: &[Value]) -> Result<Vec<String>> {
    let mut select = conn.prepare_cached(sql)?;
    let columns = select.column_count();
    let mut ids = Vec::new();
    let mut rows = select.query(params_from_iter(values))?;
    let mut lines = conn.prepare_cached(LINES)?;
    while let Some(row) = rows.next()? {
        for column in 1..columns {
            black_box(row.get_ref(column)?);
        }
        let id: String = row.get(0)?;
        let mut of_call = lines.query([&id])?;
        while let Some(line) = of_call.next()? {
            black_box((line.get_ref(0)?, line.get_ref(1)?, line.get_ref(2)?, line.get_ref(3)?));
        }
        drop(of_call);
        ids.push(id);
    }
    Ok(ids)
}

/// What `work` gives, unless it takes longer.
fn within<T>(conn: &Connection, patience: Duration, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let handle = conn.get_interrupt_handle();
    let (done, waiting) = mpsc::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            if waiting.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
                handle.interrupt();
            }
        });
        let result = work();
        drop(done);
        result
    })
}
