//! Why somebody cannot be found, given out or erased, with what to do about it.

use std::io;
use std::path::PathBuf;

use super::Candidate;
use super::find::shown_text;
use crate::desk::DeskError;
use crate::directory::DirectoryError;
use crate::journal::JournalError;
use crate::start::InstanceError;
use crate::store::OpenError;
use crate::words::Saying;

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
    /// Another name was typed than theirs.
    #[error("that is not the name, so nothing was erased")]
    AnotherName,
    /// They are on the phone.
    #[error("a call with them is not over; wait until it has ended, then say it again")]
    OnACall,
    /// Ringside runs, and would write again what it has in memory.
    #[error(
        "Ringside runs on this home folder and has calls and notes in memory; quit it (the tray icon, Quit), say this again, \
         and start it anew, or erase them on their page in its window"
    )]
    Running,
    /// There is no next start that could go on with it.
    #[error("nothing is kept after this run, so there is nothing to erase; set RINGSIDE_PASSPHRASE before the start")]
    ThisRunOnly,
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
    /// A file of Ringside itself was named.
    #[error("{} is a file of Ringside itself; name another file", .0.display())]
    OurFile(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written ({source}); name another file", path.display())]
    NotWritten {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl NoPerson {
    /// What is wrong and what to do, for the window.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoPerson::NobodyNamed | NoPerson::Nobody(_) => Saying::of("refused.no_such_customer"),
            NoPerson::AnotherName => Saying::of("refused.another_name"),
            NoPerson::OnACall => Saying::of("refused.on_a_call"),
            NoPerson::ThisRunOnly => Saying::of("refused.this_run_only"),
            NoPerson::Directory(DirectoryError::Taken) => Saying::of("refused.cache_taken"),
            NoPerson::NotFinished(error) => Saying::of("refused.not_finished").with("why", error),
            NoPerson::OurFile(path) => Saying::of("refused.our_file").with("path", path.display()),
            NoPerson::NotWritten { path, source } => {
                let path = path.display();
                Saying::of("refused.report_file").with("path", path).with("why", source)
            }
            NoPerson::Several { .. }
            | NoPerson::Running
            | NoPerson::Home(_)
            | NoPerson::Directory(_)
            | NoPerson::Open(_)
            | NoPerson::Journal(_) => Saying::quoted(self),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoPerson::NobodyNamed | NoPerson::Nobody(_) | NoPerson::Several { .. } => "no_such_customer",
            NoPerson::AnotherName => "another_name",
            NoPerson::OnACall => "on_a_call",
            NoPerson::Running => "running",
            NoPerson::ThisRunOnly => "this_run_only",
            NoPerson::Directory(DirectoryError::Taken) => "cache_taken",
            NoPerson::Home(_) | NoPerson::Directory(_) | NoPerson::NotFinished(_) => "directory",
            NoPerson::Open(_) | NoPerson::Journal(_) => "journal",
            NoPerson::OurFile(_) | NoPerson::NotWritten { .. } => "not_written",
        }
    }
}

/// Why something that was asked in the window about one person was not done.
#[derive(Debug, thiserror::Error)]
pub enum Declined {
    /// Whoever asks may not, or the desk has ended.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// It cannot be done.
    #[error(transparent)]
    Person(#[from] NoPerson),
}

impl Declined {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Declined::Desk(error) => error.saying(),
            Declined::Person(error) => error.saying(),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Declined::Desk(error) => error.code(),
            Declined::Person(error) => error.code(),
        }
    }
}

fn listed(candidates: &[Candidate]) -> String {
    let lines = candidates
        .iter()
        .map(|one| format!("\n  {}  {}", shown_text(&one.reference.0), one.name));
    lines.collect()
}
