//! One call, and what an event does to it. What was applied already changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{CallEvent, Cause, Endpoint, LegKey, QueueOutcome, Transfer};
use super::story::{Call, Leg};

/// What can happen to a call, as far as anybody outside the tracker has to react.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It came into being.
    Began,
    /// A phone is being dialled.
    Offered(Endpoint),
    /// A phone is consulted by an agent, see [`Leg::consulted_by`].
    Consulted(Endpoint),
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
pub(super) const MEMORY: TimeDelta = TimeDelta::seconds(60);
/// A call that is on, or ended less than [`MEMORY`] ago.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) call: Call,
    /// When something was last heard of it.
    pub(super) heard: DateTime<Utc>,
}

impl Tracked {
    /// `None`: refers to an unknown leg. `Some(None)`: known already.
    pub(super) fn apply(&mut self, event: &CallEvent, at: DateTime<Utc>) -> Option<Option<Happened>> {
        match event {
            CallEvent::Began { .. } => Some(None),
            CallEvent::Offered { leg, to, .. } => Some(self.offer(leg, to, at)),
            CallEvent::Consulted { leg, by, .. } => {
                let joined = self
                    .call
                    .transfers
                    .iter()
                    .any(|transfer| transfer.to == self.leg_endpoint(leg));
                let leg = self.leg(leg)?;
                let first = leg.consulted_by.is_none() && !joined;
                Some(first.then(|| {
                    leg.consulted_by = Some(by.clone());
                    Happened::Consulted(leg.to.clone())
                }))
            }
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
            CallEvent::LegEnded { call, leg, cause } if call.0 == leg.0 => Some(self.origin_leaves(*cause, at)),
            CallEvent::LegEnded { leg, cause, .. } => {
                let leg = self.leg(leg)?;
                Some(leg.end(*cause, at).then(|| Happened::LegEnded(leg.to.clone(), *cause)))
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
            CallEvent::Unqueued { outcome, .. } => Some(self.unqueue(*outcome)),
            CallEvent::Transferred { transfer, .. } => Some(self.transfer(transfer)),
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
            consulted_by: None,
            rang: None,
            answered: None,
            ended: None,
        };
        self.call.legs.push(leg);
        Some(Happened::Offered(to.clone()))
    }

    /// That nobody took it is a guess from its leaving the queue; who took it or gave up is told after that.
    fn unqueue(&mut self, outcome: QueueOutcome) -> Option<Happened> {
        let known = self.call.queue_outcome;
        let news = known.is_none() || (known == Some(QueueOutcome::TimedOut) && outcome != QueueOutcome::TimedOut);
        news.then(|| {
            self.call.queue_outcome = Some(outcome);
            Happened::Queue
        })
    }

    /// A phone that was consulted talks to the other side from now on.
    fn transfer(&mut self, transfer: &Transfer) -> Option<Happened> {
        if self.call.transfers.last() == Some(transfer) {
            return None;
        }
        for leg in self
            .call
            .legs
            .iter_mut()
            .filter(|leg| Some(&leg.to) == transfer.to.as_ref())
        {
            leg.consulted_by = None;
        }
        self.call.transfers.push(transfer.clone());
        Some(Happened::Transferred)
    }

    fn origin_leaves(&mut self, cause: Cause, at: DateTime<Utc>) -> Option<Happened> {
        let line = self.call.origin.clone().filter(|_| self.call.origin_left.is_none())?;
        self.call.origin_left = Some(at);
        Some(Happened::LegEnded(Endpoint::Line(line), cause))
    }

    fn hold(&mut self, at: DateTime<Utc>) -> Option<Happened> {
        if self.call.held.is_some() || self.call.ended.is_some() {
            return None;
        }
        self.call.held = Some(at);
        self.call.holds += 1;
        Some(Happened::Held)
    }

    pub(super) fn end(&mut self, cause: Cause, at: DateTime<Utc>) {
        self.call.ended = Some((at, cause));
        self.call.held = None;
        if self.call.origin.is_some() {
            self.call.origin_left.get_or_insert(at);
        }
        for leg in self.call.legs.iter_mut().filter(|leg| leg.ended.is_none()) {
            leg.ended = Some((at, cause));
        }
    }

    fn leg(&mut self, key: &LegKey) -> Option<&mut Leg> {
        self.call.legs.iter_mut().find(|leg| leg.key == *key)
    }

    fn leg_endpoint(&self, key: &LegKey) -> Option<Endpoint> {
        let leg = self.call.legs.iter().find(|leg| leg.key == *key);
        leg.map(|leg| leg.to.clone())
    }

    /// When it is closed or forgotten if nothing more is heard.
    pub(super) fn deadline(&self) -> DateTime<Utc> {
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
    /// False when that is known. That a colleague took the call, or that the phone refused, is often told after the
    /// ringing was called off.
    fn end(&mut self, cause: Cause, at: DateTime<Utc>) -> bool {
        match self.ended {
            None => self.ended = Some((at, cause)),
            Some((ended, Cause::Cancelled | Cause::NoAnswer))
                if matches!(cause, Cause::AnsweredElsewhere | Cause::Busy | Cause::Rejected) =>
            {
                self.ended = Some((ended, cause));
            }
            Some(_) => return false,
        }
        true
    }

    /// A late event still counts when it is from before the end of the leg.
    fn is_open_at(&self, at: DateTime<Utc>) -> bool {
        self.ended.is_none_or(|(ended, _)| at < ended)
    }
}
