//! A recording without the numbers and names of people: what came in is replaced before it is written.
//!
//! It knows how each kind of feed is framed, and leaves that as it is. The pieces of a stream are cut at the ends
//! of lines, so that no number is cut in two.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub use super::scramble::Key;
use super::text::Words;
use crate::feed::Piece;
use crate::number::Region;

/// How the bytes of a feed are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// A stream of header lines: AMI.
    Lines,
    /// A message a piece: SIP, a request of HTTP, a line of JSON.
    Message,
}

/// A line is not kept longer than this for its end.
const LONGEST_LINE: usize = 1 << 20;

/// Replaces numbers and names, the same ones by the same others throughout a recording.
pub struct Anonymiser {
    framing: Framing,
    words: Words,
    held: Vec<u8>,
    held_at: DateTime<Utc>,
}

impl fmt::Debug for Anonymiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Anonymiser({:?})", self.framing)
    }
}

impl Anonymiser {
    /// For a recording of feed kind `feed`, see [`crate::feed::replay::kinds`]. The same `key` replaces alike in
    /// another recording; `region` is where numbers without a country code are read.
    #[must_use]
    pub fn new(feed: &str, key: Key, region: Option<Region>) -> Self {
        Anonymiser {
            framing: if feed == "ami" {
                Framing::Lines
            } else {
                Framing::Message
            },
            words: Words::new(key, region),
            held: Vec::new(),
            held_at: DateTime::UNIX_EPOCH,
        }
    }

    /// A key by chance, which nobody knows.
    #[must_use]
    pub fn new_key() -> Key {
        Key::new(rand::random())
    }

    /// A key from a secret that is kept.
    #[must_use]
    pub fn key_of(secret: &str) -> Key {
        Key::new(Sha256::digest(secret.as_bytes()).into())
    }

    /// What is written for `piece`; of a stream, all lines that are whole by now.
    pub fn piece(&mut self, piece: &Piece) -> Vec<Piece> {
        match self.framing {
            Framing::Message => vec![made(piece.at, self.message(&piece.bytes, piece.at))],
            Framing::Lines => self.lines(piece),
        }
    }

    /// What is held back: the beginning of a line.
    pub fn rest(&mut self) -> Option<Piece> {
        let held = std::mem::take(&mut self.held);
        (!held.is_empty()).then(|| made(self.held_at, self.line(&held, self.held_at)))
    }

    fn lines(&mut self, piece: &Piece) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if piece.bytes.starts_with(crate::feed::replay::BANNER) {
            // a new connection: the line that the old one broke off in has no end
            pieces.extend(self.rest());
        }
        self.held.extend_from_slice(&piece.bytes);
        self.held_at = piece.at;
        let end = match memchr::memrchr(b'\n', &self.held) {
            Some(end) => end + 1,
            None if self.held.len() > LONGEST_LINE => self.held.len(),
            None => return pieces,
        };
        let rest = self.held.split_off(end);
        let whole = std::mem::replace(&mut self.held, rest);
        let lines = whole.split_inclusive(|byte| *byte == b'\n');
        let bytes = lines.map(|line| self.line(line, piece.at)).collect::<Vec<_>>().concat();
        pieces.push(made(piece.at, bytes));
        pieces
    }

    fn line(&mut self, line: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        let text = String::from_utf8_lossy(line);
        let Some((name, value)) = text.split_once(':') else {
            return self.words.text(&text, at).into_bytes();
        };
        let start = value.len() - value.trim_start_matches(' ').len();
        let end = value.trim_end_matches(['\r', '\n']).len().max(start);
        let (before, value, after) = (&value[..start], &value[start..end], &value[end..]);
        let value = match what_is(name) {
            What::Stays => value.to_owned(),
            What::Name => self.words.name(value, at),
            What::Number => self.words.numbers(value, at),
            What::Text => self.words.text(value, at),
        };
        format!("{name}:{before}{value}{after}").into_bytes()
    }

    /// A message is a head and a body, or a body alone.
    fn message(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<u8> {
        let text = String::from_utf8_lossy(bytes);
        let cut = ["\r\n\r\n", "\n\n"]
            .iter()
            .find_map(|gap| Some(text.find(gap)? + gap.len()));
        let (head, body) = text.split_at(cut.unwrap_or(0));
        let form = head.to_ascii_lowercase().contains("application/x-www-form-urlencoded");
        let body = if form { self.form(body, at) } else { self.body(body, at) };
        let mut lines = head.split_inclusive('\n');
        let first = lines.next().map(|line| self.first_line(line, at));
        let rest = lines
            .map(|line| self.head_line(line, body.len(), at))
            .collect::<String>();
        let head = first.unwrap_or_default() + &rest;
        (head + &body).into_bytes()
    }

    /// `GET /in/x?from=…&name=… HTTP/1.1`: what is asked for may be all that is told.
    fn first_line(&mut self, line: &str, at: DateTime<Utc>) -> String {
        let asked = line
            .split_once('?')
            .and_then(|(path, rest)| Some((path, rest.split_once(' ')?)));
        match asked {
            Some((path, (query, version))) => {
                let path = self.words.numbers(path, at);
                format!("{path}?{} {version}", self.form(query, at))
            }
            None => self.words.numbers(line, at),
        }
    }

    /// The length that is said of the body is that of the new one.
    fn head_line(&mut self, line: &str, length: usize, at: DateTime<Utc>) -> String {
        match line.split_once(':') {
            Some((name, _)) if name.eq_ignore_ascii_case("content-length") => {
                let end = &line[line.trim_end_matches(['\r', '\n']).len()..];
                format!("{name}: {length}{end}")
            }
            Some((name, value))
                if ["call-id", "cseq", "via", "date", "user-agent"].contains(&name.to_ascii_lowercase().as_str()) =>
            {
                format!("{name}:{}", self.words.numbers(value, at))
            }
            _ => self.words.text(line, at),
        }
    }

    fn body(&mut self, body: &str, at: DateTime<Utc>) -> String {
        let end = &body[body.trim_end().len()..];
        match serde_json::from_str(body) {
            Ok(json @ (Value::Object(_) | Value::Array(_))) => self.json(json, "", at).to_string() + end,
            _ => self.words.text(body, at),
        }
    }

    fn json(&mut self, value: Value, key: &str, at: DateTime<Utc>) -> Value {
        match value {
            Value::String(text) => Value::String(self.value(key, &text, at)),
            Value::Array(values) => values.into_iter().map(|value| self.json(value, key, at)).collect(),
            Value::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| {
                    let value = self.json(value, &key, at);
                    (key, value)
                });
                Value::Object(fields.collect())
            }
            Value::Number(number) => self.json_number(number, key, at),
            other => other,
        }
    }

    /// A number of JSON may be one to call.
    fn json_number(&mut self, number: serde_json::Number, key: &str, at: DateTime<Utc>) -> Value {
        let text = number.to_string();
        let is_moment = key.to_ascii_lowercase().contains("time") || key.ends_with("_at") || key.ends_with("id");
        if is_moment {
            return Value::Number(number);
        }
        let other = self.words.numbers(&text, at);
        other.parse().map_or(Value::Number(number), Value::Number)
    }

    fn form(&mut self, body: &str, at: DateTime<Utc>) -> String {
        let Ok(pairs) = serde_urlencoded::from_str::<Vec<(String, String)>>(body) else {
            return self.words.text(body, at);
        };
        let pairs: Vec<(String, String)> = pairs
            .into_iter()
            .map(|(key, value)| {
                let value = self.value(&key, &value, at);
                (key, value)
            })
            .collect();
        serde_urlencoded::to_string(pairs).unwrap_or_default()
    }

    fn value(&mut self, key: &str, value: &str, at: DateTime<Utc>) -> String {
        let key = key.to_ascii_lowercase();
        let is_key = ["call", "leg", "consultation"].contains(&key.as_str()) || key.ends_with("id");
        if is_key && !key.contains("caller") && !self.words.is_number(value) {
            return value.to_owned();
        }
        if key.contains("name") && !key.contains("user") && !key.contains("agent") {
            self.words.name(value, at)
        } else {
            self.words.text(value, at)
        }
    }
}

/// What stands in a header of AMI.
#[derive(Clone, Copy)]
enum What {
    Stays,
    Name,
    Number,
    Text,
}

/// By the name of the header. Headers of both sides of a transfer have the same endings.
fn what_is(header: &str) -> What {
    let header = header.trim().to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| header.ends_with(ending));
    if ends(&[
        "event",
        "privilege",
        "timestamp",
        "uniqueid",
        "linkedid",
        "systemname",
        "actionid",
        "logintime",
        "lastcall",
        "lastpause",
        "starttime",
        "answertime",
        "endtime",
        "response",
    ]) {
        What::Stays
    } else if ends(&["calleridname", "connectedlinename", "callerid-name"]) || header == "membername" {
        What::Name
    } else if ends(&[
        "channel",
        "context",
        "exten",
        "interface",
        "state",
        "num",
        "queue",
        "device",
    ]) {
        What::Number
    } else {
        What::Text
    }
}

fn made(at: DateTime<Utc>, bytes: Vec<u8>) -> Piece {
    Piece {
        at,
        bytes: Arc::from(bytes),
    }
}
