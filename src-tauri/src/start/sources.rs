//! From settings to sources of customer data, and the runs of them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rand::Rng as _;

use super::described;
use super::outbox::wait;
use crate::config::{Config, Home, Source, SourceKind};
use crate::directory::{DirectoryError, Hand, Place, WhoIsLeftOut};
use crate::journal::Journal;
use crate::source::files::Files;
use crate::source::rest::{Outside, RestSource};
use crate::source::sync::{self, Plan, Progress, Report, Surroundings};
use crate::source::{Settings, SourceError, pull};
use crate::vault::MasterKey;
use crate::words::Saying;

/// What is needed to open the sources that the settings name.
#[derive(Clone)]
pub struct Sources {
    home: Home,
    config: Config,
    place: Place,
    hand: WhatPeopleSaid,
}

impl std::fmt::Debug for Sources {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sources")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

/// Reads what people said of records, for linking them.
pub type WhatPeopleSaid = Arc<dyn Fn() -> Result<Hand, String> + Send + Sync>;

/// What a run is told, and how it is stopped.
pub trait Follower {
    /// How far it is.
    fn progress(&mut self, progress: &Progress);
    /// Waits so long; `false` when it is to stop.
    fn wait(&mut self, time: Duration) -> bool;
    /// Whether it is to stop.
    fn is_stopped(&self) -> bool;
}

impl Sources {
    /// For the sources of `config`, into the cache at `place`.
    #[must_use]
    pub fn new(home: &Home, config: &Config, place: Place, hand: WhatPeopleSaid) -> Self {
        Sources {
            home: home.clone(),
            config: config.clone(),
            place,
            hand,
        }
    }

    /// The sources of other settings, into the same cache.
    pub(super) fn of(&self, config: &Config) -> Self {
        Sources {
            config: config.clone(),
            ..self.clone()
        }
    }

    /// Links the records of different sources that are one, by what they have in common and what people said.
    ///
    /// # Errors
    /// When the cache or the journal cannot be used.
    pub fn link(&self) -> Result<u64, DirectoryError> {
        match (self.hand)() {
            Ok(hand) => self.place.link(&hand),
            Err(error) => {
                tracing::warn!(
                    error,
                    "what people said of records could not be read; they are linked by the next run"
                );
                Ok(0)
            }
        }
    }

    /// What the settings name, in their order.
    #[must_use]
    pub fn all(&self) -> &[Source] {
        &self.config.sources
    }

    /// Those that calls are written back into.
    pub fn written(&self) -> impl Iterator<Item = &Source> {
        self.all().iter().filter(|source| source.writes_back())
    }

    /// Opens a source to be written into; what is wrong otherwise. It waits no longer than until `stopped`.
    ///
    /// # Errors
    /// When the settings name no such source, or it cannot be opened.
    pub fn open_to_write(&self, name: &str, stopped: &Arc<AtomicBool>) -> Result<RestSource, Saying> {
        let named = self.written().find(|source| source.name == name);
        let Some(SourceKind::Rest(config)) = named.map(|source| &source.kind) else {
            return Err(Saying::of("unwritten.no_source").with("name", name));
        };
        let stopped = Arc::clone(stopped);
        let outside = Outside {
            wait: Box::new(move |time| wait(time, &stopped)),
            ..Outside::default()
        };
        let opened = described::open_rest(&self.home, config, self.settings(), outside);
        opened.map_err(|why| why.saying())
    }

    /// The cache that they are read into.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// The files that a source is read from, for watching them.
    #[must_use]
    pub fn watched(&self, source: &Source) -> Option<PathBuf> {
        match &source.kind {
            SourceKind::Files(files) => Some(self.home.folder().join(&files.path)),
            SourceKind::Rest(_) | SourceKind::Sql(_) => None,
        }
    }

    /// Where it is kept what the columns of the files of a source mean.
    fn memory(&self, source: &str) -> PathBuf {
        self.home.folder().join("sources").join(format!("{source}.toml"))
    }

    /// Forgets what the columns of the files of a source were found to mean: the next run judges them anew.
    ///
    /// # Errors
    /// When the file of it cannot be taken away.
    pub(super) fn judge_anew(&self, source: &Source) -> Result<(), SourceError> {
        let path = self.memory(&source.name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SourceError::Io { path, error }),
            _ => Ok(()),
        }
    }

    /// Reads a source once.
    ///
    /// # Errors
    /// When the cache cannot be written. What is wrong with the source stands in the report.
    pub fn run(&self, source: &Source, wish: Wish, follower: &mut dyn Follower) -> Result<Report, DirectoryError> {
        let plan = Plan {
            name: source.name.clone(),
            precedence: source.precedence,
            whole: wish.whole,
            allow_deletes: wish.allow_deletes,
        };
        let mut opened = self.open(source);
        let report = sync::run(opened.as_mut(), &self.place, &plan, &mut World(follower))?;
        let tally = report.tally;
        if tally.added + tally.changed + tally.removed > 0 {
            self.link()?;
        }
        Ok(report)
    }

    /// What holds where records say nothing.
    fn settings(&self) -> Settings {
        Settings {
            region: self.config.region(),
            area: self.config.home_area.clone(),
            currency: self.config.currency(),
            maps: Vec::new(),
            leave_out: Vec::new(),
            at: Utc::now(),
        }
    }

    fn open(&self, source: &Source) -> Box<dyn pull::Source> {
        let settings = self.settings();
        match &source.kind {
            SourceKind::Rest(config) => described::rest(&self.home, config, &source.name, settings),
            SourceKind::Sql(config) => described::sql(&self.home, config, &source.name, settings),
            SourceKind::Files(files) => {
                let settings = Settings {
                    // an area code is of the home region alone
                    area: if files.region.is_none() {
                        settings.area
                    } else {
                        String::new()
                    },
                    region: files.region.or(settings.region),
                    currency: files.currency.unwrap_or(settings.currency),
                    maps: files.map.clone(),
                    leave_out: files.leave_out.clone(),
                    ..settings
                };
                let memory = Some(self.memory(&source.name));
                Box::new(Files::new(self.home.folder().join(&files.path), settings, memory))
            }
        }
    }
}

/// What people said, from the journal at `path`.
#[must_use]
pub fn said_in(path: &Path, key: &MasterKey) -> WhatPeopleSaid {
    let (path, key) = (path.to_owned(), key.clone());
    Arc::new(move || {
        let journal = Journal::open(&path, &key).map_err(|error| error.to_string())?;
        let together = journal.record_links().map_err(|error| error.to_string())?;
        let apart = journal.records_apart().map_err(|error| error.to_string())?;
        Ok(Hand { together, apart })
    })
}

/// Who was erased, from the journal at `path`.
#[must_use]
pub fn left_out_in(path: &Path, key: &MasterKey) -> WhoIsLeftOut {
    let (path, key) = (path.to_owned(), key.clone());
    Arc::new(move || {
        let journal = Journal::open(&path, &key).map_err(|error| error.to_string())?;
        journal.left_out().map_err(|error| error.to_string())
    })
}

/// What is wished of a run beside what is always done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Read everything again.
    pub whole: bool,
    /// Take out what was held.
    pub allow_deletes: bool,
}

/// The real clock and real chance.
struct World<'f>(&'f mut dyn Follower);

impl Surroundings for World<'_> {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn chance(&mut self) -> f64 {
        rand::rng().random()
    }

    fn wait(&mut self, time: Duration) -> bool {
        self.0.wait(time)
    }

    fn is_cancelled(&self) -> bool {
        self.0.is_stopped()
    }

    fn progress(&mut self, progress: &Progress) {
        self.0.progress(progress);
    }
}
