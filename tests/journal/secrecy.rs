//! What others can read of the journal's files: nothing.

use std::fs;

use super::{answered, id, journal, noon};

#[test]
fn nothing_of_a_call_stands_in_plain_text_on_the_disk() {
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    journal
        .save_note(&id("1"), "Wants the blue teapot", noon())
        .expect("saved");
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).expect("the folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("bytes");
        for plain in ["teapot", "Alfreds", "23125101", "SQLite format"] {
            assert!(
                !bytes.windows(plain.len()).any(|window| window == plain.as_bytes()),
                "{plain}"
            );
        }
        files += 1;
    }
    assert!(files >= 2, "the write-ahead log is looked at too");
}

#[test]
#[cfg(unix)]
fn a_store_is_readable_by_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, mut journal) = journal();
    journal.put_call(&answered("1", 0)).expect("written");
    for name in ["journal.db", "journal.db-wal"] {
        let mode = fs::metadata(folder.path().join(name))
            .expect("there")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{name} {mode:o}");
    }
}
