//! Checks of single values, with words for what is wrong.

use std::fmt::Display;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::number::{self, Key, Region};

pub(super) fn region<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Region>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let wrong = || D::Error::custom(format!("`{text}` is no country: give a two-letter code such as DE"));
    Region::from_code(&text).map(Some).ok_or_else(wrong)
}

pub(super) fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    checked(
        u16::deserialize(deserializer)?,
        |port| *port > 0,
        "a port is a number from 1 to 65535",
    )
}

pub(super) fn prefix<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let prefix = String::deserialize(deserializer)?;
    let dialled = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'));
    checked(
        prefix,
        dialled,
        "outside_prefix is what is dialled for an outside line, at most six digits, for example \"0\"",
    )
}

pub(super) fn area<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let area = String::deserialize(deserializer)?;
    let digits = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit());
    let what = "home_area is the area code that people here leave out, digits alone, for example \"30\"";
    checked(area, digits, what)
}

pub(super) fn own_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Key>, D::Error> {
    let key = |text: &String| {
        let wrong = "own_numbers are numbers with their country code, for example \"+49 30 23125100\"";
        let whole = text
            .trim_start()
            .starts_with('+')
            .then(|| number::read(text, None).ok());
        whole
            .flatten()
            .map(|read| read.key)
            .ok_or_else(|| D::Error::custom(format!("`{text}`: {wrong}")))
    };
    Vec::<String>::deserialize(deserializer)?.iter().map(key).collect()
}

/// What stands for the plus on a trunk.
pub(super) fn idd<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let idd = String::deserialize(deserializer)?;
    let dialled = |text: &String| text.len() <= 6 && text.chars().all(|c| c.is_ascii_digit());
    checked(
        idd,
        dialled,
        "idd is what is dialled before a country code, at most six digits, for example \"011\"",
    )
}

pub(super) fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let pattern = String::deserialize(deserializer)?;
    let what = r#"agents is a regular expression for the names of our phones, for example '\d{2,6}' in single quotes"#;
    checked(pattern, |pattern| regex::Regex::new(pattern).is_ok(), what)
}

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    SocketAddr::from_str(&text)
        .map_err(|_| D::Error::custom("listen is an address with a port, for example \"127.0.0.1:8730\""))
}

pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let read = |text: &String| text.parse().or_else(|_| IpAddr::from_str(text).map(IpNet::from));
    let what = "from_addresses lists addresses and networks, for example [\"192.0.2.7\", \"198.51.100.0/24\"]";
    let networks = Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(read)
        .collect::<Result<_, _>>();
    networks.map_err(|_| D::Error::custom(what))
}

pub(super) fn web_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let address = String::deserialize(deserializer)?;
    let has_host = |address: &String| {
        let rest = address
            .strip_prefix("https://")
            .or_else(|| address.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
    };
    let what = "public_url is scheme and host as the provider knows them, for example \"https://pop.example.org\"";
    checked(address, has_host, what).map(Some)
}

pub(super) fn extensions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let extensions = Vec::<String>::deserialize(deserializer)?;
    checked(extensions, |all| all.iter().all(|one| is_extension(one)), EXTENSION)
}

/// What is said of something that is no extension.
pub(super) const EXTENSION: &str =
    "an extension is the name of a phone as the phone system writes it, for example \"101\", without spaces";

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
