//! A copy of what a feed receives, for a recording or for the trace of a call.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;

use super::heard::Ring;

/// What a feed received at once: some bytes of a stream, one SIP message, or one HTTP request as text,
/// each as it came, before anything was read out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// When it was received.
    pub at: DateTime<Utc>,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Where a feed hands a copy of what it receives, with the time that its signals carry. Closed by default: then
/// nothing is copied.
#[derive(Clone, Debug, Default)]
pub struct Tap(Option<Into>);

#[derive(Clone, Debug)]
enum Into {
    /// All of it.
    Recording(mpsc::UnboundedSender<Piece>),
    /// The last of it.
    Ring(Arc<Ring>),
}

impl Tap {
    /// An open tap, and what comes out of it.
    #[must_use]
    pub fn open() -> (Self, mpsc::UnboundedReceiver<Piece>) {
        let (into, out) = mpsc::unbounded_channel();
        (Tap(Some(Into::Recording(into))), out)
    }

    /// A tap of which only the last is held.
    pub(super) fn into_ring(ring: Arc<Ring>) -> Self {
        Tap(Some(Into::Ring(ring)))
    }

    /// Whether anybody takes a copy. Where a copy costs work, it is asked first.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Takes a copy.
    pub fn take(&self, at: DateTime<Utc>, bytes: &[u8]) {
        match &self.0 {
            None => {}
            Some(Into::Recording(into)) => {
                let bytes = Arc::from(bytes);
                // whoever recorded has stopped: then nobody wants the copy
                let _ = into.send(Piece { at, bytes });
            }
            Some(Into::Ring(ring)) => ring.take(at, bytes),
        }
    }
}
