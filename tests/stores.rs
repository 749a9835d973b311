//! Both stores, opened for the first time in a process.
#![allow(clippy::unwrap_used)]

use std::process::Command;
use std::sync::Barrier;
use std::thread;

use ringside::directory::Directory;
use ringside::journal::Journal;
use ringside::store;
use rusqlite::StatementStatus;

const STARTED_FROM: &str = "RINGSIDE_TEST_FIRST_STORES";

#[test]
#[ignore = "runs in a process of its own, started by the next test"]
fn stores_to_be_opened_first() {
    if std::env::var_os(STARTED_FROM).is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let together = Barrier::new(8);
    thread::scope(|scope| {
        for n in 0..8 {
            let (folder, together) = (folder.path(), &together);
            scope.spawn(move || {
                together.wait();
                if n % 2 == 0 {
                    Directory::open(&folder.join(format!("{n}.cache")), &[9; 32]).unwrap();
                } else {
                    Journal::open(&folder.join(format!("{n}.journal")), &crate::journal::key(7)).unwrap();
                }
            });
        }
    });
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let head = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!head.starts_with(b"SQLite format 3\0"), "a store in the clear");
    }
}

#[test]
fn stores_that_many_threads_open_first_of_all_are_all_encrypted() {
    for _ in 0..10 {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "stores::stores_to_be_opened_first", "--ignored"])
            .env(STARTED_FROM, "1")
            .output()
            .unwrap();
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    }
}

#[test]
fn a_statement_is_planned_once_whatever_is_bound_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.db");
    drop(Journal::open(&path, &crate::journal::key(7)).unwrap());
    let connection = store::open_database(&path, &crate::journal::key(7)).unwrap();
    let mut calls = connection
        .prepare("SELECT id FROM calls WHERE started > ?1 LIMIT ?2")
        .unwrap();
    for limit in 1..20 {
        assert!(calls.query([limit, limit]).unwrap().next().unwrap().is_none());
    }
    assert_eq!(calls.get_status(StatementStatus::RePrepare), 0);
}
