//! Sources that a file describes, named in the settings: read into a real cache, and what is wrong with them said by the run.

use std::sync::Arc;
use std::time::Duration;

use ringside::config::{self, Home};
use ringside::directory::{Directory, Hand};
use ringside::source::sync::{Progress, Report};
use ringside::start::{Follower, Sources, Wish};
use tempfile::TempDir;

use crate::directory::KEY;

struct Patient;

impl Follower for Patient {
    fn progress(&mut self, _: &Progress) {}

    fn wait(&mut self, _: Duration) -> bool {
        false
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

/// The first source of these settings, read once; the cache afterwards.
fn run(folder: &TempDir, settings: &str) -> (Report, Directory) {
    std::fs::write(folder.path().join("config.toml"), settings).unwrap();
    let home = Home::find(Some(folder.path())).unwrap();
    let config = config::load(&home).unwrap();
    let directory = Directory::open(&folder.path().join("cache.db"), &KEY).unwrap();
    let sources = Sources::new(&home, &config, directory.place(), Arc::new(|| Ok(Hand::default())));
    let source = sources.all()[0].clone();
    let report = sources.run(&source, Wish::default(), &mut Patient).unwrap();
    (report, directory)
}

fn failed(settings: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (report, _) = run(&folder, settings);
    report.failed.expect("the run fails").to_string()
}

#[test]
fn a_database_that_the_settings_name_is_read_into_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let shop = rusqlite::Connection::open(folder.path().join("shop.db")).unwrap();
    shop.execute_batch(
        "CREATE TABLE people (id INT, name TEXT, phone TEXT); INSERT INTO people VALUES (7, 'Ana', '030 23125101')",
    )
    .unwrap();
    let described = "title = \"Shop\"\n[database]\nkind = \"sqlite\"\nfile = \"shop.db\"\n[[query]]\nname = \"people\"\n\
                     gives = \"customers\"\nsql = \"SELECT id AS customer, name, phone FROM people\"\n";
    std::fs::write(folder.path().join("shop.toml"), described).unwrap();
    let settings = "home_region = \"DE\"\n[[source]]\nname = \"shop\"\nkind = \"sql\"\nfile = \"shop.toml\"\n";
    let (report, mut directory) = run(&folder, settings);
    assert_eq!((report.failed, report.tally.added), (None, 1));
    let reading = directory.read().unwrap();
    assert_eq!(
        reading.search("030 23125101", 5).unwrap()[0].customer.reference.0,
        "shop/7"
    );
    drop(reading);
    shop.execute("DELETE FROM people", []).unwrap();
    shop.execute("INSERT INTO people VALUES (7, 'Ana Babić', '030 23125101')", [])
        .unwrap();
    let (report, mut directory) = run(&folder, settings);
    assert_eq!(report.tally.changed, 1);
    assert_eq!(directory.read().unwrap().search("babic", 5).unwrap().len(), 1);
}

#[test]
fn what_is_wrong_with_a_described_source_is_said_by_its_run() {
    let rest = |more: &str| failed(&format!("[[source]]\nname = \"erp\"\nkind = \"rest\"\n{more}"));
    let cases = [
        (rest("system = \"trytn\""), "there is no system `trytn`"),
        (rest("file = \"missing.toml\""), "missing.toml"),
        (rest("system = \"tryton\""), "needs `"),
        (
            rest("system = \"tryton\"\n[source.with]\nnonsense = \"1\""),
            "has no parameter `nonsense`",
        ),
        (
            failed("[[source]]\nname = \"shop\"\nkind = \"sql\"\nfile = \"shop.toml\""),
            "shop.toml",
        ),
    ];
    for (said, expected) in cases {
        assert!(said.contains(expected), "no `{expected}` in {said}");
    }
}

#[test]
fn a_service_needs_a_system_or_a_file_and_not_both() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::find(Some(folder.path())).unwrap();
    for more in ["", "system = \"tryton\"\nfile = \"erp.toml\""] {
        let settings = format!("[[source]]\nname = \"erp\"\nkind = \"rest\"\n{more}\n");
        std::fs::write(folder.path().join("config.toml"), settings).unwrap();
        let error = config::load(&home).expect_err("refused").to_string();
        assert!(error.contains("one of the two"), "{error}");
    }
}
