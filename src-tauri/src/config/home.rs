//! The home folder: where everything of one Ringside lies.
//!
//! Knows names and modes of files and how to replace one without ever leaving half of it. It does not
//! know what is in them.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The folder of one Ringside: configuration, stores, keys and log.
///
/// A path, not a lock: several commands may use one home at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

/// Why no home was found.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The system names no folder for the user's data.
    #[error("this account has no folder for application data; name one by --home DIR or RINGSIDE_HOME")]
    NoDataFolder,
    /// The current folder, from which a relative path counts, cannot be read.
    #[error("the current folder cannot be read; give --home as an absolute path")]
    NoCurrentFolder(#[source] io::Error),
}

impl Home {
    /// The folder that was named (`--home`, `RINGSIDE_HOME`), else the system's place for application data
    /// (`~/.local/share/ringside` on Linux). Nothing is created.
    ///
    /// # Errors
    /// When no folder was named and the system has none.
    pub fn find(named: Option<&Path>) -> Result<Self, HomeError> {
        let folder = match named {
            Some(folder) => std::path::absolute(folder).map_err(HomeError::NoCurrentFolder)?,
            None => directories::ProjectDirs::from("", "", "ringside")
                .ok_or(HomeError::NoDataFolder)?
                .data_dir()
                .to_owned(),
        };
        Ok(Home { folder })
    }

    /// Makes the folder and its `keys`, both readable by their owner alone, unless they are there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create(&self) -> io::Result<()> {
        create_private_folder(&self.folder)?;
        create_private_folder(&self.keys())
    }

    /// Makes `secrets`, the folder of `file:` secrets that were typed into a window, unless it is there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn create_secrets(&self) -> io::Result<()> {
        create_private_folder(&self.folder.join("secrets"))
    }

    /// The folder itself.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// `config.toml`, the settings.
    #[must_use]
    pub fn config_file(&self) -> PathBuf {
        self.folder.join("config.toml")
    }

    /// `cache.db`, the customer cache; may be deleted at any time.
    #[must_use]
    pub fn cache_db(&self) -> PathBuf {
        self.folder.join("cache.db")
    }

    /// `journal.db`, calls and notes; must never be lost.
    #[must_use]
    pub fn journal_db(&self) -> PathBuf {
        self.folder.join("journal.db")
    }

    /// `traces.db`, why the last calls did or did not pop; may be deleted at any time.
    #[must_use]
    pub fn traces_db(&self) -> PathBuf {
        self.folder.join("traces.db")
    }

    /// `keys`, the folder of the sealed keys.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// `ringside.log`.
    #[must_use]
    pub fn log_file(&self) -> PathBuf {
        self.folder.join("ringside.log")
    }
}

/// The folder that a file is in, also of a name without one.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Replaces `path` by `bytes` so that a crash leaves the old file or the new, never half: a temporary file
/// beside it, synced, then renamed. The file is readable by its owner alone.
///
/// # Errors
/// When the file cannot be written; the old one is then untouched.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    sync_folder(folder)
}

/// Makes the names in a folder durable. Only Unix can sync a folder; elsewhere the file system journals names.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_a_folder_is_a_file_of_the_folder_one_is_in() {
        assert_eq!(folder_of(Path::new("request.json")), Path::new("."));
        assert_eq!(folder_of(Path::new("below/request.json")), Path::new("below"));
        assert_eq!(folder_of(Path::new("/request.json")), Path::new("/"));
    }
}
