//! Simulated events as bytes, for a recording: one JSON line an event.

use chrono::{DateTime, Utc};

use crate::call::CallEvent;
use crate::feed::replay::Reader;

/// Reads events that were written as JSON lines. A line that is none is left out.
#[derive(Debug, Default)]
pub struct SimulatedReader {
    events: u64,
}

impl Reader for SimulatedReader {
    fn read(&mut self, bytes: &[u8], _at: DateTime<Utc>) -> Vec<CallEvent> {
        let lines = bytes.split(|byte| *byte == b'\n');
        let events: Vec<CallEvent> = lines.filter_map(|line| serde_json::from_slice(line).ok()).collect();
        self.events += events.len() as u64;
        events
    }

    fn messages(&self) -> u64 {
        self.events
    }
}

/// One event as a line.
pub(super) fn line(event: &CallEvent) -> Vec<u8> {
    let mut line = serde_json::to_vec(event).unwrap_or_default();
    line.push(b'\n');
    line
}
