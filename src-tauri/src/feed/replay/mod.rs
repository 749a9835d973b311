//! A recording of a phone system, read again: as fast as possible, or as a feed at the speed of then.
//!
//! Reading is the same as when it happened: each kind of feed gives its [`Reader`], without a socket. It does not
//! know what a call is; it hands on events with the time they were heard.

mod ami;
mod live;
mod recording;
mod sip;
mod webhook;

use std::collections::VecDeque;
use std::io::Read;

use chrono::{DateTime, Utc};

pub(super) use ami::BANNER;
pub use ami::{AmiReader, AmiRecording};
pub use live::{Replay, Speed};
pub use recording::{Recording, RecordingError};
pub use sip::SipReader;
pub use webhook::WebhookReader;

use super::ami::Dialplan;
use super::record::Reading;
use super::simulated::SimulatedReader;
use super::webhook::Preset;
use crate::call::CallEvent;

/// How the bytes of one kind of feed are read, without a socket and without a clock.
pub trait Reader: Send {
    /// The events in what was received at `at`. What is whole only with the next piece is kept until then.
    fn read(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<CallEvent>;

    /// How many messages of this kind of feed were found so far, of whatever meaning. None: these are other bytes.
    fn messages(&self) -> u64;
}

/// The kinds of feeds that can be read, as the header of a recording names them.
pub fn kinds() -> impl Iterator<Item = &'static str> {
    let presets = Preset::all().iter().map(|preset| preset.name());
    ["ami", "sip", "simulated"].into_iter().chain(presets)
}

/// The phones of which nobody said anything: two to six digits.
pub const ANY_EXTENSION: &str = r"\d{2,6}";

/// The context that is a voice mailbox when nobody said anything.
pub const VOICEMAIL: &str = "voicemail";

/// Why a kind of feed cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// It is not known.
    #[error("a recording of `{0}` cannot be read by this Ringside, only of {kinds}", kinds = kinds().collect::<Vec<_>>().join(", "))]
    Kind(String),
    /// The pattern for our phones is none.
    #[error("{pattern} is neither a list of extensions nor a regular expression: {source}")]
    Agents {
        /// What was given.
        pattern: String,
        /// Why.
        source: regex::Error,
    },
}

/// The reader of feed kind `feed`, which is one of [`kinds`].
///
/// # Errors
/// When there is no such kind, or the settings cannot be used.
pub fn reader(feed: &str, reading: &Reading) -> Result<Box<dyn Reader>, ReaderError> {
    match feed {
        "ami" => Ok(Box::new(AmiReader::new(dialplan(reading)?))),
        "sip" => Ok(Box::new(SipReader::new(reading))),
        "simulated" => Ok(Box::new(SimulatedReader::default())),
        other => match Preset::all().iter().find(|preset| preset.name() == other) {
            Some(preset) => Ok(Box::new(WebhookReader::new(*preset, reading))),
            None => Err(ReaderError::Kind(other.to_owned())),
        },
    }
}

fn dialplan(reading: &Reading) -> Result<Dialplan, ReaderError> {
    let pattern = reading.agents.as_deref().unwrap_or(ANY_EXTENSION);
    let voicemail = reading.voicemail.clone();
    let voicemail = voicemail.unwrap_or_else(|| vec![VOICEMAIL.to_owned()]);
    Dialplan::new(pattern, voicemail).map_err(|source| ReaderError::Agents {
        pattern: pattern.to_owned(),
        source,
    })
}

/// The events of a recording with the times at which they were heard.
pub struct Events<R> {
    recording: Recording<R>,
    reader: Box<dyn Reader>,
    ready: VecDeque<(DateTime<Utc>, CallEvent)>,
}

impl<R: Read> Events<R> {
    /// Reads `recording` to its end, a piece at a time.
    #[must_use]
    pub fn new(recording: Recording<R>, reader: Box<dyn Reader>) -> Self {
        Events {
            recording,
            reader,
            ready: VecDeque::new(),
        }
    }

    /// How many messages were found so far; none at the end means that the bytes are of another kind of feed.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.reader.messages()
    }

    /// Whether the last line was cut and left out.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.recording.is_cut()
    }
}

impl<R: Read> Iterator for Events<R> {
    type Item = Result<(DateTime<Utc>, CallEvent), RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            match self.recording.piece() {
                Ok(Some(piece)) => {
                    let events = self.reader.read(&piece.bytes, piece.at);
                    self.ready.extend(events.into_iter().map(|event| (piece.at, event)));
                }
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
