//! One person in all stores: found without doubt, given out, and erased down to the bytes.
//!
//! Erasing wants to be alone: a desk that runs has calls and notes in memory and would write them again. What is begun is in
//! the journal first, so that the next start goes on after a crash, or after a desk that was asked in its window.

mod asked;
mod error;
mod find;
mod look;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use find::{Stores, number_of};

use super::instance::{Instance, InstanceError};
use super::sources::left_out_in;
use crate::config::{Config, folder_of};
use crate::customer::CustomerRef;
use crate::directory::{Directory, DirectoryError};
use crate::journal::{Doer, Erasure, Journal, Removed, Subject, Traces};
use crate::number::{self, Key};
use crate::pop::view::StartNotice;
use crate::store::OpenError;
use crate::vault::{KeptIn, MasterKey, Unlocked};

pub use error::{Declined, NoPerson};
pub use look::{GivenOut, Look};

/// A text that is longer is nobody.
const LONGEST: usize = 200;
/// A shorter name says nothing of a text that has it.
const SHORTEST_NAME: usize = 3;

/// The people of one home folder.
#[derive(Clone, Debug)]
pub struct People {
    cache_db: PathBuf,
    journal_db: PathBuf,
    traces_db: PathBuf,
    key: MasterKey,
    /// The stores are there at the next start.
    lasting: bool,
    home: PathBuf,
    numbers: number::Home,
    by: Doer,
}

/// Somebody who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// How they are called; their number where nobody knows more.
    pub name: String,
    /// What the stores know them by.
    pub subject: Subject,
    /// Their numbers that others have too, with those others.
    pub shared: Vec<(String, Vec<CustomerRef>)>,
    /// Whether what was typed names them and nobody else: a search forgives mistakes.
    pub exact: bool,
}

impl Person {
    /// Whether this is their name as somebody types it who means them.
    #[must_use]
    pub fn is_called(&self, typed: &str) -> bool {
        typed.trim() == self.name.trim()
    }
}

/// Somebody who may have been meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The record.
    pub reference: CustomerRef,
    /// How they are called.
    pub name: String,
}

/// What an erasure came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Erased {
    /// What they are called in the audit trail from now on.
    pub pseudonym: String,
    /// Rows of the customer cache, by table.
    pub directory: Vec<(String, u64)>,
    /// Rows of the journal, by table.
    pub journal: Vec<Removed>,
    /// Traces of calls.
    pub traces: u64,
    /// Nothing of it is left in the bytes of the files; `false` while another command reads them.
    pub finished: bool,
}

impl Erased {
    /// The same for the window, once; `files` are those that somebody has to look into.
    #[must_use]
    pub fn notice(&self, files: &[PathBuf]) -> StartNotice {
        let gone = self.journal.iter().filter(|one| !one.anonymous).map(|one| one.rows);
        let stay = self.journal.iter().filter(|one| one.anonymous).map(|one| one.rows);
        let of_the_cache = self.directory.iter().map(|(_, rows)| *rows);
        StartNotice::Erased {
            pseudonym: self.pseudonym.clone(),
            gone: gone.chain(of_the_cache).sum::<u64>() + self.traces,
            stay: stay.sum(),
            finished: self.finished,
            files: files.iter().map(|file| file.display().to_string()).collect(),
        }
    }
}

impl People {
    /// The people of `home`; what is done with them is done by the agent of `config`.
    #[must_use]
    pub fn new(home: &Path, config: &Config, unlocked: &Unlocked) -> Self {
        People {
            cache_db: unlocked.cache_db(),
            journal_db: unlocked.journal_db(),
            traces_db: unlocked.traces_db(),
            key: unlocked.key.clone(),
            lasting: unlocked.kept_in != KeptIn::ThisRunOnly,
            home: home.to_owned(),
            numbers: config.home(),
            by: doer(config),
        }
    }

    /// The same, of what `by` does.
    #[must_use]
    pub fn by(mut self, by: Doer) -> Self {
        self.by = by;
        self
    }

    /// Finds the one person that `text` names: source/key, a number, or what a search finds.
    ///
    /// # Errors
    /// [`NoPerson::Several`] with those who may be meant, [`NoPerson::Nobody`], and when a store cannot be read.
    pub fn find(&self, text: &str) -> Result<Person, NoPerson> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > LONGEST {
            return Err(NoPerson::NobodyNamed);
        }
        let (mut directory, journal) = (self.directory()?, self.journal()?);
        let stores = Stores {
            reading: directory.read()?,
            journal: &journal,
        };
        let record = CustomerRef(text.to_owned());
        if text.contains('/') && stores.knows(&record)? {
            return stores.person(vec![record], Vec::new(), true);
        }
        match number_of(text, &self.numbers) {
            Some(key) => stores.by_number(text, key),
            None => stores.by_name(text),
        }
    }

    /// Erases a person from all stores.
    ///
    /// # Errors
    /// See [`NoPerson`]. What is begun is finished by [`People::finish`] or at the next start.
    pub fn erase(&self, person: &Person, now: DateTime<Utc>) -> Result<Erased, NoPerson> {
        let _alone = self.alone()?;
        let mut journal = self.journal()?;
        let erasure = self.begun(&mut journal, person, now)?;
        self.go_on(&mut journal, &erasure, now)
    }

    /// Begins to erase a person while Ringside runs. Durable on return: the next start does it, before anything is loaded.
    /// Nothing is taken out until then.
    ///
    /// # Errors
    /// See [`NoPerson`]; nothing is begun then. Refused while a source is read: whoever reads it may outlive this process, and
    /// the next start would have no turn to write.
    pub fn begin(&self, person: &Person, now: DateTime<Utc>) -> Result<Erasure, NoPerson> {
        if !self.lasting {
            return Err(NoPerson::ThisRunOnly);
        }
        self.directory()?.place().has_turn()?;
        self.begun(&mut self.journal()?, person, now)
    }

    /// Finishes what a crash, or another command that was reading, left unfinished; how many there were.
    ///
    /// # Errors
    /// See [`NoPerson`].
    pub fn finish(&self, now: DateTime<Utc>) -> Result<Vec<Erased>, NoPerson> {
        let _alone = self.alone()?;
        self.finish_each(now).into_iter().collect()
    }

    /// The same for who is alone already, one by one: what cannot be done now is tried at the next start.
    pub(super) fn finish_each(&self, now: DateTime<Utc>) -> Vec<Result<Erased, NoPerson>> {
        let begun = || {
            let journal = self.journal()?;
            let erasures = journal.erasures()?;
            Ok((journal, erasures))
        };
        match begun() {
            Ok((mut journal, erasures)) => {
                let finished = erasures.iter().map(|erasure| self.go_on(&mut journal, erasure, now));
                finished.collect()
            }
            Err(error) => vec![Err(error)],
        }
    }

    /// Lets somebody who was erased in again, by source/key or number; whether there was such a one.
    ///
    /// # Errors
    /// When the journal cannot be used.
    pub fn let_in(&self, text: &str, now: DateTime<Utc>) -> Result<bool, NoPerson> {
        let text = text.trim();
        let mut journal = self.journal()?;
        let left_out = journal.left_out()?;
        let number = number_of(text, &self.numbers).and_then(Key::new);
        let marks = [
            Some(left_out.record(&CustomerRef(text.to_owned()))),
            number.map(|number| left_out.number(number)),
        ];
        for mark in marks.into_iter().flatten() {
            if journal.let_in(&mark, &self.by, now)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Files of the home folder that Ringside does not keep itself, and that may hold anybody.
    #[must_use]
    pub fn other_files(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.home).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = files
            .map(|file| file.path())
            .filter(|path| path.is_file() && !is_ours(path))
            .collect();
        files.sort();
        files
    }

    /// Whether this is a file that Ringside keeps itself.
    fn is_ours(&self, path: &Path) -> bool {
        let folder = folder_of(path).canonicalize().ok();
        folder.is_some() && folder == self.home.canonicalize().ok() && is_ours(path)
    }

    /// The erasure of this person, begun now where it was not before.
    fn begun(&self, journal: &mut Journal, person: &Person, now: DateTime<Utc>) -> Result<Erasure, NoPerson> {
        if journal.calls_of_person(&person.subject)?.1 {
            return Err(NoPerson::OnACall);
        }
        let mut before = journal.erasures()?.into_iter();
        let theirs = |erasure: &Erasure| erasure.subject.as_ref().is_some_and(|one| one.covers(&person.subject));
        match before.find(theirs) {
            Some(erasure) => Ok(erasure),
            None => Ok(journal.begin_erasure(&person.subject, &self.by, now)?),
        }
    }

    fn go_on(&self, journal: &mut Journal, erasure: &Erasure, now: DateTime<Utc>) -> Result<Erased, NoPerson> {
        let place = self.directory()?.place();
        let mut traces = Traces::open(&self.traces_db, &self.key)?;
        let mut erased = Erased {
            pseudonym: erasure.person.clone(),
            ..Erased::default()
        };
        if let Some(subject) = &erasure.subject {
            let (calls, _) = journal.calls_of_person(subject)?;
            erased.directory = place.erase(&subject.records).map_err(NoPerson::NotFinished)?;
            erased.traces = traces.erase(&calls, &mentions(subject))?;
            erased.journal = journal.erase(erasure, now)?;
        }
        let wiped = [
            place.wipe().map_err(NoPerson::NotFinished)?,
            traces.wipe()?,
            journal.wipe()?,
        ];
        erased.finished = wiped.iter().all(|wiped| *wiped);
        if erased.finished {
            journal.end_erasure(erasure)?;
        }
        Ok(erased)
    }

    fn alone(&self) -> Result<Instance, NoPerson> {
        Instance::take(&self.home).map_err(|error| match error {
            InstanceError::Running { .. } => NoPerson::Running,
            InstanceError::Folder { .. } => NoPerson::Home(error),
        })
    }

    fn directory(&self) -> Result<Directory, DirectoryError> {
        let directory = Directory::open(&self.cache_db, self.key.bytes())?;
        Ok(directory.leaving_out(left_out_in(&self.journal_db, &self.key)))
    }

    fn journal(&self) -> Result<Journal, OpenError> {
        Journal::open(&self.journal_db, &self.key)
    }
}

/// The agent of the settings.
pub(super) fn doer(config: &Config) -> Doer {
    let line = config.agent.extensions.first().cloned().unwrap_or_default();
    Doer {
        agent: config.agent.name.clone(),
        line: crate::call::Line(line),
    }
}

/// Texts that name somebody, for what is written in no column of its own.
fn mentions(subject: &Subject) -> Vec<String> {
    let records = subject.records.iter().map(|record| record.0.clone());
    let numbers = subject.numbers.iter().map(ToString::to_string);
    let texts = subject.texts.iter().filter(|text| text.chars().count() > SHORTEST_NAME);
    let names = subject.names.iter().chain(texts).cloned();
    records.chain(numbers).chain(names).collect()
}

/// Whether Ringside keeps a file of this name in its home folder.
fn is_ours(path: &Path) -> bool {
    const OURS: [&str; 9] = [
        "config.toml",
        "state.json",
        "ringside.lock",
        "ringside.log",
        "cache.lock",
        "cache.db",
        "journal.db",
        "traces.db",
        ".",
    ];
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    OURS.iter()
        .any(|ours| name == **ours || name.starts_with(&format!("{ours}-")))
}
