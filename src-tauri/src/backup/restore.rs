//! Putting a backup back, and the key of a home whose keyring or passphrase was lost.
//!
//! Everything is unpacked, opened and checked beside the home's files before the first of them is moved; what was there
//! is kept under another name. The journal comes last: where it is, its key is.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::read::unpack;
use super::{BackupError, CONFIG, JOURNAL, Manifest, RECOVERY};
use crate::config::{Home, sync_folder};
use crate::journal::{Counts, Journal};
use crate::store::OpenError;
use crate::vault::{KeptIn, MasterKey, RecoveryCode, VaultError, Ways, adopt, existing_key, read_recovery, recover};

/// How a backup is put back.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The recovery code of the backup; without one, the key at hand must open it.
    pub code: Option<RecoveryCode>,
    /// An existing journal is kept beside, and the backup put in its place.
    pub replace: bool,
    /// Now; the names of what is kept beside end with it.
    pub at: DateTime<Utc>,
}

/// What was put back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// What the backup held.
    pub manifest: Manifest,
    /// Where its key is kept now.
    pub kept_in: KeptIn,
    /// What was there before, under its new names.
    pub kept_beside: Vec<PathBuf>,
}

/// Puts the backup `file` into `home`.
///
/// # Errors
/// See [`BackupError`]; the home is as it was then.
pub fn restore(file: &Path, home: &Home, ways: &Ways, wish: &Wish) -> Result<Restored, BackupError> {
    if home.journal_db().exists() && !wish.replace {
        return Err(BackupError::JournalThere {
            path: home.journal_db(),
        });
    }
    home.create().map_err(BackupError::io(home.folder()))?;
    let staging = tempfile::Builder::new()
        .prefix(".restore-")
        .tempdir_in(home.folder())
        .map_err(BackupError::io(home.folder()))?;
    let manifest = unpack(file, staging.path())?;
    let at_hand = match existing_key(home, ways) {
        // Whoever has the code needs no key of the home, be it lost or sealed by a forgotten passphrase.
        Err(_) if wish.code.is_some() => None,
        at_hand => at_hand?,
    };
    let key = key_of_backup(staging.path(), at_hand.as_ref(), wish.code.as_ref())?;
    check_journal(file, staging.path(), &key, manifest.journal)?;
    let same = at_hand
        .as_ref()
        .filter(|(known, _)| *known == key)
        .map(|(_, kept_in)| *kept_in);
    let kept_in = match same {
        Some(kept_in) => kept_in,
        None => stage_keys(staging.path(), ways, &key)?,
    };
    refuse_in_use(home, at_hand.as_ref())?;
    let kept_beside = swap(home, staging.path(), same.is_some(), wish)?;
    Ok(Restored {
        manifest,
        kept_in,
        kept_beside,
    })
}

/// Opens the home's own sealed copy of the key by `code` and keeps the key again, in the passphrase file or the keyring.
/// The journal, when there is one, must open by it.
///
/// # Errors
/// [`VaultError::WrongRecoveryCode`] and others; the home is as it was then.
pub fn recover_home(home: &Home, ways: &Ways, code: &RecoveryCode) -> Result<(KeptIn, Counts), BackupError> {
    let key = recover(home, code)?;
    let mut counts = Counts::default();
    if home.journal_db().exists() {
        counts = Journal::open(&home.journal_db(), &key)?.counts()?;
    }
    Ok((adopt(home, ways, &key)?, counts))
}

fn key_of_backup(
    staging: &Path,
    at_hand: Option<&(MasterKey, KeptIn)>,
    code: Option<&RecoveryCode>,
) -> Result<MasterKey, BackupError> {
    if let Some(code) = code {
        let file = staging.join(RECOVERY);
        let sealed = fs::read(&file).map_err(|_| VaultError::NoRecoveryFile {
            file: PathBuf::from(RECOVERY),
        })?;
        return Ok(read_recovery(&sealed, code, Path::new(RECOVERY))?);
    }
    match at_hand {
        Some((key, _)) => Ok(key.clone()),
        None => Err(BackupError::CodeNeeded),
    }
}

fn check_journal(file: &Path, staging: &Path, key: &MasterKey, expected: Counts) -> Result<(), BackupError> {
    let path = staging.join(JOURNAL);
    let journal = match Journal::open(&path, key) {
        Err(OpenError::WrongKey { .. }) => return Err(BackupError::CodeNeeded),
        Err(OpenError::Damaged { what, .. }) => return Err(BackupError::damaged(file, what)),
        Err(OpenError::NotEncrypted { .. }) => return Err(BackupError::damaged(file, "its journal is not encrypted")),
        opened => opened?,
    };
    match journal.check() {
        Err(OpenError::Damaged { what, .. }) => return Err(BackupError::damaged(file, what)),
        checked => checked?,
    }
    if journal.counts()? != expected {
        return Err(BackupError::damaged(
            file,
            "its journal holds other calls and notes than its manifest says",
        ));
    }
    journal.fold()?;
    Ok(())
}

/// Keeps the key for a home in `staging`, whose `keys` become the home's.
fn stage_keys(staging: &Path, ways: &Ways, key: &MasterKey) -> Result<KeptIn, BackupError> {
    let staged = Home::find(Some(&staging.join("home")))?;
    let kept_in = adopt(&staged, ways, key)?;
    let (from, to) = (staging.join(RECOVERY), staged.keys().join(RECOVERY));
    if from.exists() {
        fs::copy(&from, &to).map_err(BackupError::io(&to))?;
    }
    Ok(kept_in)
}

/// Makes sure that no Ringside has the journal open, as far as the key at hand can tell.
fn refuse_in_use(home: &Home, at_hand: Option<&(MasterKey, KeptIn)>) -> Result<(), BackupError> {
    let path = home.journal_db();
    let (true, Some((key, _))) = (path.exists(), at_hand) else {
        return Ok(());
    };
    match Journal::open(&path, key) {
        Ok(journal) => match journal.fold()? {
            true => Ok(()),
            false => Err(BackupError::InUse { path }),
        },
        // What cannot be opened cannot be folded either; it is moved as it is.
        Err(_) => Ok(()),
    }
}

fn swap(home: &Home, staging: &Path, same_key: bool, wish: &Wish) -> Result<Vec<PathBuf>, BackupError> {
    let mut beside = Beside {
        ending: wish.at.format(".before-restore-%Y%m%dT%H%M%SZ").to_string(),
        moved: Vec::new(),
    };
    beside.store(&home.journal_db())?;
    if !same_key {
        // The cache needs the old key, and the old journal may need the old keys.
        beside.store(&home.cache_db())?;
        if fs::remove_dir(home.keys()).is_err() {
            beside.rename(&home.keys())?;
        }
        let keys = staging.join("home").join("keys");
        fs::rename(&keys, home.keys()).map_err(BackupError::io(&keys))?;
    }
    let config = staging.join(CONFIG);
    if config.exists() && (wish.replace || !home.config_file().exists()) {
        beside.rename(&home.config_file())?;
        fs::rename(&config, home.config_file()).map_err(BackupError::io(&config))?;
    }
    fs::rename(staging.join(JOURNAL), home.journal_db()).map_err(BackupError::io(&home.journal_db()))?;
    sync_folder(home.folder()).map_err(BackupError::io(home.folder()))?;
    Ok(beside.moved)
}

/// Keeps what was there under another name.
struct Beside {
    ending: String,
    moved: Vec<PathBuf>,
}

impl Beside {
    /// A store with the log and the index that may lie beside it.
    fn store(&mut self, path: &Path) -> Result<(), BackupError> {
        let aside = with_ending(path, &self.ending);
        self.rename(path)?;
        for companion in ["-wal", "-shm"] {
            let (from, to) = (with_ending(path, companion), with_ending(&aside, companion));
            if from.exists() {
                fs::rename(&from, &to).map_err(BackupError::io(&from))?;
            }
        }
        Ok(())
    }

    fn rename(&mut self, path: &Path) -> Result<(), BackupError> {
        if path.exists() {
            let aside = with_ending(path, &self.ending);
            fs::rename(path, &aside).map_err(BackupError::io(path))?;
            self.moved.push(aside);
        }
        Ok(())
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(ending);
    PathBuf::from(name)
}
