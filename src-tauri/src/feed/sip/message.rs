//! One SIP message (RFC 3261), asked by header name, and the cutting of a stream into messages.
//!
//! The grammar is `rsipstack`'s. Three things are mended before it is asked: a header that is not UTF-8 is read
//! as Latin-1 (else all headers after it would be lost), a datagram without Content-Length has its body to the
//! end (RFC 3261, 18.3), and a body shorter than announced is an error. It does not know what a message means.

use std::borrow::Cow;

use rsipstack::sip::parser::parse_message;
use rsipstack::sip::{HasHeaders, SipMessage};

/// Longest message that is read, in bytes: the dialogs of a busy line are some kilobytes.
pub const LONGEST: usize = 512 * 1024;

/// Why bytes are no SIP message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// No empty line between head and body.
    #[error("no SIP message: its head does not end")]
    NoEnd,
    /// Longer than [`LONGEST`].
    #[error("a message of more than {LONGEST} bytes is not read")]
    TooLong,
    /// The body is shorter than Content-Length says.
    #[error("the message is cut off: {has} of {announced} bytes of its body are there")]
    Truncated {
        /// Bytes there.
        has: usize,
        /// Bytes announced.
        announced: usize,
    },
    /// The first line or a header is against the grammar.
    #[error("no SIP message: {0}")]
    Grammar(String),
}

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// A request.
    Request {
        /// Its method, in capitals.
        method: String,
        /// The Request-URI.
        uri: String,
    },
    /// An answer to a request.
    Response {
        /// 100 to 699.
        code: u16,
        /// The words after the code.
        reason: String,
    },
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The first line.
    pub start: Start,
    headers: Vec<(String, String)>,
    /// What follows the head.
    pub body: Vec<u8>,
}

impl Message {
    /// Reads one whole message.
    ///
    /// # Errors
    /// When the bytes are none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Malformed> {
        if bytes.len() > LONGEST {
            return Err(Malformed::TooLong);
        }
        let end = memchr::memmem::find(bytes, b"\r\n\r\n").ok_or(Malformed::NoEnd)? + 4;
        let head = readable(&bytes[..end]);
        let parsed = parse_message(&head).map_err(|error| Malformed::Grammar(short(&error.to_string())))?;
        let mut message = Message::from(parsed);
        message.body = body(&message, &bytes[end..])?.to_vec();
        Ok(message)
    }

    /// The same without its body.
    #[must_use]
    pub fn without_body(&self) -> Self {
        Message {
            start: self.start.clone(),
            headers: self.headers.clone(),
            body: Vec::new(),
        }
    }

    /// The method of a request.
    #[must_use]
    pub fn method(&self) -> Option<&str> {
        match &self.start {
            Start::Request { method, .. } => Some(method),
            Start::Response { .. } => None,
        }
    }

    /// The code of a response.
    #[must_use]
    pub fn code(&self) -> Option<u16> {
        match &self.start {
            Start::Response { code, .. } => Some(*code),
            Start::Request { .. } => None,
        }
    }

    /// The first header of that name; names are the long ones of RFC 3261, in any case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        let known = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        self.headers.iter().find(known).map(|(_, value)| value.as_str())
    }

    /// All headers of that name, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Number and method of `CSeq`.
    #[must_use]
    pub fn cseq(&self) -> Option<(u32, &str)> {
        let (number, method) = self.get("CSeq")?.split_once([' ', '\t'])?;
        Some((number.trim().parse().ok()?, method.trim()))
    }

    /// The `branch` of the topmost `Via`.
    #[must_use]
    pub fn branch(&self) -> Option<&str> {
        param(first_of_list(self.get("Via")?), "branch")
    }

    /// The `tag` of `From` or `To`.
    #[must_use]
    pub fn tag(&self, header: &str) -> Option<&str> {
        let value = self.get(header)?;
        // a tag is a parameter of the header, never of the URI within the brackets
        let after = value.rfind('>').map_or(value, |end| &value[end..]);
        param(after, "tag").filter(|tag| !tag.is_empty())
    }

    /// A header that is a number of seconds, perhaps with parameters.
    #[must_use]
    pub fn seconds(&self, header: &str) -> Option<i64> {
        let value = self.get(header)?;
        let digits = value.split([';', ' ', '(']).next()?.trim();
        digits.parse::<u32>().ok().map(i64::from)
    }
}

impl From<SipMessage> for Message {
    fn from(parsed: SipMessage) -> Self {
        let flat = |headers: &rsipstack::sip::Headers| {
            let pair = |header: &rsipstack::sip::Header| (header.name().to_owned(), header.value().trim().to_owned());
            headers.iter().map(pair).collect()
        };
        match parsed {
            SipMessage::Request(request) => Message {
                start: Start::Request {
                    method: request.method.to_string().to_ascii_uppercase(),
                    uri: request.uri.to_string(),
                },
                headers: flat(request.headers()),
                body: request.body,
            },
            SipMessage::Response(response) => Message {
                start: Start::Response {
                    code: response.status_code.code(),
                    reason: response
                        .wire_reason
                        .clone()
                        .unwrap_or_else(|| response.status_code.text().to_owned()),
                },
                headers: flat(response.headers()),
                body: response.body,
            },
        }
    }
}

/// The value of a `;name=value` parameter of a header, without quotes.
pub(super) fn param<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    value.split(';').skip(1).find_map(|part| {
        let (known, value) = part.split_once('=').unwrap_or((part, ""));
        known
            .trim()
            .eq_ignore_ascii_case(name)
            .then(|| value.trim().trim_matches('"'))
    })
}

/// A stream (TCP, TLS) cut into messages by Content-Length (RFC 3261, 18.3).
#[derive(Debug, Default)]
pub struct Frames {
    buffer: Vec<u8>,
}

impl Frames {
    /// Takes in what was received.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The bytes of the next whole message; `None` until it is there. Empty lines between messages are
    /// keep-alives (RFC 5626, 3.5.1) and left out.
    ///
    /// # Errors
    /// When the stream is out of step: nothing after this can be read.
    pub fn take(&mut self) -> Result<Option<Vec<u8>>, Malformed> {
        let blank = self
            .buffer
            .iter()
            .take_while(|byte| matches!(byte, b'\r' | b'\n'))
            .count();
        self.buffer.drain(..blank);
        let Some(end) = memchr::memmem::find(&self.buffer, b"\r\n\r\n") else {
            return if self.buffer.len() > LONGEST {
                Err(Malformed::TooLong)
            } else {
                Ok(None)
            };
        };
        let length = announced(&readable(&self.buffer[..end]))?;
        let whole = (end + 4).checked_add(length).filter(|whole| *whole <= LONGEST);
        let whole = whole.ok_or(Malformed::TooLong)?;
        Ok((self.buffer.len() >= whole).then(|| self.buffer.drain(..whole).collect()))
    }
}

/// The Content-Length of a head; none is none of a body.
fn announced(head: &[u8]) -> Result<usize, Malformed> {
    let text = String::from_utf8_lossy(head);
    let value = text.lines().skip(1).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        (name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("l")).then(|| value.trim())
    });
    value.map_or(Ok(0), |value| {
        value
            .parse()
            .map_err(|_| Malformed::Grammar("Content-Length is no number".to_owned()))
    })
}

fn body<'a>(message: &Message, rest: &'a [u8]) -> Result<&'a [u8], Malformed> {
    let Some(length) = message.get("Content-Length") else {
        return Ok(rest);
    };
    let announced: usize = length
        .parse()
        .map_err(|_| Malformed::Grammar("Content-Length is no number".to_owned()))?;
    rest.get(..announced).ok_or(Malformed::Truncated {
        has: rest.len(),
        announced,
    })
}

/// The head in UTF-8: a line that is not is taken for Latin-1, as older phone systems write names.
fn readable(head: &[u8]) -> Cow<'_, [u8]> {
    if std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(head);
    }
    let mut text = String::with_capacity(head.len() + 16);
    for line in head.split_inclusive(|byte| *byte == b'\n') {
        match std::str::from_utf8(line) {
            Ok(line) => text.push_str(line),
            Err(_) => text.extend(line.iter().map(|byte| char::from(*byte))),
        }
    }
    Cow::Owned(text.into_bytes())
}

fn first_of_list(value: &str) -> &str {
    super::address::list(value).into_iter().next().unwrap_or(value)
}

/// What a stranger sent, short and without control characters, for a message.
pub(super) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
