//! When a caller waited: while nobody talked to them, in a queue or because a phone of ours rang.

use chrono::{DateTime, Utc};

use super::event::{Direction, Line, QueueOutcome};
use super::story::{Call, Leg};

/// Waits that are kept of one call; of a feed gone wild nothing is kept beyond them.
const MOST: usize = 400;

/// From when until when a caller waited in one queue, or in none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// From when.
    pub from: DateTime<Utc>,
    /// Until when; `None` while they wait. It is before `from` where a clock was set back.
    pub until: Option<DateTime<Utc>>,
    /// Since when they had waited, in whatever queue: since the call began, or since the last talk in it.
    pub since: DateTime<Utc>,
    /// The queue that they last were in; `None` where a phone rang without one.
    pub queue: Option<String>,
}

impl Call {
    /// Since when a caller has waited whom nobody talks to. Whoever talked already waits since that talk.
    #[must_use]
    pub fn waits_since(&self) -> Option<DateTime<Utc>> {
        let outside = self.direction == Direction::In && self.ended.is_none() && self.then.is_none();
        let talks = self
            .legs
            .iter()
            .any(|leg| leg.is_talking() && leg.consulted_by.is_none());
        let queued = self.queue.is_some() && self.queue_outcome.is_none();
        let talked = self.legs.iter().filter(|leg| leg.answered.is_some());
        let talked = talked.filter_map(|leg| leg.ended.map(|(ended, _)| ended)).max();
        let rings = self.ringing().next().is_some();
        // that somebody takes it is often told by the queue a moment before by the phone
        let taken = self.queue_outcome == Some(QueueOutcome::Answered) && talked.is_none();
        (outside && !talks && !taken && (queued || rings)).then(|| talked.unwrap_or(self.began))
    }

    /// The phones of ours that ring for it.
    pub fn ringing(&self) -> impl Iterator<Item = &Line> {
        let rings = self.legs.iter().filter(|leg| {
            let quiet = leg.answered.is_some() || leg.ended.is_some() || leg.consulted_by.is_some();
            leg.rang.is_some() && !quiet
        });
        rings.filter_map(Leg::line)
    }

    /// Notes whether its caller waits after what just happened.
    pub(super) fn note_wait(&mut self, at: DateTime<Utc>) {
        let since = self.waits_since();
        let queue = self.queue.as_ref();
        let open = self.waits.last_mut().filter(|wait| wait.until.is_none());
        let goes_on = open
            .as_ref()
            .is_some_and(|wait| Some(wait.since) == since && wait.queue.as_ref() == queue);
        if goes_on {
            return;
        }
        if let Some(wait) = open {
            wait.until = Some(at);
        }
        if let Some(since) = since.filter(|_| self.waits.len() < MOST) {
            let queue = self.queue.clone();
            self.waits.push(Wait {
                from: at,
                until: None,
                since,
                queue,
            });
        }
    }
}
