//! A recording of a phone system: what it sent, byte for byte, and when. One text file.
//!
//! The first line is the [`Header`] as JSON; then one JSON line a [`Piece`], `{"at":…,"text":…}`, or `"base64"`
//! where the bytes are no UTF-8. It does not know what the bytes mean; only [`anonymise`] looks into them.
//! A recording has nothing in it that Ringside sent, so no password is in it.

pub mod anonymise;
mod names;
mod scramble;
mod text;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};

use super::Piece;
use anonymise::Anonymiser;

/// The version of the format that is written and read.
pub const FORMAT: u32 = 1;

/// The first line of a recording: what was recorded, and what must be known to read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the format.
    pub ringside_recording: u32,
    /// Whose bytes these are: `ami`, `sip`, `simulated`, or a preset of webhooks such as `zammad`.
    pub feed: String,
    /// Name of the feed in the configuration.
    pub name: String,
    /// When the recording began.
    #[serde(serialize_with = "micros")]
    pub started: DateTime<Utc>,
    /// The Ringside that recorded it.
    pub version: String,
    /// Whether numbers and names are scrambled.
    #[serde(default)]
    pub anonymised: bool,
    /// How the feed reads what it receives.
    #[serde(flatten)]
    pub reading: Reading,
}

/// The settings of a feed that its bytes are read with, so that a recording needs nothing beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Regular expression for the names of our phones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agents: Option<String>,
    /// Whose second contact is offered calls, at a phone system that speaks SIP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Contexts of the dialplan that are a voice mailbox.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voicemail: Option<Vec<String>>,
    /// The phone system's names for its users, and their extensions.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, String>,
    /// Whether numbers come as people dial them, and not with the country code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub as_dialled: bool,
}

impl Header {
    /// The header of a recording of feed `name` that begins now.
    #[must_use]
    pub fn new(feed: &str, name: &str, reading: Reading, started: DateTime<Utc>) -> Self {
        Header {
            ringside_recording: FORMAT,
            feed: feed.to_owned(),
            name: name.to_owned(),
            started,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            anonymised: false,
            reading,
        }
    }
}

/// One line of a recording.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Line {
    #[serde(serialize_with = "micros")]
    at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
}

impl Line {
    fn of(piece: &Piece) -> Self {
        let text = std::str::from_utf8(&piece.bytes).ok().map(str::to_owned);
        let base64 = text.is_none().then(|| BASE64_STANDARD.encode(&piece.bytes));
        Line {
            at: piece.at,
            text,
            base64,
        }
    }

    /// The piece in this line; the error is a word on what is wrong with it.
    pub(super) fn piece(self) -> Result<Piece, String> {
        let bytes = match (self.text, self.base64) {
            (Some(text), None) => Arc::from(text.into_bytes()),
            (None, Some(base64)) => Arc::from(BASE64_STANDARD.decode(base64).map_err(|error| error.to_string())?),
            _ => return Err("a piece has either `text` or `base64`".to_owned()),
        };
        Ok(Piece { at: self.at, bytes })
    }
}

/// Writes a recording. Every piece is handed to the system before the next is taken, so that a crash of Ringside
/// costs at most the last line.
pub struct Recorder<W> {
    out: W,
    anonymiser: Option<Anonymiser>,
    /// How many pieces were written.
    pub pieces: u64,
}

impl<W: Write> Recorder<W> {
    /// Writes the header. With an `anonymiser`, nothing is written that did not go through it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn new(mut out: W, mut header: Header, anonymiser: Option<Anonymiser>) -> io::Result<Self> {
        header.anonymised |= anonymiser.is_some();
        write_line(&mut out, &header)?;
        Ok(Recorder {
            out,
            anonymiser,
            pieces: 0,
        })
    }

    /// Writes what was received.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn take(&mut self, piece: &Piece) -> io::Result<()> {
        let Some(anonymiser) = &mut self.anonymiser else {
            return self.write(piece);
        };
        for piece in anonymiser.piece(piece) {
            self.write(&piece)?;
        }
        Ok(())
    }

    /// Writes what the anonymiser held back, the beginning of a line whose end did not come, and gives the file back.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        if let Some(rest) = self.anonymiser.as_mut().and_then(Anonymiser::rest) {
            self.write(&rest)?;
        }
        Ok(self.out)
    }

    /// The file.
    pub fn file(&self) -> &W {
        &self.out
    }

    fn write(&mut self, piece: &Piece) -> io::Result<()> {
        self.pieces += 1;
        write_line(&mut self.out, &Line::of(piece))
    }
}

/// One write a line, so that no line is cut as long as the disk has room.
fn write_line(out: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    out.write_all(&text)?;
    out.flush()
}

fn micros<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Micros, true))
}
