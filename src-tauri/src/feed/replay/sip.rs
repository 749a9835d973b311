//! How recorded SIP messages are read again.

use chrono::{DateTime, Utc};

use super::Reader;
use crate::call::CallEvent;
use crate::feed::record::Reading;
use crate::feed::sip;

/// Reads SIP messages, one a piece.
#[derive(Debug)]
pub struct SipReader {
    reader: sip::Reader,
    messages: u64,
}

impl SipReader {
    /// Reads what the lines of `reading` were told, and what its user's second contact was offered.
    #[must_use]
    pub fn new(reading: &Reading) -> Self {
        let lines = reading.agents.as_deref().unwrap_or_default().split('|');
        let lines: Vec<String> = lines.filter(|line| !line.is_empty()).map(str::to_owned).collect();
        let user = reading.user.as_ref().or(lines.first()).cloned().unwrap_or_default();
        SipReader {
            reader: sip::Reader::new(&user, &lines),
            messages: 0,
        }
    }
}

impl Reader for SipReader {
    fn read(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<CallEvent> {
        self.messages += u64::from(sip::message::Message::parse(bytes).is_ok());
        self.reader.read(bytes, at)
    }

    fn messages(&self) -> u64 {
        self.messages
    }
}
