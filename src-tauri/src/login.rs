//! Whether Ringside starts when somebody logs in: a file in the folder that desktops look through (Desktop Application
//! Autostart Specification 0.5). It may be turned off there by the desktop's own settings, and that counts.
//!
//! Written here and not by a library: those at hand look into `~/.config` whatever `XDG_CONFIG_HOME` says, and quote nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::config::{Home, write_durably};

/// The autostart file of one home folder.
#[derive(Clone, Debug)]
pub struct AtLogin {
    file: PathBuf,
    command: Vec<String>,
}

/// Why it is not known whether Ringside starts at log-in.
#[derive(Debug, thiserror::Error)]
pub enum NoLogin {
    /// The account has no folder for settings.
    #[error("this account has no folder for settings; set HOME or XDG_CONFIG_HOME")]
    NoFolder,
    /// A folder or a program whose name is no text cannot stand in such a file.
    #[error("{} cannot be written into a start file; use a path without odd characters", .0.display())]
    NoText(PathBuf),
    /// The file cannot be read or written.
    #[error("{} cannot be read or written", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
}

impl AtLogin {
    /// That of `home`, in the folder of this account (`XDG_CONFIG_HOME`, else `~/.config`), for this program.
    ///
    /// # Errors
    /// [`NoLogin::NoFolder`], [`NoLogin::NoText`].
    pub fn of(home: &Home) -> Result<Self, NoLogin> {
        let folder = directories::BaseDirs::new().ok_or(NoLogin::NoFolder)?;
        let program = std::env::current_exe().map_err(|_| NoLogin::NoFolder)?;
        Self::within(folder.config_dir(), &program, home)
    }

    /// That of `home` in the settings folder `folder`, for `program`.
    ///
    /// # Errors
    /// [`NoLogin::NoText`].
    pub fn within(folder: &Path, program: &Path, home: &Home) -> Result<Self, NoLogin> {
        let mut command = vec![text(program)?];
        let mut name = "ringside.desktop".to_owned();
        let usual = Home::find(None).is_ok_and(|usual| usual == *home);
        if !usual {
            let folder = text(home.folder())?;
            // each home starts by itself
            name = format!("ringside-{}.desktop", &hex::encode(Sha256::digest(&folder))[..8]);
            command.extend(["--home".to_owned(), folder]);
        }
        let file = folder.join("autostart").join(name);
        Ok(AtLogin { file, command })
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// Whether Ringside starts at log-in.
    ///
    /// # Errors
    /// [`NoLogin::File`] when it cannot be read.
    pub fn is_on(&self) -> Result<bool, NoLogin> {
        match fs::read_to_string(&self.file) {
            Ok(text) => Ok(!is_turned_off(&text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(source) => Err(self.failed(source)),
        }
    }

    /// Turns it on or off. On, the file names this program as it is now.
    ///
    /// # Errors
    /// [`NoLogin::File`] when it cannot be written or removed.
    pub fn set(&self, on: bool) -> Result<(), NoLogin> {
        let done = if on { self.write() } else { self.remove() };
        done.map_err(|source| self.failed(source))
    }

    fn write(&self) -> io::Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        let command: Vec<String> = self.command.iter().map(|part| quoted(part)).collect();
        let text = format!(
            "[Desktop Entry]\nType=Application\nName=Ringside\nComment=Who is calling, before you say hello\nExec={}\n\
             Icon=ringside\nTerminal=false\nX-GNOME-Autostart-enabled=true\n",
            command.join(" ")
        );
        if fs::read_to_string(&self.file).is_ok_and(|now| now == text) {
            return Ok(());
        }
        write_durably(&self.file, text.as_bytes())
    }

    fn remove(&self) -> io::Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn failed(&self, source: io::Error) -> NoLogin {
        let file = self.file.clone();
        NoLogin::File { file, source }
    }
}

fn text(path: &Path) -> Result<String, NoLogin> {
    let text = path.to_str().filter(|text| !text.chars().any(char::is_control));
    text.map(str::to_owned).ok_or_else(|| NoLogin::NoText(path.to_owned()))
}

/// Desktops turn an entry off by one of these lines instead of removing it.
fn is_turned_off(text: &str) -> bool {
    let mut lines = text.lines().map(|line| line.replace(' ', "").to_ascii_lowercase());
    lines.any(|line| line == "hidden=true" || line == "x-gnome-autostart-enabled=false")
}

/// One argument of `Exec` (Desktop Entry Specification 1.5, "The Exec key"): in quotation marks, with a backslash before what
/// means something between them, every backslash doubled because the value is a string, and `%` doubled.
fn quoted(part: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in part.chars() {
        match letter {
            '"' | '`' | '$' => quoted.extend(["\\\\", &letter.to_string()]),
            '\\' => quoted.push_str("\\\\\\\\"),
            '%' => quoted.push_str("%%"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
