//! A run of one source: all its streams, batch by batch, into the cache.
//!
//! It knows when to wait, when to read whole again and when to give up, and keeps the last good data whatever happens. It
//! reads no clock and sleeps nowhere: time, chance and waiting are handed to it. It does not know what a source is.

mod backoff;

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::demo;
use super::pull::{Batch, Extent, Mark, PullError, Refused, Source, Stopped, Stream};
use crate::directory::{DirectoryError, Held, Place, RunTally, Sync};
use crate::words::Saying;
use backoff::{Pause, pause};

/// Reasons that a report names.
const NAMED: usize = 100;

/// What is asked of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The name of the source: its records are told apart by it.
    pub name: String,
    /// Of two sources the one with the smaller number is believed.
    pub precedence: u32,
    /// Read everything again, whatever the marks say.
    pub whole: bool,
    /// Take out what earlier runs held.
    pub allow_deletes: bool,
}

/// How far a run is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The stream that is being read.
    pub stream: String,
    /// Records of it so far.
    pub done: u64,
    /// Records of it in all, where the source says so.
    pub total: Option<u64>,
    /// Until when it waits, because the source does not answer or asked for it.
    pub waits: Option<(DateTime<Utc>, Saying)>,
}

/// What a run needs of the world around it.
pub trait Surroundings {
    /// Now.
    fn now(&self) -> DateTime<Utc>;
    /// A number from 0 to 1.
    fn chance(&mut self) -> f64;
    /// Waits so long; `false` when the run was cancelled meanwhile.
    fn wait(&mut self, time: Duration) -> bool;
    /// Whether the run was cancelled.
    fn is_cancelled(&self) -> bool;
    /// Tells how far it is.
    fn progress(&mut self, progress: &Progress);
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was done.
    pub tally: RunTally,
    /// What could not be used, the first hundred.
    pub refused: Vec<Refused>,
    /// What would have been taken out, and waits for a person.
    pub held: Vec<Held>,
    /// Why it did not come to its end.
    pub failed: Option<Failed>,
}

/// Why a run did not come to its end. What it took in before stays, and so does everything older.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// Somebody stopped it.
    #[error("{}", Saying::of("import.stopped"))]
    Cancelled,
    /// It may work later.
    #[error("{said}")]
    Later {
        /// What happened.
        said: Saying,
        /// Not before this time, as the source asked.
        after: Option<DateTime<Utc>>,
    },
    /// It will not work until somebody changes something.
    #[error("{0}")]
    Refused(Saying),
}

impl Failed {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Failed::Cancelled => Saying::of("import.stopped"),
            Failed::Later { said, .. } | Failed::Refused(said) => said.clone(),
        }
    }
}

/// Runs `source` once.
///
/// # Errors
/// When the cache cannot be written. What is wrong with the source stands in the report.
pub fn run(
    source: &mut dyn Source,
    place: &Place,
    plan: &Plan,
    around: &mut dyn Surroundings,
) -> Result<Report, DirectoryError> {
    let mut sync = place.begin_sync(&plan.name, plan.precedence, around.now())?;
    if plan.allow_deletes {
        sync.drop_held()?;
    }
    let streams = source.streams();
    let mut refused = Vec::new();
    let mut failed = None;
    for stream in &streams {
        let alone = streams.iter().filter(|other| other.kind == stream.kind).count() == 1;
        let mut reading = Reading {
            stream,
            whole: plan.whole,
            refused: &mut refused,
            progress: Progress {
                stream: stream.name.clone(),
                ..Progress::default()
            },
        };
        match reading.run(source, &mut sync, alone, around) {
            Ok(()) => {}
            Err(Ended::Failed(why)) => {
                failed = Some(why);
                break;
            }
            Err(Ended::Cache(error)) => {
                // What happened stands in the history, if anything can be written at all.
                let _said = sync.finish(around.now(), Some(&error.to_string()));
                return Err(error);
            }
        }
    }
    let tally = sync.tally();
    if failed.is_none() && tally.added + tally.unchanged > 0 && plan.name != demo::NAME {
        sync.forget(demo::NAME)?;
    }
    let error = failed.as_ref().map(Failed::to_string);
    let tally = sync.finish(around.now(), error.as_deref())?;
    Ok(Report {
        tally,
        refused,
        held: place.kept(&plan.name)?.held,
        failed,
    })
}

/// Why a stream ended early.
enum Ended {
    Failed(Failed),
    Cache(DirectoryError),
}

impl From<DirectoryError> for Ended {
    fn from(error: DirectoryError) -> Self {
        Ended::Cache(error)
    }
}

/// One stream of a run.
struct Reading<'r> {
    stream: &'r Stream,
    whole: bool,
    refused: &'r mut Vec<Refused>,
    progress: Progress,
}

impl Reading<'_> {
    fn run(
        &mut self,
        source: &mut dyn Source,
        sync: &mut Sync,
        alone: bool,
        around: &mut dyn Surroundings,
    ) -> Result<(), Ended> {
        let mut mark = sync.stream(self.stream, alone)?.filter(|_| !self.whole);
        if mark.is_none() {
            sync.start_over()?;
        }
        let (mut failures, mut expired) = (0, false);
        loop {
            if around.is_cancelled() {
                return Err(Ended::Failed(Failed::Cancelled));
            }
            around.progress(&self.progress);
            let before = self.progress.done;
            let error = match self.pull(source, sync, mark.as_ref(), around)? {
                Ok(extent) => {
                    sync.end_stream(extent)?;
                    return Ok(());
                }
                Err(error) => error,
            };
            // Whoever gets on is not failing.
            failures = if self.progress.done > before { 0 } else { failures };
            match error {
                PullError::Stopped(_) => return Err(Ended::Failed(Failed::Cancelled)),
                PullError::MarkExpired { .. } if !expired => {
                    expired = true;
                    sync.start_over()?;
                    (mark, self.progress.done) = (None, 0);
                    tracing::info!(stream = self.stream.name, "{error}");
                    continue;
                }
                PullError::MarkExpired { .. } => {
                    let said = error.saying().and(Saying::of("import.expired_again"));
                    return Err(Ended::Failed(Failed::Refused(said)));
                }
                PullError::Refused { said } => return Err(Ended::Failed(Failed::Refused(said))),
                PullError::Later { said, after } => {
                    self.wait(said, pause(failures, after, around.chance()), around)?;
                    failures += 1;
                }
            }
            mark = sync.mark().cloned();
        }
    }

    /// Reads on until the source ends or fails.
    fn pull(
        &mut self,
        source: &mut dyn Source,
        sync: &mut Sync,
        mark: Option<&Mark>,
        around: &mut dyn Surroundings,
    ) -> Result<Result<Extent, PullError>, DirectoryError> {
        let mut broken = None;
        let pulled = source.pull(self.stream, mark, &mut |batch| {
            if around.is_cancelled() {
                return Err(Stopped);
            }
            self.take(sync, &batch).map_err(|error| {
                broken = Some(error);
                Stopped
            })?;
            around.progress(&self.progress);
            Ok(())
        });
        match broken {
            Some(error) => Err(error),
            None => Ok(pulled),
        }
    }

    fn take(&mut self, sync: &mut Sync, batch: &Batch) -> Result<(), DirectoryError> {
        let taken = sync.take(batch)?;
        self.progress.done += (batch.records.len() + batch.refused.len()) as u64;
        self.progress.total = batch.total.or(self.progress.total);
        let unknown = taken.unknown_customers.into_iter().map(|key| Refused {
            reason: Saying::of("import.customer_not_given").with("key", &key),
            key,
        });
        let room = NAMED.saturating_sub(self.refused.len());
        let all = batch.refused.iter().cloned().chain(unknown);
        self.refused.extend(all.take(room));
        Ok(())
    }

    fn wait(&mut self, said: Saying, pause: Pause, around: &mut dyn Surroundings) -> Result<(), Ended> {
        match pause {
            Pause::Wait(time) => {
                let until = around.now() + time;
                self.progress.waits = Some((until, said));
                around.progress(&self.progress);
                let waited = around.wait(time);
                self.progress.waits = None;
                match waited {
                    true => Ok(()),
                    false => Err(Ended::Failed(Failed::Cancelled)),
                }
            }
            Pause::GiveUp(after) => {
                let after = after.and_then(|time| Some(around.now() + chrono::TimeDelta::from_std(time).ok()?));
                Err(Ended::Failed(Failed::Later { said, after }))
            }
        }
    }
}
