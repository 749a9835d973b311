//! How recorded requests of a webhook are read again.

use chrono::{DateTime, Utc};

use super::Reader;
use crate::call::{CallEvent, Line};
use crate::feed::record::Reading;
use crate::feed::webhook::{self, Names, Numbers, Preset, Request};

/// Reads requests of one preset, one a piece.
#[derive(Debug)]
pub struct WebhookReader {
    reader: webhook::Reader,
    requests: u64,
}

impl WebhookReader {
    /// Reads requests of `preset`; where they name nobody, the phones of `reading` ring.
    #[must_use]
    pub fn new(preset: Preset, reading: &Reading) -> Self {
        let lines = reading.agents.as_deref().unwrap_or_default().split('|');
        let is_line = |line: &&str| !line.is_empty() && line.chars().all(char::is_alphanumeric);
        let users = reading.users.iter();
        let names = Names {
            agents: users.map(|(name, line)| (name.clone(), Line(line.clone()))).collect(),
            unnamed: lines.filter(is_line).map(|line| Line(line.to_owned())).collect(),
            numbers: if reading.as_dialled {
                Numbers::AsDialled
            } else {
                Numbers::CountryCode
            },
        };
        WebhookReader {
            reader: webhook::Reader::new(preset, names),
            requests: 0,
        }
    }
}

impl Reader for WebhookReader {
    fn read(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<CallEvent> {
        self.requests += u64::from(Request::from_text(bytes).is_ok());
        self.reader.read(bytes, at)
    }

    fn messages(&self) -> u64 {
        self.requests
    }
}
