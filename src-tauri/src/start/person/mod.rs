//! One person in all stores: found without doubt, given out, and erased down to the bytes.
//!
//! Erasing wants to be alone: a desk that runs has calls and notes in memory and would write them again. What is begun is in
//! the journal first, so that the next start goes on after a crash.

mod find;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use find::{Stores, number_of, shown, shown_text};

use super::instance::{Instance, InstanceError};
use super::sources::left_out_in;
use crate::config::Config;
use crate::customer::CustomerRef;
use crate::directory::{Directory, DirectoryError};
use crate::journal::{Act, AuditEntry, Doer, Erasure, Journal, JournalError, Kept, Removed, Subject, Traces};
use crate::number::{self, Key};
use crate::store::OpenError;
use crate::vault::Unlocked;

/// A text that is longer is nobody.
const LONGEST: usize = 200;
/// A shorter name says nothing of a text that has it.
const SHORTEST_NAME: usize = 3;

/// The people of one home folder.
#[derive(Debug)]
pub struct People<'a> {
    unlocked: &'a Unlocked,
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

/// Why somebody cannot be found, given out or erased.
#[derive(Debug, thiserror::Error)]
pub enum NoPerson {
    /// Nothing that could name somebody.
    #[error("say whom: source/key, a telephone number, or a name of at most 200 characters")]
    NobodyNamed,
    /// Nobody is called so.
    #[error(
        "nobody is known as `{0}`; `ringside search` finds customers, and source/key or a number with its country code names \
         one"
    )]
    Nobody(String),
    /// Several are.
    #[error("`{text}` may be several people; say which by source/key:{}", listed(candidates))]
    Several {
        /// What was typed.
        text: String,
        /// Who may be meant.
        candidates: Vec<Candidate>,
    },
    /// They are on the phone.
    #[error("a call with them is not over; wait until it has ended, then say it again")]
    OnACall,
    /// Ringside runs, and would write again what it has in memory.
    #[error(
        "Ringside runs on this home folder and has calls and notes in memory; quit it (the tray icon, Quit), say this again, \
         and start it anew"
    )]
    Running,
    /// The home folder cannot be used.
    #[error(transparent)]
    Home(InstanceError),
    /// The cache cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// It was begun, and the cache cannot be written now.
    #[error(
        "it is begun and not finished: {0}; then say `ringside erase --finish`. The next start of Ringside goes on with it too"
    )]
    NotFinished(#[source] DirectoryError),
    /// A store cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl<'a> People<'a> {
    /// The people of `home`; what is done with them is done by the agent of `config`.
    #[must_use]
    pub fn new(home: &Path, config: &Config, unlocked: &'a Unlocked) -> Self {
        People {
            unlocked,
            home: home.to_owned(),
            numbers: config.home(),
            by: doer(config),
        }
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

    /// All that is known of a person, as one document. That it was given out stands in the audit trail first.
    ///
    /// # Errors
    /// When a store cannot be used.
    pub fn export(&self, person: &Person, now: DateTime<Utc>) -> Result<Value, NoPerson> {
        let (mut directory, mut journal) = (self.directory()?, self.journal()?);
        journal.audit(&AuditEntry {
            at: now,
            agent: self.by.agent.clone(),
            line: self.by.line.clone(),
            act: Act::PersonExported,
            detail: String::new(),
            call: None,
            customer: person.subject.records.first().cloned(),
        })?;
        let subject = &person.subject;
        let (calls, _) = journal.calls_of_person(subject)?;
        let traces = Traces::open(&self.unlocked.traces_db(), &self.unlocked.key)?;
        let traces = traces.of_person(&calls, &mentions(subject))?;
        let shared = person.shared.iter().map(|(number, others)| {
            json!({"number": number, "also_of": others.len(), "calls_of_others_and_of_nobody": "not in this file"})
        });
        Ok(json!({
            "made": now,
            "name": person.name,
            "records": subject.records,
            "numbers": subject.numbers.iter().map(|key| shown(*key)).collect::<Vec<_>>(),
            "shared_numbers": shared.collect::<Vec<_>>(),
            "directory": directory.read()?.everything_of(&subject.records)?,
            "journal": journal.everything_of(subject)?,
            "traces": traces.iter().map(trace).collect::<Vec<_>>(),
        }))
    }

    /// Erases a person from all stores.
    ///
    /// # Errors
    /// See [`NoPerson`]. What is begun is finished by [`People::finish`] or at the next start.
    pub fn erase(&self, person: &Person, now: DateTime<Utc>) -> Result<Erased, NoPerson> {
        let _alone = self.alone()?;
        let mut journal = self.journal()?;
        if journal.calls_of_person(&person.subject)?.1 {
            return Err(NoPerson::OnACall);
        }
        let erasure = journal.begin_erasure(&person.subject, &self.by, now)?;
        self.go_on(&mut journal, &erasure, now)
    }

    /// Finishes what a crash, or another command that was reading, left unfinished; how many there were.
    ///
    /// # Errors
    /// See [`NoPerson`].
    pub fn finish(&self, now: DateTime<Utc>) -> Result<Vec<Erased>, NoPerson> {
        let _alone = self.alone()?;
        self.finish_alone(now)
    }

    /// The same for who is alone already.
    pub(super) fn finish_alone(&self, now: DateTime<Utc>) -> Result<Vec<Erased>, NoPerson> {
        let mut journal = self.journal()?;
        let erasures = journal.erasures()?;
        let finished = erasures.iter().map(|erasure| self.go_on(&mut journal, erasure, now));
        finished.collect()
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
        let files = std::fs::read_dir(&self.home).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = files
            .map(|file| file.path())
            .filter(|path| path.is_file())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                !OURS
                    .iter()
                    .any(|ours| name == **ours || name.starts_with(&format!("{ours}-")))
            })
            .collect();
        files.sort();
        files
    }

    fn go_on(&self, journal: &mut Journal, erasure: &Erasure, now: DateTime<Utc>) -> Result<Erased, NoPerson> {
        let place = self.directory()?.place();
        let mut traces = Traces::open(&self.unlocked.traces_db(), &self.unlocked.key)?;
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
        let directory = Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes())?;
        Ok(directory.leaving_out(left_out_in(&self.unlocked.journal_db(), &self.unlocked.key)))
    }

    fn journal(&self) -> Result<Journal, OpenError> {
        Journal::open(&self.unlocked.journal_db(), &self.unlocked.key)
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

fn listed(candidates: &[Candidate]) -> String {
    let lines = candidates
        .iter()
        .map(|one| format!("\n  {}  {}", shown_text(&one.reference.0), one.name));
    lines.collect()
}

fn trace(kept: &Kept) -> Value {
    let steps = kept.steps.iter().map(|step| {
        let body = serde_json::from_str(&step.body).unwrap_or_else(|_| Value::String(step.body.clone()));
        json!({"at": step.at, "step": body, "heard": step.raw})
    });
    json!({
        "call": kept.head.call,
        "feed": kept.head.feed,
        "began": kept.head.began,
        "steps": steps.collect::<Vec<_>>(),
    })
}
