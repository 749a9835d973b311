//! Sends what is to be written back into the sources, on a thread of its own: when it has settled, again when it failed, and
//! when a person says so.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::post::Post;
use crate::journal::{Journal, JournalError, OutboxEntry, OutboxId};
use crate::pop::view::UnwrittenView;
use crate::store::OpenError;
use crate::vault::MasterKey;
use crate::words::Saying;

/// How often it is looked for entries, which the desk writes without a word.
const LOOK: Duration = Duration::from_secs(5);
/// Entries that are shown.
const SHOWN: u32 = 100;

/// A word with whoever sends what is to be written. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbox {
    asks: Sender<Ask>,
    views: Arc<Mutex<Vec<UnwrittenView>>>,
    stopped: Arc<AtomicBool>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// Why a person's word about an entry was not kept.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NotDone {
    /// There is no such entry any more.
    NoSuchEntry,
    /// The journal could not be written.
    Journal(#[from] JournalError),
    /// Ringside is ending.
    Ending,
}

impl NotDone {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NotDone::NoSuchEntry => Saying::of("refused.not_unwritten"),
            NotDone::Journal(_) => Saying::of("refused.journal_not_written"),
            NotDone::Ending => Saying::of("refused.ending"),
        }
    }
}

/// What a person says of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// Try again now.
    Again,
    /// It need not be written.
    Drop,
}

enum Ask {
    Say(OutboxId, Word, Sender<Result<(), NotDone>>),
    Stop,
}

impl Outbox {
    /// Begins to send what the journal at `path` has to be written.
    ///
    /// # Errors
    /// When the journal cannot be opened or the system gives no thread.
    pub fn start(
        path: &Path,
        key: &MasterKey,
        post: impl FnOnce(Journal, Arc<AtomicBool>) -> Post,
    ) -> Result<Self, OpenError> {
        let (asks, asked) = mpsc::channel();
        let views = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let mut sender = Sending {
            post: post(Journal::open(path, key)?, Arc::clone(&stopped)),
            views: Arc::clone(&views),
            asked,
        };
        let thread = std::thread::Builder::new().name("outbox".to_owned());
        let thread = thread.spawn(move || sender.run()).map_err(|error| {
            tracing::error!(%error, "nothing is written back into the sources: the system gives no thread");
        });
        Ok(Outbox {
            asks,
            views,
            stopped,
            thread: Arc::new(Mutex::new(thread.ok())),
        })
    }

    /// What the sources do not have yet, what waits for a person first.
    #[must_use]
    pub fn views(&self) -> Vec<UnwrittenView> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps what a person says of an entry; it is on the disk on return.
    ///
    /// # Errors
    /// See [`NotDone`].
    pub fn say(&self, id: OutboxId, word: Word) -> Result<(), NotDone> {
        let (reply, answer) = mpsc::channel();
        self.asks.send(Ask::Say(id, word, reply)).map_err(|_| NotDone::Ending)?;
        answer.recv().map_err(|_| NotDone::Ending)?
    }

    /// Stops between two entries. What is on its way is waited for.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ended = self.asks.send(Ask::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!(
                "what writes into the sources ended in a panic; what was not written is tried at the next start"
            );
        }
    }
}

/// The thread.
struct Sending {
    post: Post,
    views: Arc<Mutex<Vec<UnwrittenView>>>,
    asked: Receiver<Ask>,
}

impl Sending {
    fn run(&mut self) {
        loop {
            if let Err(error) = self.post.turn(Utc::now()) {
                tracing::error!(%error, "what is to be written into the sources could not be looked at");
            }
            self.show();
            match self.asked.recv_timeout(LOOK) {
                Ok(Ask::Say(id, word, reply)) => {
                    // whoever asked may be gone: then nobody waits for the answer
                    let _gone = reply.send(say(self.post.journal(), id, word, Utc::now()));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Ask::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn show(&mut self) {
        match self.post.journal().outbox(SHOWN) {
            Ok(entries) => {
                let views = entries.into_iter().map(view).collect();
                *self.views.lock().unwrap_or_else(PoisonError::into_inner) = views;
            }
            Err(error) => tracing::error!(%error, "what is to be written into the sources could not be read"),
        }
    }
}

/// Keeps what a person says of an entry.
///
/// # Errors
/// See [`NotDone`].
pub fn say(journal: &mut Journal, id: OutboxId, word: Word, now: DateTime<Utc>) -> Result<(), NotDone> {
    let done = match word {
        Word::Again => journal.outbox_again(id, now)?,
        Word::Drop => journal.outbox_drop(id)?,
    };
    if done { Ok(()) } else { Err(NotDone::NoSuchEntry) }
}

/// What is shown of an entry.
#[must_use]
pub fn view(entry: OutboxEntry) -> UnwrittenView {
    UnwrittenView {
        id: entry.id.0,
        customer: entry.customer().0,
        call: entry.call.0,
        name: entry.name,
        source: entry.source,
        began: entry.started,
        is_there: entry.entry.is_some(),
        trouble: entry.trouble,
        waits_for_you: entry.refused,
        next: (!entry.refused).then_some(entry.due),
    }
}

/// Waits so long, or until it is to stop.
pub(super) fn wait(time: Duration, stopped: &AtomicBool) {
    let end = Instant::now() + time;
    while !stopped.load(Ordering::Relaxed) {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::park_timeout(left.min(Duration::from_millis(200)));
    }
}
