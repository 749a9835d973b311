//! The file of a database: how it is reached, and a query for each kind of record.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::guard;
use crate::config::{ConfigError, SecretRef};
use crate::source::{Field, Kind};

/// A database and what is asked of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SqlFile {
    /// What people call it.
    pub title: String,
    /// How it is reached.
    pub database: Connection,
    /// What is asked, in this order: what others refer to comes first.
    #[serde(rename = "query")]
    pub queries: Vec<Query>,
}

/// How a database is reached.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// What it is.
    pub kind: DatabaseKind,
    /// Its host; this computer when absent.
    #[serde(default)]
    pub host: Option<String>,
    /// Its port; the usual one when absent.
    #[serde(default)]
    pub port: Option<u16>,
    /// Name of the database.
    #[serde(default)]
    pub database: String,
    /// Who asks: a user who may only read.
    #[serde(default)]
    pub user: String,
    /// The user's password.
    #[serde(default)]
    pub password: Option<SecretRef>,
    /// Whether the way there is encrypted.
    #[serde(default)]
    pub tls: Tls,
    /// The file of a SQLite database, relative to the home folder.
    #[serde(default)]
    pub file: Option<PathBuf>,
}

/// Kinds of databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DatabaseKind {
    /// PostgreSQL.
    Postgresql,
    /// MySQL and MariaDB.
    Mysql,
    /// SQLite.
    Sqlite,
}

/// Whether the way to a database is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// It is, and the certificate is checked; on this computer it is not.
    #[default]
    Usual,
    /// It is, and the certificate is checked.
    On,
    /// It is not: everybody in between can read along.
    Off,
}

/// One question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Query {
    /// Its name; stands in progress, messages and marks.
    pub name: String,
    /// What its rows are.
    #[serde(deserialize_with = "kind")]
    pub gives: Kind,
    /// One statement that reads. `{since}` is where the last run ended.
    pub sql: String,
    /// The column that says when a row changed; everything is read each time when absent.
    #[serde(default)]
    pub watermark: Option<String>,
    /// What `{since}` is at the first run: long ago when absent.
    #[serde(default)]
    pub first: Option<String>,
    /// How far back a time is asked for again, in seconds, for what was being written meanwhile; 120 when absent.
    #[serde(default)]
    pub overlap_seconds: Option<u32>,
    /// Columns by field, where they are not called like it; several hold telephone numbers alone.
    #[serde(default)]
    pub map: BTreeMap<String, Columns>,
}

/// One column or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "the name of a column, or a list of them")]
pub enum Columns {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl Columns {
    /// All of them.
    pub(super) fn names(&self) -> &[String] {
        match self {
            Columns::One(one) => std::slice::from_ref(one),
            Columns::More(more) => more,
        }
    }
}

/// The database that `text` describes; `path` is named in errors.
///
/// # Errors
/// [`ConfigError::Wrong`] for the first thing that is wrong.
pub fn parse(path: &Path, text: &str) -> Result<SqlFile, ConfigError> {
    let file: SqlFile = toml::from_str(text).map_err(|error| ConfigError::from_toml(path, text, &error))?;
    let wrong = |place: usize, what: String| Err(ConfigError::at(path, text, Some(place..place), what));
    if file.database.kind == DatabaseKind::Sqlite && file.database.file.is_none() {
        return wrong(
            text.find("[database]").unwrap_or(0),
            "a SQLite database needs file".to_owned(),
        );
    }
    let mut names = HashSet::new();
    for (at, query) in file.queries.iter().enumerate() {
        let place = text.match_indices("[[query]]").nth(at).map_or(0, |(place, _)| place);
        if let Err(what) = check(query, &mut names) {
            return wrong(place, format!("query `{}`: {what}", query.name));
        }
    }
    Ok(file)
}

fn check<'q>(query: &'q Query, names: &mut HashSet<&'q str>) -> Result<(), String> {
    if !names.insert(&query.name) {
        return Err("there are two of this name".to_owned());
    }
    guard::reads_only(&query.sql)?;
    let asks = query.sql.contains("{since}");
    match (&query.watermark, asks) {
        (Some(_), false) => return Err("it has a watermark, but its SQL does not say {since}".to_owned()),
        (None, true) => return Err("its SQL says {since}: name the column it is compared with as watermark".to_owned()),
        _ => {}
    }
    for name in query.map.keys() {
        if !Field::ALL.iter().any(|field| field.name() == name) {
            let all = Field::ALL.iter().map(|field| field.name());
            let meant = crate::config::nearest(name, all).map(|meant| format!("; did you mean `{meant}`?"));
            return Err(format!("`{name}` in map is no field{}", meant.unwrap_or_default()));
        }
    }
    Ok(())
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = Kind::ALL.into_iter().find(|kind| kind.to_string() == text);
    known.ok_or_else(|| {
        let all = Kind::ALL.map(|kind| kind.to_string()).join(", ");
        serde::de::Error::custom(format!("`{text}` is nothing that a query gives; it gives one of {all}"))
    })
}
