//! What can go wrong with the customer cache, by what the reader can do about it.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::words::Saying;

/// Why the customer cache could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The file could not be opened or made.
    #[error("{}", Saying::of("import.cache_closed").with("path", path.display()))]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The key does not fit, or the first page is damaged: encrypted, the two look the same.
    #[error(
        "the key does not open the customer cache {path}: either the file belongs to another key or it is damaged. \
         It holds only copies: delete it and import again"
    )]
    WrongKey {
        /// The file.
        path: PathBuf,
    },
    /// The file opens and is something else.
    #[error("{path} is a database but not a customer cache: it was left as it is; move it out of the way")]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file opens and cannot be read to its end.
    #[error("{}", Saying::of("import.cache_damaged"))]
    Damaged(#[source] rusqlite::Error),
    /// Another process is importing.
    #[error("{}", Saying::of("import.cache_busy"))]
    Busy(#[source] rusqlite::Error),
    /// Another process, or another part of this one, is taking in data.
    #[error("{}", Saying::of("import.cache_taken"))]
    Taken,
    /// The file that says whose turn it is cannot be used.
    #[error("cannot use {path}, which keeps two imports apart: check that the folder may be written")]
    Turn {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Who was erased is not known, so nobody is taken in: they might come back.
    #[error("the journal does not say who was erased, so nothing was taken in ({0}); run `ringside doctor`")]
    WhoIsLeftOut(String),
    /// The disk is full.
    #[error("{}", Saying::of("import.cache_full"))]
    Full(#[source] rusqlite::Error),
    /// The rows of an import that wait for their turn could not be kept beside the cache.
    #[error(
        "the temporary file of the import cannot be used: nothing was changed; check that the folder of the customer \
         cache may be written and has room"
    )]
    Scratch(#[source] io::Error),
    /// Anything else SQLite says.
    #[error("the customer cache cannot be used")]
    Storage(#[source] rusqlite::Error),
    /// The tables could not be made.
    #[error("the tables of the customer cache cannot be made")]
    Migration(#[source] rusqlite_migration::Error),
}

impl DirectoryError {
    /// The same for a person. What only a damaged installation says, it says in English.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            DirectoryError::Open { path, .. } => Saying::of("import.cache_closed").with("path", path.display()),
            DirectoryError::Damaged(_) => Saying::of("import.cache_damaged"),
            DirectoryError::Busy(_) => Saying::of("import.cache_busy"),
            DirectoryError::Taken => Saying::of("import.cache_taken"),
            DirectoryError::Full(_) => Saying::of("import.cache_full"),
            DirectoryError::WrongKey { .. }
            | DirectoryError::Foreign { .. }
            | DirectoryError::Turn { .. }
            | DirectoryError::WhoIsLeftOut(_)
            | DirectoryError::Scratch(_)
            | DirectoryError::Storage(_)
            | DirectoryError::Migration(_) => Saying::quoted(self),
        }
    }
}

impl From<rusqlite::Error> for DirectoryError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => DirectoryError::Damaged(error),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => DirectoryError::Busy(error),
            Some(ErrorCode::DiskFull) => DirectoryError::Full(error),
            _ => DirectoryError::Storage(error),
        }
    }
}
