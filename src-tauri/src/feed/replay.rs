//! A recording of a phone system, as fast as it can be read.
//!
//! The time of each event is the recording's own: the `Timestamp:` header that Asterisk adds with
//! `timestampevents=yes`. An event without one has the time of the event before it.

use std::collections::VecDeque;
use std::io::{self, Read};

use chrono::{DateTime, Utc};

use super::ami::wire::{Message, Wire};
use super::ami::{Dialplan, Translator};
use crate::call::CallEvent;

/// The call events in the bytes that an AMI client received.
#[derive(Debug)]
pub struct AmiRecording<R> {
    reader: R,
    wire: Wire,
    translator: Translator,
    at: DateTime<Utc>,
    ready: VecDeque<(DateTime<Utc>, CallEvent)>,
    buffer: Vec<u8>,
    /// How many AMI events were read, of whatever class.
    pub events_read: u64,
}

impl<R: Read> AmiRecording<R> {
    /// Reads `reader` to its end, a piece at a time.
    pub fn new(reader: R, dialplan: Dialplan) -> Self {
        AmiRecording {
            reader,
            wire: Wire::default(),
            translator: Translator::new(dialplan),
            at: DateTime::UNIX_EPOCH,
            ready: VecDeque::new(),
            buffer: vec![0; 256 * 1024],
            events_read: 0,
        }
    }

    fn read_more(&mut self) -> io::Result<bool> {
        let read = self.reader.read(&mut self.buffer)?;
        self.wire.push(&self.buffer[..read]);
        while let Some(message) = self.wire.message() {
            self.events_read += u64::from(message.raw("Event").is_some());
            self.at = timestamp(&message).unwrap_or(self.at);
            let events = self.translator.handle(&message);
            self.ready.extend(events.into_iter().map(|event| (self.at, event)));
        }
        Ok(read > 0)
    }
}

impl<R: Read> Iterator for AmiRecording<R> {
    type Item = io::Result<(DateTime<Utc>, CallEvent)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(Ok(event));
            }
            match self.read_more() {
                Ok(true) => {}
                Ok(false) if self.ready.is_empty() => return None,
                Ok(false) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// Seconds since 1970 with six decimals.
fn timestamp(message: &Message<'_>) -> Option<DateTime<Utc>> {
    let text = message.get("Timestamp")?;
    let (seconds, micros) = text.split_once('.').unwrap_or((&text, "0"));
    let nanos = format!("{micros:0<9}").get(..9)?.parse().ok()?;
    DateTime::from_timestamp(seconds.parse().ok()?, nanos)
}
