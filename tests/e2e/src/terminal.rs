//! Another program the agent is typing in.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Process;
use crate::screen::{Screen, Window};
use crate::until;

/// A terminal that has the keyboard and writes what is typed to a file, line by line.
pub struct Terminal {
    file: PathBuf,
    window: Window,
    _process: Process,
}

impl Terminal {
    /// Opens it and gives it the keyboard.
    pub async fn open(file: &Path) -> Self {
        let mut command = Command::new("xterm");
        command
            .args(["-geometry", "80x24+20+400", "-T", "Typing elsewhere"])
            .args(["-e", "sh", "-c", "exec cat > \"$0\""])
            .arg(file);
        let process = Process::start(&mut command, &file.with_extension("log"));
        let pid = process.id();
        let window = until("the terminal's window", async || Screen.window(pid, "Typing elsewhere")).await;
        window.activate();
        until("the terminal listens", async || {
            (Screen.focused() == window && file.exists()).then_some(())
        })
        .await;
        Terminal {
            file: file.to_owned(),
            window,
            _process: process,
        }
    }

    /// What was typed, in whole lines.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Its window.
    #[must_use]
    pub fn window(&self) -> &Window {
        &self.window
    }
}
