//! Making a backup while Ringside runs.

use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use tar::{Builder, EntryType, Header};

use super::{BackupError, CONFIG, FORMAT, JOURNAL, MANIFEST, Manifest, Member, RECOVERY};
use crate::config::{Home, sync_folder};
use crate::journal::Journal;
use crate::vault::MasterKey;

/// Writes a backup of `home` into `to`, which appears only once it is whole. Others may go on writing to the journal: it
/// is copied as it is at one moment. A file of that name is written over only when `replace` says so.
///
/// # Errors
/// See [`BackupError`].
pub fn write(
    home: &Home,
    key: &MasterKey,
    to: &Path,
    replace: bool,
    at: DateTime<Utc>,
) -> Result<Manifest, BackupError> {
    if !home.journal_db().exists() {
        return Err(BackupError::NothingThere {
            home: home.folder().to_owned(),
        });
    }
    if to.exists() && !replace {
        return Err(BackupError::NameTaken { path: to.to_owned() });
    }
    let staging = tempfile::Builder::new()
        .prefix(".backup-")
        .tempdir_in(home.folder())
        .map_err(BackupError::io(home.folder()))?;
    let manifest = gather(home, key, staging.path(), at)?;
    pack(staging.path(), &manifest, to, replace)?;
    Ok(manifest)
}

/// Copies all members into `staging`.
fn gather(home: &Home, key: &MasterKey, staging: &Path, at: DateTime<Utc>) -> Result<Manifest, BackupError> {
    let copy = staging.join(JOURNAL);
    Journal::open(&home.journal_db(), key)?.snapshot(&copy, key)?;
    // The copy is counted, not the original: somebody may have written since. Opening it also proves the key.
    let journal = Journal::open(&copy, key)?;
    let counts = journal.counts()?;
    journal.fold()?;
    let mut members = vec![member(staging, JOURNAL)?];
    for (name, original) in [(RECOVERY, home.keys().join(RECOVERY)), (CONFIG, home.config_file())] {
        if original.exists() {
            fs::copy(&original, staging.join(name)).map_err(BackupError::io(&original))?;
            members.push(member(staging, name)?);
        }
    }
    let ringside = env!("CARGO_PKG_VERSION").to_owned();
    Ok(Manifest {
        format: FORMAT,
        ringside,
        created: at,
        journal: counts,
        members,
    })
}

fn pack(staging: &Path, manifest: &Manifest, to: &Path, replace: bool) -> Result<(), BackupError> {
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let file = tempfile::NamedTempFile::new_in(folder).map_err(BackupError::io(to))?;
    let mut tar = Builder::new(file);
    let sheet = serde_json::to_vec_pretty(manifest)
        .map_err(io::Error::from)
        .map_err(BackupError::io(to))?;
    append(&mut tar, MANIFEST, sheet.len() as u64, manifest, sheet.as_slice()).map_err(BackupError::io(to))?;
    for member in &manifest.members {
        let from = staging.join(&member.name);
        let opened = File::open(&from).map_err(BackupError::io(&from))?;
        append(&mut tar, &member.name, member.bytes, manifest, opened).map_err(BackupError::io(to))?;
    }
    let mut file = tar.into_inner().map_err(BackupError::io(to))?;
    file.flush()
        .and_then(|()| file.as_file().sync_all())
        .map_err(BackupError::io(to))?;
    if replace {
        file.persist(to)
            .map_err(|failed| failed.error)
            .map_err(BackupError::io(to))?;
    } else {
        file.persist_noclobber(to)
            .map_err(|failed| failed.error)
            .map_err(BackupError::io(to))?;
    }
    sync_folder(folder).map_err(BackupError::io(to))
}

fn append(
    tar: &mut Builder<tempfile::NamedTempFile>,
    name: &str,
    bytes: u64,
    manifest: &Manifest,
    data: impl Read,
) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_path(name)?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(bytes);
    header.set_mtime(u64::try_from(manifest.created.timestamp()).unwrap_or(0));
    header.set_cksum();
    tar.append(&header, data)
}

fn member(staging: &Path, name: &str) -> Result<Member, BackupError> {
    let path = staging.join(name);
    let mut sum = Sha256::new();
    let bytes = File::open(&path)
        .and_then(|mut file| io::copy(&mut file, &mut sum))
        .map_err(BackupError::io(&path))?;
    Ok(Member {
        name: name.to_owned(),
        bytes,
        sha256: hex(&sum.finalize()),
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
