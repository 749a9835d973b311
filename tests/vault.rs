//! Keys: where they are kept, what opens them, and what happens when they are lost.

use std::process::Command;
use std::time::Duration;

use chrono::Utc;
use ringside::config::{Home, SecretRef};
use ringside::vault::{
    CodeError, KeptIn, Keyring, MasterKey, RecoveryCode, VaultError, Ways, forget_secret, keep_secret, read_secret,
    unlock,
};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// A fresh home in a folder that goes away.
pub(crate) fn fresh_home() -> (TempDir, Home) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let home = Home::find(Some(&folder.path().join("home"))).expect("a home");
    (folder, home)
}

/// No keyring, this passphrase: what a test may use on any machine without touching anybody's keyring.
pub(crate) fn by_passphrase(passphrase: &str) -> Ways {
    Ways {
        passphrase: Some(Zeroizing::new(passphrase.to_owned())),
        keyring: None,
    }
}

fn nothing() -> Ways {
    Ways::default()
}

#[test]
fn the_same_passphrase_opens_the_same_key_and_shows_the_code_once() {
    let (_folder, home) = fresh_home();
    let first = unlock(&home, &by_passphrase("tea and toast")).expect("first");
    let second = unlock(&home, &by_passphrase("tea and toast")).expect("second");
    assert!(first.key == second.key);
    assert_eq!(first.kept_in, KeptIn::PassphraseFile);
    assert!(first.new_code.is_some() && second.new_code.is_none());
}

#[test]
fn a_wrong_passphrase_is_said_and_never_makes_a_new_key() {
    let (_folder, home) = fresh_home();
    unlock(&home, &by_passphrase("right")).expect("first");
    let before = std::fs::read(home.keys().join("passphrase.age")).expect("sealed key");
    assert!(matches!(
        unlock(&home, &by_passphrase("wrong")),
        Err(VaultError::WrongPassphrase { .. })
    ));
    assert!(before == std::fs::read(home.keys().join("passphrase.age")).expect("sealed key"));
}

#[test]
fn without_passphrase_and_keyring_a_fresh_home_lives_for_this_run_only() {
    let (_folder, home) = fresh_home();
    let run = unlock(&home, &nothing()).expect("a session");
    assert_eq!(run.kept_in, KeptIn::ThisRunOnly);
    assert!(run.notices()[0].contains("for this run only"));
    let (folder, journal) = (home.folder().to_owned(), run.journal_db());
    assert!(!journal.starts_with(&folder));
    ringside::journal::Journal::open(&journal, &run.key).expect("a journal of this run");
    drop(run);
    assert!(!journal.exists());
}

#[test]
fn a_recovery_code_survives_being_written_down_badly() {
    let code = RecoveryCode::random().expect("random");
    let sloppy = code
        .text()
        .to_lowercase()
        .replace('-', "  ")
        .replace('0', "o")
        .replace('1', "l");
    assert!(RecoveryCode::parse(&sloppy) == Ok(code));
}

#[test]
fn a_home_whose_key_is_gone_gets_no_new_one() {
    let (_folder, home) = fresh_home();
    let first = unlock(&home, &by_passphrase("tea")).expect("first");
    ringside::journal::Journal::open(&home.journal_db(), &first.key).expect("a journal");
    std::fs::remove_file(home.keys().join("passphrase.age")).expect("lost");
    for ways in [nothing(), by_passphrase("tea"), by_passphrase("other")] {
        let said = unlock(&home, &ways).expect_err("no key").to_string();
        assert!(said.contains("ringside restore --code CODE"), "{said}");
    }
}

#[test]
fn a_passphrase_that_is_not_given_is_asked_for() {
    let (_folder, home) = fresh_home();
    unlock(&home, &by_passphrase("tea")).expect("first");
    assert!(matches!(unlock(&home, &nothing()), Err(VaultError::PassphraseNeeded)));
}

#[test]
fn a_damaged_sealed_key_is_said_and_a_hostile_one_costs_no_time() {
    let (_folder, home) = fresh_home();
    unlock(&home, &by_passphrase("tea")).expect("first");
    let file = home.keys().join("passphrase.age");
    let whole = std::fs::read(&file).expect("sealed");
    let header = String::from_utf8_lossy(&whole[..90]).into_owned();
    let work = header
        .lines()
        .nth(1)
        .and_then(|line| line.rsplit(' ').next())
        .expect("the work factor")
        .to_owned();
    assert_eq!(work, "16");
    // 2^40 of work would take days; the file is refused before any of it is done.
    let line_end = header.find(" 16\n").expect("the stanza");
    let mut hostile = whole.clone();
    hostile[line_end + 1..line_end + 3].copy_from_slice(b"40");
    for bytes in [&whole[..whole.len() - 1], &whole[..40], b"", &hostile] {
        std::fs::write(&file, bytes).expect("damaged");
        assert!(matches!(
            unlock(&home, &by_passphrase("tea")),
            Err(VaultError::DamagedFile { .. })
        ));
    }
}

#[test]
fn a_mistyped_code_is_told_from_a_wrong_one() {
    let code = RecoveryCode::random().expect("random");
    let text = code.text();
    for (place, sign) in text.char_indices().filter(|(_, sign)| *sign != '-') {
        let other = if sign == '7' { "8" } else { "7" };
        let mut typed = text.to_string();
        typed.replace_range(place..=place, other);
        // One in 4096 slips fits the checksum by chance.
        if RecoveryCode::parse(&typed).is_ok() {
            assert!(RecoveryCode::parse(&typed).ok() != Some(code.clone()));
        }
    }
    assert_eq!(RecoveryCode::parse("7777"), Err(CodeError::Length(4)));
    assert_eq!(RecoveryCode::parse("7777-77u7"), Err(CodeError::Sign('u')));
}

#[test]
fn two_first_starts_at_once_make_one_key() {
    let (_folder, home) = fresh_home();
    let keys: Vec<_> = std::thread::scope(|scope| {
        let starts: Vec<_> = (0..4)
            .map(|_| scope.spawn(|| unlock(&home, &by_passphrase("tea")).expect("unlocked")))
            .collect();
        starts.into_iter().map(|start| start.join().expect("joined")).collect()
    });
    assert!(keys.iter().all(|unlocked| unlocked.key == keys[0].key));
    assert_eq!(keys.iter().filter(|unlocked| unlocked.new_code.is_some()).count(), 1);
}

/// Set in the process that runs inside a session with a keyring of its own.
const INSIDE: &str = "RINGSIDE_TEST_INSIDE_KEYRING_SESSION";

/// Runs the ignored test `name` in a session bus of its own with an unlocked, empty keyring. `false` when this machine
/// lacks the programs for it.
fn in_keyring_session(name: &str) -> bool {
    let missing = ["dbus-run-session", "gnome-keyring-daemon"].iter().find(|program| {
        let paths = std::env::var_os("PATH").unwrap_or_default();
        !std::env::split_paths(&paths).any(|folder| folder.join(program).exists())
    });
    if let Some(program) = missing {
        eprintln!("SKIPPED {name}: {program} is not installed");
        return false;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 && exec \"$0\" \"$@\"";
    let output = Command::new("dbus-run-session")
        .args(["--", "bash", "-c", script])
        .arg(std::env::current_exe().expect("this binary"))
        .args(["--exact", &format!("vault::{name}"), "--ignored", "--nocapture"])
        .env(INSIDE, "1")
        .env("XDG_DATA_HOME", folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .env("HOME", folder.path())
        .env_remove("RINGSIDE_PASSPHRASE")
        .env_remove("DISPLAY")
        .output()
        .expect("dbus-run-session runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    true
}

fn system_keyring() -> Ways {
    Ways {
        passphrase: None,
        keyring: Some(Keyring::new(Duration::from_secs(20))),
    }
}

#[test]
fn the_system_keyring_keeps_the_key_and_a_lost_keyring_loses_no_journal() {
    in_keyring_session("inside_a_keyring_session");
}

#[test]
#[ignore = "runs in a keyring session of its own, started by another test"]
fn inside_a_keyring_session() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    let (_folder, home) = fresh_home();
    let first = unlock(&home, &system_keyring()).expect("first");
    assert_eq!(first.kept_in, KeptIn::Keyring);
    let code = first.new_code.clone().expect("shown once");
    let mut journal = ringside::journal::Journal::open(&home.journal_db(), &first.key).expect("a journal");
    journal
        .save_note(&ringside::call::CallId("pbx:1".to_owned()), "Ring back", Utc::now())
        .expect("saved");
    drop(journal);
    let second = unlock(&home, &system_keyring()).expect("second");
    assert!(second.key == first.key && second.new_code.is_none());
    assert!(!home.keys().join("passphrase.age").exists());

    // A moved home finds its key.
    let moved = Home::find(Some(&home.folder().with_file_name("moved"))).expect("a home");
    std::fs::rename(home.folder(), moved.folder()).expect("moved");
    assert!(unlock(&moved, &system_keyring()).expect("moved").key == first.key);

    // The entry is lost: no new key, and the code brings the old one back into the keyring.
    let id = std::fs::read_to_string(moved.keys().join("id")).expect("the id");
    let keyring = Keyring::new(Duration::from_secs(20));
    assert!(keyring.remove(&format!("home {id}")).expect("removed"));
    assert!(matches!(
        unlock(&moved, &system_keyring()),
        Err(VaultError::NoKey { .. })
    ));
    let (kept_in, counts) = ringside::backup::recover_home(&moved, &system_keyring(), &code).expect("recovered");
    assert_eq!((kept_in, counts.notes), (KeptIn::Keyring, 1));
    assert!(unlock(&moved, &system_keyring()).expect("again").key == first.key);

    // A passphrase wins over the keyring and seals the same key.
    let both = Ways {
        passphrase: by_passphrase("tea").passphrase,
        ..system_keyring()
    };
    let sealed = unlock(&moved, &both).expect("sealed");
    assert!(sealed.kept_in == KeptIn::PassphraseFile && sealed.key == first.key);
    let wrong = Ways {
        passphrase: by_passphrase("coffee").passphrase,
        ..system_keyring()
    };
    assert!(matches!(
        unlock(&moved, &wrong),
        Err(VaultError::WrongPassphrase { .. })
    ));

    // Secrets of phone systems lie there too.
    let secret = SecretRef::parse("keyring:pbx").expect("a reference");
    keep_secret(Some(&keyring), "pbx", "s3cret").expect("kept");
    assert_eq!(
        *read_secret(&secret, moved.folder(), Some(&keyring)).expect("read"),
        "s3cret"
    );
    assert!(forget_secret(Some(&keyring), "pbx").expect("removed"));
    let gone = read_secret(&secret, moved.folder(), Some(&keyring))
        .expect_err("gone")
        .to_string();
    assert!(gone.contains("ringside secret set pbx"), "{gone}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_session_without_a_keyring_says_so_and_keeps_stores_shut() {
    // A bus address where nobody listens: what a server or a container looks like.
    let output = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "vault::inside_a_session_without_a_keyring",
            "--ignored",
            "--nocapture",
        ])
        .env(INSIDE, "1")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "runs without a session bus, started by another test"]
fn inside_a_session_without_a_keyring() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    let (_folder, home) = fresh_home();
    // As if made in a session with a keyring: an id, and a journal whose key is there.
    let run = unlock(&home, &system_keyring()).expect("a fresh home runs");
    assert!(run.kept_in == KeptIn::ThisRunOnly && run.keyring_error.is_some());
    assert!(matches!(run.lasting(), Err(VaultError::NowhereToKeep(Some(_)))));
    std::fs::write(home.keys().join("id"), "0123456789abcdef").expect("an id");
    ringside::journal::Journal::open(&home.journal_db(), &MasterKey::random().expect("a key")).expect("a journal");
    assert!(matches!(
        unlock(&home, &system_keyring()),
        Err(VaultError::KeyringUnavailable(_))
    ));
}
