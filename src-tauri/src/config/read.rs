//! Reading `config.toml`: every key is known, every value is checked, and what is wrong is shown by line.

use std::collections::HashMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, nearest};
use super::{
    Agent, AsteriskFeed, Config, Feed, FeedKind, Home, Language, Numbers, Panel, Preset, SecretRef, SimulatedFeed,
    WebhookFeed,
};
use crate::customer::Currency;
use crate::number::Region;

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
    let feeds = root.get_ref().get("feed").cloned();
    let settings = Settings::deserialize(toml::de::Deserializer::from(root)).map_err(|error| wrong(&error))?;
    let config = Config {
        home_region: settings.home_region,
        home_currency: settings.home_currency,
        language: settings.language,
        panel: settings.panel,
        agent: settings.agent,
        feeds: match feeds {
            Some(feeds) => read_feeds(path, text, feeds)?,
            None => Vec::new(),
        },
    };
    Ok(config)
}

/// The file but for its feeds, which are read one by one because each kind has keys of its own.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default, deserialize_with = "region")]
    home_region: Option<Region>,
    #[serde(default)]
    home_currency: Option<Currency>,
    #[serde(default)]
    language: Option<Language>,
    #[serde(default)]
    panel: Panel,
    #[serde(default)]
    agent: Agent,
    #[serde(default, rename = "feed")]
    _feed: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asterisk {
    name: Spanned<String>,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    host: String,
    #[serde(default = "manager_port", deserialize_with = "port")]
    port: u16,
    user: String,
    secret: SecretRef,
    #[serde(default = "any_extension", deserialize_with = "pattern")]
    agents: String,
    #[serde(default = "voicemail")]
    voicemail: Vec<String>,
    #[serde(default, deserialize_with = "region")]
    region: Option<Region>,
    #[serde(default, deserialize_with = "prefix")]
    outside_prefix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    name: Spanned<String>,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    preset: Preset,
    #[serde(deserialize_with = "address")]
    listen: SocketAddr,
    #[serde(default)]
    open_to_network: bool,
    token: SecretRef,
    #[serde(default)]
    agents: HashMap<String, String>,
    #[serde(default)]
    numbers: Numbers,
    #[serde(default, deserialize_with = "region")]
    region: Option<Region>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Simulated {
    name: Spanned<String>,
    #[serde(rename = "kind")]
    _kind: IgnoredAny,
    #[serde(default)]
    seed: Option<u64>,
    #[serde(default, deserialize_with = "pace")]
    calls_per_hour: Option<u32>,
}

const KINDS: [&str; 3] = ["asterisk", "webhook", "simulated"];

fn read_feeds(path: &Path, text: &str, feeds: Spanned<DeValue<'_>>) -> Result<Vec<Feed>, ConfigError> {
    let span = feeds.span();
    let DeValue::Array(tables) = feeds.into_inner() else {
        let what = "feeds are written as `[[feed]]`, with double brackets".to_owned();
        return Err(ConfigError::at(path, text, Some(span), what));
    };
    let mut read: Vec<Feed> = Vec::new();
    for table in tables {
        let (name, kind) = read_feed(path, text, table)?;
        let complaint = name_complaint(name.get_ref(), &read);
        if let Some(what) = complaint {
            return Err(ConfigError::at(path, text, Some(name.span()), what));
        }
        read.push(Feed {
            name: name.into_inner(),
            kind,
        });
    }
    Ok(read)
}

fn name_complaint(name: &str, others: &[Feed]) -> Option<String> {
    if !super::secret::is_name(name) {
        return Some("the name of a feed consists of letters, digits, `.`, `_` and `-`".to_owned());
    }
    others
        .iter()
        .any(|other| other.name == name)
        .then(|| format!("there are two feeds with the name `{name}`"))
}

fn read_feed(path: &Path, text: &str, table: Spanned<DeValue<'_>>) -> Result<(Spanned<String>, FeedKind), ConfigError> {
    let kind = match table.get_ref() {
        DeValue::Table(keys) => keys.get("kind").cloned(),
        _ => None,
    };
    let place = kind.as_ref().map_or(table.span(), Spanned::span);
    match kind.as_ref().and_then(|kind| kind.get_ref().as_str()) {
        Some("asterisk") => typed(path, text, table).map(asterisk),
        Some("webhook") => typed(path, text, table).map(webhook),
        Some("simulated") => typed(path, text, table).map(simulated),
        Some(other) => {
            let meant = nearest(other, KINDS.into_iter()).map(|kind| format!("; did you mean `{kind}`?"));
            let what = format!("there is no feed of kind `{other}`, only `asterisk`, `webhook` and `simulated`");
            Err(ConfigError::at(
                path,
                text,
                Some(place),
                what + &meant.unwrap_or_default(),
            ))
        }
        None => {
            let what = "a feed needs `kind = \"asterisk\"`, `\"webhook\"` or `\"simulated\"`".to_owned();
            Err(ConfigError::at(path, text, Some(place), what))
        }
    }
}

fn typed<T: DeserializeOwned>(path: &Path, text: &str, table: Spanned<DeValue<'_>>) -> Result<T, ConfigError> {
    T::deserialize(table.into_deserializer()).map_err(|error| ConfigError::from_toml(path, text, &error))
}

fn asterisk(feed: Asterisk) -> (Spanned<String>, FeedKind) {
    let Asterisk {
        name,
        host,
        port,
        user,
        secret,
        agents,
        voicemail,
        region,
        outside_prefix,
        ..
    } = feed;
    let kind = AsteriskFeed {
        host,
        port,
        user,
        secret,
        agents,
        voicemail,
        region,
        outside_prefix,
    };
    (name, FeedKind::Asterisk(kind))
}

fn webhook(feed: Webhook) -> (Spanned<String>, FeedKind) {
    let Webhook {
        name,
        preset,
        listen,
        open_to_network,
        token,
        agents,
        numbers,
        region,
        ..
    } = feed;
    (
        name,
        FeedKind::Webhook(WebhookFeed {
            preset,
            listen,
            open_to_network,
            token,
            agents,
            numbers,
            region,
        }),
    )
}

fn simulated(feed: Simulated) -> (Spanned<String>, FeedKind) {
    let calls_per_hour = feed.calls_per_hour.unwrap_or(SimulatedFeed::default().calls_per_hour);
    (
        feed.name,
        FeedKind::Simulated(SimulatedFeed {
            seed: feed.seed,
            calls_per_hour,
        }),
    )
}

fn manager_port() -> u16 {
    5038
}

fn any_extension() -> String {
    r"\d{2,6}".to_owned()
}

fn voicemail() -> Vec<String> {
    vec!["voicemail".to_owned()]
}

fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || D::Error::custom(format!("`{text}` is no country: give a two-letter code such as DE"));
    Region::from_code(&text).map(Some).ok_or_else(wrong)
}

fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    checked(
        u16::deserialize(deserializer)?,
        |port| *port > 0,
        "a port is a number from 1 to 65535",
    )
}

fn pace<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    let pace = u32::deserialize(deserializer)?;
    checked(
        pace,
        |pace| (1..=3600).contains(pace),
        "calls_per_hour is a number from 1 to 3600",
    )
    .map(Some)
}

fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let prefix = String::deserialize(deserializer)?;
    let dialled = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    checked(
        prefix,
        dialled,
        "outside_prefix is what is dialled for an outside line, at most six digits, for example \"0\"",
    )
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    let what = r#"agents is a regular expression for the names of our phones, for example '\d{2,6}' in single quotes"#;
    checked(pattern, |pattern| regex::Regex::new(pattern).is_ok(), what)
}

fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    SocketAddr::from_str(&text)
        .map_err(|_| D::Error::custom("listen is an address with a port, for example \"127.0.0.1:8730\""))
}

pub(super) fn extensions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let extensions = Vec::<String>::deserialize(deserializer)?;
    checked(extensions, |all| all.iter().all(|one| is_extension(one)), EXTENSION)
}

/// What is said of something that is no extension.
pub(super) const EXTENSION: &str =
    "an extension is the name of a phone as the phone system writes it, for example \"101\", without spaces";

pub(super) fn is_extension(text: &str) -> bool {
    (1..=40).contains(&text.len()) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn checked<T, E: serde::de::Error>(value: T, good: impl FnOnce(&T) -> bool, what: impl Display) -> Result<T, E> {
    if good(&value) { Ok(value) } else { Err(E::custom(what)) }
}
