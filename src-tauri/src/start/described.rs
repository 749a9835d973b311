//! Sources that a file describes: found, checked and opened anew for each run, so that a corrected file counts at once.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use crate::config::{ConfigError, Home, RestConfig, SqlConfig};
use crate::source::pull::{Extent, Keyed, Mark, PullError, Sink, Source, Stream};
use crate::source::rest::{self, Given, Outside, RestSource, Secrets, Unusable, systems};
use crate::source::sql::{self, SqlSource};
use crate::source::{Settings, io_saying};
use crate::vault::{SecretError, VaultError, Ways};
use crate::words::Saying;

/// No file that describes a source is longer, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// Why a described source cannot be read at all.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub(super) enum Unopened {
    File { path: PathBuf, error: io::Error },
    TooLong(PathBuf),
    Described(#[from] ConfigError),
    NoSuchSystem(String),
    NoPlace(String),
    Unusable(#[from] Unusable),
    Secret(#[from] SecretError),
    Vault(#[from] VaultError),
}

impl Unopened {
    /// What is wrong and what to do.
    pub(super) fn saying(&self) -> Saying {
        match self {
            Unopened::File { path, error } => io_saying(path, error),
            Unopened::TooLong(path) => Saying::of("import.file_too_long").with("path", path.display()),
            Unopened::Described(error) => error.saying(),
            Unopened::NoSuchSystem(name) => Saying::of("import.no_system").with("name", name),
            Unopened::NoPlace(system) => Saying::of("import.no_place").with("system", system),
            Unopened::Unusable(error) => error.saying(),
            Unopened::Secret(error) => error.saying(),
            // what opens the stores is said at the start, before anything of this
            Unopened::Vault(error) => Saying::quoted(error),
        }
    }
}

/// The service that the settings name. What is wrong is said by its run, and what it gave before stays.
pub(super) fn rest(home: &Home, config: &RestConfig, name: &str, settings: Settings) -> Box<dyn Source> {
    opened(name, open_rest(home, config, settings, Outside::default()))
}

/// The same for a database.
pub(super) fn sql(home: &Home, config: &SqlConfig, name: &str, settings: Settings) -> Box<dyn Source> {
    opened(name, open_sql(home, config, settings))
}

fn opened<S: Source + 'static>(name: &str, source: Result<S, Unopened>) -> Box<dyn Source> {
    match source {
        Ok(source) => Box::new(source),
        Err(why) => Box::new(Refusing {
            name: name.to_owned(),
            said: why.saying(),
        }),
    }
}

/// The same, to be written into; `outside` has its clock and its waiting.
pub(super) fn open_rest(
    home: &Home,
    config: &RestConfig,
    settings: Settings,
    outside: Outside,
) -> Result<RestSource, Unopened> {
    let folder = home.folder();
    let system = match (&config.system, &config.file) {
        (Some(name), _) => {
            let ready = systems::find(name).ok_or_else(|| Unopened::NoSuchSystem(name.clone()))?;
            ready.system()?
        }
        (None, file) => {
            let path = folder.join(file.as_deref().unwrap_or(Path::new("")));
            rest::parse(&path, &read(&path)?)?
        }
    };
    if config.write_back && !system.writes_back() {
        return Err(Unopened::NoPlace(system.title.clone()));
    }
    let given = Given {
        values: config.with.clone(),
        private_hosts: config.private_hosts.clone(),
        settings,
    };
    let secrets = Secrets::new(folder.to_owned(), Ways::from_environment()?.keyring);
    Ok(RestSource::new(system, given, secrets, outside)?)
}

fn open_sql(home: &Home, config: &SqlConfig, settings: Settings) -> Result<SqlSource, Unopened> {
    let folder = home.folder();
    let path = folder.join(&config.file);
    let file = sql::parse(&path, &read(&path)?)?;
    let keyring = Ways::from_environment()?.keyring;
    Ok(SqlSource::new(file, folder.to_owned(), keyring.as_ref(), settings)?)
}

fn read(path: &Path) -> Result<String, Unopened> {
    let unread = |error| Unopened::File {
        path: path.to_owned(),
        error,
    };
    let mut text = String::new();
    let file = File::open(path).map_err(unread)?;
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(unread)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Unopened::TooLong(path.to_owned()));
    }
    Ok(text)
}

/// A source that cannot be opened: every run of it fails with the reason.
struct Refusing {
    name: String,
    said: Saying,
}

impl Source for Refusing {
    fn streams(&self) -> Vec<Stream> {
        vec![Stream {
            name: self.name.clone(),
            kind: Keyed::Customer,
        }]
    }

    fn pull(&mut self, _: &Stream, _: Option<&Mark>, _: &mut Sink<'_>) -> Result<Extent, PullError> {
        Err(PullError::Refused {
            said: self.said.clone(),
        })
    }
}
