//! `[[colleague]]`: who sits at which extension, so that the board can say a name.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use super::after_call::{name_complaint, tables_of, twice};
use super::check::{EXTENSION, is_extension};
use super::error::ConfigError;
use super::error::text_of;

const MOST_COLLEAGUES: usize = 1_000;

/// `[[colleague]]`: an extension with a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "ColleagueTable")]
pub struct Colleague {
    /// The extension, as the phone system writes it.
    pub extension: String,
    /// Who sits there.
    pub name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColleagueTable {
    extension: String,
    name: String,
}

impl TryFrom<ColleagueTable> for Colleague {
    type Error = String;

    fn try_from(ColleagueTable { extension, name }: ColleagueTable) -> Result<Self, String> {
        if !is_extension(&extension) {
            return Err(text_of(EXTENSION));
        }
        name_complaint(&name).map_or(Ok(Colleague { extension, name }), Err)
    }
}

/// `[[colleague]]`, checked one by one and against each other.
pub(super) fn read_colleagues(
    path: &Path,
    text: &str,
    tables: Spanned<DeValue<'_>>,
) -> Result<Vec<Colleague>, ConfigError> {
    let place = tables.span();
    let all: Vec<Colleague> = tables_of(path, text, tables, "colleague")?;
    let what = match twice(all.iter().map(|one| one.extension.as_str())) {
        Some(twice) => format!("there are two colleagues with the extension `{twice}`"),
        None if all.len() <= MOST_COLLEAGUES => return Ok(all),
        None => format!("there are at most {MOST_COLLEAGUES} colleagues"),
    };
    Err(ConfigError::at(path, text, Some(place), what))
}
