//! A filter of the call log within a link: `key=value` and semicolons between, as in `outcome=missed;days=7`. Every key is known
//! and stands once; a value is what its key may have, read once.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Link, NoLink, decoded, read};
use crate::pop::view::{LogFilter, PeriodView};

/// The most days of a period: ten years.
const MOST_DAYS: u32 = 3_660;
/// The most characters of a value.
const MOST_VALUE: usize = 200;

/// Reads what stands behind `ringside://log/`; nothing asks nothing.
pub(super) fn filter(text: &str) -> Result<LogFilter, NoLink> {
    let mut filter = LogFilter::default();
    let mut seen = Vec::new();
    let mut from = None;
    for part in text.split(';').filter(|_| !text.is_empty()) {
        let (key, value) = part.split_once('=').ok_or(NoLink::Filter)?;
        if seen.contains(&key) {
            return Err(NoLink::Filter);
        }
        seen.push(key);
        let value = decoded(value)?;
        if value.is_empty() || value.chars().count() > MOST_VALUE {
            return Err(NoLink::Filter);
        }
        match key {
            "days" => filter.period = Some(days(&value)?),
            "from" => from = Some(word(&value)?),
            "until" => {
                let (from, until) = (from.take().ok_or(NoLink::Filter)?, word(&value)?);
                filter.period = Some(PeriodView::Between { from, until }).filter(|_| from <= until);
                if filter.period.is_none() {
                    return Err(NoLink::Filter);
                }
            }
            "direction" => filter.direction = Some(word(&value)?),
            "outcome" => filter.outcome = Some(word(&value)?),
            "agent" => filter.agent = value,
            "queue" => filter.queue = value,
            "result" => filter.disposition = value,
            "customer" => filter.customer = value,
            "matched" => filter.matched = Some(value.parse().map_err(|_| NoLink::Filter)?),
            "marked" => filter.marked = Some(word(&value)?),
            "words" => filter.words = value,
            _ => return Err(NoLink::Filter),
        }
    }
    let two_periods = seen.contains(&"days") && seen.contains(&"until");
    if from.is_some() || two_periods {
        return Err(NoLink::Filter);
    }
    Ok(filter)
}

/// The link that opens the log with `filter`.
///
/// # Errors
/// Why nobody could open it: it is longer than a link may be, or it has what no link may have.
pub fn to_log(filter: &LogFilter) -> Result<String, NoLink> {
    let (days, from, until) = match &filter.period {
        Some(PeriodView::Days { days }) => (Some(days.to_string()), None, None),
        Some(PeriodView::Between { from, until }) => (None, Some(from.to_string()), Some(until.to_string())),
        None => (None, None, None),
    };
    let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let parts = [
        ("days", days),
        ("from", from),
        ("until", until),
        ("direction", filter.direction.and_then(said)),
        ("outcome", filter.outcome.and_then(said)),
        ("agent", text(&filter.agent)),
        ("queue", text(&filter.queue)),
        ("result", text(&filter.disposition)),
        ("customer", text(&filter.customer)),
        ("matched", filter.matched.map(|matched| matched.to_string())),
        ("marked", filter.marked.and_then(said)),
        ("words", text(&filter.words)),
    ];
    let parts = parts.into_iter().filter_map(|(key, value)| {
        let value = value?;
        Some(format!("{key}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC)))
    });
    let link = format!("ringside://log/{}", parts.collect::<Vec<_>>().join(";"));
    match read(&link)? {
        Link::Log(back) if *back == *filter => Ok(link),
        _ => Err(NoLink::Filter),
    }
}

fn days(value: &str) -> Result<PeriodView, NoLink> {
    let plain = value.chars().all(|letter| letter.is_ascii_digit()) && !value.starts_with('0');
    let days = value
        .parse()
        .ok()
        .filter(|days| plain && (1..=MOST_DAYS).contains(days));
    Ok(PeriodView::Days {
        days: days.ok_or(NoLink::Filter)?,
    })
}

/// A word as it is serialized.
fn word<T: DeserializeOwned>(value: &str) -> Result<T, NoLink> {
    serde_json::from_value(value.into()).map_err(|_| NoLink::Filter)
}

fn said(word: impl Serialize) -> Option<String> {
    serde_json::to_value(word).ok()?.as_str().map(str::to_owned)
}
