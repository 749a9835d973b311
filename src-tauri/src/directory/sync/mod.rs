//! Taking in what a source gives again and again: each batch is one transaction, together with the mark to go on from.
//!
//! A kill at any moment leaves a whole cache, and the next run goes on from the mark. The mark of a batch is written with
//! the batch that comes after it, and the last one when the stream has ended: what is still to be done at the end of a
//! stream is done again after a kill, because the source gives its last batch again. It reads no source itself.

mod gone;
mod history;
mod records;

use std::path::Path;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::import::give_back_room;
use super::intake::Intake;
use super::schema::Turn;
use super::{DirectoryError, Place, related, schema};
use crate::source::pull::{Batch, Extent, Keyed, Mark, Stream};
use crate::source::record::Record;

pub use gone::Ended;
pub use history::{Held, Kept, Run, RunTally};

/// Page cache of a sync: a batch changes few pages, and what it keeps in memory the readers lack.
const CACHE_KIB: u32 = 32 * 1024;
/// Rows of one transaction.
const ROWS: usize = 5_000;
/// Pages of the log after which they are written back: so that a pop never waits for more.
const CHECKPOINT_PAGES: u32 = 8_000;

/// A run of one source that is under way. Only one writes at a time, of all processes.
pub struct Sync {
    intake: Intake,
    source: String,
    run: i64,
    tally: RunTally,
    stream: Option<Current>,
    _turn: Turn,
}

/// The stream that is being read.
struct Current {
    id: i64,
    kind: Keyed,
    /// No other stream of the source gives records of this kind.
    alone: bool,
    /// Where to go on after the last batch that was taken.
    mark: Option<Mark>,
    /// The mark of the last batch, written with the next.
    waiting: Option<Mark>,
    /// How many records of the kind there are, once somebody asked.
    total: Option<u64>,
    /// How many of them this reading of the stream took out.
    dropped: u64,
    /// Whether anything is held.
    holds: bool,
}

/// What became of a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Keys of customers that records name and the source never gave.
    pub unknown_customers: Vec<String>,
}

impl Place {
    /// Begins a run of `source` at `at`. Of two sources the one with the smaller `precedence` is believed.
    ///
    /// # Errors
    /// [`DirectoryError::Taken`] when somebody else is writing, and when the cache cannot be written.
    pub fn begin_sync(&self, source: &str, precedence: u32, at: DateTime<Utc>) -> Result<Sync, DirectoryError> {
        let turn = schema::take_turn(&self.path)?;
        let left_out = self.who_is_left_out()?;
        let mut connection = schema::open(&self.path, &self.key, CACHE_KIB)?;
        schema::prepare(&mut connection, &self.path)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        let at = at.timestamp();
        connection.execute_batch("BEGIN IMMEDIATE")?;
        Intake::gather_search(&connection)?;
        let id = connection.query_row(
            "INSERT INTO sources (name, imported, unfinished, precedence) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (name) DO UPDATE SET imported = excluded.imported, precedence = excluded.precedence
             RETURNING id",
            params![source, at, precedence],
            |row| row.get(0),
        )?;
        let run = history::begin(&connection, source, at)?;
        connection.execute_batch("COMMIT")?;
        let folder = self.path.parent().unwrap_or(Path::new("."));
        Ok(Sync {
            intake: Intake::new(connection, folder, id, at).without(left_out, source),
            source: source.to_owned(),
            run,
            tally: RunTally::default(),
            stream: None,
            _turn: turn,
        })
    }
}

impl Sync {
    /// What the run did so far.
    #[must_use]
    pub fn tally(&self) -> RunTally {
        self.tally
    }

    /// Turns to a stream: where to go on with it, `None` for its beginning. `alone`: no other stream of this source has
    /// records of its kind.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn stream(&mut self, stream: &Stream, alone: bool) -> Result<Option<Mark>, DirectoryError> {
        let source = self.intake.source;
        let connection = &self.intake.connection;
        connection
            .prepare_cached(
                "INSERT INTO marks (source, stream, kind) VALUES (?1, ?2, ?3)
                 ON CONFLICT (source, stream) DO UPDATE SET kind = excluded.kind WHERE kind <> excluded.kind",
            )?
            .execute(params![source, stream.name, gone::kind_code(stream.kind)])?;
        let sql = "SELECT id, mark, dropped, EXISTS (SELECT 1 FROM held WHERE held.stream = marks.id)
                   FROM marks WHERE source = ?1 AND stream = ?2";
        let (id, mark, dropped, holds) = connection.query_row(sql, params![source, stream.name], |row| {
            let dropped: i64 = row.get(2)?;
            let mark = row.get::<_, Option<String>>(1)?.map(Mark);
            Ok((row.get(0)?, mark, dropped.unsigned_abs(), row.get(3)?))
        })?;
        self.intake.stream = Some(id);
        self.stream = Some(Current {
            id,
            kind: stream.kind,
            alone,
            mark: mark.clone(),
            waiting: None,
            total: None,
            dropped,
            holds,
        });
        Ok(mark)
    }

    /// Where to go on with the stream after what was taken last, while this run is under way.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        self.stream.as_ref()?.mark.as_ref()
    }

    /// The stream is read from its beginning: what an earlier reading gave no longer counts as given.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn start_over(&mut self) -> Result<(), DirectoryError> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        (stream.mark, stream.waiting, stream.dropped) = (None, None, 0);
        let id = stream.id;
        self.transaction(|sync| {
            let connection = &sync.intake.connection;
            connection.execute("UPDATE marks SET mark = NULL, dropped = 0 WHERE id = ?1", [id])?;
            connection.execute("DELETE FROM given WHERE stream = ?1", [id])?;
            Ok(())
        })
    }

    /// Takes a batch in. An order must stand in one batch whole.
    ///
    /// # Errors
    /// When the cache cannot be written; what was taken before stays.
    pub fn take(&mut self, batch: &Batch) -> Result<Taken, DirectoryError> {
        let mut taken = Taken::default();
        let whole = self.stream.as_ref().is_some_and(|stream| stream.kind == Keyed::Order);
        let rows = if whole { usize::MAX } else { ROWS };
        let mut parts: Vec<&[Record]> = batch.records.chunks(rows).collect();
        let last = parts.pop().unwrap_or_default();
        for part in parts {
            self.transaction(|sync| sync.write(part, &mut taken))?;
        }
        self.transaction(|sync| {
            sync.write(last, &mut taken)?;
            sync.note_refused(&batch.refused)?;
            sync.drop_gone(&batch.gone)?;
            sync.write_mark()
        })?;
        if let Some(stream) = &mut self.stream {
            stream.waiting.clone_from(&batch.mark);
            if batch.mark.is_some() {
                stream.mark.clone_from(&batch.mark);
            }
        }
        self.tally.refused += batch.refused.len() as u64 + taken.unknown_customers.len() as u64;
        Ok(taken)
    }

    fn write_mark(&mut self) -> Result<(), DirectoryError> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let mut update = self
            .intake
            .connection
            .prepare_cached("UPDATE marks SET mark = coalesce(?2, mark), dropped = ?3 WHERE id = ?1")?;
        let mark = stream.waiting.as_ref().map(|mark| &mark.0);
        let dropped = i64::try_from(stream.dropped).unwrap_or(i64::MAX);
        update.execute(params![stream.id, mark, dropped])?;
        Ok(())
    }

    /// The stream has come to its end.
    ///
    /// # Errors
    /// When the cache cannot be written; the stream is then ended again by the next run.
    pub fn end_stream(&mut self, extent: Extent) -> Result<Ended, DirectoryError> {
        let ended = match extent {
            Extent::Whole => self.drop_missing()?,
            Extent::Changes => Ended::default(),
        };
        self.transaction(|sync| {
            sync.write_mark()?;
            let Some(stream) = &sync.stream else { return Ok(()) };
            let connection = &sync.intake.connection;
            let sql = "UPDATE marks SET read = ?2, dropped = 0 WHERE id = ?1";
            connection.execute(sql, [stream.id, sync.intake.at])?;
            connection.execute("DELETE FROM given WHERE stream = ?1", [stream.id])?;
            if stream.kind == Keyed::Order {
                let sql = "UPDATE sources SET orders = ?2 WHERE id = ?1";
                connection.execute(sql, [sync.intake.source, sync.intake.at])?;
            }
            Ok(())
        })?;
        self.stream = None;
        self.intake.stream = None;
        Ok(ended)
    }

    /// Takes out what an earlier run held, as the user said: how many records.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn drop_held(&mut self) -> Result<u64, DirectoryError> {
        gone::drop_held(self)
    }

    /// Takes everything of another source out, for example the made-up shop. `false` when there was nothing.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn forget(&mut self, source: &str) -> Result<bool, DirectoryError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sources WHERE name = ?1)";
        if !self.intake.connection.query_row(sql, [source], |row| row.get(0))? {
            return Ok(false);
        }
        self.transaction(|sync| {
            let forgotten = sync.intake.forget(source)?;
            related::catalogue_will_change(&sync.intake.connection)?;
            Ok(forgotten)
        })
    }

    /// Ends the run: `error` says in words why it did not come to its end. Learns from new purchases where it is time to.
    ///
    /// # Errors
    /// When the cache cannot be written.
    pub fn finish(mut self, at: DateTime<Utc>, error: Option<&str>) -> Result<RunTally, DirectoryError> {
        self.transaction(|sync| {
            related::learn_if_due(&sync.intake.connection, None)?;
            related::tell_readers(&sync.intake.connection)?;
            let held = history::held(&sync.intake.connection, sync.intake.source)?;
            sync.tally.held = held.iter().map(|held| held.records).sum();
            if error.is_none() {
                let sql = "UPDATE sources SET checked = ?2, unfinished = 0 WHERE id = ?1";
                let values = [sync.intake.source, sync.intake.at];
                sync.intake.connection.execute(sql, values)?;
            }
            history::end(&sync.intake.connection, sync.run, at.timestamp(), &sync.tally, error)?;
            history::forget_old(&sync.intake.connection, &sync.source)
        })?;
        give_back_room(&self.intake.connection);
        Ok(self.tally)
    }

    /// Everything that `change` does, or nothing.
    fn transaction<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<T, DirectoryError>,
    ) -> Result<T, DirectoryError> {
        self.intake.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let changed = change(self);
        let end = if changed.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.intake.connection.prepare_cached(end)?.execute([]);
        let changed = changed?;
        ended?;
        Ok(changed)
    }
}

/// The row of a source, when it ever gave anything.
pub(super) fn source_id(connection: &rusqlite::Connection, source: &str) -> Result<Option<i64>, DirectoryError> {
    let mut find = connection.prepare_cached("SELECT id FROM sources WHERE name = ?1")?;
    Ok(find.query_row([source], |row| row.get(0)).optional()?)
}
