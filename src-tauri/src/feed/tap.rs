//! A copy of what a feed receives, for a recording.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

/// What a feed received at once: some bytes of a stream, one SIP message, or one HTTP request as text,
/// each as it came, before anything was read out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// When it was received.
    pub at: DateTime<Utc>,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Where a feed hands a copy of what it receives. Closed by default: then nothing is copied.
#[derive(Clone, Debug, Default)]
pub struct Tap(Option<mpsc::UnboundedSender<Piece>>);

impl Tap {
    /// An open tap, and what comes out of it.
    #[must_use]
    pub fn open() -> (Self, mpsc::UnboundedReceiver<Piece>) {
        let (into, out) = mpsc::unbounded_channel();
        (Tap(Some(into)), out)
    }

    /// Whether anybody records. Where a copy costs work, it is asked first.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Takes a copy.
    pub fn take(&self, at: DateTime<Utc>, bytes: &[u8]) {
        if let Some(into) = &self.0 {
            let bytes = Arc::from(bytes);
            // whoever recorded has stopped: then nobody wants the copy
            let _ = into.send(Piece { at, bytes });
        }
    }
}
