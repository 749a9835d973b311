//! How the calls that a filter lets through are found among millions.
//!
//! Everything that can be asked has an index in the order of the log. What lets the fewest calls through is walked, and the
//! others are asked of the calls that it gives: calls of one time lie next to each other. Which that is, is counted first, up to a
//! bound, and where all of them are beyond it, it is seen from how far back so many calls reach. Left to itself SQLite walks the log by its
//! time and reads a million calls to find three, or sorts half a million to show fifty.

use std::collections::BTreeMap;

use rusqlite::{Connection, params, params_from_iter};

use super::calls::{COLUMNS, logged};
use super::log_filter::{Asked, Span, Statement, Walk};
use super::record::LoggedCall;

/// So many calls are counted at most of each thing that is asked. With 500 the wrong one is walked for one filter in a hundred, which
/// then takes 37 times as long as the right one.
const COUNTED: u32 = 2_000;
/// So many times as long as another call takes one that is found by its note: it lies anywhere, and so does its note.
const NOTE: u32 = 8;
/// The clock of a phone system may be ahead of ours by so much, in milliseconds: a note may be older than its call.
const AHEAD: i64 = 3_600_000;

/// How few calls something lets through: less is fewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Few {
    /// How many, up to [`COUNTED`].
    calls: u32,
    /// When the first of them began, in milliseconds: the same number of calls over a longer time is rarer.
    since: i64,
}

impl Few {
    const ALL: Few = Few {
        calls: u32::MAX,
        since: i64::MAX,
    };
}

/// At most `limit` calls that all of `asked` let through.
pub(super) fn page(conn: &Connection, asked: &[Asked], span: &Span, limit: u32) -> rusqlite::Result<Vec<LoggedCall>> {
    let mut ranked = Vec::with_capacity(asked.len());
    for one in asked {
        // nothing to choose from
        let few = match asked.len() < 2 && span.is_all() {
            true => Few { calls: 0, since: 0 },
            false => count(conn, Some(one), span)?,
        };
        ranked.push((few, one));
    }
    ranked.sort_by_key(|(few, _)| *few);
    let (first, ranked): (Vec<Few>, Vec<&Asked>) = ranked.into_iter().unzip();
    match (first.first(), ranked.split_first()) {
        (Some(few), Some((walked, rest))) if walked.kind.walk == Walk::Notes => {
            if *few <= count(conn, None, span)? {
                by_notes(conn, walked, rest, span, limit)
            } else {
                in_order(conn, None, &ranked, span, limit)
            }
        }
        (_, Some((walked, rest))) => in_order(conn, Some(walked), rest, span, limit),
        (_, None) => in_order(conn, None, &[], span, limit),
    }
}

/// How many calls of that time something lets through, or how many there are.
fn count(conn: &Connection, asked: Option<&Asked>, span: &Span) -> rusqlite::Result<Few> {
    let mut statement = Statement::default();
    let value = asked.map(|asked| asked.value.clone());
    let walk = asked.map_or(Walk::Calls, |asked| asked.kind.walk);
    let sql = match walk {
        Walk::Calls => {
            if let Some(asked) = asked {
                statement.ask(asked.kind.walked, value);
            }
            span.ask("c.started", "c.id", &mut statement);
            let conditions = statement.conditions();
            format!("SELECT c.started AS at FROM calls c WHERE {conditions} ORDER BY c.started DESC")
        }
        Walk::Lines => {
            statement.ask("l.extension = ?", value);
            span.ask("l.started", "l.call", &mut statement);
            let conditions = statement.conditions();
            format!("SELECT l.started AS at FROM call_lines l WHERE {conditions} ORDER BY l.started DESC")
        }
        Walk::Notes => {
            statement.values.extend(value);
            "SELECT rowid AS at FROM note_words WHERE note_words MATCH ? ORDER BY rowid DESC".to_owned()
        }
    };
    let each = if walk == Walk::Notes { NOTE } else { 1 };
    let most = COUNTED / each;
    let mut few = conn
        .prepare_cached(&format!("SELECT count(*), min(at) FROM ({sql} LIMIT {most})"))?
        .query_row(params_from_iter(statement.values), |row| {
            let (calls, since): (u32, Option<i64>) = (row.get(0)?, row.get(1)?);
            Ok(Few {
                calls: calls * each,
                since: since.unwrap_or(0),
            })
        })?;
    if walk == Walk::Notes && few.calls == COUNTED {
        // notes are found from the last one on, whatever the time
        if !span.is_until_now() {
            return Ok(Few::ALL);
        }
        few.since = conn
            .prepare_cached("SELECT written_at FROM notes WHERE rowid = ?1")?
            .query_row([few.since], |row| row.get(0))?;
    }
    Ok(few)
}

/// By the index of `walked`, in the order of the log; without one, by the time.
fn in_order(
    conn: &Connection,
    walked: Option<&Asked>,
    rest: &[&Asked],
    span: &Span,
    limit: u32,
) -> rusqlite::Result<Vec<LoggedCall>> {
    let mut statement = Statement::default();
    if let Some(walked) = walked {
        statement.ask(walked.kind.walked, [walked.value.clone()]);
    }
    let (tables, at, id) = match walked.map_or(Walk::Calls, |walked| walked.kind.walk) {
        Walk::Lines => (
            "call_lines l CROSS JOIN calls c ON c.id = l.call LEFT JOIN notes n ON n.call = c.id",
            "l.started",
            "l.call",
        ),
        Walk::Calls | Walk::Notes => ("calls c LEFT JOIN notes n ON n.call = c.id", "c.started", "c.id"),
    };
    span.ask(at, id, &mut statement);
    for one in rest {
        statement.ask(of(one.kind.checked, at, id), [one.value.clone()]);
    }
    // every condition is a constant, every value is bound
    let conditions = statement.conditions();
    let sql = format!("SELECT {COLUMNS} FROM {tables} WHERE {conditions} ORDER BY {at} DESC, {id} DESC LIMIT {limit}");
    logged(conn, &sql, params_from_iter(statement.values))
}

/// A condition, of a call that began `at` and is called `id`.
fn of(condition: &str, at: &str, id: &str) -> String {
    condition.replace("{at}", at).replace("{id}", id)
}

/// By the notes that have the words. They come in the order in which they were first written, which is nearly that of their calls:
/// no note is older than its call, so none that is still to come can belong to a newer call than the oldest so far.
fn by_notes(
    conn: &Connection,
    words: &Asked,
    rest: &[&Asked],
    span: &Span,
    limit: u32,
) -> rusqlite::Result<Vec<LoggedCall>> {
    let mut statement = Statement::default();
    for one in rest {
        statement.ask(of(one.kind.checked, "c.started", "c.id"), [one.value.clone()]);
    }
    span.ask("c.started", "c.id", &mut statement);
    let sql = format!(
        "SELECT {COLUMNS} FROM notes n CROSS JOIN calls c ON c.id = n.call WHERE n.rowid = ? AND {}",
        statement.conditions()
    );
    let mut found = BTreeMap::new();
    let mut oldest = i64::MAX;
    let mut written = conn.prepare_cached("SELECT written_at FROM notes WHERE rowid = ?1")?;
    let mut notes =
        conn.prepare_cached("SELECT rowid FROM note_words WHERE note_words MATCH ?1 ORDER BY rowid DESC")?;
    let mut rows = notes.query(params![words.value])?;
    while let Some(row) = rows.next()? {
        let note: i64 = row.get(0)?;
        oldest = oldest.min(written.query_row([note], |row| row.get(0))?);
        if span.begins_after(oldest.saturating_add(AHEAD)) {
            break;
        }
        let last = found.keys().next().map_or(i64::MIN, |(at, _): &(i64, String)| *at);
        if found.len() >= limit as usize && last > oldest.saturating_add(AHEAD) {
            break;
        }
        let values = std::iter::once(note.into()).chain(statement.values.iter().cloned());
        for call in logged(conn, &sql, params_from_iter(values))? {
            found.insert((call.call.started.timestamp_millis(), call.call.id.0.clone()), call);
        }
        if found.len() > limit as usize {
            found.pop_first();
        }
    }
    Ok(found.into_values().rev().collect())
}
