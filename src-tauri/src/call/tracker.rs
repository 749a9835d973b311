//! From events to calls.
//!
//! Events may come twice, late, out of order within a burst, or not at all: what cannot be applied yet
//! waits for what it refers to, what was applied already changes nothing, and a call that nothing was
//! heard of for long is closed as [`Cause::Stale`].

use std::collections::{BTreeSet, HashMap, VecDeque};

use chrono::{DateTime, Utc};

use super::event::{CallEvent, CallKey, Cause};
use super::story::{Call, CallId};
use super::tracked::{Happened, MEMORY, Tracked};

/// A call that changed, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallChange {
    /// The call; [`CallTracker::call`] has it as it is now.
    pub call: CallId,
    /// What happened to it.
    pub happened: Happened,
    /// When.
    pub at: DateTime<Utc>,
}

/// Events that may wait for a call or leg not heard of yet; more are dropped.
const EARLY: usize = 32;

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// A call is to be closed or forgotten.
    Call,
    /// Events that wait for their call are to be forgotten.
    Early,
}

/// All calls of all feeds that are on, and those that just ended.
#[derive(Debug, Default)]
pub struct CallTracker {
    calls: HashMap<CallId, Tracked>,
    early: HashMap<CallId, Early>,
    /// When each call and each early event is due, the next first: asked after every signal, however many calls are on.
    due: BTreeSet<(DateTime<Utc>, Due, CallId)>,
    changes: VecDeque<CallChange>,
}

#[derive(Debug)]
struct Early {
    events: Vec<(CallEvent, DateTime<Utc>)>,
    heard: DateTime<Utc>,
}

impl CallTracker {
    /// Takes in one event of feed `feed`, heard at `at`.
    pub fn handle(&mut self, feed: &str, event: &CallEvent, at: DateTime<Utc>) {
        let id = CallId::new(feed, event.call());
        if let CallEvent::Began { .. } = event {
            self.begin(feed, &id, event, at);
        } else if !self.apply(&id, event, at) {
            self.keep_for_later(&id, event, at);
            return;
        }
        self.apply_early(&id);
    }

    /// After a gap in feed `feed`: calls that the phone system no longer knows are over.
    pub fn resync(&mut self, feed: &str, live: &[CallKey], at: DateTime<Utc>) {
        let mut gone: Vec<CallKey> = self
            .calls
            .values()
            .filter(|tracked| tracked.call.feed == feed && tracked.call.ended.is_none())
            .filter_map(|tracked| key_within(feed, &tracked.call.id))
            .filter(|key| !live.contains(key))
            .collect();
        gone.sort();
        for call in gone {
            self.handle(
                feed,
                &CallEvent::Ended {
                    call,
                    cause: Cause::Stale,
                    by: None,
                },
                at,
            );
        }
    }

    /// When [`CallTracker::handle_timeout`] has something to do next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<DateTime<Utc>> {
        self.due.first().map(|(at, ..)| *at)
    }

    /// Closes what nothing was heard of for too long and forgets what ended long ago.
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) {
        while let Some((_, what, id)) = self.due.first().filter(|(at, ..)| *at <= now).cloned() {
            self.due.pop_first();
            match what {
                Due::Early => drop(self.early.remove(&id)),
                Due::Call if self.call(&id).is_some_and(|call| call.ended.is_some()) => drop(self.calls.remove(&id)),
                Due::Call => self.close(&id, now),
            }
        }
    }

    /// The next change that was not taken yet.
    pub fn poll_change(&mut self) -> Option<CallChange> {
        self.changes.pop_front()
    }

    /// A call that is on or ended less than a minute ago.
    #[must_use]
    pub fn call(&self, id: &CallId) -> Option<&Call> {
        self.calls.get(id).map(|tracked| &tracked.call)
    }

    /// All calls that are on, and those that ended less than a minute ago, in no order.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values().map(|tracked| &tracked.call)
    }

    fn close(&mut self, id: &CallId, now: DateTime<Utc>) {
        let Some(tracked) = self.calls.get_mut(id) else { return };
        tracked.end(Cause::Stale, now);
        tracked.heard = now;
        self.due.insert((tracked.deadline(), Due::Call, id.clone()));
        self.say(id, Happened::Ended, now);
    }

    /// Something was heard of a call at `at`: its time begins anew.
    fn hear(&mut self, id: &CallId, at: DateTime<Utc>, before: DateTime<Utc>) {
        let Some(tracked) = self.calls.get_mut(id) else { return };
        tracked.heard = tracked.heard.max(at);
        let due = tracked.deadline();
        if due != before {
            self.due.remove(&(before, Due::Call, id.clone()));
            self.due.insert((due, Due::Call, id.clone()));
        }
    }

    fn begin(&mut self, feed: &str, id: &CallId, event: &CallEvent, at: DateTime<Utc>) {
        let CallEvent::Began {
            direction,
            remote,
            called,
            trunk,
            origin,
            ..
        } = event
        else {
            return;
        };
        if let Some(tracked) = self.calls.get(id) {
            self.hear(id, at, tracked.deadline());
            return;
        }
        let call = Call {
            id: id.clone(),
            feed: feed.to_owned(),
            direction: *direction,
            remote: remote.clone(),
            called: called.clone(),
            trunk: trunk.clone(),
            origin: origin.clone(),
            origin_left: None,
            began: at,
            legs: Vec::new(),
            held: None,
            holds: 0,
            queue: None,
            queue_outcome: None,
            transfers: Vec::new(),
            then: None,
            ended: None,
            ended_by: None,
            steps: Vec::new(),
            waits: Vec::new(),
        };
        let tracked = Tracked { call, heard: at };
        self.due.insert((tracked.deadline(), Due::Call, id.clone()));
        self.calls.insert(id.clone(), tracked);
        self.say(id, Happened::Began, at);
    }

    /// False when the event refers to a call or leg that is not known (yet).
    fn apply(&mut self, id: &CallId, event: &CallEvent, at: DateTime<Utc>) -> bool {
        let Some(tracked) = self.calls.get_mut(id) else {
            return false;
        };
        let before = tracked.deadline();
        let Some(happened) = tracked.apply(event, at) else {
            return false;
        };
        self.hear(id, at, before);
        if let Some(happened) = happened {
            self.say(id, happened, at);
        }
        true
    }

    fn say(&mut self, id: &CallId, happened: Happened, at: DateTime<Utc>) {
        if let Some(tracked) = self.calls.get_mut(id) {
            tracked.call.step(&happened, at);
            tracked.call.note_wait(at);
        }
        self.changes.push_back(CallChange {
            call: id.clone(),
            happened,
            at,
        });
    }

    fn keep_for_later(&mut self, id: &CallId, event: &CallEvent, at: DateTime<Utc>) {
        let early = self.early.entry(id.clone()).or_insert_with(|| Early {
            events: Vec::new(),
            heard: at,
        });
        self.due.remove(&(early.heard + MEMORY, Due::Early, id.clone()));
        early.heard = early.heard.max(at);
        self.due.insert((early.heard + MEMORY, Due::Early, id.clone()));
        if early.events.len() < EARLY {
            early.events.push((event.clone(), at));
        }
    }

    fn apply_early(&mut self, id: &CallId) {
        let Some(mut early) = self.early.remove(id) else { return };
        self.due.remove(&(early.heard + MEMORY, Due::Early, id.clone()));
        early.events.sort_by_key(|(event, _)| natural_order(event));
        early.events.retain(|(event, at)| !self.apply(id, event, *at));
        if !early.events.is_empty() {
            self.due.insert((early.heard + MEMORY, Due::Early, id.clone()));
            self.early.insert(id.clone(), early);
        }
    }
}

/// The order in which events of one call make sense.
fn natural_order(event: &CallEvent) -> u8 {
    match event {
        CallEvent::Began { .. } => 0,
        CallEvent::Offered { .. } => 1,
        CallEvent::Consulted { .. } => 2,
        CallEvent::PartyChanged { .. } => 3,
        CallEvent::Queued { .. } => 4,
        CallEvent::Ringing { .. } => 5,
        CallEvent::Answered { .. } => 6,
        CallEvent::Unqueued { .. } => 7,
        CallEvent::Held { .. } => 8,
        CallEvent::Resumed { .. } => 9,
        CallEvent::Transferred { .. } => 10,
        CallEvent::Diverted { .. } => 11,
        CallEvent::LegEnded { .. } => 12,
        CallEvent::Ended { .. } => 13,
    }
}

fn key_within(feed: &str, id: &CallId) -> Option<CallKey> {
    id.0.strip_prefix(feed)?
        .strip_prefix(':')
        .map(|key| CallKey(key.to_owned()))
}
