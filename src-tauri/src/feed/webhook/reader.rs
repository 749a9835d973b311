//! Recorded requests, read again. They were verified when they were received; a recording has no secrets.
//!
//! Pure. It does not know files.

use chrono::{DateTime, Utc};

use super::calls::Calls;
use super::dialect::Dialect;
use super::names::Names;
use super::refusal::Refusal;
use super::request::Request;
use crate::call::CallEvent;

/// Reads requests of one format.
#[derive(Debug)]
pub struct Reader {
    dialect: Dialect,
    calls: Calls,
}

impl Reader {
    /// Nothing read yet.
    #[must_use]
    pub fn new(dialect: impl Into<Dialect>, names: Names) -> Self {
        Reader {
            dialect: dialect.into(),
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
        let format = self.dialect.format();
        let told = format.read(&format.fields(request)?)?;
        Ok(told.iter().flat_map(|told| self.calls.tell(told, at)).collect())
    }
}
