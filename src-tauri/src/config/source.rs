//! `[[source]]`: where customer data is read from, again and again.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::{DeserializeOwned, Error as _, IntoDeserializer as _};
use serde::{Deserialize, Deserializer};
use toml::Spanned;
use toml::de::DeValue;

use super::check;
use super::error::{ConfigError, nearest, text_of};
use super::secret::is_name;
use crate::customer::Currency;
use crate::number::Region;
use crate::source::Field;
use crate::words::Saying;

const KINDS: [&str; 3] = ["files", "rest", "sql"];
/// Names of sources that are none of the settings: the made-up shop, and customers that agents made.
const TAKEN: [&str; 2] = ["demo", "desk"];

/// One `[[source]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its name, unique; customers are told apart by it, so it should not be changed later.
    pub name: String,
    /// `every_minutes`: how often it is read while Ringside runs; see [`Source::every`].
    pub every_minutes: Option<u32>,
    /// `precedence`: of two sources that know the same somebody the one with the smaller number is believed; its place among
    /// the sources when absent, from 1.
    pub precedence: u32,
    /// What is read.
    pub kind: SourceKind,
}

/// What a source is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// `kind = "files"`: tables and address books.
    Files(FilesSource),
    /// `kind = "rest"`: a service that answers over HTTP.
    Rest(RestConfig),
    /// `kind = "sql"`: a database.
    Sql(SqlConfig),
}

/// `kind = "files"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesSource {
    /// A file or a folder; a relative path counts from the home folder.
    pub path: PathBuf,
    /// `[source.map]`: what columns mean, by field, where the guess is wrong.
    #[serde(default, deserialize_with = "map")]
    pub map: Vec<(Field, String)>,
    /// `leave_out`: columns that are not read, whatever they would be taken for.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// Where numbers without a country code are from; the home region when absent.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
    /// The currency of amounts that name none; the home currency when absent.
    #[serde(default)]
    pub currency: Option<Currency>,
}

/// `kind = "rest"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestConfig {
    /// The name of a system that Ringside has a file for.
    #[serde(default)]
    pub system: Option<String>,
    /// A file of one's own in its place; a relative path counts from the home folder.
    #[serde(default)]
    pub file: Option<PathBuf>,
    /// `[source.with]`: the parameters of the file, by name; those of secrets are references.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Hosts that may be on private addresses.
    #[serde(default)]
    pub private_hosts: Vec<String>,
    /// Calls of its customers are written back into it, with their notes.
    #[serde(default)]
    pub write_back: bool,
}

/// `kind = "sql"`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlConfig {
    /// The file with the database and its queries; a relative path counts from the home folder.
    pub file: PathBuf,
}

impl Source {
    /// `every_minutes`: a quarter of an hour when absent, `None` for 0: only when somebody asks for it.
    #[must_use]
    pub fn every(&self) -> Option<Duration> {
        let minutes = self.every_minutes.unwrap_or(15);
        (minutes > 0).then(|| Duration::from_secs(u64::from(minutes) * 60))
    }

    /// `write_back`: calls of its customers are written back into it.
    #[must_use]
    pub fn writes_back(&self) -> bool {
        matches!(&self.kind, SourceKind::Rest(config) if config.write_back)
    }
}

fn map<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(Field, String)>, D::Error> {
    let read = |(field, column): (String, String)| Ok((field.parse().map_err(D::Error::custom)?, column));
    BTreeMap::<String, String>::deserialize(deserializer)?
        .into_iter()
        .map(read)
        .collect()
}

pub(super) fn read_sources(path: &Path, text: &str, sources: Spanned<DeValue<'_>>) -> Result<Vec<Source>, ConfigError> {
    let span = sources.span();
    let DeValue::Array(tables) = sources.into_inner() else {
        let what = "sources are written as `[[source]]`, with double brackets".to_owned();
        return Err(ConfigError::at(path, text, Some(span), what));
    };
    let mut read: Vec<Source> = Vec::new();
    for table in tables {
        let place = u32::try_from(read.len()).unwrap_or(u32::MAX).saturating_add(1);
        let (at, source) = read_source(path, text, table, place)?;
        if let Some(what) = name_complaint(&source.name, &read) {
            return Err(ConfigError::at(path, text, Some(at), what));
        }
        read.push(source);
    }
    Ok(read)
}

fn name_complaint(name: &str, others: &[Source]) -> Option<String> {
    if !is_name(name) {
        return Some(text_of("wrong.source_name"));
    }
    if TAKEN.contains(&name) {
        return Some(Saying::of("wrong.own_source").with("name", name).to_string());
    }
    let twice = others.iter().any(|other| other.name == name);
    twice.then(|| Saying::of("wrong.two_sources").with("name", name).to_string())
}

/// Reads one table, and where its name stands. What every kind may have is taken out; what is left is the kind's own.
fn read_source(
    path: &Path,
    text: &str,
    table: Spanned<DeValue<'_>>,
    place: u32,
) -> Result<(Range<usize>, Source), ConfigError> {
    let at = table.span();
    let wrong = |at, what: &str| ConfigError::at(path, text, Some(at), what.to_owned());
    let DeValue::Table(mut keys) = table.into_inner() else {
        return Err(wrong(at, "sources are written as `[[source]]`, with double brackets"));
    };
    let kind = keys.remove("kind");
    let kind_at = kind.as_ref().map_or(at.clone(), Spanned::span);
    let name = keys
        .remove("name")
        .ok_or_else(|| wrong(at.clone(), "missing field `name`"))?;
    let every = keys.remove("every_minutes").map(|every| typed(path, text, every, &at));
    let precedence = keys.remove("precedence").map(|number| typed(path, text, number, &at));
    let rest = Spanned::new(at.clone(), DeValue::Table(keys));
    let kind = match kind.as_ref().and_then(|kind| kind.get_ref().as_str()) {
        Some("files") => SourceKind::Files(typed(path, text, rest, &at)?),
        Some("sql") => SourceKind::Sql(typed(path, text, rest, &at)?),
        Some("rest") => {
            let config: RestConfig = typed(path, text, rest, &at)?;
            if config.system.is_some() == config.file.is_some() {
                let what = "a source of kind `rest` needs `system` (`ringside source systems` lists them) or `file`, one of the two";
                return Err(wrong(at, what));
            }
            SourceKind::Rest(config)
        }
        Some(other) => return Err(wrong(kind_at, &unknown_kind(other))),
        None => {
            let what = format!("a source needs `kind`, one of {}", all_kinds());
            return Err(wrong(kind_at, &what));
        }
    };
    let name_at = name.span();
    let source = Source {
        name: typed(path, text, name, &at)?,
        every_minutes: every.transpose()?,
        precedence: precedence.transpose()?.unwrap_or(place),
        kind,
    };
    Ok((name_at, source))
}

fn unknown_kind(kind: &str) -> String {
    let meant = nearest(kind, KINDS.into_iter()).map(|kind| format!("; did you mean `{kind}`?"));
    format!("there is no source of kind `{kind}`, only {}", all_kinds()) + &meant.unwrap_or_default()
}

fn all_kinds() -> String {
    KINDS.map(|kind| format!("`{kind}`")).join(", ")
}

fn typed<T: DeserializeOwned>(
    path: &Path,
    text: &str,
    value: Spanned<DeValue<'_>>,
    at: &Range<usize>,
) -> Result<T, ConfigError> {
    T::deserialize(value.into_deserializer()).map_err(|error| ConfigError::in_table(path, text, &error, at.clone()))
}
