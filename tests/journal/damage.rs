//! Wrong keys, foreign files, newer ones and damaged ones.

use std::fs;

use ringside::journal::Journal;
use ringside::store::OpenError;

use super::{answered, journal, key, open};

#[test]
fn a_wrong_key_is_said_and_leaves_the_file_alone() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    drop(journal);
    let path = folder.path().join("journal.db");
    let before = fs::read(&path).expect("bytes");
    let error = Journal::open(&path, &key(8)).expect_err("the key is wrong");
    assert!(matches!(error, OpenError::WrongKey { .. }), "{error}");
    assert!(before == fs::read(&path).expect("bytes"));
}

#[test]
fn a_journal_that_was_cut_short_is_called_damaged_and_never_replaced_by_an_empty_one() {
    let (folder, mut journal) = journal();
    for number in 0..200 {
        journal
            .put_call(&answered(&number.to_string(), number))
            .expect("written");
    }
    assert!(journal.fold().expect("folded"));
    let path = folder.path().join("journal.db");
    let whole = fs::read(&path).expect("bytes");
    for length in [0, 100, 4096, 4096 * 3, whole.len() - 4096] {
        fs::write(&path, &whole[..length]).expect("cut");
        let failed = Journal::open(&path, &key(7)).map(|journal| journal.check());
        assert!(matches!(failed, Err(OpenError::Damaged { .. })), "{length}: {failed:?}");
        assert_eq!(fs::read(&path).expect("bytes").len(), length);
    }
}

#[test]
fn a_changed_byte_anywhere_is_found_by_the_check() {
    let (folder, mut journal) = journal();
    for number in 0..50 {
        journal
            .put_call(&answered(&number.to_string(), number))
            .expect("written");
    }
    assert!(journal.fold().expect("folded"));
    let path = folder.path().join("journal.db");
    let mut bytes = fs::read(&path).expect("bytes");
    let middle = bytes.len() - 2000;
    bytes[middle] ^= 1;
    fs::write(&path, bytes).expect("changed");
    assert!(matches!(open(folder.path()).check(), Err(OpenError::Damaged { .. })));
}

#[test]
fn a_plain_database_is_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("journal.db");
    let plain = rusqlite::Connection::open(&path).expect("plain");
    plain.execute_batch("CREATE TABLE t (x)").expect("a table");
    drop(plain);
    assert!(matches!(
        Journal::open(&path, &key(7)),
        Err(OpenError::NotEncrypted { .. })
    ));
}

#[test]
fn a_journal_of_a_newer_ringside_is_refused_unchanged() {
    let (folder, journal) = journal();
    drop(journal);
    let path = folder.path().join("journal.db");
    let newer = ringside::store::open_database(&path, &key(7)).expect("open");
    newer.execute_batch("PRAGMA user_version = 99").expect("newer");
    drop(newer);
    assert!(matches!(Journal::open(&path, &key(7)), Err(OpenError::Newer { .. })));
}
