//! The programs that a desktop opens links with, in the place of this machine's own.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::until;

/// A folder before all others on the search path, with `xdg-mime` and `xdg-open` in it.
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// `tel:` links are opened by `handler`, a desktop file's name, and what is opened is written down.
    #[must_use]
    pub fn with_handler(folder: &Path, handler: &str) -> Self {
        let programs = Programs {
            folder: folder.join("programs"),
        };
        fs::create_dir_all(&programs.folder).expect("the test's folder can be written");
        let _ = fs::remove_file(programs.opened_file());
        programs.write("xdg-mime", &format!("echo {handler}"));
        programs.write(
            "xdg-open",
            &format!("echo \"$1\" >> '{}'", programs.opened_file().display()),
        );
        programs
    }

    /// The search path for programs.
    pub(crate) fn path(&self) -> String {
        let others = std::env::var("PATH").unwrap_or_default();
        format!("{}:{others}", self.folder.display())
    }

    /// What was opened so far.
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        let text = fs::read_to_string(self.opened_file()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Waits until something was opened.
    pub async fn wait_for_opened(&self) -> Vec<String> {
        until("a link is opened", async || {
            Some(self.opened()).filter(|opened| !opened.is_empty())
        })
        .await
    }

    fn opened_file(&self) -> PathBuf {
        self.folder.join("opened.txt")
    }

    fn write(&self, name: &str, script: &str) {
        let file = self.folder.join(name);
        fs::write(&file, format!("#!/bin/sh\n{script}\n")).expect("it can be written");
        fs::set_permissions(&file, Permissions::from_mode(0o755)).expect("it can be run");
    }
}
