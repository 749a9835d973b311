//! One person in all stores: given out whole, and erased down to the bytes. What the tests of it share.

mod asked;
mod audit;
mod death;
mod erase;
mod export;
mod find;
mod followed;
mod given;
mod left_out;
mod pages;
mod people;
mod retention;

use std::path::Path;

use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use ringside::config::{Config, Home, parse};
use ringside::customer::CustomerRef;
use ringside::directory::{Directory, Hand};
use ringside::journal::{Journal, Traces};
use ringside::start::{People, left_out_in};
use ringside::vault::{self, Unlocked, Ways};
use tempfile::TempDir;
use zeroize::Zeroizing;

use pages::Pages;

/// A home of its own, with an agent.
pub(crate) struct Shop {
    pub(crate) folder: TempDir,
    pub(crate) config: Config,
    pub(crate) unlocked: Unlocked,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let unlocked = unlocked(folder.path());
        Shop {
            folder,
            config: settings(""),
            unlocked,
        }
    }

    /// The shop with everything about two people.
    pub(crate) fn full() -> Self {
        let shop = Shop::new();
        people::fill(&shop);
        shop
    }

    pub(crate) fn people(&self) -> People {
        People::new(self.folder.path(), &self.config, &self.unlocked)
    }

    pub(crate) fn journal(&self) -> Journal {
        Journal::open(&self.unlocked.journal_db(), &self.unlocked.key).expect("the journal")
    }

    pub(crate) fn traces(&self) -> Traces {
        Traces::open(&self.unlocked.traces_db(), &self.unlocked.key).expect("the traces")
    }

    pub(crate) fn directory(&self) -> Directory {
        let directory = Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes()).expect("the cache");
        directory.leaving_out(left_out_in(&self.unlocked.journal_db(), &self.unlocked.key))
    }

    pub(crate) fn link(&self) {
        let place = self.directory().place();
        place.link(&Hand::default()).expect("linked");
    }

    /// Every page of every store.
    fn pages(&self) -> Vec<Pages> {
        pages_of(&self.unlocked)
    }
}

fn pages_of(unlocked: &Unlocked) -> Vec<Pages> {
    let files = [unlocked.cache_db(), unlocked.journal_db(), unlocked.traces_db()];
    files.iter().map(|file| Pages::of(file, &unlocked.key)).collect()
}

pub(crate) fn unlocked(folder: &Path) -> Unlocked {
    let home = Home::find(Some(folder)).expect("a home");
    home.create().expect("made");
    let ways = Ways {
        passphrase: Some(Zeroizing::new("for tests".to_owned())),
        keyring: None,
    };
    vault::unlock(&home, &ways).expect("unlocked")
}

pub(crate) fn settings(more: &str) -> Config {
    let text = format!("home_region = \"DE\"\n[agent]\nname = \"Marta\"\nextensions = [\"101\"]\n{more}");
    parse(Path::new("config.toml"), &text).expect("settings")
}

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 24, 12, 0, 0).single().expect("a time")
}

pub(crate) fn days_ago(days: i64) -> DateTime<Utc> {
    now() - TimeDelta::days(days)
}

pub(crate) fn reference(text: &str) -> CustomerRef {
    CustomerRef(text.to_owned())
}
