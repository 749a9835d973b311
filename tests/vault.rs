//! Keys: where they are kept, what opens them, and what happens when they are lost.

use ringside::config::Home;
use ringside::vault::{KeptIn, RecoveryCode, VaultError, Ways, unlock};
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
