//! `[[feed.ddi]]` and `[[feed.trunk]]`: what is known of our own numbers and of the lines to the outside.

use serde::{Deserialize, Deserializer};

use crate::config::{Language, check};
use crate::number::Region;

/// One of our own numbers that callers dial (direct dial-in).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ddi {
    /// As the phone system writes it, or with the country code: `+493023125100`.
    #[serde(deserialize_with = "number")]
    pub number: String,
    /// What the number is for, for example `Sales`; empty for nothing.
    #[serde(default, deserialize_with = "label")]
    pub label: String,
    /// Where national numbers of its callers are read, when not where the feed's are.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
    /// The language its callers are spoken to in.
    #[serde(default)]
    pub language: Option<Language>,
}

/// A line to the outside that writes numbers in a way of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trunk {
    /// The phone system's name for it; for Asterisk the endpoint.
    #[serde(deserialize_with = "name")]
    pub name: String,
    /// Where its national numbers are read, when not where the feed's are.
    #[serde(default, deserialize_with = "check::region")]
    pub region: Option<Region>,
    /// What is dialled for an outside line on it, when not what the feed says.
    #[serde(default, deserialize_with = "prefix")]
    pub prefix: Option<String>,
    /// What it puts before country codes, when not what its region dials (`00`, `011`). Empty for that.
    #[serde(default, deserialize_with = "check::idd")]
    pub idd: String,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let good = |text: &String| {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        (2..=20).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+ ()-./".contains(c))
    };
    let what = "number is one of our own numbers, for example \"+493023125100\", or as the phone system writes it";
    check::checked(String::deserialize(deserializer)?, good, what)
}

fn label<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let good = |text: &String| text.chars().count() <= 40 && !text.chars().any(char::is_control);
    let what = "label is a short name for what the number is for, at most 40 characters, for example \"Sales\"";
    check::checked(String::deserialize(deserializer)?, good, what)
}

fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let good = |text: &String| !text.trim().is_empty() && text.len() <= 80 && !text.chars().any(char::is_control);
    let what = "name is the phone system's name for the trunk, for example the endpoint \"pstn\"";
    check::checked(String::deserialize(deserializer)?, good, what)
}

fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    check::prefix(deserializer).map(Some)
}
