//! `[[disposition]]` and `[[template]]`: what a shop's agents choose as the result of a call, and what they put into notes.

use std::collections::HashSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::DeValue;

use super::error::ConfigError;

/// Dispositions of a shop that names none; the catalogue has words for them.
const USUAL: [&str; 6] = [
    "order",
    "question",
    "complaint",
    "ring_back",
    "wrong_number",
    "no_result",
];

/// Each has a digit key; one alone is no choice.
const DISPOSITIONS: std::ops::RangeInclusive<usize> = 2..=9;
const MOST_TEMPLATES: usize = 20;
const LONGEST_NAME: usize = 40;
const LONGEST_TEXT: usize = 2000;

/// `[[disposition]]`: a result of a call that an agent may choose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "DispositionTable")]
pub struct Disposition {
    /// What is stored; it should not be changed later.
    pub code: String,
    /// What people read; the catalogue has the words of the code without one.
    pub name: Option<String>,
}

impl Disposition {
    /// Those of a shop that names none.
    #[must_use]
    pub fn usual() -> Vec<Self> {
        let usual = |code: &str| Disposition {
            code: code.to_owned(),
            name: None,
        };
        USUAL.into_iter().map(usual).collect()
    }
}

/// `[[template]]`: a text to put into a note.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TemplateTable")]
pub struct Template {
    /// What it is chosen by.
    pub name: String,
    /// What is put in.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DispositionTable {
    code: String,
    name: Option<String>,
}

impl TryFrom<DispositionTable> for Disposition {
    type Error = String;

    fn try_from(DispositionTable { code, name }: DispositionTable) -> Result<Self, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if code.is_empty() || code.len() > LONGEST_NAME || !code.chars().all(plain) {
            return Err(format!(
                "the code of a disposition consists of at most {LONGEST_NAME} small letters, digits and `_`, for example \"sample_sent\""
            ));
        }
        match &name {
            Some(name) => name_complaint(name).map_or(Ok(()), Err)?,
            None if USUAL.contains(&code.as_str()) => {}
            None => {
                let usual = USUAL.join(", ");
                return Err(format!(
                    "the disposition `{code}` needs a `name`; only {usual} have words of their own"
                ));
            }
        }
        Ok(Disposition { code, name })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateTable {
    name: String,
    text: String,
}

impl TryFrom<TemplateTable> for Template {
    type Error = String;

    fn try_from(TemplateTable { name, text }: TemplateTable) -> Result<Self, String> {
        if let Some(what) = name_complaint(&name) {
            return Err(what);
        }
        let text = text.trim_end().to_owned();
        if text.is_empty() || text.chars().count() > LONGEST_TEXT {
            return Err(format!("the text of a template has 1 to {LONGEST_TEXT} characters"));
        }
        Ok(Template { name, text })
    }
}

/// `[[disposition]]`, checked one by one and against each other.
pub(super) fn read_dispositions(
    path: &Path,
    text: &str,
    tables: Spanned<DeValue<'_>>,
) -> Result<Vec<Disposition>, ConfigError> {
    let place = tables.span();
    let all: Vec<Disposition> = tables_of(path, text, tables, "disposition")?;
    let what = match twice(all.iter().map(|one| one.code.as_str())) {
        Some(twice) => format!("there are two dispositions with the code `{twice}`"),
        None if DISPOSITIONS.contains(&all.len()) => return Ok(all),
        None => "there are two to nine dispositions, one for each digit key".to_owned(),
    };
    Err(ConfigError::at(path, text, Some(place), what))
}

/// `[[template]]`, checked one by one and against each other.
pub(super) fn read_templates(
    path: &Path,
    text: &str,
    tables: Spanned<DeValue<'_>>,
) -> Result<Vec<Template>, ConfigError> {
    let place = tables.span();
    let all: Vec<Template> = tables_of(path, text, tables, "template")?;
    let what = match twice(all.iter().map(|one| one.name.as_str())) {
        Some(twice) => format!("there are two templates with the name `{twice}`"),
        None if all.len() <= MOST_TEMPLATES => return Ok(all),
        None => format!("there are at most {MOST_TEMPLATES} templates"),
    };
    Err(ConfigError::at(path, text, Some(place), what))
}

/// Each table by itself, so that what is wrong in one is shown there.
pub(super) fn tables_of<T: DeserializeOwned>(
    path: &Path,
    text: &str,
    tables: Spanned<DeValue<'_>>,
    name: &str,
) -> Result<Vec<T>, ConfigError> {
    let place = tables.span();
    let DeValue::Array(tables) = tables.into_inner() else {
        let what = format!("each is written as `[[{name}]]`, with double brackets");
        return Err(ConfigError::at(path, text, Some(place), what));
    };
    let read = |table: Spanned<DeValue<'_>>| {
        let place = table.span();
        T::deserialize(table.into_deserializer()).map_err(|error| ConfigError::in_table(path, text, &error, place))
    };
    tables.into_iter().map(read).collect()
}

pub(super) fn name_complaint(name: &str) -> Option<String> {
    let fits = !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    (!fits).then(|| format!("a name is one line of 1 to {LONGEST_NAME} characters"))
}

pub(super) fn twice<'a>(words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    words.into_iter().find(|word| !seen.insert(*word))
}
