//! A home folder with its stores unlocked, for tests of what the window and the command line are told.

use std::path::Path;

use ringside::config::Home;
use ringside::journal::Journal;
use ringside::vault::{self, Unlocked, Ways};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// Gone with its folder.
pub(crate) struct TestHome {
    folder: TempDir,
    pub(crate) unlocked: Unlocked,
}

impl TestHome {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        home.create().expect("created");
        let ways = Ways {
            passphrase: Some(Zeroizing::new("for tests".to_owned())),
            keyring: None,
        };
        let unlocked = vault::unlock(&home, &ways).expect("unlocked");
        TestHome { folder, unlocked }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal::open(&self.unlocked.journal_db(), &self.unlocked.key).expect("open")
    }
}
