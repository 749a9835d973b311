//! Recorded requests, read again. They were verified when they were received; a recording has no secrets.
//!
//! Pure. It does not know files.

use chrono::{DateTime, Utc};

use super::calls::Calls;
use super::names::Names;
use super::preset::{Format, Preset};
use super::refusal::Refusal;
use super::request::Request;
use crate::call::CallEvent;

/// Reads requests of one format.
#[derive(Debug)]
pub struct Reader {
    format: &'static dyn Format,
    calls: Calls,
}

impl Reader {
    /// Nothing read yet.
    #[must_use]
    pub fn new(preset: Preset, names: Names) -> Self {
        Reader {
            format: preset.format(),
            calls: Calls::new(names),
        }
    }

    /// The events of one request, given as HTTP/1.1 text and received at `at`. What cannot be read says nothing.
    pub fn read(&mut self, bytes: &[u8], at: DateTime<Utc>) -> Vec<CallEvent> {
        let Ok(request) = Request::from_text(bytes) else {
            tracing::debug!("a recorded request cannot be read");
            return Vec::new();
        };
        self.take(&request, at).unwrap_or_else(|refusal| {
            tracing::debug!(%refusal, "a recorded request says nothing");
            Vec::new()
        })
    }

    fn take(&mut self, request: &Request, at: DateTime<Utc>) -> Result<Vec<CallEvent>, Refusal> {
        let told = self.format.read(&request.fields()?)?;
        Ok(told.iter().flat_map(|told| self.calls.tell(told, at)).collect())
    }
}
