//! The settings as a page shows and changes them, beside those that this run was started with.

use super::settings::Settings;
use crate::call::Line;
use crate::config::sheet::{Change, Refused, Sheet, change, look};
use crate::config::{Config, ConfigError, load};
use crate::vault::{SecretError, put_secret};

/// The longest name that a secret is kept under.
const LONGEST_NAME: usize = 60;

impl Settings {
    /// The settings as they stand in the file, and whether something of it counts only after a restart; `lines` are my
    /// extensions now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn sheet(&self, lines: &[Line]) -> Result<Sheet, ConfigError> {
        let mut sheet = look(self.home())?;
        // a demo is looked at without being set up
        sheet.absent &= !self.is_demo();
        sheet.restart = match sheet.wrong {
            Some(_) => false,
            None => !self.counts_already(&load(self.home())?, lines),
        };
        Ok(sheet)
    }

    /// Changes settings, and gives my extensions where the file names others than before.
    ///
    /// # Errors
    /// See [`Refused`]; nothing has changed then.
    pub fn change(&self, on: &str, changes: &[Change]) -> Result<Option<Vec<Line>>, Refused> {
        let before = load(self.home()).unwrap_or_default().agent.extensions;
        change(self.home(), on, changes)?;
        let after = load(self.home())?.agent.extensions;
        Ok((after != before).then(|| after.into_iter().map(Line).collect()))
    }

    /// Keeps a secret under a name made of `name`, and gives the reference that stands in the settings for it.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn keep_secret(&self, name: &str, secret: &str) -> Result<String, SecretError> {
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') {
                c
            } else {
                '-'
            }
        };
        let name: String = name.chars().map(plain).take(LONGEST_NAME).collect();
        let name = match name.trim_matches(['.', '-']) {
            "" => "secret",
            name => name,
        };
        put_secret(self.home(), self.keyring(), name, secret).map(|reference| reference.to_string())
    }

    /// Whether everything that `file` says counts in this run. My extensions count as soon as they are set.
    fn counts_already(&self, file: &Config, lines: &[Line]) -> bool {
        let set = |config: &Config| config.agent.extensions.clone();
        let running = self.config();
        let live: Vec<String> = lines.iter().map(|line| line.0.clone()).collect();
        let extensions = set(file) == set(running) || set(file) == live;
        let without = |config: &Config| {
            let mut config = config.clone();
            config.agent.extensions = Vec::new();
            config
        };
        extensions && without(file) == without(running)
    }
}
