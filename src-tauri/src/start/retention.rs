//! Drops what is older than the settings keep it: when somebody says so, and once a day while Ringside runs, a little at a time.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::person::doer;
use crate::background;
use crate::config::Config;
use crate::journal::{Act, AuditEntry, Doer, Journal, JournalError, KeptKind, Traces};
use crate::store::OpenError;
use crate::vault::{MasterKey, Unlocked};

/// Rows of one transaction: whoever writes a call meanwhile waits for no more.
const AT_ONCE: u32 = 200;
/// Between two of them others have their turn.
const PAUSE: Duration = Duration::from_millis(50);
/// After the start there is enough to do without this.
const FIRST: Duration = Duration::from_secs(90);
const DAILY: Duration = Duration::from_secs(24 * 60 * 60);

/// For how long what is kept in one home folder is kept. Cheap to clone.
#[derive(Clone)]
pub struct Retained {
    kinds: Vec<(KeptKind, u32)>,
    traces: Option<u32>,
    journal: PathBuf,
    traces_db: PathBuf,
    key: MasterKey,
    by: Doer,
}

/// How much of a kind is older than it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Old {
    /// The word of the settings.
    pub what: &'static str,
    /// For how many days it is kept.
    pub days: u32,
    /// How many rows are older, or were dropped.
    pub rows: u64,
}

/// Why nothing more was dropped. What was dropped before is gone.
#[derive(Debug, thiserror::Error)]
pub enum NotDropped {
    /// A store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl Retained {
    /// What `config` says of the stores that `unlocked` opens.
    #[must_use]
    pub fn new(config: &Config, unlocked: &Unlocked) -> Self {
        let kept = &config.retention;
        let days = |kind| match kind {
            KeptKind::Calls => kept.calls,
            KeptKind::Notes => kept.notes,
            KeptKind::Contacts => kept.contacts,
            KeptKind::Tasks => kept.tasks,
            KeptKind::Tickets => kept.tickets,
            KeptKind::Audit => kept.audit,
        };
        let kinds = KeptKind::ALL.into_iter();
        Retained {
            kinds: kinds.filter_map(|kind| Some((kind, days(kind)?))).collect(),
            traces: kept.traces,
            journal: unlocked.journal_db(),
            traces_db: unlocked.traces_db(),
            key: unlocked.key.clone(),
            by: doer(config),
        }
    }

    /// Whether everything is kept for ever.
    #[must_use]
    pub fn is_forever(&self) -> bool {
        self.kinds.is_empty() && self.traces.is_none()
    }

    /// What would be dropped at `now`. Nothing is changed.
    ///
    /// # Errors
    /// When a store cannot be read.
    pub fn look(&self, now: DateTime<Utc>) -> Result<Vec<Old>, NotDropped> {
        let journal = Journal::open(&self.journal, &self.key)?;
        let mut old = Vec::new();
        for (kind, days) in &self.kinds {
            let rows = journal.count_older(*kind, before(now, *days))?;
            let (what, days) = (kind.name(), *days);
            old.push(Old { what, days, rows });
        }
        if let Some(days) = self.traces {
            let rows = Traces::open(&self.traces_db, &self.key)?.count_older(before(now, days))?;
            let what = "traces";
            old.push(Old { what, days, rows });
        }
        Ok(old)
    }

    /// Drops it, batch by batch, for as long as `go_on`, asked between two batches, says so. What was dropped stands in the
    /// audit trail.
    ///
    /// # Errors
    /// When a store cannot be written.
    pub fn drop_old(&self, now: DateTime<Utc>, mut go_on: impl FnMut() -> bool) -> Result<Vec<Old>, NotDropped> {
        let mut journal = Journal::open(&self.journal, &self.key)?;
        let mut old = Vec::new();
        for (kind, days) in &self.kinds {
            let before = before(now, *days);
            let rows = batches(&mut go_on, || journal.drop_older(*kind, before, AT_ONCE))?;
            let (what, days) = (kind.name(), *days);
            old.push(Old { what, days, rows });
        }
        if let Some(days) = self.traces {
            let (mut traces, before) = (Traces::open(&self.traces_db, &self.key)?, before(now, days));
            let rows = batches(&mut go_on, || traces.drop_older(before, AT_ONCE))?;
            let what = "traces";
            old.push(Old { what, days, rows });
        }
        self.note(&mut journal, &old, now)?;
        Ok(old)
    }

    /// Nobody did it by hand where the application does it by itself.
    fn by_itself(mut self) -> Self {
        self.by = Doer::default();
        self
    }

    fn note(&self, journal: &mut Journal, old: &[Old], now: DateTime<Utc>) -> Result<(), JournalError> {
        let dropped = old.iter().filter(|old| old.rows > 0);
        let dropped: Vec<String> = dropped.map(|old| format!("{}: {}", old.what, old.rows)).collect();
        if dropped.is_empty() {
            return Ok(());
        }
        journal.audit(&AuditEntry {
            at: now,
            agent: self.by.agent.clone(),
            line: self.by.line.clone(),
            act: Act::Dropped,
            detail: dropped.join(", "),
            call: None,
            customer: None,
        })?;
        journal.cut_log().map(drop)
    }
}

impl std::fmt::Debug for Retained {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Retained({})", self.journal.display())
    }
}

fn before(now: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    now - TimeDelta::days(i64::from(days))
}

fn batches(
    go_on: &mut impl FnMut() -> bool,
    mut batch: impl FnMut() -> Result<u64, JournalError>,
) -> Result<u64, JournalError> {
    let mut rows = 0;
    loop {
        let dropped = batch()?;
        rows += dropped;
        if dropped < u64::from(AT_ONCE) || !go_on() {
            return Ok(rows);
        }
    }
}

/// Drops once a day what is old, on a thread of its own.
#[derive(Debug)]
pub struct Tidy {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Tidy {
    /// Begins, unless everything is kept for ever.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(retained: Retained) -> io::Result<Self> {
        if retained.is_forever() {
            return Ok(Tidy {
                stop: None,
                thread: None,
            });
        }
        let (stop, stopped) = mpsc::channel();
        let retained = retained.by_itself();
        let thread = background::spawn("retention", move || run(&retained, &stopped))?;
        Ok(Tidy {
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Stops between two batches, and waits for that.
    pub fn stop(self) {
        drop(self.stop);
        if self.thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("what drops old calls and notes ended in a panic; it begins again at the next start");
        }
    }
}

fn run(retained: &Retained, stopped: &Receiver<()>) {
    let mut wait = FIRST;
    while waited(stopped, wait) {
        match retained.drop_old(Utc::now(), || waited(stopped, PAUSE)) {
            Ok(old) => tracing::info!(
                rows = old.iter().map(|old| old.rows).sum::<u64>(),
                "what is old was dropped"
            ),
            Err(error) => tracing::error!(%error, "what is old could not be dropped; it is tried again tomorrow"),
        }
        wait = DAILY;
    }
}

/// Waits so long; `false` when it is to stop.
fn waited(stopped: &Receiver<()>, time: Duration) -> bool {
    stopped.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
}
