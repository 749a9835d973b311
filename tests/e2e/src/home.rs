//! The home folder of one Ringside: its configuration, its data, and the command line on it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::driver::free_port;
use crate::pbx::Ami;
use crate::process::output;
use crate::webhook::TOKEN;
use crate::{program, root};

/// How this Ringside hears of calls.
#[derive(Clone, Debug)]
pub enum Feed {
    /// A real Asterisk.
    Asterisk(Ami),
    /// Zammad's generic CTI on this port.
    Webhook(u16),
}

impl Feed {
    /// A webhook on a free port.
    #[must_use]
    pub fn webhook() -> (Self, u16) {
        let port = free_port();
        (Feed::Webhook(port), port)
    }
}

/// A fresh home folder.
#[derive(Clone, Debug)]
pub struct Home {
    path: PathBuf,
    log: PathBuf,
}

impl Home {
    /// A home in `folder` for the agent on `extension`.
    #[must_use]
    pub fn new(folder: &Path, extension: &str, feed: &Feed) -> Self {
        let path = folder.join(format!("home-{extension}"));
        let log = folder.join(format!("{extension}.log"));
        for old in [&path, &log] {
            let gone = if old.is_dir() {
                fs::remove_dir_all(old)
            } else {
                fs::remove_file(old)
            };
            assert!(gone.is_ok() || !old.exists(), "{} is in the way", old.display());
        }
        fs::create_dir_all(&path).expect("a home folder");
        let home = Home { path, log };
        home.write("config.toml", &home.configuration(extension, feed));
        home
    }

    /// The home folder at `path`, which has its data already, for the agent on `extension`; its log goes to `folder`.
    #[must_use]
    pub fn filled(path: &Path, folder: &Path, extension: &str, feed: &Feed) -> Self {
        let home = Home {
            path: path.to_owned(),
            log: folder.join(format!("{extension}.log")),
        };
        home.write("config.toml", &home.configuration(extension, feed));
        home
    }

    /// Takes the settings away, as before the first start. The token of the webhook stays, in the file `token`.
    pub fn unset(&self) {
        fs::remove_file(self.path.join("config.toml")).expect("there were settings");
    }

    /// Writes a file into the home folder; gives its path.
    #[must_use]
    pub fn put(&self, name: &str, text: &str) -> PathBuf {
        self.write(name, text)
    }

    /// Imports the Northwind data set.
    pub fn import_northwind(&self) {
        output(self.ringside("import").arg(root().join("tests/sources/northwind")));
    }

    /// Imports customers from the text of a CSV file.
    pub fn import_customers(&self, csv: &str) {
        self.import_files(&[("customers.csv", csv)]);
    }

    /// Imports CSV files, each by its name and its text.
    pub fn import_files(&self, files: &[(&str, &str)]) {
        let folder = self.path.join("data");
        fs::create_dir_all(&folder).expect("a folder");
        for (name, text) in files {
            fs::write(folder.join(name), text).expect("it can be written");
        }
        output(self.ringside("import").arg(&folder));
    }

    /// Adds to `config.toml`, before the application starts.
    pub fn add_settings(&self, settings: &str) {
        self.write("config.toml", &[&self.config(), "\n", settings].concat());
    }

    /// Deletes the customer cache, as anybody may at any time while the application is not running.
    pub fn delete_cache(&self) {
        let files = fs::read_dir(&self.path).expect("the home folder");
        let files = files.map(|file| file.expect("a file").path());
        let cache = files.filter(|file| {
            file.file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with("cache.db"))
        });
        let deleted = cache.map(|file| fs::remove_file(file).expect("deleted")).count();
        assert!(deleted > 0, "there was no cache in {}", self.path.display());
    }

    /// The call log, as `ringside calls --json` prints it.
    #[must_use]
    pub fn calls(&self) -> Vec<Value> {
        let printed = output(self.ringside("calls").arg("--json"));
        serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error} in {printed}"))
    }

    /// What `config.toml` says now.
    #[must_use]
    pub fn config(&self) -> String {
        fs::read_to_string(self.path.join("config.toml")).expect("it can be read")
    }

    /// Starts the application once more, without WebDriver, until it ends.
    #[must_use]
    pub fn start_again(&self) -> Output {
        let started = Command::new(program()).envs(self.environment()).output();
        started.expect("the program starts")
    }

    /// Starts the application once more with a link, as a browser does, until it ends.
    #[must_use]
    pub fn start_with_link(&self, link: &str) -> Output {
        let started = Command::new(program()).arg(link).envs(self.environment()).output();
        started.expect("the program starts")
    }

    /// Adds lines to the table `[panel]` of `config.toml`.
    pub fn set_panel(&self, lines: &str) {
        let config = self.config();
        self.write(
            "config.toml",
            &config.replace("[agent]", &format!("[panel]\n{lines}\n\n[agent]")),
        );
    }

    /// Lets the agent sit at these extensions, as where two colleagues share a desk.
    pub fn sit_at(&self, extensions: &[&str]) {
        let config = self.config();
        let others = config.lines().map(|line| match line.starts_with("extensions = ") {
            true => format!("extensions = {extensions:?}"),
            false => line.to_owned(),
        });
        let lines: Vec<String> = others.collect();
        self.write("config.toml", &lines.join("\n"));
    }

    /// Makes `code` the language in `config.toml`.
    pub fn set_language(&self, code: &str) {
        let config = self.config();
        let others = config.lines().filter(|line| !line.starts_with("language = "));
        let lines: Vec<&str> = others.collect();
        self.write("config.toml", &format!("language = \"{code}\"\n{}\n", lines.join("\n")));
    }

    /// Starts the application on this home where X11 is said to be at `display`; it is expected to end.
    #[must_use]
    pub fn start_on(&self, display: &str) -> Output {
        let mut command = Command::new(program());
        command
            .envs(self.environment())
            .env("DISPLAY", display)
            .env_remove("WAYLAND_DISPLAY");
        command.output().expect("the program starts")
    }

    /// Where the application's log goes.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.log.clone()
    }

    /// What the application is given.
    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("RINGSIDE_HOME", self.path.display().to_string()),
            ("RINGSIDE_PASSPHRASE", "a passphrase for tests alone".to_owned()),
            ("RINGSIDE_LOG", "ringside=debug".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
        ]
    }

    fn ringside(&self, command: &str) -> Command {
        let mut ringside = Command::new(program());
        ringside.arg(command).envs(self.environment());
        ringside
    }

    fn configuration(&self, extension: &str, feed: &Feed) -> String {
        let feed = match feed {
            Feed::Asterisk(ami) => {
                let secret = self.write("ami-secret", &ami.secret);
                format!(
                    "name = \"asterisk\"\nkind = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\nsecret = \"file:{}\"\n",
                    ami.port,
                    ami.user,
                    secret.display()
                )
            }
            Feed::Webhook(port) => {
                let token = self.write("token", TOKEN);
                format!(
                    "name = \"zammad\"\nkind = \"webhook\"\npreset = \"zammad\"\nlisten = \"127.0.0.1:{port}\"\ntoken = \"file:{}\"\n",
                    token.display()
                )
            }
        };
        format!("home_region = \"DE\"\n\n[agent]\nextensions = [\"{extension}\"]\n\n[[feed]]\n{feed}")
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let file = self.path.join(name);
        let mut options = fs::File::options();
        // A secret in a file counts only when its owner alone may read it.
        let opened = options.write(true).create(true).truncate(true).mode(0o600).open(&file);
        let written = opened.and_then(|mut open| open.write_all(text.as_bytes()));
        written.expect("the home folder can be written");
        file
    }
}
