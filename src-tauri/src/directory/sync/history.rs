//! What each run did, and how a source stands: kept with the cache it tells of.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::super::reading::time;
use super::super::{Counts, DirectoryError, Place, Tally, schema};
use super::source_id;

/// Page cache of a connection that reads a few rows.
const ONCE_KIB: u32 = 1024;
/// Runs of a source that are remembered.
const REMEMBERED: u32 = 200;

/// What is said of a run that was killed.
const INTERRUPTED: &str = "it was interrupted; the next run went on from there";

/// What a run did, in records; order lines count each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct RunTally {
    /// Records that were not known.
    pub added: u64,
    /// Records that were known otherwise.
    pub changed: u64,
    /// Records that were known just so.
    pub unchanged: u64,
    /// Records that were taken out.
    pub removed: u64,
    /// Records that the source no longer has, kept until a person was asked.
    pub held: u64,
    /// Records that could not be used.
    pub refused: u64,
    /// Records of somebody who was erased.
    pub left_out: u64,
}

/// One run of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it ended; `None` while it is under way, or when it was killed and no other came since.
    pub ended: Option<DateTime<Utc>>,
    /// What it did.
    pub tally: RunTally,
    /// Why it did not come to its end.
    pub error: Option<String>,
}

/// Records of one stream that wait for a person's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The stream.
    pub stream: String,
    /// How many.
    pub records: u64,
}

/// How a source stands in the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// When a run last came to its end: as old is what it gave.
    pub checked: Option<DateTime<Utc>>,
    /// Customers.
    pub customers: u64,
    /// What would have gone, and waits for a person.
    pub held: Vec<Held>,
    /// The last run.
    pub last: Option<Run>,
}

impl RunTally {
    pub(super) fn add_difference(&mut self, before: &Counts, now: &Counts) {
        let all = |counts: &Counts| {
            let Counts {
                customers,
                products,
                order_lines,
                balances,
                invoices,
                tickets,
            } = *counts;
            let mut sum = Tally::default();
            for tally in [customers, products, order_lines, balances, invoices, tickets] {
                sum.add(tally);
            }
            sum
        };
        let (before, now) = (all(before), all(now));
        self.added += now.added - before.added;
        self.changed += now.changed - before.changed;
        self.unchanged += now.unchanged - before.unchanged;
        self.removed += now.removed - before.removed;
        self.left_out += now.left_out - before.left_out;
    }
}

impl Place {
    /// The last runs of a source, the newest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn runs(&self, source: &str, limit: u32) -> Result<Vec<Run>, DirectoryError> {
        runs(&self.look()?, source, limit)
    }

    /// How a source stands.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn kept(&self, source: &str) -> Result<Kept, DirectoryError> {
        let connection = self.look()?;
        let last = runs(&connection, source, 1)?.pop();
        let Some(id) = source_id(&connection, source)? else {
            return Ok(Kept {
                last,
                ..Kept::default()
            });
        };
        let sql = "SELECT checked FROM sources WHERE id = ?1 AND checked IS NOT NULL";
        let checked = connection.query_row(sql, [id], |row| time(row, 0)).optional()?;
        let sql = "SELECT count(*) FROM customers WHERE source = ?1";
        let customers: i64 = connection.query_row(sql, [id], |row| row.get(0))?;
        Ok(Kept {
            checked,
            customers: customers.unsigned_abs(),
            held: held(&connection, id)?,
            last,
        })
    }

    fn look(&self) -> Result<Connection, DirectoryError> {
        let mut connection = schema::open(&self.path, &self.key, ONCE_KIB)?;
        schema::prepare(&mut connection, &self.path)?;
        Ok(connection)
    }
}

/// Notes the beginning of a run. Whoever calls has the turn, so that an earlier one without an end was killed.
pub(super) fn begin(connection: &Connection, source: &str, at: i64) -> Result<i64, DirectoryError> {
    let sql = "UPDATE runs SET error = ?2 WHERE source = ?1 AND ended IS NULL AND error IS NULL";
    connection.execute(sql, [source, INTERRUPTED])?;
    let sql = "INSERT INTO runs (source, began) VALUES (?1, ?2)";
    connection.execute(sql, params![source, at])?;
    Ok(connection.last_insert_rowid())
}

/// Notes the end of a run.
pub(super) fn end(
    connection: &Connection,
    run: i64,
    at: i64,
    tally: &RunTally,
    error: Option<&str>,
) -> Result<(), DirectoryError> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    connection.execute(
        "UPDATE runs SET ended = ?2, added = ?3, changed = ?4, unchanged = ?5, removed = ?6, held = ?7, refused = ?8,
         error = ?9, left_out = ?10 WHERE id = ?1",
        params![
            run,
            at,
            count(tally.added),
            count(tally.changed),
            count(tally.unchanged),
            count(tally.removed),
            count(tally.held),
            count(tally.refused),
            error,
            count(tally.left_out)
        ],
    )?;
    Ok(())
}

/// Lets the oldest runs go.
pub(super) fn forget_old(connection: &Connection, source: &str) -> Result<(), DirectoryError> {
    let sql = "DELETE FROM runs WHERE source = ?1 AND id <=
               (SELECT id FROM runs WHERE source = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)";
    connection.execute(sql, params![source, REMEMBERED])?;
    Ok(())
}

/// What is held of the source in row `id`, by stream.
pub(super) fn held(connection: &Connection, id: i64) -> Result<Vec<Held>, DirectoryError> {
    let mut find = connection.prepare_cached(
        "SELECT marks.stream, count(*) FROM held JOIN marks ON marks.id = held.stream WHERE marks.source = ?1
         GROUP BY marks.id ORDER BY marks.id",
    )?;
    let rows = find.query_map([id], |row| {
        Ok(Held {
            stream: row.get(0)?,
            records: row.get::<_, i64>(1)?.unsigned_abs(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn runs(connection: &Connection, source: &str, limit: u32) -> Result<Vec<Run>, DirectoryError> {
    let mut find = connection.prepare_cached(
        "SELECT began, ended, added, changed, unchanged, removed, held, refused, error, left_out FROM runs WHERE source = ?1
         ORDER BY id DESC LIMIT ?2",
    )?;
    let rows = find.query_map(params![source, limit], run)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let count = |column| row.get::<_, i64>(column).map(i64::unsigned_abs);
    let ended = row.get::<_, Option<i64>>(1)?.map(|_| time(row, 1)).transpose()?;
    Ok(Run {
        began: time(row, 0)?,
        ended,
        tally: RunTally {
            added: count(2)?,
            changed: count(3)?,
            unchanged: count(4)?,
            removed: count(5)?,
            held: count(6)?,
            refused: count(7)?,
            left_out: count(9)?,
        },
        error: row.get(8)?,
    })
}
