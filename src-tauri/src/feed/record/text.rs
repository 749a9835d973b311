//! Telephone numbers, names and addresses in running text of a phone system: a header, a URI, a dial string.
//!
//! Digits that name a moment, a channel or a message stay, so that the text keeps its meaning. When in doubt, digits
//! that are long enough for a number outside are one.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use regex::{Captures, Regex};

use super::names::Names;
use super::scramble::{CHANGED, Key, Scramble};
use crate::number::Region;

/// Fewer digits are never split over several groups.
const SHORTEST_GROUPED: usize = 7;
/// E.164, and the longest prefix for abroad.
const LONGEST: usize = 18;
/// A number of seconds since 1970 is taken for a moment when it is within so many seconds of now.
const NEAR: i64 = 366 * 86_400;

/// What stays as it is, by the place it has in the text; group 1 is the only part that stays, if there is one.
static KEPT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns = [
        // a date, a time of day
        r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\b",
        r"\b\d{1,2}:\d{2}:\d{2}(?:\.\d+)?\b",
        // an address, which is looked at again
        r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b",
        // a UUID
        r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b",
        // the counter at the end of a channel's name
        r"\b(?:PJSIP|SIP|IAX2|DAHDI|Local|Message|Surrogate)/[^\s,;&()<>]*?(-00[0-9a-f]{6}(?:;[12])?)\b",
        // the counter of a call
        r"\bC-[0-9a-f]{8}\b",
    ];
    Regex::new(&patterns.join("|")).ok()
});

/// A display name before an address: `"Doe, Jane" <`, `Jane Doe <sip:`, `display="Jane Doe"`.
static DISPLAY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns = [
        r#""((?:[^"\\]|\\.)+)"\s*<"#,
        r#"(?:^|[:,]\s*)([^\s<>":;,=@][^<>":;,=@]*?)\s*<(?:sips?|tel):"#,
        r#"\bdisplay="([^"]+)""#,
    ];
    Regex::new(&patterns.join("|")).ok()
});

/// Replaces what could tell who called.
pub(super) struct Words {
    scramble: Scramble,
    names: Names,
}

impl Words {
    pub(super) fn new(key: Key, region: Option<Region>) -> Self {
        Words {
            scramble: Scramble::new(key, region),
            names: Names::default(),
        }
    }

    /// A whole field that is a name. One that is a number instead is read as one.
    pub(super) fn name(&mut self, name: &str, at: DateTime<Utc>) -> String {
        if name.chars().any(char::is_alphabetic) {
            self.names.name(name, &self.scramble)
        } else {
            self.numbers(name, at)
        }
    }

    /// Running text: display names, names met before, numbers, addresses.
    pub(super) fn text(&mut self, text: &str, at: DateTime<Utc>) -> String {
        let named = self.display_names(text);
        let named = self.names.in_text(&named);
        self.numbers(&named, at)
    }

    /// Running text in which words are names of things: only numbers and addresses.
    pub(super) fn numbers(&mut self, text: &str, at: DateTime<Utc>) -> String {
        let Some(kept) = KEPT.as_ref() else {
            return self.scan(text, at);
        };
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in kept.captures_iter(text) {
            let Some(stays) = found.get(1).or(found.get(0)) else {
                continue;
            };
            out.push_str(&self.scan(&text[done..stays.start()], at));
            match stays.as_str().parse::<Ipv4Addr>() {
                Ok(address) => out.push_str(&self.address(address).to_string()),
                Err(_) => out.push_str(stays.as_str()),
            }
            done = stays.end();
        }
        out + &self.scan(&text[done..], at)
    }

    /// Whether the whole of `text` is a number that could be called.
    pub(super) fn is_number(&self, text: &str) -> bool {
        self.scramble.is_number(text)
    }

    fn display_names(&mut self, text: &str) -> String {
        let Some(display) = DISPLAY.as_ref().filter(|_| text.contains(['<', '"'])) else {
            return text.to_owned();
        };
        let replace = |found: &Captures<'_>| {
            let whole = &found[0];
            let Some(name) = found.iter().skip(1).flatten().next() else {
                return whole.to_owned();
            };
            let start = name.start() - found.get(0).map_or(0, |whole| whole.start());
            let other = self.names.name(name.as_str(), &self.scramble);
            format!("{}{other}{}", &whole[..start], &whole[start + name.len()..])
        };
        display.replace_all(text, replace).into_owned()
    }

    /// Private addresses stay; any other becomes one of 198.18.0.0/15, which belongs to nobody (RFC 2544).
    fn address(&self, address: Ipv4Addr) -> IpAddr {
        let stays = address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_unspecified()
            || address.is_broadcast()
            || address.is_documentation();
        if stays {
            return IpAddr::V4(address);
        }
        let drawn = self.scramble.draw("address", &address.to_string(), 0).to_be_bytes();
        IpAddr::V4(Ipv4Addr::new(198, 18 + (drawn[0] & 1), drawn[1], drawn[2]))
    }

    fn scan(&mut self, text: &str, at: DateTime<Utc>) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let length = if let Some(escape) = escape(rest) {
                out.push_str(&rest[..escape]);
                escape
            } else if first.is_ascii_alphanumeric() {
                self.word(rest, &mut out, at)
            } else {
                out.push(first);
                first.len_utf8()
            };
            rest = &rest[length..];
        }
        out
    }

    /// Takes one word, or a number in several groups, from the beginning of `rest`; returns how much it was.
    fn word(&mut self, rest: &str, out: &mut String, at: DateTime<Utc>) -> usize {
        let word = run(rest, |c| c.is_ascii_alphanumeric());
        let digits = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        if digits.len() < word.len() {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit()) && digits.len() >= SHORTEST_GROUPED;
            out.push_str(&word[..word.len() - digits.len()]);
            if is_number {
                out.push_str(&self.scramble.number(digits));
            } else {
                out.push_str(digits);
            }
            return word.len();
        }
        if word.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            out.push_str(word);
            return word.len();
        }
        let is_fraction = out.ends_with('.') && out[..out.len() - 1].ends_with(|c: char| c.is_ascii_digit());
        if !is_fraction && let Some(length) = self.grouped(rest) {
            out.push_str(&self.scramble.number(&rest[..length]));
            return length;
        }
        let stays = word.len() < CHANGED
            || word.bytes().all(|byte| byte == b'0')
            || (is_fraction && !self.scramble.knows(word))
            || is_moment(rest, word, at);
        if stays {
            out.push_str(word);
        } else {
            out.push_str(&self.scramble.number(word));
        }
        word.len()
    }

    /// The longest number in groups of digits, `(030) 231251-18`, at the beginning of `rest`.
    fn grouped(&self, rest: &str) -> Option<usize> {
        let mut ends = Vec::new();
        let (mut end, mut digits, mut longest) = (0, 0, 0);
        loop {
            let group = run(&rest[end..], |c| c.is_ascii_digit()).len();
            let next = rest[end + group..].chars().next();
            if group == 0 || next.is_some_and(|c| c.is_ascii_alphabetic()) {
                break;
            }
            (end, digits, longest) = (end + group, digits + group, longest.max(group));
            if digits > LONGEST {
                break;
            }
            ends.push((end, digits, longest));
            let between = run(&rest[end..], |c| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')'));
            if between.is_empty() || between.len() > 2 {
                break;
            }
            end += between.len();
        }
        let numbers = ends
            .into_iter()
            .skip(1)
            .rev()
            .filter(|(_, digits, longest)| *digits >= SHORTEST_GROUPED && *longest <= 8);
        numbers.map(|(end, ..)| end).find(|end| {
            self.scramble.is_number(&rest[..*end]) || self.scramble.is_number(&format!("+{}", &rest[..*end]))
        })
    }
}

/// `%2B` and other escapes of URIs and forms.
fn escape(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let is_escape = bytes.first() == Some(&b'%') && bytes.len() >= 3 && bytes[1..3].iter().all(u8::is_ascii_hexdigit);
    is_escape.then_some(3)
}

/// `1795305759.59`, a moment and a counter: how Asterisk names a channel.
fn is_moment(rest: &str, word: &str, at: DateTime<Utc>) -> bool {
    let behind = &rest[word.len()..];
    let counted = behind
        .strip_prefix('.')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let seconds: Option<i64> = word.parse().ok();
    counted && seconds.is_some_and(|seconds| (seconds - at.timestamp()).abs() < NEAR)
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !belongs(c)).unwrap_or(text.len());
    &text[..end]
}
