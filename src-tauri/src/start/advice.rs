//! How well advice does: reported over connections of its own, so that no call waits for it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::advisor::report::Report;
use crate::desk::{NoAdviceReport, advice_report};
use crate::directory::{Directory, DirectoryError};
use crate::journal::Journal;
use crate::store::OpenError;
use crate::vault::{MasterKey, Unlocked};

/// Reports on the advice of one home folder.
#[derive(Clone)]
pub struct AdviceReport {
    cache: PathBuf,
    journal: PathBuf,
    key: MasterKey,
}

/// Why there is no report.
#[derive(Debug, thiserror::Error)]
pub enum NotReported {
    /// It could not be made.
    #[error(transparent)]
    Report(#[from] NoAdviceReport),
    /// The cache cannot be opened.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] OpenError),
}

impl AdviceReport {
    /// For the stores that `unlocked` opens.
    #[must_use]
    pub fn new(unlocked: &Unlocked) -> Self {
        AdviceReport {
            cache: unlocked.cache_db(),
            journal: unlocked.journal_db(),
            key: unlocked.key.clone(),
        }
    }

    /// Learns anew and reports; takes seconds where there are millions of purchases.
    ///
    /// # Errors
    /// When a store cannot be opened or read.
    pub fn make(&self, now: DateTime<Utc>) -> Result<Report, NotReported> {
        let mut directory = Directory::open(&self.cache, self.key.bytes())?;
        let journal = Journal::open(&self.journal, &self.key)?;
        Ok(advice_report(&mut directory, &journal, now)?)
    }
}

impl std::fmt::Debug for AdviceReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AdviceReport({})", self.cache.display())
    }
}
