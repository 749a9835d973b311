//! What Ringside remembers of itself from one start to the next: until when nobody is to be disturbed, and where the panel
//! was dragged to. `state.json` in the home folder; it may be deleted at any time.
//!
//! Not `config.toml`, which people write: this changes by use. It decides nothing.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::home::{Home, write_durably};
use super::place::Corner;

/// What is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    /// Do not disturb until then.
    pub quiet_until: Option<DateTime<Utc>>,
    /// Where the panel was dragged to.
    pub panel: Option<Dragged>,
}

/// Where somebody dragged the panel to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dragged {
    /// The nearest corner.
    pub corner: Corner,
    /// The monitor, as the window system calls it; `None` where it has no name.
    pub monitor: Option<String>,
}

/// The memory of one home folder. Cheap to clone; all clones see one another's changes.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Kept>);

#[derive(Debug)]
struct Kept {
    file: PathBuf,
    now: Mutex<Remembered>,
}

impl Memory {
    /// The file's name.
    const FILE: &'static str = "state.json";

    /// What `home` remembers. A file that is not there or makes no sense is an empty memory, and the log says which.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        let file = home.folder().join(Self::FILE);
        let now = match fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_else(|error| {
                tracing::warn!(%error, file = %file.display(), "not readable, so nothing is remembered of the last time");
                Remembered::default()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Remembered::default(),
            Err(error) => {
                tracing::warn!(%error, file = %file.display(), "not readable, so nothing is remembered of the last time");
                Remembered::default()
            }
        };
        let now = Mutex::new(now);
        Memory(Arc::new(Kept { file, now }))
    }

    /// All of it.
    #[must_use]
    pub fn all(&self) -> Remembered {
        self.0.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes it, and writes it when something is different. It is changed for this run also when it cannot be written.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn change(&self, change: impl FnOnce(&mut Remembered)) -> io::Result<()> {
        // held while it is written, so that the file has what was changed last
        let mut now = self.0.now.lock().unwrap_or_else(PoisonError::into_inner);
        let before = now.clone();
        change(&mut now);
        if *now == before {
            return Ok(());
        }
        let bytes = serde_json::to_vec_pretty(&*now).map_err(io::Error::other)?;
        write_durably(&self.0.file, &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Home) {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        (folder, home)
    }

    #[test]
    fn what_is_changed_is_there_after_a_restart() {
        let (_folder, home) = home();
        let dragged = Dragged {
            corner: Corner::BottomLeft,
            monitor: Some("DP-2".to_owned()),
        };
        let memory = Memory::of(&home);
        memory
            .change(|now| now.panel = Some(dragged.clone()))
            .expect("it is written");
        assert_eq!(Memory::of(&home).all().panel, Some(dragged));
    }

    #[test]
    fn a_file_that_makes_no_sense_is_an_empty_memory_and_can_be_written_again() {
        let (folder, home) = home();
        for nonsense in ["", "{", "[1]", "{\"panel\": {\"corner\": \"middle\"}}"] {
            fs::write(folder.path().join(Memory::FILE), nonsense).expect("written");
            let memory = Memory::of(&home);
            assert_eq!(memory.all(), Remembered::default(), "{nonsense}");
            memory
                .change(|now| now.quiet_until = Some(DateTime::UNIX_EPOCH))
                .expect("written");
            assert!(Memory::of(&home).all().quiet_until.is_some(), "{nonsense}");
        }
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_an_error_and_the_change_counts_for_this_run() {
        let (folder, _) = home();
        let home = Home::find(Some(&folder.path().join("not/there"))).expect("a home");
        let memory = Memory::of(&home);
        let changed = memory.change(|now| now.quiet_until = Some(DateTime::UNIX_EPOCH));
        assert!(changed.is_err());
        assert_eq!(memory.all().quiet_until, Some(DateTime::UNIX_EPOCH));
    }
}
