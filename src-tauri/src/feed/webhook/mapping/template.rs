//! The text that a mapped format signs.
//!
//! Pure. It does not know how it is signed.

use serde::{Deserialize, Deserializer, de};

use crate::feed::webhook::proof::Keys;
use crate::feed::webhook::request::Request;

/// What is signed: a text with `{body}`, `{time}`, `{url}`, `{path}` and `{method}` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Body,
    Time,
    Url,
    Path,
    Method,
}

impl Default for Template {
    fn default() -> Self {
        Template(vec![Part::Body])
    }
}

impl Template {
    pub(super) fn filled(&self, request: &Request, time: &str, keys: &Keys) -> Vec<u8> {
        let mut filled = Vec::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.extend_from_slice(text.as_bytes()),
                Part::Body => filled.extend_from_slice(&request.body),
                Part::Time => filled.extend_from_slice(time.as_bytes()),
                Part::Url => filled.extend_from_slice(request.url(keys.public_url.as_deref()).as_bytes()),
                Part::Path => filled.extend_from_slice(request.path().as_bytes()),
                Part::Method => filled.extend_from_slice(request.method.as_str().as_bytes()),
            }
        }
        filled
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (word, after) = after.split_once('}')?;
            if !before.is_empty() {
                parts.push(Part::Text(before.to_owned()));
            }
            parts.push(match word {
                "body" => Part::Body,
                "time" => Part::Time,
                "url" => Part::Url,
                "path" => Part::Path,
                "method" => Part::Method,
                _ => return None,
            });
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        // What does not cover the body or the address proves nothing about what is told.
        let covers = parts.iter().any(|part| matches!(part, Part::Body | Part::Url));
        covers.then_some(Template(parts))
    }
}

impl<'de> Deserialize<'de> for Template {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let what = "signed is a text with {body}, {time}, {url}, {path} or {method} in it, for example \"{time}.{body}\"; \
                    it has {body} or {url}";
        Template::parse(&text).ok_or_else(|| de::Error::custom(what))
    }
}
