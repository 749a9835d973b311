//! From events to calls.
//!
//! Events may come twice, late, out of order within a burst, or not at all: what cannot be applied yet
//! waits for what it refers to, what was applied already changes nothing, and a call that nothing was
//! heard of for long is closed as [`Cause::Stale`].

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{CallEvent, CallKey, Cause, Endpoint, LegKey};
use super::story::{Call, CallId, Leg};

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

/// What can happen to a call, as far as anybody outside the tracker has to react.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It came into being.
    Began,
    /// A phone is being dialled.
    Offered(Endpoint),
    /// A phone rings.
    Ringing(Endpoint),
    /// A phone talks.
    Answered(Endpoint),
    /// It was put on hold.
    Held,
    /// It is off hold.
    Resumed,
    /// More is known of the other side.
    PartyChanged,
    /// It waits in a queue, or no longer: see [`Call::queue`].
    Queue,
    /// It was passed on: the last of [`Call::transfers`].
    Transferred,
    /// It went elsewhere, see [`Call::then`].
    Diverted,
    /// One phone is out of it.
    LegEnded(Endpoint, Cause),
    /// It is over.
    Ended,
}

/// Nothing heard of a call that nobody answered yet: after this it is closed.
const RINGING_LIMIT: TimeDelta = TimeDelta::minutes(10);
/// Nothing heard of a call that somebody talks in: after this it is closed.
const TALKING_LIMIT: TimeDelta = TimeDelta::hours(12);
/// An ended call is remembered this long, so that late events of it find it.
const MEMORY: TimeDelta = TimeDelta::seconds(60);
/// Events that may wait for a call or leg not heard of yet; more are dropped.
const EARLY: usize = 32;

/// All calls of all feeds that are on, and those that just ended.
#[derive(Debug, Default)]
pub struct CallTracker {
    calls: BTreeMap<CallId, Tracked>,
    early: BTreeMap<CallId, Early>,
    changes: VecDeque<CallChange>,
}

#[derive(Debug)]
struct Tracked {
    call: Call,
    heard: DateTime<Utc>,
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
            self.keep_for_later(id, event, at);
            return;
        }
        self.apply_early(&id);
    }

    /// After a gap in feed `feed`: calls that the phone system no longer knows are over.
    pub fn resync(&mut self, feed: &str, live: &[CallKey], at: DateTime<Utc>) {
        let gone: Vec<CallKey> = self
            .calls
            .values()
            .filter(|tracked| tracked.call.feed == feed && tracked.call.ended.is_none())
            .filter_map(|tracked| key_within(feed, &tracked.call.id))
            .filter(|key| !live.contains(key))
            .collect();
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
        let calls = self.calls.values().map(Tracked::deadline);
        calls.chain(self.early.values().map(|early| early.heard + MEMORY)).min()
    }

    /// Closes what nothing was heard of for too long and forgets what ended long ago.
    pub fn handle_timeout(&mut self, now: DateTime<Utc>) {
        self.early.retain(|_, early| early.heard + MEMORY > now);
        let due: Vec<CallId> = self
            .calls
            .iter()
            .filter(|(_, tracked)| tracked.deadline() <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for id in due {
            let Some(tracked) = self.calls.get_mut(&id) else {
                continue;
            };
            if tracked.call.ended.is_some() {
                self.calls.remove(&id);
            } else {
                tracked.end(Cause::Stale, now);
                self.changes.push_back(CallChange {
                    call: id,
                    happened: Happened::Ended,
                    at: now,
                });
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

    /// All calls that are on, and those that ended less than a minute ago.
    pub fn calls(&self) -> impl Iterator<Item = &Call> {
        self.calls.values().map(|tracked| &tracked.call)
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
        if let Some(tracked) = self.calls.get_mut(id) {
            tracked.heard = tracked.heard.max(at);
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
        };
        self.calls.insert(id.clone(), Tracked { call, heard: at });
        self.changes.push_back(CallChange {
            call: id.clone(),
            happened: Happened::Began,
            at,
        });
    }

    /// False when the event refers to a call or leg that is not known (yet).
    fn apply(&mut self, id: &CallId, event: &CallEvent, at: DateTime<Utc>) -> bool {
        let Some(tracked) = self.calls.get_mut(id) else {
            return false;
        };
        let Some(happened) = tracked.apply(event, at) else {
            return false;
        };
        tracked.heard = tracked.heard.max(at);
        if let Some(happened) = happened {
            self.changes.push_back(CallChange {
                call: id.clone(),
                happened,
                at,
            });
        }
        true
    }

    fn keep_for_later(&mut self, id: CallId, event: &CallEvent, at: DateTime<Utc>) {
        let early = self.early.entry(id).or_insert_with(|| Early {
            events: Vec::new(),
            heard: at,
        });
        early.heard = early.heard.max(at);
        if early.events.len() < EARLY {
            early.events.push((event.clone(), at));
        }
    }

    fn apply_early(&mut self, id: &CallId) {
        let Some(mut early) = self.early.remove(id) else { return };
        early.events.sort_by_key(|(event, _)| natural_order(event));
        early.events.retain(|(event, at)| !self.apply(id, event, *at));
        if !early.events.is_empty() {
            self.early.insert(id.clone(), early);
        }
    }
}

impl Tracked {
    /// `None`: refers to an unknown leg. `Some(None)`: known already.
    fn apply(&mut self, event: &CallEvent, at: DateTime<Utc>) -> Option<Option<Happened>> {
        match event {
            CallEvent::Began { .. } => Some(None),
            CallEvent::Offered { leg, to, .. } => Some(self.offer(leg, to, at)),
            CallEvent::Ringing { leg, .. } => {
                let leg = self.leg(leg)?;
                let first = leg.rang.is_none() && leg.answered.is_none() && leg.is_open_at(at);
                Some(first.then(|| {
                    leg.rang = Some(at);
                    Happened::Ringing(leg.to.clone())
                }))
            }
            CallEvent::Answered { leg, .. } => {
                let leg = self.leg(leg)?;
                let first = leg.answered.is_none() && leg.is_open_at(at);
                Some(first.then(|| {
                    leg.answered = Some(at);
                    Happened::Answered(leg.to.clone())
                }))
            }
            CallEvent::LegEnded { leg, cause, .. } => {
                let leg = self.leg(leg)?;
                Some(leg.ended.is_none().then(|| {
                    leg.ended = Some((at, *cause));
                    Happened::LegEnded(leg.to.clone(), *cause)
                }))
            }
            CallEvent::Held { .. } => Some(self.hold(at)),
            CallEvent::Resumed { .. } => Some(self.call.held.take().map(|_| Happened::Resumed)),
            CallEvent::PartyChanged { remote, .. } => Some((self.call.remote != *remote).then(|| {
                self.call.remote = remote.clone();
                Happened::PartyChanged
            })),
            CallEvent::Queued { queue, .. } => Some((self.call.queue.as_ref() != Some(queue)).then(|| {
                self.call.queue = Some(queue.clone());
                self.call.queue_outcome = None;
                Happened::Queue
            })),
            CallEvent::Unqueued { outcome, .. } => Some(
                self.call
                    .queue_outcome
                    .replace(*outcome)
                    .is_none()
                    .then_some(Happened::Queue),
            ),
            CallEvent::Transferred { transfer, .. } => Some((!self.call.transfers.contains(transfer)).then(|| {
                self.call.transfers.push(transfer.clone());
                Happened::Transferred
            })),
            CallEvent::Diverted { then, .. } => {
                Some(self.call.then.replace(*then).is_none().then_some(Happened::Diverted))
            }
            CallEvent::Ended { cause, by, .. } => Some(self.call.ended.is_none().then(|| {
                self.end(*cause, at);
                self.call.ended_by = *by;
                Happened::Ended
            })),
        }
    }

    fn offer(&mut self, key: &LegKey, to: &Endpoint, at: DateTime<Utc>) -> Option<Happened> {
        if self.leg(key).is_some() || self.call.ended.is_some_and(|(ended, _)| ended < at) {
            return None;
        }
        let leg = Leg {
            key: key.clone(),
            to: to.clone(),
            offered: at,
            rang: None,
            answered: None,
            ended: None,
        };
        self.call.legs.push(leg);
        Some(Happened::Offered(to.clone()))
    }

    fn hold(&mut self, at: DateTime<Utc>) -> Option<Happened> {
        if self.call.held.is_some() || self.call.ended.is_some() {
            return None;
        }
        self.call.held = Some(at);
        self.call.holds += 1;
        Some(Happened::Held)
    }

    fn end(&mut self, cause: Cause, at: DateTime<Utc>) {
        self.call.ended = Some((at, cause));
        self.call.held = None;
        for leg in self.call.legs.iter_mut().filter(|leg| leg.ended.is_none()) {
            leg.ended = Some((at, cause));
        }
    }

    fn leg(&mut self, key: &LegKey) -> Option<&mut Leg> {
        self.call.legs.iter_mut().find(|leg| leg.key == *key)
    }

    fn deadline(&self) -> DateTime<Utc> {
        if self.call.ended.is_some() {
            self.heard + MEMORY
        } else if self.call.answer().is_some() {
            self.heard + TALKING_LIMIT
        } else {
            self.heard + RINGING_LIMIT
        }
    }
}

impl Leg {
    /// A late event still counts when it is from before the end of the leg.
    fn is_open_at(&self, at: DateTime<Utc>) -> bool {
        self.ended.is_none_or(|(ended, _)| at < ended)
    }
}

/// The order in which events of one call make sense.
fn natural_order(event: &CallEvent) -> u8 {
    match event {
        CallEvent::Began { .. } => 0,
        CallEvent::Offered { .. } => 1,
        CallEvent::PartyChanged { .. } => 2,
        CallEvent::Ringing { .. } => 3,
        CallEvent::Answered { .. } => 4,
        CallEvent::Held { .. } => 5,
        CallEvent::Resumed { .. } => 6,
        CallEvent::Queued { .. } => 7,
        CallEvent::Unqueued { .. } => 8,
        CallEvent::Transferred { .. } => 9,
        CallEvent::Diverted { .. } => 10,
        CallEvent::LegEnded { .. } => 11,
        CallEvent::Ended { .. } => 12,
    }
}

fn key_within(feed: &str, id: &CallId) -> Option<CallKey> {
    id.0.strip_prefix(feed)?
        .strip_prefix(':')
        .map(|key| CallKey(key.to_owned()))
}
