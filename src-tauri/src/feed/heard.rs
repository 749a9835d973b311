//! The last of what each feed received, kept for a short while: so that a trace can show what an event was read from.
//!
//! It holds what a recording would hold, and as little: no password that Ringside sent, no secret of a webhook. It
//! does not know what the bytes mean, only how a stream is cut into messages.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::{Piece, Tap};

/// How the bytes of a feed are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// A stream of header lines, each message ended by an empty one: AMI.
    Stream,
    /// A message a piece: SIP, a request of HTTP, a line of JSON.
    Message,
}

/// The most bytes that are held of one feed. Events are read within milliseconds of what they came in.
const HELD_BYTES: usize = 512 * 1024;
/// The most pieces that are held of one feed.
const HELD_PIECES: usize = 4096;
/// An empty line, as AMI ends a message.
const GAP: &[u8] = b"\r\n\r\n";

/// What the feeds received lately, by the name of the feed. Cheap to clone.
#[derive(Clone, Default)]
pub struct Heard(Arc<Mutex<HashMap<Arc<str>, Arc<Ring>>>>);

/// What one feed received lately.
#[derive(Debug)]
pub(super) struct Ring {
    framing: Framing,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    pieces: VecDeque<Piece>,
    bytes: usize,
}

/// What an event was read from, not yet looked into.
#[derive(Clone, Debug)]
pub struct Excerpt {
    framing: Framing,
    /// What came just before, in which a message of a stream may have begun.
    before: Option<Arc<[u8]>>,
    bytes: Arc<[u8]>,
}

impl Heard {
    /// A tap for the feed called `name`. What comes through it is held for a short while.
    #[must_use]
    pub fn tap(&self, name: &str, framing: Framing) -> Tap {
        let ring = Arc::new(Ring {
            framing,
            held: Mutex::default(),
        });
        let mut rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rings.insert(Arc::from(name), Arc::clone(&ring));
        Tap::into_ring(ring)
    }

    /// What `feed` received at exactly `at`, when it is still held.
    #[must_use]
    pub fn at(&self, feed: &str, at: DateTime<Utc>) -> Option<Excerpt> {
        let ring = {
            let rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(rings.get(feed)?)
        };
        ring.at(at)
    }

    /// When each feed that said anything yet said something last, by its name.
    #[must_use]
    pub fn last(&self) -> BTreeMap<Arc<str>, DateTime<Utc>> {
        let rings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let last = rings
            .iter()
            .filter_map(|(name, ring)| Some((Arc::clone(name), ring.last()?)));
        last.collect()
    }
}

impl fmt::Debug for Heard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Heard(…)")
    }
}

impl Ring {
    /// Holds a copy, and lets go of the oldest beyond the bounds.
    pub(super) fn take(&self, at: DateTime<Utc>, bytes: &[u8]) {
        let bytes: Arc<[u8]> = Arc::from(&bytes[..bytes.len().min(HELD_BYTES)]);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.bytes += bytes.len();
        held.pieces.push_back(Piece { at, bytes });
        while held.bytes > HELD_BYTES || held.pieces.len() > HELD_PIECES {
            let Some(oldest) = held.pieces.pop_front() else { break };
            held.bytes -= oldest.bytes.len();
        }
    }

    fn last(&self) -> Option<DateTime<Utc>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.pieces.back().map(|piece| piece.at)
    }

    fn at(&self, at: DateTime<Utc>) -> Option<Excerpt> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let place = held.pieces.iter().rposition(|piece| piece.at == at)?;
        let before = match self.framing {
            Framing::Stream => place.checked_sub(1).and_then(|before| held.pieces.get(before)),
            Framing::Message => None,
        };
        Some(Excerpt {
            framing: self.framing,
            before: before.map(|piece| Arc::clone(&piece.bytes)),
            bytes: Arc::clone(&held.pieces.get(place)?.bytes),
        })
    }
}

impl Excerpt {
    /// The messages that name one of `names`, or all of them when none does; at most `most` bytes of text, cut where
    /// needed. Bytes that are no UTF-8 become replacement characters, and control characters other than line ends
    /// are dropped.
    #[must_use]
    pub fn text(&self, names: &[&str], most: usize) -> String {
        let whole = self.whole();
        let messages = match self.framing {
            Framing::Stream => split(&whole),
            Framing::Message => vec![whole.as_slice()],
        };
        let names_one = |message: &&[u8]| {
            let mut names = names.iter().filter(|name| !name.is_empty());
            names.any(|name| memchr::memmem::find(message, name.as_bytes()).is_some())
        };
        let named: Vec<&[u8]> = messages.iter().copied().filter(names_one).collect();
        let chosen = if named.is_empty() { messages } else { named };
        let text = String::from_utf8_lossy(&chosen.join(&b"\n\n"[..])).replace("\r\n", "\n");
        let text: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .collect();
        cut(text.trim_end(), most)
    }

    /// With the beginning of the first message of a stream, when that came in the piece before.
    fn whole(&self) -> Vec<u8> {
        let head = self.before.as_deref().map_or(&[][..], |before| {
            let from = memchr::memmem::rfind(before, GAP).map_or(0, |gap| gap + GAP.len());
            &before[from..]
        });
        [head, &self.bytes].concat()
    }
}

fn split(bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    let mut from = 0;
    for gap in memchr::memmem::find_iter(bytes, GAP) {
        messages.push(&bytes[from..gap]);
        from = gap + GAP.len();
    }
    messages.push(&bytes[from..]);
    messages.retain(|message| !message.is_empty());
    messages
}

/// Cut between characters, with a sign that something is missing.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    format!("{}…", &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(millis: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(millis)
    }

    #[test]
    fn of_a_stream_only_the_messages_of_the_call_are_shown_also_one_that_came_in_two_pieces() {
        let heard = Heard::default();
        let tap = heard.tap("pbx", Framing::Stream);
        tap.take(at(1), b"Event: Old\r\nUniqueid: 7.1\r\n\r\nEvent: DialBegin\r\nDest");
        tap.take(
            at(2),
            b"Uniqueid: 7.3\r\n\r\nEvent: Other\r\nUniqueid: 9.9\r\n\r\nEvent: Newstate\r\nUniqueid: 7.3\r\n\r\nEvent: Be",
        );
        let excerpt = heard.at("pbx", at(2)).expect("held");
        assert_eq!(
            excerpt.text(&["7.3"], 1000),
            "Event: DialBegin\nDestUniqueid: 7.3\n\nEvent: Newstate\nUniqueid: 7.3"
        );
        assert!(
            excerpt.text(&["nobody"], 1000).contains("9.9"),
            "without a name, all is shown"
        );
    }

    #[test]
    fn a_message_stands_alone_and_what_was_never_heard_is_not_invented() {
        let heard = Heard::default();
        let tap = heard.tap("hook", Framing::Message);
        tap.take(at(1), b"POST /a HTTP/1.1\r\n\r\n{\"from\":1}");
        tap.take(at(2), b"POST /b HTTP/1.1\r\n\r\n{\"from\":2}");
        let text = heard.at("hook", at(2)).expect("held").text(&["no such key"], 1000);
        assert_eq!(text, "POST /b HTTP/1.1\n\n{\"from\":2}");
        assert!(heard.at("hook", at(3)).is_none());
        assert!(heard.at("other", at(2)).is_none());
    }

    #[test]
    fn of_each_feed_that_said_anything_it_is_known_when_it_did_so_last() {
        let heard = Heard::default();
        let (pbx, hook) = (heard.tap("pbx", Framing::Stream), heard.tap("hook", Framing::Message));
        let _silent = heard.tap("silent", Framing::Message);
        pbx.take(at(1), b"Event: A\r\n");
        hook.take(at(2), &vec![b'x'; 4 * HELD_BYTES]);
        pbx.take(at(3), b"Response: Success\r\n\r\n");
        let last: Vec<_> = heard.last().into_iter().collect();
        assert_eq!(last, [(Arc::from("hook"), at(2)), (Arc::from("pbx"), at(3))]);
    }

    #[test]
    fn what_is_held_is_bounded_whatever_comes() {
        let heard = Heard::default();
        let tap = heard.tap("pbx", Framing::Stream);
        let piece = vec![b'x'; 100_000];
        for millis in 0..100 {
            tap.take(at(millis), &piece);
        }
        assert!(heard.at("pbx", at(99)).is_some());
        assert!(heard.at("pbx", at(90)).is_none(), "ten pieces are more than is held");
        tap.take(at(200), &vec![b'y'; 4 * HELD_BYTES]);
        let text = heard.at("pbx", at(200)).expect("held").text(&[], 10);
        assert_eq!(text, "yyyyyyyyyy…");
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_as_text_without_control_characters() {
        let heard = Heard::default();
        heard
            .tap("sip", Framing::Message)
            .take(at(1), b"INVITE \x1b[2J\xff\xfe\0 ok\r\n\xc4\x8d");
        let text = heard.at("sip", at(1)).expect("held").text(&[], 1000);
        assert_eq!(text, "INVITE [2J\u{fffd}\u{fffd} ok\nč");
        let cut = heard.at("sip", at(1)).expect("held").text(&[], 12);
        assert!(cut.ends_with('…') && cut.len() <= 12 + '…'.len_utf8());
    }
}
