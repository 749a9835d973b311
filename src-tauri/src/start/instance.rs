//! One running Ringside a home folder: two would write the same journal.
//!
//! A lock file that the system frees when the process ends, however it ends. Whoever has to be alone with the stores takes it
//! too. It knows nothing of windows.

use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Why this folder could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum InstanceError {
    /// Another process holds it.
    #[error(
        "Ringside already runs on {}; use its window, or give this one a folder of its own with --home",
        home.display()
    )]
    Running {
        /// The home folder.
        home: PathBuf,
    },
    /// The lock file could not be made.
    #[error("the home folder {} could not be used; check that it may be written", home.display())]
    Folder {
        /// The home folder.
        home: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Holds a home folder until dropped.
#[derive(Debug)]
pub struct Instance {
    lock: File,
}

impl Drop for Instance {
    fn drop(&mut self) {
        // a process that is being started may have inherited the file for a moment; where this fails, closing it ends it
        let _closed_then = self.lock.unlock();
    }
}

impl Instance {
    const FILE: &str = "ringside.lock";
    /// Between two looks at whether it is free.
    const PAUSE: Duration = Duration::from_millis(20);

    /// Takes `home` as soon as whoever holds it has ended, and waits for that as long as `patience`.
    ///
    /// # Errors
    /// See [`InstanceError`].
    pub fn take_within(home: &Path, patience: Duration) -> Result<Self, InstanceError> {
        let end = Instant::now() + patience;
        loop {
            match Instance::take(home) {
                Err(InstanceError::Running { .. }) if Instant::now() < end => std::thread::sleep(Self::PAUSE),
                taken => return taken,
            }
        }
    }

    /// Holds the folder until the process has ended with all of its threads: whoever starts next must find nobody who still
    /// writes.
    pub fn hold_to_the_end(self) {
        std::mem::forget(self);
    }

    /// Takes `home`, which is made when it is not there.
    ///
    /// # Errors
    /// See [`InstanceError`].
    pub fn take(home: &Path) -> Result<Self, InstanceError> {
        let folder = |source| InstanceError::Folder {
            home: home.to_owned(),
            source,
        };
        std::fs::create_dir_all(home).map_err(folder)?;
        let mut lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(home.join(Self::FILE))
            .map_err(folder)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(InstanceError::Running { home: home.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(folder(source)),
        }
        // For a person who looks for the process; the lock itself is what counts.
        lock.set_len(0).map_err(folder)?;
        writeln!(lock, "{}", std::process::id()).map_err(folder)?;
        Ok(Instance { lock })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_start_on_the_same_folder_is_told_what_to_do() {
        let home = tempfile::tempdir().expect("a folder");
        let _first = Instance::take(home.path()).expect("nobody else is there");
        let second = Instance::take(home.path())
            .expect_err("the folder is taken")
            .to_string();
        assert!(second.contains("already runs") && second.contains("--home"), "{second}");
    }

    #[test]
    fn a_folder_is_free_again_when_its_ringside_has_ended() {
        let home = tempfile::tempdir().expect("a folder");
        drop(Instance::take(home.path()).expect("nobody else is there"));
        Instance::take(home.path()).expect("the first has gone");
    }

    #[test]
    fn who_starts_again_waits_until_the_one_before_has_ended() {
        let home = tempfile::tempdir().expect("a folder");
        let before = Instance::take(home.path()).expect("nobody else is there");
        let short = Instance::take_within(home.path(), Duration::from_millis(50));
        assert!(matches!(short, Err(InstanceError::Running { .. })), "not for ever");
        std::thread::scope(|scope| {
            let after = scope.spawn(|| Instance::take_within(home.path(), Duration::from_secs(60)).map(drop));
            drop(before);
            after.join().expect("it ends").expect("it is free then");
        });
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("taken");
        std::fs::write(&file, "").expect("a file in its place");
        let error = Instance::take(&file).expect_err("it is a file").to_string();
        assert!(error.contains("taken"), "{error}");
    }
}
