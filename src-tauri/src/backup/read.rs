//! Reading a backup that anybody may have made.
//!
//! Only what the manifest lists is taken, under four fixed names, as plain files, into a folder of its own; no length is
//! believed that the file does not have. Nothing is unpacked by a name that stands in the file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use tar::{Archive, Entry, EntryType};

use super::write::hex;
use super::{BackupError, CONFIG, FORMAT, JOURNAL, MANIFEST, Manifest, Member, RECOVERY};

/// No manifest, sealed key or settings file is longer.
const MOST_BYTES: u64 = 1024 * 1024;

/// Unpacks `file` into the empty folder `into`: `journal.db`, and `recovery.age` and `config.toml` when they are
/// in it. Every byte is compared with the manifest's sums.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::Damaged`], [`BackupError::Newer`] or [`BackupError::Io`].
pub(super) fn unpack(file: &Path, into: &Path) -> Result<Manifest, BackupError> {
    let opened = File::open(file).map_err(BackupError::io(file))?;
    let length = opened.metadata().map_err(BackupError::io(file))?.len();
    let mut archive = Archive::new(opened);
    // Raw: long names and sparse files have no place here, and reading them could cost any amount of memory.
    let mut entries = archive.entries().map_err(BackupError::io(file))?.raw(true);
    let first = entries
        .next()
        .ok_or_else(|| BackupError::not_a_backup(file, "it is empty"))?;
    let first = first.map_err(|_| BackupError::not_a_backup(file, "it is no tar file"))?;
    let manifest = read_manifest(file, first)?;
    check_manifest(file, &manifest, length)?;
    for member in &manifest.members {
        let entry = entries
            .next()
            .ok_or_else(|| BackupError::damaged(file, format!("{} is missing", member.name)))?;
        unpack_member(
            file,
            entry.map_err(|error| cut_short(file, &error))?,
            member,
            &into.join(&member.name),
        )?;
    }
    match entries.next() {
        None => Ok(manifest),
        Some(_) => Err(BackupError::not_a_backup(file, "it holds more than its manifest says")),
    }
}

fn read_manifest(file: &Path, entry: Entry<'_, File>) -> Result<Manifest, BackupError> {
    if !is_plain(&entry, MANIFEST) {
        return Err(BackupError::not_a_backup(file, "it does not begin with a manifest"));
    }
    let mut sheet = Vec::new();
    entry
        .take(MOST_BYTES)
        .read_to_end(&mut sheet)
        .map_err(|error| cut_short(file, &error))?;
    // A newer format may be laid out in another way, so its number is read first.
    #[derive(serde::Deserialize)]
    struct Version {
        format: u32,
        ringside: String,
    }
    let version: Version =
        serde_json::from_slice(&sheet).map_err(|_| BackupError::not_a_backup(file, "its manifest cannot be read"))?;
    if version.format > FORMAT {
        return Err(BackupError::Newer {
            path: file.to_owned(),
            version: version.ringside,
        });
    }
    serde_json::from_slice(&sheet).map_err(|_| BackupError::damaged(file, "its manifest cannot be read"))
}

fn check_manifest(file: &Path, manifest: &Manifest, length: u64) -> Result<(), BackupError> {
    let mut seen: Vec<&str> = Vec::new();
    for member in &manifest.members {
        let most = match member.name.as_str() {
            JOURNAL => length,
            RECOVERY | CONFIG => MOST_BYTES.min(length),
            _ => return Err(BackupError::not_a_backup(file, "it holds a file that no backup has")),
        };
        if member.bytes > most {
            return Err(BackupError::damaged(
                file,
                format!("{} should be longer than all of it", member.name),
            ));
        }
        if seen.contains(&member.name.as_str()) {
            return Err(BackupError::not_a_backup(
                file,
                format!("it holds {} twice", member.name),
            ));
        }
        seen.push(&member.name);
    }
    if seen.contains(&JOURNAL) {
        Ok(())
    } else {
        Err(BackupError::not_a_backup(file, "it holds no journal"))
    }
}

fn unpack_member(file: &Path, entry: Entry<'_, File>, member: &Member, to: &Path) -> Result<(), BackupError> {
    if !is_plain(&entry, &member.name) || entry.header().entry_size().ok() != Some(member.bytes) {
        return Err(BackupError::damaged(
            file,
            format!("{} is not what the manifest says", member.name),
        ));
    }
    let mut written = Summed {
        file: File::create_new(to).map_err(BackupError::io(to))?,
        sum: Sha256::new(),
    };
    let bytes = io::copy(&mut entry.take(member.bytes), &mut written).map_err(|error| cut_short(file, &error))?;
    written.file.sync_all().map_err(BackupError::io(to))?;
    if bytes != member.bytes {
        return Err(BackupError::damaged(file, "it is cut short"));
    }
    if hex(&written.sum.finalize()) != member.sha256 {
        return Err(BackupError::damaged(file, format!("{} was changed", member.name)));
    }
    Ok(())
}

/// A file and the sum of what was written to it.
struct Summed {
    file: File,
    sum: Sha256,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn is_plain(entry: &Entry<'_, File>, name: &str) -> bool {
    entry.header().entry_type() == EntryType::Regular && entry.path_bytes().as_ref() == name.as_bytes()
}

/// A full disk while writing is said as such; all else is the backup's fault.
fn cut_short(file: &Path, error: &io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::PermissionDenied | io::ErrorKind::QuotaExceeded => {
            BackupError::Io {
                path: file.to_owned(),
                source: io::Error::from(error.kind()),
            }
        }
        _ => BackupError::damaged(file, "it is cut short"),
    }
}
