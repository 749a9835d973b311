//! Backups and what comes back from them, by the library and by the commands.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use ringside::backup::{BackupError, Wish, recover_home, restore, write};
use ringside::config::Home;
use ringside::journal::{Counts, Journal};
use ringside::vault::{KeptIn, RecoveryCode, VaultError, Ways, unlock};
use tar::{Builder, EntryType, Header};
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

#[test]
fn a_backup_comes_back_on_another_computer_by_its_code() {
    let shop = Shop::new();
    let file = shop.back_up();
    let (_folder, other) = fresh_home();
    let restored = restore(&file, &other, &by_passphrase("new"), &with_code(&shop.code)).expect("restored");
    assert_eq!(
        (restored.kept_in, restored.kept_beside.len()),
        (KeptIn::PassphraseFile, 0)
    );
    assert_eq!(counts(&other, &by_passphrase("new")), Counts { calls: 10, notes: 3 });
    assert_eq!(
        fs::read_to_string(other.config_file()).expect("settings"),
        "home_region = \"HR\"\n"
    );
    // The code goes on opening what it opened before.
    recover_home(&other, &by_passphrase("newer"), &shop.code).expect("the same code");
}

#[test]
fn a_backup_needs_its_own_code_or_the_key_at_hand() {
    let shop = Shop::new();
    let file = shop.back_up();
    let (_folder, other) = fresh_home();
    let ways = by_passphrase("new");
    assert!(matches!(
        restore(&file, &other, &ways, &without_code()),
        Err(BackupError::CodeNeeded)
    ));
    let wrong = RecoveryCode::random().expect("random");
    let failed = restore(&file, &other, &ways, &with_code(&wrong));
    assert!(matches!(failed, Err(BackupError::Vault(VaultError::WrongRecoveryCode))));
    assert!(!other.journal_db().exists() && fs::read_dir(other.keys()).expect("keys").next().is_none());
}

#[test]
fn an_existing_journal_is_kept_beside_and_only_when_asked() {
    let shop = Shop::new();
    let (file, ways) = (shop.back_up(), by_passphrase("old"));
    let key = unlock(&shop.home, &ways).expect("unlocked").key;
    let mut journal = Journal::open(&shop.home.journal_db(), &key).expect("the journal");
    journal.put_call(&answered("later", 99)).expect("written");
    drop(journal);

    let refused = restore(&file, &shop.home, &ways, &without_code());
    assert!(matches!(refused, Err(BackupError::JournalThere { .. })));
    let wish = Wish {
        replace: true,
        ..without_code()
    };
    let restored = restore(&file, &shop.home, &ways, &wish).expect("restored");
    assert_eq!(counts(&shop.home, &ways).calls, 10);
    let beside = restored
        .kept_beside
        .iter()
        .find(|path| path.to_string_lossy().contains("journal.db.before-restore-"));
    let kept = Journal::open(beside.expect("kept"), &key).expect("the old journal");
    assert_eq!(kept.counts().expect("counts").calls, 11);
}

#[test]
fn a_journal_in_use_is_not_replaced_under_a_running_ringside() {
    let shop = Shop::new();
    let (file, ways) = (shop.back_up(), by_passphrase("old"));
    let key = unlock(&shop.home, &ways).expect("unlocked").key;
    let running = Journal::open(&shop.home.journal_db(), &key).expect("the journal");
    running.counts().expect("it was read");
    let wish = Wish {
        replace: true,
        ..without_code()
    };
    assert!(matches!(
        restore(&file, &shop.home, &ways, &wish),
        Err(BackupError::InUse { .. })
    ));
    assert_eq!(running.counts().expect("still open").calls, 10);
}

#[test]
fn another_shops_backup_keeps_the_old_journal_and_the_keys_it_needs() {
    let (mine, theirs) = (Shop::new(), Shop::new());
    let file = theirs.back_up();
    let ways = by_passphrase("old");
    let wish = Wish {
        replace: true,
        ..with_code(&theirs.code)
    };
    let restored = restore(&file, &mine.home, &ways, &wish).expect("restored");
    assert_eq!(counts(&mine.home, &ways).calls, 10);
    let named = |part: &str| {
        let found = restored
            .kept_beside
            .iter()
            .find(|path| path.to_string_lossy().contains(part));
        found.expect(part).clone()
    };
    // Put together again, the old journal and the old keys are the old home.
    let (_folder, old) = fresh_home();
    fs::create_dir(old.folder()).expect("a folder");
    fs::rename(named("journal.db.before"), old.journal_db()).expect("moved");
    fs::rename(named("keys.before"), old.keys()).expect("moved");
    recover_home(&old, &by_passphrase("any"), &mine.code).expect("my code opens my old journal");
}

#[test]
fn a_forgotten_passphrase_is_replaced_by_means_of_the_code() {
    let shop = Shop::new();
    let forgot = by_passphrase("not the old one");
    assert!(matches!(
        unlock(&shop.home, &forgot),
        Err(VaultError::WrongPassphrase { .. })
    ));
    let (kept_in, found) = recover_home(&shop.home, &forgot, &shop.code).expect("recovered");
    assert_eq!((kept_in, found.calls), (KeptIn::PassphraseFile, 10));
    assert_eq!(counts(&shop.home, &forgot).calls, 10);
}

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

/// The command line on `home`, with a passphrase and without the keyring of whoever runs the tests.
fn ringside(home: &Home, passphrase: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home.folder())
        .args(arguments)
        .env("RINGSIDE_PASSPHRASE", passphrase)
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_HOME")
        .env_remove("RINGSIDE_RECOVERY_CODE")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_commands_back_up_and_restore() {
    let shop = Shop::new();
    let file = shop.home.folder().with_file_name("cli.ringside");
    let name = file.to_string_lossy().into_owned();
    let saved = ringside(&shop.home, "old", &["backup", &name, "--json"]);
    assert!(saved.status.success(), "{}", text(&saved.stderr));
    let told: serde_json::Value = serde_json::from_slice(&saved.stdout).expect("JSON");
    assert_eq!(
        told["manifest"]["journal"],
        serde_json::json!({ "calls": 10, "notes": 3 })
    );

    let (_folder, other) = fresh_home();
    let mistyped = ringside(
        &other,
        "new",
        &["restore", &name, "--code", "0000-0000-0000-0000-0000-0000-0000"],
    );
    assert!(!mistyped.status.success() && text(&mistyped.stderr).contains("typing error"));
    let code = shop.code.text().to_lowercase();
    let restored = ringside(&other, "new", &["restore", &name, "--code", &code]);
    assert!(restored.status.success(), "{}", text(&restored.stderr));
    assert!(text(&restored.stdout).contains("restored 10 calls and 3 notes"));
    let again = ringside(&other, "new", &["restore", &name]);
    assert!(!again.status.success() && text(&again.stderr).contains("--replace"));
    assert_eq!(counts(&other, &by_passphrase("new")).calls, 10);
}

#[test]
fn a_home_without_a_journal_is_not_backed_up_and_not_made() {
    let (_folder, home) = fresh_home();
    let failed = ringside(&home, "old", &["backup", "nothing.ringside"]);
    assert!(!failed.status.success() && text(&failed.stderr).contains("nothing to back up"));
    assert!(!home.folder().exists());
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let shop = Shop::new();
    let well = ringside(&shop.home, "old", &["doctor"]);
    assert!(well.status.success(), "{}", text(&well.stdout));
    assert!(text(&well.stdout).contains("journal: whole: 10 calls, 3 notes"));

    let wrong_key = ringside(&shop.home, "wrong", &["doctor"]);
    assert!(!wrong_key.status.success() && text(&wrong_key.stdout).contains("FAIL  key: wrong passphrase"));

    fs::write(shop.home.config_file(), "home_regoin = \"DE\"").expect("settings");
    let wrong_settings = ringside(&shop.home, "old", &["doctor", "--json"]);
    assert_eq!(wrong_settings.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&wrong_settings.stdout).expect("JSON");
    assert_eq!(told["ok"], false);
    assert!(text(&wrong_settings.stdout).contains("did you mean `home_region`?"));
}

#[test]
fn the_doctor_tells_an_asterisk_from_a_closed_port_and_from_something_else() {
    let shop = Shop::new();
    let greeter = |greeting: &'static [u8]| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten().take(1) {
                let mut stream = stream;
                let _ = stream.write_all(greeting);
            }
        });
        port
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let asterisk = |name: &str, port: u16| {
        format!(
            "[[feed]]\nname = \"{name}\"\nkind = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"u\"\n\
             secret = \"env:PATH\"\n"
        )
    };
    let settings = [
        asterisk("pbx", greeter(b"Asterisk Call Manager/9.0.0\r\n")),
        asterisk("mail", greeter(b"220 mail.example ESMTP ready\r\n")),
        asterisk("gone", closed),
        format!(
            "[[feed]]\nname = \"hook\"\nkind = \"webhook\"\npreset = \"zammad\"\nlisten = \"{}\"\ntoken = \"env:PATH\"\n",
            taken.local_addr().expect("its address")
        ),
    ];
    fs::write(shop.home.config_file(), settings.concat()).expect("settings");
    let told = text(&ringside(&shop.home, "old", &["doctor"]).stdout);
    for line in [
        "ok    feed pbx: an Asterisk Manager answers",
        "FAIL  feed mail: what answers",
        "FAIL  feed gone: ",
        "warn  feed hook: ",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn a_secret_that_cannot_be_kept_is_said_with_the_other_ways() {
    let (_folder, home) = fresh_home();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(["secret", "set", "pbx", "--home"])
        .arg(home.folder())
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_PASSPHRASE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    command
        .stdin
        .take()
        .expect("its input")
        .write_all(b"s3cret\n")
        .expect("piped");
    let output = command.wait_with_output().expect("ended");
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && said.contains("env:NAME or file:PATH") && !said.contains("s3cret"),
        "{said}"
    );
}
