//! Making a backup: whole while others write, never over another file, and without litter.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use ringside::backup::{BackupError, Wish, restore, write};
use ringside::journal::{Counts, Journal};
use ringside::vault::unlock;

use super::{Shop, counts, noon, with_code, without_code};
use crate::journal::answered;
use crate::vault::{by_passphrase, fresh_home};

#[test]
fn a_backup_holds_whole_calls_while_another_process_writes() {
    let shop = Shop::new();
    let key = unlock(&shop.home, &by_passphrase("old")).expect("unlocked").key;
    let done = AtomicBool::new(false);
    let mut sizes = Vec::new();
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut journal = Journal::open(&shop.home.journal_db(), &key).expect("the journal");
            let mut number = 1000;
            while !done.load(Ordering::Relaxed) {
                // A call and its note, in this order: a copy may lack the note, never the call of a note.
                let call = answered(&number.to_string(), number);
                journal.put_call(&call).expect("written");
                journal.save_note(&call.id, "Wants tea", noon()).expect("saved");
                number += 1;
            }
            number - 1000
        });
        for round in 0..3 {
            let file = shop.home.folder().join(format!("{round}.ringside"));
            let manifest = write(&shop.home, &key, &file, false, noon()).expect("a backup");
            sizes.push(manifest.journal);
            let (_folder, other) = fresh_home();
            restore(&file, &other, &by_passphrase("new"), &with_code(&shop.code)).expect("restored");
            assert_eq!(counts(&other, &by_passphrase("new")), manifest.journal);
        }
        done.store(true, Ordering::Relaxed);
        assert!(writer.join().expect("the writer") > 0);
    });
    for Counts { calls, notes } in &sizes {
        // Ten calls and three notes from before, then pairs.
        assert!((0..=1).contains(&(calls - notes - 7)), "{sizes:?}");
    }
    assert!(
        sizes.last().map(|last| last.calls) > sizes.first().map(|first| first.calls),
        "{sizes:?}"
    );
}

#[test]
fn a_backup_is_not_written_over_by_accident() {
    let shop = Shop::new();
    let file = shop.back_up();
    let key = unlock(&shop.home, &by_passphrase("old")).expect("unlocked").key;
    let again = |replace| write(&shop.home, &key, &file, replace, noon());
    assert!(matches!(again(false), Err(BackupError::NameTaken { .. })));
    assert_eq!(again(true).expect("replaced").journal.calls, 10);
}

#[test]
fn nothing_is_left_in_the_home_by_a_backup_or_a_refused_restore() {
    let shop = Shop::new();
    let file = shop.back_up();
    fs::write(&file, &fs::read(&file).expect("bytes")[..5000]).expect("cut");
    let before = names(shop.home.folder());
    let wish = Wish {
        replace: true,
        ..without_code()
    };
    assert!(restore(&file, &shop.home, &by_passphrase("old"), &wish).is_err());
    assert_eq!(names(shop.home.folder()), before);
    assert!(before.iter().all(|name| !name.starts_with('.')), "{before:?}");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}
