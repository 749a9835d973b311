//! How the bytes of an Asterisk manager are read again.

use std::io::Read;

use chrono::{DateTime, Utc};

use super::{Events, Reader, Recording, RecordingError};
use crate::call::CallEvent;
use crate::feed::ami::wire::Wire;
use crate::feed::ami::{Dialplan, Translator};

/// What a connection to the manager begins with.
pub(in crate::feed) const BANNER: &[u8] = b"Asterisk Call Manager/";

/// Reads what a manager client received, over any number of connections.
#[derive(Debug)]
pub struct AmiReader {
    wire: Wire,
    translator: Translator,
    /// While the manager lists its channels: those that it has.
    listed: Option<Vec<String>>,
    events: u64,
}

impl AmiReader {
    /// Reads the bytes of an Asterisk with this dialplan.
    #[must_use]
    pub fn new(dialplan: Dialplan) -> Self {
        AmiReader {
            wire: Wire::default(),
            translator: Translator::new(dialplan),
            listed: None,
            events: 0,
        }
    }
}

impl Reader for AmiReader {
    /// As [`crate::feed::ami::Session`] reads them: a banner begins a new connection, and the list of channels that
    /// is asked for after log-in ends the calls that it does not have.
    fn read(&mut self, bytes: &[u8], _at: DateTime<Utc>) -> Vec<CallEvent> {
        if bytes.starts_with(BANNER) {
            self.wire = Wire::default();
        }
        self.wire.push(bytes);
        let mut events = Vec::new();
        while let Some(message) = self.wire.message() {
            let event = message.raw("Event");
            self.events += u64::from(event.is_some());
            match (event, &mut self.listed) {
                (None, _) if message.raw("ActionID") == Some(b"channels") => self.listed = Some(Vec::new()),
                (Some(b"CoreShowChannel" | b"Newchannel"), Some(listed)) => {
                    listed.extend(message.get("Uniqueid").map(std::borrow::Cow::into_owned));
                }
                (Some(b"CoreShowChannelsComplete"), listed) => {
                    if let Some(live) = listed.take() {
                        events.extend(self.translator.resync(&live).0);
                    }
                }
                _ => {}
            }
            events.extend(self.translator.handle(&message));
        }
        events
    }

    fn messages(&self) -> u64 {
        self.events
    }
}

/// The call events in the bare bytes that a manager client received.
pub struct AmiRecording<R>(Events<R>);

impl<R: Read> AmiRecording<R> {
    /// Reads `input` to its end, a message at a time.
    pub fn new(input: R, dialplan: Dialplan) -> Self {
        let reader = Box::new(AmiReader::new(dialplan));
        AmiRecording(Events::new(Recording::bare(input), reader))
    }
}

impl<R: Read> Iterator for AmiRecording<R> {
    type Item = Result<(DateTime<Utc>, CallEvent), RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
