//! Reading `[[feed]]` tables, one by one because each kind has keys of its own.

use std::ops::Range;
use std::path::Path;

use serde::de::{DeserializeOwned, IntoDeserializer as _};
use toml::Spanned;
use toml::de::DeValue;

use super::{Feed, FeedKind, WebhookFeed};
use crate::config::error::{ConfigError, nearest, text_of};
use crate::config::secret::is_name;
use crate::words::Saying;

const KINDS: [&str; 5] = ["asterisk", "sip", "webhook", "simulated", "replay"];

pub(in crate::config) fn read_feeds(
    path: &Path,
    text: &str,
    feeds: Spanned<DeValue<'_>>,
) -> Result<Vec<Feed>, ConfigError> {
    let span = feeds.span();
    let DeValue::Array(tables) = feeds.into_inner() else {
        let what = "feeds are written as `[[feed]]`, with double brackets".to_owned();
        return Err(ConfigError::at(path, text, Some(span), what));
    };
    let mut read: Vec<Feed> = Vec::new();
    for table in tables {
        let (place, feed) = read_feed(path, text, table)?;
        if let Some(what) = name_complaint(&feed.name, &read) {
            return Err(ConfigError::at(path, text, Some(place), what));
        }
        read.push(feed);
    }
    Ok(read)
}

fn name_complaint(name: &str, others: &[Feed]) -> Option<String> {
    if !is_name(name) {
        return Some(text_of("wrong.feed_name"));
    }
    others
        .iter()
        .any(|other| other.name == name)
        .then(|| Saying::of("wrong.two_feeds").with("name", name).to_string())
}

/// Reads one table, and where its name stands. What every kind may have is taken out, so that what is left is the kind's own.
fn read_feed(path: &Path, text: &str, table: Spanned<DeValue<'_>>) -> Result<(Range<usize>, Feed), ConfigError> {
    let place = table.span();
    let wrong = |place, what: &str| ConfigError::at(path, text, Some(place), what.to_owned());
    let DeValue::Table(mut keys) = table.into_inner() else {
        return Err(wrong(place, "feeds are written as `[[feed]]`, with double brackets"));
    };
    let kind = keys.remove("kind");
    let kind_place = kind.as_ref().map_or(place.clone(), Spanned::span);
    let name = keys.remove("name");
    let ddi = keys.remove("ddi").map(|ddi| typed(path, text, ddi)).transpose()?;
    let trunk = keys.remove("trunk").map(|trunk| typed(path, text, trunk)).transpose()?;
    let rest = Spanned::new(place.clone(), DeValue::Table(keys));
    let kind = match kind.as_ref().and_then(|kind| kind.get_ref().as_str()) {
        Some("asterisk") => FeedKind::Asterisk(typed(path, text, rest)?),
        Some("sip") => FeedKind::Sip(typed(path, text, rest)?),
        Some("webhook") => {
            let webhook: WebhookFeed = typed(path, text, rest)?;
            if webhook.dialect().is_none() {
                return Err(wrong(place, &text_of("wrong.no_preset")));
            }
            FeedKind::Webhook(webhook)
        }
        Some("simulated") => FeedKind::Simulated(typed(path, text, rest)?),
        Some("replay") => FeedKind::Replay(typed(path, text, rest)?),
        Some(other) => return Err(wrong(kind_place, &unknown_kind(other))),
        None => {
            return Err(wrong(
                kind_place,
                &format!("a feed needs `kind`, one of {}", all_kinds()),
            ));
        }
    };
    let Some(name) = name else {
        let missing = Saying::of("wrong.missing_field").with("field", "name");
        return Err(wrong(place, &missing.to_string()));
    };
    let place = name.span();
    let feed = Feed {
        name: typed(path, text, name)?,
        kind,
        ddi: ddi.unwrap_or_default(),
        trunk: trunk.unwrap_or_default(),
    };
    Ok((place, feed))
}

fn unknown_kind(kind: &str) -> String {
    let meant = nearest(kind, KINDS.into_iter()).map(|kind| format!("; did you mean `{kind}`?"));
    format!("there is no feed of kind `{kind}`, only {}", all_kinds()) + &meant.unwrap_or_default()
}

fn all_kinds() -> String {
    KINDS.map(|kind| format!("`{kind}`")).join(", ")
}

fn typed<T: DeserializeOwned>(path: &Path, text: &str, table: Spanned<DeValue<'_>>) -> Result<T, ConfigError> {
    T::deserialize(table.into_deserializer()).map_err(|error| ConfigError::from_toml(path, text, &error))
}
