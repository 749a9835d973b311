//! The backup file: a tar of the journal, the sealed key and the settings, with a manifest of what they must be.
//!
//! `tar xf` opens it without Ringside. The journal in it is encrypted by the home's own key, so a backup needs no secret
//! of its own and may lie anywhere. Knows files and their sums; what a call is, it leaves to `journal`.

mod read;
mod restore;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::config::HomeError;
use crate::journal::{Counts, JournalError};
use crate::store::OpenError;
use crate::vault::VaultError;

pub use restore::{Restored, Wish, recover_home, restore};
pub use write::write;

/// The version of the format that this Ringside writes, and the latest that it reads.
const FORMAT: u32 = 1;

const MANIFEST: &str = "manifest.json";
const JOURNAL: &str = "journal.db";
const RECOVERY: &str = "recovery.age";
const CONFIG: &str = "config.toml";

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format.
    pub format: u32,
    /// Version of the Ringside that wrote it.
    pub ringside: String,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// What the journal holds.
    pub journal: Counts,
    /// The files in it, but for the manifest.
    pub members: Vec<Member>,
}

/// One file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal digits.
    pub sha256: String,
}

/// Why a backup cannot be made or put back. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is no journal to back up.
    #[error("{home} has no journal yet, so there is nothing to back up; give another home by --home DIR")]
    NothingThere {
        /// The home folder.
        home: PathBuf,
    },
    /// The name is taken.
    #[error("{path} is there already; give another name, or --replace to write over it")]
    NameTaken {
        /// The file.
        path: PathBuf,
    },
    /// The file is something else.
    #[error("{path} is not a backup of Ringside ({what})")]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The file is one, but not whole.
    #[error("{path} is damaged ({what}); use another backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// A later version of Ringside wrote it.
    #[error("{path} was written by a newer Ringside ({version}); install that version or a later one")]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that wrote it.
        version: String,
    },
    /// The home has a journal.
    #[error(
        "{path} is there already; --replace keeps it beside as {JOURNAL}.before-restore-… and puts the backup in its place"
    )]
    JournalThere {
        /// The journal.
        path: PathBuf,
    },
    /// A Ringside is running on the journal.
    #[error("{path} is in use; close Ringside, then try again")]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// The key at hand does not open it.
    #[error(
        "the backup belongs to another key than this home's; give its recovery code by --code CODE or \
         RINGSIDE_RECOVERY_CODE"
    )]
    CodeNeeded,
    /// A file cannot be read or written.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// A place in the file system could not be worked out.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The store.
    #[error(transparent)]
    Store(#[from] OpenError),
    /// The journal's contents.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl BackupError {
    fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| BackupError::Io {
            path: path.to_owned(),
            source,
        }
    }

    fn damaged(path: &Path, what: impl Into<String>) -> Self {
        BackupError::Damaged {
            path: path.to_owned(),
            what: what.into(),
        }
    }

    fn not_a_backup(path: &Path, what: impl Into<String>) -> Self {
        BackupError::NotABackup {
            path: path.to_owned(),
            what: what.into(),
        }
    }
}
