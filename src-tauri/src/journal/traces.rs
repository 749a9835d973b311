//! Traces: for the last calls, step by step, why they did or did not pop. A file of its own, `traces.db`.
//!
//! Not in `journal.db`, because nothing here must never be lost: a trace is written without waiting for the disk, old
//! ones go, and the backup stays small. Encrypted with the same key. It does not know what a step says.

mod person;

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension as _, params};
use rusqlite_migration::{M, Migrations};

use super::JournalError;
use crate::call::CallId;
use crate::store::{self, OpenError};
use crate::vault::MasterKey;

/// Only ever added to.
const STEPS: &[M<'static>] = &[M::up(include_str!("../../migrations/traces/1_traces.sql"))];
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);

/// So many of the calls that my lines took part in are kept, and as many of others.
pub const KEPT_CALLS: u32 = 2_000;
/// So many days they are kept.
pub const KEPT_DAYS: i64 = 14;
/// The most bytes of steps of one call; what comes later is counted and left out.
pub const MOST_BYTES: i64 = 64 * 1024;
/// So many changes of feeds are kept, and so many runs.
const KEPT_STATES: u32 = 5_000;

/// An open `traces.db`. One thread uses it; others open their own.
#[derive(Debug)]
pub struct Traces {
    conn: Connection,
    run: Option<i64>,
}

/// What a call is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceHead {
    /// The call.
    pub call: CallId,
    /// The feed that told of it.
    pub feed: String,
    /// Whether one of my lines took part so far.
    pub mine: bool,
    /// When it was first heard of.
    pub began: DateTime<Utc>,
}

/// One step of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRow {
    /// When it was heard.
    pub at: DateTime<Utc>,
    /// What it says, as JSON.
    pub body: String,
    /// What the feed heard, as text.
    pub raw: Option<String>,
}

/// All that is kept of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is found by.
    pub head: TraceHead,
    /// Its steps, the oldest first.
    pub steps: Vec<StepRow>,
    /// How many steps were left out.
    pub left_out: u32,
}

/// How a feed was from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedState {
    /// The feed.
    pub feed: String,
    /// A word: `up`, `lost`, `refused`, `starting`.
    pub state: String,
    /// What was wrong, in words.
    pub detail: Option<String>,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Whether Ringside ran at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ran {
    /// It ran.
    Yes,
    /// It had been closed, or stopped in some other way after it last wrote, at this time.
    NotSince(DateTime<Utc>),
    /// Nothing is known that far back.
    Unknown,
}

impl Traces {
    /// Opens the traces at `path`, or makes an empty file. One that is damaged or of another key holds nothing that is
    /// missed: it is replaced.
    ///
    /// # Errors
    /// When the file cannot be made, is no store of Ringside, or is from a newer one.
    pub fn open(path: &Path, key: &MasterKey) -> Result<Self, OpenError> {
        match Self::open_there(path, key) {
            Err(OpenError::WrongKey { .. } | OpenError::Damaged { .. }) => {
                tracing::warn!(file = %path.display(), "the traces of calls could not be read and begin anew");
                remove(path)?;
                Self::open_there(path, key)
            }
            opened => opened,
        }
    }

    fn open_there(path: &Path, key: &MasterKey) -> Result<Self, OpenError> {
        let mut conn = store::open_database(path, key)?;
        store::migrate(&mut conn, &MIGRATIONS, path)?;
        let tuned = conn.execute_batch("PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY");
        tuned.map_err(|source| OpenError::Refused {
            path: path.to_owned(),
            source,
        })?;
        Ok(Traces { conn, run: None })
    }

    /// Adds steps in one transaction, each to its call.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`]; none of them is there then.
    pub fn add(&mut self, steps: &[(TraceHead, StepRow)]) -> Result<(), JournalError> {
        add(&mut self.conn, steps).map_err(JournalError::NotWritten)
    }

    /// Drops what the feed heard of a call and rewrites its steps, because its caller withheld the number.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn hide(&mut self, call: &CallId, rewrite: impl Fn(&str) -> String) -> Result<(), JournalError> {
        hide(&mut self.conn, call, rewrite).map_err(JournalError::NotWritten)
    }

    /// What is kept of a call.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn of_call(&self, call: &CallId) -> Result<Option<Kept>, JournalError> {
        of_call(&self.conn, call).map_err(JournalError::NotRead)
    }

    /// The last call; one that my lines took part in, when there is one.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn last(&self) -> Result<Option<CallId>, JournalError> {
        let sql = "SELECT call FROM traces ORDER BY mine DESC, began DESC LIMIT 1";
        let found = self.conn.query_row(sql, [], |row| row.get(0).map(CallId)).optional();
        found.map_err(JournalError::NotRead)
    }

    /// Notes how a feed is from `at` on.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn note_feed(&mut self, state: &FeedState) -> Result<(), JournalError> {
        let sql = "INSERT INTO feed_states (feed, state, detail, at) VALUES (?1, ?2, ?3, ?4)";
        let values = params![state.feed, state.state, state.detail, state.at.timestamp_micros()];
        self.conn
            .execute(sql, values)
            .map(|_| ())
            .map_err(JournalError::NotWritten)
    }

    /// How each feed was at `at`, by name.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn feeds_at(&self, at: DateTime<Utc>) -> Result<Vec<FeedState>, JournalError> {
        feeds_at(&self.conn, at).map_err(JournalError::NotRead)
    }

    /// Notes that Ringside runs from `now` on.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn begin_run(&mut self, now: DateTime<Utc>) -> Result<(), JournalError> {
        let sql = "INSERT INTO runs (started, until, ended) VALUES (?1, ?1, 0)";
        self.conn
            .execute(sql, [now.timestamp_micros()])
            .map_err(JournalError::NotWritten)?;
        self.run = Some(self.conn.last_insert_rowid());
        Ok(())
    }

    /// Notes that this run still goes on at `now`, or ends.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn still_on(&mut self, now: DateTime<Utc>, ended: bool) -> Result<(), JournalError> {
        let sql = "UPDATE runs SET until = max(until, ?2), ended = ?3 WHERE id = ?1";
        let values = params![self.run, now.timestamp_micros(), ended];
        self.conn
            .execute(sql, values)
            .map(|_| ())
            .map_err(JournalError::NotWritten)
    }

    /// Whether Ringside ran at `at`. A run that was never closed counts up to the next, or to now when it is the last.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn ran_at(&self, at: DateTime<Utc>) -> Result<Ran, JournalError> {
        let sql = "SELECT until, ended, id = (SELECT max(id) FROM runs) FROM runs WHERE started <= ?1 \
                   ORDER BY started DESC LIMIT 1";
        let run = self.conn.query_row(sql, [at.timestamp_micros()], |row| {
            Ok((moment(row.get(0)?), row.get::<_, bool>(1)?, row.get::<_, bool>(2)?))
        });
        Ok(match run.optional().map_err(JournalError::NotRead)? {
            None => Ran::Unknown,
            Some((until, ..)) if at <= until => Ran::Yes,
            Some((_, false, true)) => Ran::Yes,
            Some((until, ..)) => Ran::NotSince(until),
        })
    }

    /// Drops what is too old and too much.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn prune(&mut self, now: DateTime<Utc>) -> Result<(), JournalError> {
        prune(&mut self.conn, now).map_err(JournalError::NotWritten)
    }
}

fn remove(path: &Path) -> Result<(), OpenError> {
    for ending in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(ending);
        match fs::remove_file(&file) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                let path = path.to_owned();
                return Err(OpenError::Io { path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

fn add(conn: &mut Connection, steps: &[(TraceHead, StepRow)]) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    for (head, step) in steps {
        let size = step.body.len() + step.raw.as_ref().map_or(0, String::len);
        let size = i64::try_from(size).unwrap_or(i64::MAX / 2);
        let held: i64 = tx
            .prepare_cached(
                "INSERT INTO traces (call, feed, mine, began, size, left_out) VALUES (?1, ?2, ?3, ?4, 0, 0)
                 ON CONFLICT (call) DO UPDATE SET mine = mine OR excluded.mine RETURNING size",
            )?
            .query_row(
                params![head.call.0, head.feed, head.mine, head.began.timestamp_micros()],
                |row| row.get(0),
            )?;
        if held + size > MOST_BYTES {
            tx.prepare_cached("UPDATE traces SET left_out = left_out + 1 WHERE call = ?1")?
                .execute([&head.call.0])?;
            continue;
        }
        tx.prepare_cached("UPDATE traces SET size = size + ?2 WHERE call = ?1")?
            .execute(params![head.call.0, size])?;
        tx.prepare_cached("INSERT INTO steps (call, at, body, raw) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![head.call.0, step.at.timestamp_micros(), step.body, step.raw])?;
    }
    tx.commit()
}

fn hide(conn: &mut Connection, call: &CallId, rewrite: impl Fn(&str) -> String) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    let bodies: Vec<(i64, String)> = tx
        .prepare_cached("SELECT id, body FROM steps WHERE call = ?1")?
        .query_map([&call.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, body) in bodies {
        tx.prepare_cached("UPDATE steps SET body = ?2, raw = NULL WHERE id = ?1")?
            .execute(params![id, rewrite(&body)])?;
    }
    tx.commit()
}

fn of_call(conn: &Connection, call: &CallId) -> rusqlite::Result<Option<Kept>> {
    let head = conn
        .prepare_cached("SELECT call, feed, mine, began, left_out FROM traces WHERE call = ?1")?
        .query_row([&call.0], |row| {
            let head = TraceHead {
                call: CallId(row.get(0)?),
                feed: row.get(1)?,
                mine: row.get(2)?,
                began: moment(row.get(3)?),
            };
            Ok((head, row.get(4)?))
        })
        .optional()?;
    let Some((head, left_out)) = head else { return Ok(None) };
    let steps = conn
        .prepare_cached("SELECT at, body, raw FROM steps WHERE call = ?1 ORDER BY id")?
        .query_map([&call.0], |row| {
            Ok(StepRow {
                at: moment(row.get(0)?),
                body: row.get(1)?,
                raw: row.get(2)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Some(Kept { head, steps, left_out }))
}

fn feeds_at(conn: &Connection, at: DateTime<Utc>) -> rusqlite::Result<Vec<FeedState>> {
    let sql = "SELECT feed, state, detail, at FROM feed_states
               WHERE id IN (SELECT max(id) FROM feed_states WHERE at <= ?1 GROUP BY feed) ORDER BY feed";
    conn.prepare_cached(sql)?
        .query_map([at.timestamp_micros()], |row| {
            Ok(FeedState {
                feed: row.get(0)?,
                state: row.get(1)?,
                detail: row.get(2)?,
                at: moment(row.get(3)?),
            })
        })?
        .collect()
}

fn prune(conn: &mut Connection, now: DateTime<Utc>) -> rusqlite::Result<()> {
    let tx = conn.transaction()?;
    let oldest = (now - TimeDelta::days(KEPT_DAYS)).timestamp_micros();
    tx.execute("DELETE FROM traces WHERE began < ?1", [oldest])?;
    for mine in [true, false] {
        tx.execute(
            "DELETE FROM traces WHERE call IN
             (SELECT call FROM traces WHERE mine = ?1 ORDER BY began DESC LIMIT -1 OFFSET ?2)",
            params![mine, KEPT_CALLS],
        )?;
    }
    tx.execute(
        "DELETE FROM feed_states WHERE id <= (SELECT max(id) FROM feed_states) - ?1",
        [KEPT_STATES],
    )?;
    tx.execute(
        "DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ?1",
        [KEPT_STATES],
    )?;
    tx.commit()
}

/// A time that chrono cannot hold is damage; it is shown as 1970 rather than hiding the rest.
fn moment(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
