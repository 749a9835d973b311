//! Checks of single values, with words for what is wrong.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::error::text_of;
use crate::number::{self, Key, Region};
use crate::words::Saying;

pub(super) fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || D::Error::custom(Saying::of("wrong.no_country").with("text", &text));
    Region::from_code(&text).map(Some).ok_or_else(wrong)
}

pub(super) fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let port = u16::try_from(i64::deserialize(deserializer)?).unwrap_or(0);
    checked(port, |port| *port > 0, text_of("wrong.port"))
}

pub(super) fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let prefix = String::deserialize(deserializer)?;
    let dialled = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    checked(prefix, dialled, text_of("wrong.outside_prefix"))
}

pub(super) fn area<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let area = String::deserialize(deserializer)?;
    let digits = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit());
    checked(area, digits, text_of("wrong.home_area"))
}

pub(super) fn own_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Key>, D::Error> {
    let key = |text: &String| {
        let whole = text
            .trim_start()
            .starts_with('+')
            .then(|| number::read(text, None).ok());
        whole
            .flatten()
            .map(|read| read.key)
            .ok_or_else(|| D::Error::custom(Saying::of("wrong.own_number").with("text", text)))
    };
    Vec::<String>::deserialize(deserializer)?.iter().map(key).collect()
}

/// What stands for the plus on a trunk.
pub(super) fn idd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let idd = String::deserialize(deserializer)?;
    let dialled = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit());
    checked(idd, dialled, text_of("wrong.idd"))
}

pub(super) fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    let what = r#"agents is a regular expression for the names of our phones, for example '\d{2,6}' in single quotes"#;
    checked(pattern, |pattern| regex::Regex::new(pattern).is_ok(), what)
}

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    SocketAddr::from_str(&text).map_err(|_| D::Error::custom(text_of("wrong.listen")))
}

pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let read = |text: &String| text.parse().or_else(|_| IpAddr::from_str(text).map(IpNet::from));
    let networks = Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(read)
        .collect::<Result<_, _>>();
    networks.map_err(|_| D::Error::custom(text_of("wrong.from_addresses")))
}

pub(super) fn web_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let address = String::deserialize(deserializer)?;
    let has_host = |address: &String| {
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
    };
    checked(address, has_host, text_of("wrong.public_url")).map(Some)
}

pub(super) fn extensions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let extensions = Vec::<String>::deserialize(deserializer)?;
    checked(
        extensions,
        |all| all.iter().all(|one| is_extension(one)),
        text_of(EXTENSION),
    )
}

/// What is said of something that is no extension: its message of the catalogue.
pub(super) const EXTENSION: &str = "wrong.extension";

pub(crate) fn is_extension(text: &str) -> bool {
    (1..=40).contains(&text.len()) && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

pub(super) fn checked<T, E: serde::de::Error>(
    value: T,
    good: impl FnOnce(&T) -> bool,
    what: impl Display,
) -> Result<T, E> {
    if good(&value) { Ok(value) } else { Err(E::custom(what)) }
}
