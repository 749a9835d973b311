//! A system as a source: its file with what was said of it, and the secrets that it needs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::address::Allowed;
use super::ask::{Asker, Outside};
use super::mark::Left;
use super::pick::Reader;
use super::run::Run;
use super::stream::Stream;
use super::system::System;
use super::template::Words;
use super::web::Web;
use crate::config::{SecretRef, write_durably};
use crate::source::Settings;
use crate::source::pull::{self, Extent, Mark, PullError, Sink, Source};
use crate::source::shape::keyed;
use crate::vault::{self, Keyring, SecretError};
use crate::words::Saying;

/// What whoever connects a system says.
#[derive(Clone, Debug)]
pub struct Given {
    /// Values of parameters; those of secrets are `keyring:NAME`, `env:NAME` or `file:PATH`.
    pub values: BTreeMap<String, String>,
    /// Hosts that may be on private addresses.
    pub private_hosts: Vec<String>,
    /// What holds where records say nothing.
    pub settings: Settings,
}

/// Where secrets are read and kept.
pub struct Secrets {
    /// What relative `file:` paths count from: the home folder.
    pub folder: PathBuf,
    /// The system's keyring, where there is one.
    pub keyring: Option<Keyring>,
    /// Where the secrets of parameters are.
    places: BTreeMap<String, SecretRef>,
}

impl Secrets {
    /// Secrets of a home folder.
    #[must_use]
    pub fn new(folder: PathBuf, keyring: Option<Keyring>) -> Self {
        Secrets {
            folder,
            keyring,
            places: BTreeMap::new(),
        }
    }

    fn read(&mut self, name: &str, place: SecretRef) -> Result<String, String> {
        let secret =
            vault::read_secret(&place, &self.folder, self.keyring.as_ref()).map_err(|error| error.to_string())?;
        self.places.insert(name.to_owned(), place);
        Ok(secret.to_string())
    }

    /// Keeps a new secret where the old one of a parameter is.
    pub(super) fn keep(&self, name: &str, secret: &str) -> Result<(), String> {
        match self.places.get(name) {
            Some(SecretRef::Keyring(entry)) => {
                vault::keep_secret(self.keyring.as_ref(), entry, secret).map_err(|error| error.to_string())
            }
            Some(SecretRef::File(path)) => {
                let path = self.folder.join(path);
                write_durably(&path, secret.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
            }
            Some(SecretRef::Env(variable)) => Err(format!(
                "env:{variable} cannot be written; use keyring:NAME or file:PATH for {name}"
            )),
            None => Err(format!("nothing says where {name} is kept")),
        }
    }
}

/// Why a system cannot be asked at all.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum Unusable {
    /// A parameter was not said.
    Missing {
        /// The system.
        system: String,
        /// The parameter.
        name: String,
        /// What it is.
        about: String,
    },
    /// What was said is no parameter.
    Unknown {
        /// The system.
        system: String,
        /// What was said.
        name: String,
        /// What it has.
        known: String,
    },
    /// A secret cannot be had.
    Secret {
        /// The parameter.
        name: String,
        /// Why not.
        why: Saying,
    },
    /// The address cannot be asked.
    Address(String),
}

impl Unusable {
    /// What is wrong and what to do. What is wrong with an address is said in English, in the words of what reads it.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            Unusable::Missing { system, name, about } => Saying::of("import.parameter_missing")
                .with("system", system)
                .with("name", name)
                .with("about", about),
            Unusable::Unknown { system, name, known } => Saying::of("import.parameter_unknown")
                .with("system", system)
                .with("name", name)
                .with("known", known),
            Unusable::Secret { name, why } => Saying::of("import.parameter_secret")
                .with("name", name)
                .with_said("why", why.clone()),
            Unusable::Address(why) => Saying::quoted(why),
        }
    }
}

/// A system that answers over HTTP.
pub struct RestSource {
    asker: Asker,
    settings: Settings,
}

impl RestSource {
    /// `system` with what was said of it. Secrets are read now; nothing is asked yet.
    ///
    /// # Errors
    /// When something was not said, a secret cannot be had or the address may not be asked.
    pub fn new(system: System, given: Given, mut secrets: Secrets, outside: Outside) -> Result<Self, Unusable> {
        let words = words(&system, &given, &mut secrets)?;
        let allowed = Allowed::new(&given.private_hosts);
        let base = super::ask::address(&system.client.base_url, None, &words).map_err(Unusable::Address)?;
        allowed.check(&base).map_err(Unusable::Address)?;
        let timeout = Duration::from_secs(system.client.timeout_seconds.unwrap_or(60).into());
        let largest = system.client.largest_answer_mb.unwrap_or(64) as usize * 1024 * 1024;
        let web = Web::new(allowed, timeout, largest).map_err(Unusable::Address)?;
        Ok(RestSource {
            asker: Asker::new(system, words, secrets, web, outside),
            settings: given.settings,
        })
    }

    /// The system.
    #[must_use]
    pub fn system(&self) -> &System {
        &self.asker.system
    }

    /// Requests sent so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.asker.requests
    }

    pub(super) fn asker(&mut self) -> &mut Asker {
        &mut self.asker
    }

    pub(super) fn host(&self) -> String {
        let url = super::ask::address(&self.asker.system.client.base_url, None, &self.asker.words);
        url.map(|url| super::web::host(&url)).unwrap_or_default()
    }

    /// Reads pages of `stream` from `left` on until `pages` were read or there are none left.
    pub(super) fn read(
        &mut self,
        name: &str,
        left: Left,
        pages: usize,
        sink: &mut Sink<'_>,
    ) -> Result<Extent, PullError> {
        let found = self
            .asker
            .system
            .streams
            .iter()
            .find(|stream| stream.name == name)
            .cloned();
        let gone = "there is no such stream in the file any more";
        let unknown = || self.asker.refused(name, Saying::quoted(gone));
        let stream = found.ok_or_else(unknown)?;
        let reader = Reader::new(&stream, &self.settings).map_err(|missing| {
            let names: Vec<&str> = missing.iter().map(|field| field.name()).collect();
            let why = format!("nothing says where a record has {}", names.join(", "));
            self.asker.refused(name, Saying::quoted(why))
        })?;
        Run::new(&mut self.asker, &stream, &reader, left).through(pages, sink)
    }
}

impl Source for RestSource {
    fn streams(&self) -> Vec<pull::Stream> {
        let stream = |stream: &Stream| pull::Stream {
            name: stream.name.clone(),
            kind: keyed(stream.gives),
        };
        self.asker.system.streams.iter().map(stream).collect()
    }

    fn pull(&mut self, stream: &pull::Stream, mark: Option<&Mark>, sink: &mut Sink<'_>) -> Result<Extent, PullError> {
        let left = match mark {
            None => Left::default(),
            Some(mark) => Left::read(mark).ok_or_else(|| PullError::MarkExpired {
                what: self.asker.named(&stream.name),
            })?,
        };
        self.read(&stream.name, left, usize::MAX, sink)
    }
}

fn words(system: &System, given: &Given, secrets: &mut Secrets) -> Result<Words, Unusable> {
    if let Some(name) = given.values.keys().find(|name| !system.parameters.contains_key(*name)) {
        return Err(Unusable::Unknown {
            system: system.title.clone(),
            name: name.clone(),
            known: system.parameters.keys().cloned().collect::<Vec<_>>().join(", "),
        });
    }
    let mut words = Words::new();
    for (name, parameter) in &system.parameters {
        let said = given
            .values
            .get(name)
            .or(parameter.value.as_ref())
            .or(parameter.default.as_ref());
        let text = said.cloned().ok_or_else(|| Unusable::Missing {
            system: system.title.clone(),
            name: name.clone(),
            about: parameter.about.clone(),
        })?;
        let text = if parameter.secret && !text.is_empty() {
            let unread = |why: String| Unusable::Secret {
                name: name.clone(),
                why: SecretError::recognised(&why),
            };
            let place = SecretRef::parse(&text).ok_or_else(|| {
                unread("a secret is never written here: give keyring:NAME, env:NAME or file:PATH".to_owned())
            })?;
            secrets.read(name, place).map_err(unread)?
        } else {
            text
        };
        words.insert(name.clone(), Value::from(text));
    }
    Ok(words)
}
