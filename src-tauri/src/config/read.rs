//! Reading `config.toml`: every key is known, every value is checked, and what is wrong is shown by line.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::de::DeTable;

use super::after_call::{read_dispositions, read_templates};
use super::colleague::read_colleagues;
use super::error::ConfigError;
use super::feed::read_feeds;
use super::keys::{Keys, read_keys};
use super::loyalty::read_tiers;
use super::source::read_sources;
use super::{Advice, Agent, Config, Home, Language, Panel, Retention, ServiceLevel, check};
use crate::customer::Currency;
use crate::number::{Key, Region};

const MOST_BYTES: u64 = 1024 * 1024;

/// The settings of `home`; the defaults when there is no file.
///
/// # Errors
/// See [`ConfigError`].
pub fn load(home: &Home) -> Result<Config, ConfigError> {
    let path = home.config_file();
    match read_text(&path)? {
        Some(text) => parse(&path, &text),
        None => Ok(Config::default()),
    }
}

/// The text of a settings file, `None` when there is none.
pub(super) fn read_text(path: &Path) -> Result<Option<String>, ConfigError> {
    let failed = |source| ConfigError::Io {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(failed)?,
    };
    let mut text = String::new();
    file.take(MOST_BYTES + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(ConfigError::TooLarge { path: path.to_owned() });
    }
    Ok(Some(text))
}

/// The settings in `text`; `path` is named in errors.
///
/// # Errors
/// [`ConfigError::Wrong`] for the first thing that is wrong.
pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let wrong = |error: &toml::de::Error| ConfigError::from_toml(path, text, error);
    let root = DeTable::parse(text).map_err(|error| wrong(&error))?;
    let part = |name: &str| root.get_ref().get(name).cloned();
    let (feeds, sources, keys) = (part("feed"), part("source"), part("keys"));
    let (dispositions, templates) = (part("disposition"), part("template"));
    let (tiers, colleagues) = (part("tier"), part("colleague"));
    let settings = Settings::deserialize(toml::de::Deserializer::from(root)).map_err(|error| wrong(&error))?;
    let mut config = Config {
        home_region: settings.home_region,
        home_area: settings.home_area,
        own_numbers: settings.own_numbers,
        home_currency: settings.home_currency,
        language: settings.language,
        start_at_login: settings.start_at_login,
        panel: settings.panel,
        agent: settings.agent,
        advice: settings.advice,
        retention: settings.retention,
        service_level: settings.service_level,
        tiers: Vec::new(),
        colleagues: match colleagues {
            Some(tables) => read_colleagues(path, text, tables)?,
            None => Vec::new(),
        },
        dispositions: match dispositions {
            Some(tables) => read_dispositions(path, text, tables)?,
            None => Vec::new(),
        },
        templates: match templates {
            Some(tables) => read_templates(path, text, tables)?,
            None => Vec::new(),
        },
        keys: match keys {
            Some(keys) => read_keys(path, text, keys)?,
            None => Keys::default(),
        },
        feeds: match feeds {
            Some(feeds) => read_feeds(path, text, feeds)?,
            None => Vec::new(),
        },
        sources: match sources {
            Some(sources) => read_sources(path, text, sources)?,
            None => Vec::new(),
        },
    };
    if let Some(tables) = tiers {
        config.tiers = read_tiers(path, text, tables, config.currency())?;
    }
    Ok(config)
}

/// The file but for what is read one by one: feeds, because each kind has keys of its own, and what is checked against
/// each other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default, deserialize_with = "check::region")]
    home_region: Option<Region>,
    #[serde(default, deserialize_with = "check::area")]
    home_area: String,
    #[serde(default, deserialize_with = "check::own_numbers")]
    own_numbers: Vec<Key>,
    #[serde(default)]
    home_currency: Option<Currency>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    start_at_login: Option<bool>,
    #[serde(default)]
    panel: Panel,
    #[serde(default)]
    agent: Agent,
    #[serde(default)]
    advice: Advice,
    #[serde(default)]
    retention: Retention,
    #[serde(default)]
    service_level: ServiceLevel,
    #[serde(default, rename = "colleague")]
    _colleagues: Option<IgnoredAny>,
    #[serde(default, rename = "tier")]
    _tiers: Option<IgnoredAny>,
    #[serde(default, rename = "disposition")]
    _dispositions: Option<IgnoredAny>,
    #[serde(default, rename = "template")]
    _templates: Option<IgnoredAny>,
    #[serde(default, rename = "keys")]
    _keys: Option<IgnoredAny>,
    #[serde(default, rename = "feed")]
    _feed: Option<IgnoredAny>,
    #[serde(default, rename = "source")]
    _source: Option<IgnoredAny>,
}
