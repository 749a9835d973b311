//! Sends entries of the outbox: makes each once, changes it when the call or its note did, and keeps what the source says.
//!
//! That an entry is being made is on disk before it is sent. Whoever finds that and no answer, after a cut connection or a kill,
//! looks for its marker first. It reads no clock: time and chance are handed to it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Local, Offset as _, TimeDelta, Utc};

use super::written::{Writer, digest};
use crate::journal::{Journal, JournalError, OutboxEntry};
use crate::source::rest::{Entry, RestSource, Unwritten};
use crate::words::{Saying, said_view};

/// Entries that are looked at in one turn.
const MOST: u32 = 50;
/// The first wait after a failure, in seconds; doubled each time.
const FIRST: u64 = 60;
/// The longest.
const LONGEST: u64 = 3_600;

/// Opens the source of a name for writing into it; what is wrong otherwise.
pub type OpenSource = Box<dyn FnMut(&str) -> Result<RestSource, Saying> + Send>;

/// Sends what is due.
pub struct Post {
    journal: Journal,
    open: OpenSource,
    writer: Writer,
    chance: Box<dyn FnMut() -> f64 + Send>,
    stopped: Arc<AtomicBool>,
}

/// What came of one entry.
enum Came {
    /// It is there, or waits for a person: the next.
    Done,
    /// The source is to be left alone.
    Rests,
}

impl Post {
    /// Sends what `journal` has, with a `chance` from 0 to 1 in its waits, until `stopped`.
    pub fn new(
        journal: Journal,
        open: OpenSource,
        writer: Writer,
        chance: Box<dyn FnMut() -> f64 + Send>,
        stopped: Arc<AtomicBool>,
    ) -> Self {
        Post {
            journal,
            open,
            writer,
            chance,
            stopped,
        }
    }

    /// What is written and read.
    pub fn journal(&mut self) -> &mut Journal {
        &mut self.journal
    }

    /// Sends what is due at `now`.
    ///
    /// # Errors
    /// When the journal cannot be read or written. What was sent then is looked for before it is sent again.
    pub fn turn(&mut self, now: DateTime<Utc>) -> Result<(), JournalError> {
        let due = self.journal.outbox_due(now, MOST)?;
        let mut sources: HashMap<String, Option<RestSource>> = HashMap::new();
        for wanted in due {
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            if !sources.contains_key(&wanted.source) {
                let opened = match (self.open)(&wanted.source) {
                    Ok(source) => Some(source),
                    Err(why) => {
                        self.put_off(&wanted, &why, None, now)?;
                        None
                    }
                };
                sources.insert(wanted.source.clone(), opened);
            }
            let Some(Some(source)) = sources.get_mut(&wanted.source) else {
                continue;
            };
            if matches!(self.send(&wanted, source, now)?, Came::Rests) {
                sources.insert(wanted.source, None);
            }
        }
        Ok(())
    }

    fn send(
        &mut self,
        wanted: &OutboxEntry,
        source: &mut RestSource,
        now: DateTime<Utc>,
    ) -> Result<Came, JournalError> {
        let logged = self.journal.call(&wanted.call)?;
        let offset = |at: DateTime<Utc>| at.with_timezone(&Local).offset().fix();
        let entry = self.writer.entry(wanted, logged.as_ref(), offset);
        let digest = digest(&entry);
        if wanted.digest.as_ref() == Some(&digest) {
            self.journal.outbox_written(wanted.id, wanted.changed, None, &digest)?;
            return Ok(Came::Done);
        }
        let known = match (&wanted.entry, wanted.begun) {
            (Some(key), _) => Some(key.clone()),
            (None, None) => None,
            (None, Some(begun)) => match self.look(wanted, source, &entry, begun, now)? {
                Ok(found) => found,
                Err(came) => return Ok(came),
            },
        };
        let key = match known {
            Some(key) if !source.changes_entries() => Ok(key),
            Some(key) => source.update_entry(&key, &entry).map(|()| key),
            None => {
                self.journal.outbox_begin(wanted.id, now)?;
                source.create_entry(&entry)
            }
        };
        match key {
            Ok(key) => {
                self.journal
                    .outbox_written(wanted.id, wanted.changed, Some(&key), &digest)?;
                Ok(Came::Done)
            }
            Err(error) => {
                if wanted.entry.is_none() && error.is_sure() {
                    self.journal.outbox_not_there(wanted.id)?;
                }
                self.failed(wanted, &error, now)
            }
        }
    }

    /// Whether an entry that was sent at `begun` is there: its key, or what becomes of it while that cannot be known.
    fn look(
        &mut self,
        wanted: &OutboxEntry,
        source: &mut RestSource,
        entry: &Entry,
        begun: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Result<Option<String>, Came>, JournalError> {
        let Some(after) = source.finds_entries_after() else {
            let why = Saying::of("unwritten.unsure")
                .with("system", &source.system().title)
                .with("marker", &entry.marker);
            self.journal.outbox_refuse(wanted.id, &said_view(&why))?;
            // who says "again" has looked
            self.journal.outbox_not_there(wanted.id)?;
            return Ok(Err(Came::Done));
        };
        let found_from = begun + TimeDelta::from_std(after).unwrap_or_default();
        if now < found_from {
            self.journal.outbox_put_off(wanted.id, found_from, &wanted.trouble)?;
            return Ok(Err(Came::Done));
        }
        match source.find_entry(entry) {
            Ok(Some(key)) => {
                self.journal.outbox_found(wanted.id, &key)?;
                Ok(Ok(Some(key)))
            }
            Ok(None) => Ok(Ok(None)),
            Err(error) => self.failed(wanted, &error, now).map(Err),
        }
    }

    fn failed(&mut self, wanted: &OutboxEntry, error: &Unwritten, now: DateTime<Utc>) -> Result<Came, JournalError> {
        match error {
            Unwritten::Later { said, after, .. } => {
                self.put_off(wanted, said, *after, now)?;
                Ok(Came::Rests)
            }
            Unwritten::Refused { said, .. } => {
                tracing::warn!(source = wanted.source, "{said}");
                self.journal.outbox_refuse(wanted.id, &said_view(said))?;
                Ok(Came::Done)
            }
        }
    }

    /// The source is left alone for a while, with everything that waits for it.
    fn put_off(
        &mut self,
        wanted: &OutboxEntry,
        why: &Saying,
        after: Option<Duration>,
        now: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        tracing::info!(source = wanted.source, "{why}");
        let usual = Duration::from_secs((FIRST << wanted.tries.min(10)).min(LONGEST));
        let wait = after.unwrap_or_else(|| usual.mul_f64(0.5 + (self.chance)().clamp(0.0, 1.0) / 2.0));
        let until = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(1));
        self.journal.outbox_put_off(wanted.id, until, &said_view(why))?;
        self.journal.outbox_rest(&wanted.source, until)
    }
}
