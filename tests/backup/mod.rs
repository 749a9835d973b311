//! Backups and what comes back from them: the shop that the tests of it share.

mod commands;
mod hostile;
mod making;
mod restoring;

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use ringside::backup::{Wish, write};
use ringside::config::Home;
use ringside::journal::{Counts, Journal};
use ringside::vault::{RecoveryCode, Ways, unlock};
use tempfile::TempDir;

use crate::journal::answered;
use crate::vault::{by_passphrase, fresh_home};

/// A home with ten calls and three notes, and its recovery code.
struct Shop {
    _folder: TempDir,
    home: Home,
    code: RecoveryCode,
}

impl Shop {
    fn new() -> Self {
        let (folder, home) = fresh_home();
        let unlocked = unlock(&home, &by_passphrase("old")).expect("unlocked");
        let mut journal = Journal::open(&home.journal_db(), &unlocked.key).expect("a journal");
        for number in 0..10 {
            journal
                .put_call(&answered(&number.to_string(), number))
                .expect("written");
        }
        for number in 0..3 {
            journal
                .save_note(&answered(&number.to_string(), 0).id, "Wants tea", noon())
                .expect("saved");
        }
        fs::write(home.config_file(), "home_region = \"HR\"\n").expect("settings");
        Shop {
            _folder: folder,
            home,
            code: unlocked.new_code.expect("the first start shows the code"),
        }
    }

    fn back_up(&self) -> PathBuf {
        let file = self.home.folder().with_file_name("shop.ringside");
        let key = unlock(&self.home, &by_passphrase("old")).expect("unlocked").key;
        write(&self.home, &key, &file, false, noon()).expect("a backup");
        file
    }
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_452_800, 0).expect("a time")
}

fn with_code(code: &RecoveryCode) -> Wish {
    Wish {
        code: Some(code.clone()),
        replace: false,
        at: noon(),
    }
}

fn without_code() -> Wish {
    Wish {
        code: None,
        replace: false,
        at: noon(),
    }
}

fn counts(home: &Home, ways: &Ways) -> Counts {
    let key = unlock(home, ways).expect("unlocked").key;
    Journal::open(&home.journal_db(), &key)
        .expect("the journal")
        .counts()
        .expect("counts")
}
