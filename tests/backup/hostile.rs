//! Files that are no backup any more, and files that were never meant to be one.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use ringside::backup::{BackupError, restore};
use tar::{Builder, EntryType, Header};

use super::{Shop, with_code, without_code};
use crate::vault::{by_passphrase, fresh_home};

#[test]
fn a_backup_cut_short_anywhere_or_changed_anywhere_is_refused() {
    let shop = Shop::new();
    let file = shop.back_up();
    let whole = fs::read(&file).expect("bytes");
    let broken = shop.home.folder().with_file_name("broken.ringside");
    let cuts = [
        0,
        1,
        511,
        512,
        513,
        1000,
        1024,
        5000,
        whole.len() / 2,
        whole.len() - 3000,
    ];
    let changes = [10, 156, 600, 1600, 10_000, whole.len() / 2, whole.len() - 2000];
    let cut = cuts.iter().map(|length| whole[..*length].to_vec());
    let changed = changes.iter().map(|place| {
        let mut bytes = whole.clone();
        bytes[*place] ^= 0x11;
        bytes
    });
    for (number, bytes) in cut.chain(changed).enumerate() {
        fs::write(&broken, bytes).expect("broken");
        let (_folder, other) = fresh_home();
        let error = restore(&broken, &other, &by_passphrase("new"), &with_code(&shop.code)).expect_err("refused");
        let said = matches!(error, BackupError::NotABackup { .. } | BackupError::Damaged { .. });
        assert!(said, "{number}: {error}");
        assert!(!other.journal_db().exists());
    }
}

/// A tar that begins with `manifest` and goes on with `members`, whatever their names.
fn hostile(file: &Path, manifest: &str, members: &[(&str, EntryType, u64, &[u8])]) {
    let mut tar = Builder::new(fs::File::create(file).expect("a file"));
    let sheet: (&str, EntryType, u64, &[u8]) = (
        "manifest.json",
        EntryType::Regular,
        manifest.len() as u64,
        manifest.as_bytes(),
    );
    for (name, kind, length, bytes) in std::iter::once(&sheet).chain(members) {
        let mut header = Header::new_ustar();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(*length);
        header.set_cksum();
        tar.append(&header, *bytes).expect("appended");
    }
    tar.into_inner().expect("finished").flush().expect("written");
}

#[test]
fn a_hostile_backup_writes_nothing_outside_and_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("hostile.ringside");
    let manifest = |name: &str, bytes: u64| {
        format!(
            r#"{{"format":1,"ringside":"9","created":"2026-01-01T00:00:00Z","journal":{{"calls":0,"notes":0}},
                "members":[{{"name":"{name}","bytes":{bytes},"sha256":"00"}}]}}"#
        )
    };
    let huge = 1 << 40;
    type Members<'a> = &'a [(&'a str, EntryType, u64, &'a [u8])];
    let cases: [(String, Members<'_>, &str); 8] = [
        (
            manifest("../evil", 4),
            &[("../evil", EntryType::Regular, 4, b"evil")],
            "a file that no backup has",
        ),
        (
            manifest("/tmp/evil", 4),
            &[("/tmp/evil", EntryType::Regular, 4, b"evil")],
            "a file that no backup has",
        ),
        (
            manifest("journal.db", 4),
            &[("../journal.db", EntryType::Regular, 4, b"evil")],
            "not what the manifest says",
        ),
        (
            manifest("journal.db", 0),
            &[("journal.db", EntryType::Symlink, 0, b"")],
            "not what the manifest says",
        ),
        (
            manifest("journal.db", huge),
            &[("journal.db", EntryType::Regular, huge, b"evil")],
            "longer than all of it",
        ),
        (
            manifest("journal.db", 4),
            &[("journal.db", EntryType::GNUSparse, 4, b"evil")],
            "not what the manifest says",
        ),
        ("{}".to_owned(), &[], "its manifest cannot be read"),
        (
            r#"{"format":2,"ringside":"7.0"}"#.to_owned(),
            &[],
            "a newer Ringside (7.0)",
        ),
    ];
    for (manifest, members, part) in cases {
        hostile(&file, &manifest, members);
        let (_folder, other) = fresh_home();
        let said = restore(&file, &other, &by_passphrase("new"), &without_code())
            .expect_err("refused")
            .to_string();
        assert!(said.contains(part), "{said}");
        assert!(!other.folder().join("evil").exists() && !other.folder().with_file_name("evil").exists());
    }
}
