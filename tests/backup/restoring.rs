//! What a backup brings back, by which code, and what it leaves beside.

use std::fs;

use ringside::backup::{BackupError, Wish, recover_home, restore};
use ringside::journal::{Counts, Journal};
use ringside::vault::{KeptIn, RecoveryCode, VaultError, unlock};

use super::{Shop, counts, with_code, without_code};
use crate::journal::answered;
use crate::vault::{by_passphrase, fresh_home};

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
