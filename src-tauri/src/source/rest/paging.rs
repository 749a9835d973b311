//! Where the next page is.
//!
//! Pure: it counts, and reads what an answer says. It asks nothing.

use reqwest::Url;
use reqwest::header::{CONTENT_RANGE, LINK};
use serde_json::{Value, json};

use super::answer::Answer;
use super::path::Place;
use super::system::Paging;
use super::template::Words;

/// Where a list is being read.
#[derive(Clone, Debug, Default)]
pub(super) struct Position {
    page: u64,
    records: u64,
    cursor: Option<String>,
    /// The key of the last record.
    pub(super) last: Option<Value>,
    /// The address of the next page, where the answer gave one.
    pub(super) url: Option<Url>,
    /// `Range` of the next page.
    pub(super) range: Option<String>,
}

impl Position {
    /// The start of a list, or what comes after the record with the key `last`.
    pub(super) fn start(paging: &Paging, last: Option<Value>) -> Self {
        let mut position = Position {
            last,
            ..Position::default()
        };
        if let Paging::Page { first, .. } = paging {
            position.page = *first;
        }
        position.range = range(paging, 0);
        position
    }

    /// What a request for this page is filled in with.
    pub(super) fn words(&self, paging: &Paging, words: &mut Words) {
        let size = size(paging).map_or(Value::Null, Value::from);
        words.insert("size".to_owned(), size);
        words.insert("page".to_owned(), json!(self.page));
        words.insert("offset".to_owned(), json!(self.records));
        words.insert("cursor".to_owned(), json!(self.cursor));
        words.insert("last".to_owned(), self.last.clone().unwrap_or(Value::Null));
    }

    /// The page after `answer`, which had `records`; `None` when it was the last. `asked` is the address that gave it.
    pub(super) fn next(
        &self,
        paging: &Paging,
        answer: &Answer,
        records: &[Value],
        asked: &Url,
    ) -> Result<Option<Self>, String> {
        let place = Place::alone(&answer.body);
        let count = records.len() as u64;
        let mut next = Position {
            page: self.page + 1,
            records: self.records + count,
            ..Position::default()
        };
        let full = |size: u32| count >= u64::from(size);
        let says_more = |more: &super::path::Path| more.first(place) == Some(&Value::Bool(true));
        let address = |text: &str| {
            asked
                .join(text)
                .map_err(|_| format!("the address of the next page is none: {text}"))
        };
        let more = match paging {
            Paging::None => false,
            Paging::Page { size, .. } | Paging::Offset { size } => full(*size),
            Paging::Cursor { cursor, more, .. } => {
                next.cursor = cursor.text_in(&answer.body);
                next.cursor.is_some() && more.as_ref().is_none_or(says_more)
            }
            Paging::NextUrl { url, .. } => {
                next.url = url.text_in(&answer.body).map(|text| address(&text)).transpose()?;
                next.url.is_some()
            }
            Paging::Link { .. } => {
                let links = answer
                    .headers
                    .get_all(LINK)
                    .iter()
                    .filter_map(|link| link.to_str().ok());
                next.url = links.filter_map(next_link).next().map(address).transpose()?;
                next.url.is_some()
            }
            Paging::Range { size, .. } => {
                next.range = range(paging, next.records);
                let header = answer.headers.get(CONTENT_RANGE).and_then(|range| range.to_str().ok());
                let total = header.and_then(|range| range.rsplit('/').next()?.parse::<u64>().ok());
                count > 0 && total.map_or(full(*size), |total| next.records < total)
            }
            Paging::LastId { size, id, more } => {
                next.last = records
                    .last()
                    .and_then(|record| id.first(Place::alone(record)))
                    .cloned();
                if next.last.is_none() && count > 0 {
                    return Err(format!("no record has {id}, by which the next page is asked for"));
                }
                count > 0 && more.as_ref().map_or(full(*size), says_more)
            }
        };
        Ok(more.then_some(next))
    }
}

/// How many records a page has.
fn size(paging: &Paging) -> Option<u32> {
    match paging {
        Paging::None => None,
        Paging::Page { size, .. }
        | Paging::Offset { size }
        | Paging::Range { size, .. }
        | Paging::LastId { size, .. } => Some(*size),
        Paging::Cursor { size, .. } | Paging::NextUrl { size, .. } | Paging::Link { size } => *size,
    }
}

fn range(paging: &Paging, from: u64) -> Option<String> {
    match paging {
        Paging::Range { size, unit } => Some(format!("{unit}={from}-{}", from + u64::from(*size))),
        Paging::None
        | Paging::Page { .. }
        | Paging::Offset { .. }
        | Paging::Cursor { .. }
        | Paging::NextUrl { .. }
        | Paging::Link { .. }
        | Paging::LastId { .. } => None,
    }
}

/// The address of `<https://…>; rel="next"` in a header that may have several.
fn next_link(header: &str) -> Option<&str> {
    let mut rest = header;
    while let Some(start) = rest.find('<') {
        let (address, behind) = rest[start + 1..].split_once('>')?;
        let end = behind.find('<').unwrap_or(behind.len());
        let is_next = behind[..end].split([';', ',']).any(|part| {
            let (name, value) = part.split_once('=').unwrap_or(("", ""));
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .trim()
                    .trim_matches('"')
                    .split(' ')
                    .any(|rel| rel.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(address);
        }
        rest = &behind[end..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_among_others() {
        for (header, expected) in [
            (
                r#"<https://a.example/?p=2>; rel="next""#,
                Some("https://a.example/?p=2"),
            ),
            (
                r#"<https://a.example/?p=1>; rel="prev", <https://a.example/?p=3>; rel=next"#,
                Some("https://a.example/?p=3"),
            ),
            (
                r#"<https://a.example/?f=a,b;c>; title="x"; rel="last next""#,
                Some("https://a.example/?f=a,b;c"),
            ),
            (r#"<https://a.example/?p=1>; rel="prev""#, None),
            ("<https://a.example", None),
            ("", None),
        ] {
            assert_eq!(next_link(header), expected, "{header}");
        }
    }
}
