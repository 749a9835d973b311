//! What was heard of each call, so that single deliveries become one story.
//!
//! Pure. It does not know providers. Deliveries may come twice, in any order, and late: one that was heard
//! already says nothing new, one that came too early waits for the beginning of its call, and a phone that a late
//! beginning names does not ring any more when somebody talks already.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

use super::names::Names;
use super::told::{Told, What};
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, QueueOutcome, Then, Transfer};

/// Calls that are remembered. The oldest is forgotten first.
pub(super) const REMEMBERED: usize = 4096;

/// What may wait for the beginning of one call.
const EARLY: usize = 32;

/// How long after the end of a call the same delivery is a repeated one. Zoom repeats for the longest, 90 minutes.
/// After it the same words are a new call: phone systems that count from 1 after a restart use an id again.
const REPEATS: TimeDelta = TimeDelta::hours(2);

/// The calls heard of.
#[derive(Debug, Default)]
pub(super) struct Calls {
    names: Names,
    heard: HashMap<String, Heard>,
    oldest: VecDeque<String>,
}

/// What is remembered of a call.
#[derive(Debug, Default)]
struct Heard {
    begun: Option<Direction>,
    /// Whom the first phones were dialled for: the number outside, in outgoing calls.
    far_end: String,
    phones: Vec<Phone>,
    queue: Option<String>,
    ended: Option<(DateTime<Utc>, Cause)>,
    early: Vec<Told>,
    /// Hashes of all that was said.
    said: Vec<u64>,
}

#[derive(Debug)]
struct Phone {
    leg: LegKey,
    to: Endpoint,
    talks: bool,
    ended: bool,
}

impl Calls {
    /// Nothing heard yet.
    pub(super) fn new(names: Names) -> Self {
        Calls {
            names,
            ..Calls::default()
        }
    }

    /// The events that `told` amounts to, heard at `at`.
    pub(super) fn tell(&mut self, told: &Told, at: DateTime<Utc>) -> Vec<CallEvent> {
        let hash = hash_of(told);
        self.remember(&told.session);
        let Some(heard) = self.heard.get_mut(&told.session) else {
            return Vec::new();
        };
        if let Some((ended, _)) = heard.ended {
            if heard.said.contains(&hash) && at - ended < REPEATS {
                return Vec::new();
            }
            if matches!(told.what, What::Began | What::BeganRinging) && heard.begun.is_some() {
                *heard = Heard::default();
            }
        }
        heard.said.push(hash);
        let mut events = Vec::new();
        let mut story = Story {
            names: &self.names,
            call: CallKey(told.session.clone()),
            heard,
            events: &mut events,
        };
        story.tell(told, at);
        events
    }

    /// What is remembered of the call is kept from now on; the oldest call is forgotten for it.
    fn remember(&mut self, session: &str) {
        if self.heard.contains_key(session) {
            return;
        }
        self.heard.insert(session.to_owned(), Heard::default());
        self.oldest.push_back(session.to_owned());
        if self.oldest.len() > REMEMBERED
            && let Some(forgotten) = self.oldest.pop_front()
        {
            self.heard.remove(&forgotten);
        }
    }

    /// How many calls are remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.heard.len()
    }
}

/// One call while something is told of it.
struct Story<'a> {
    names: &'a Names,
    call: CallKey,
    heard: &'a mut Heard,
    events: &'a mut Vec<CallEvent>,
}

impl Story<'_> {
    fn tell(&mut self, told: &Told, at: DateTime<Utc>) {
        if self.heard.begun.is_some() || told.what == What::Ended {
            return self.apply(told, at);
        }
        let Some(direction) = told.direction else {
            if self.heard.early.len() < EARLY {
                self.heard.early.push(told.clone());
            }
            return;
        };
        let beginning = self.beginning(told, direction);
        if self.heard.ended.is_none() {
            self.events.push(beginning);
            self.begin(told, at);
        } else {
            // The end was told already and waits for a beginning: the phones have to be told before that, or they
            // would come after the end.
            self.begin(told, at);
            self.events.push(beginning);
        }
    }

    fn begin(&mut self, told: &Told, at: DateTime<Utc>) {
        self.apply(told, at);
        for early in std::mem::take(&mut self.heard.early) {
            self.apply(&early, at);
        }
    }

    fn apply(&mut self, told: &Told, at: DateTime<Utc>) {
        match &told.what {
            What::Began => self.begins_again(told),
            What::BeganRinging => {
                self.begins_again(told);
                self.all_ring(told);
            }
            What::Offered => drop(self.offer_told(told)),
            What::Ringing => {
                let leg = self.offer_told(told);
                self.events.push(CallEvent::Ringing {
                    call: self.call.clone(),
                    leg,
                });
            }
            What::Answered => self.answered(told),
            What::Held => self.events.push(CallEvent::Held {
                call: self.call.clone(),
            }),
            What::Resumed => self.events.push(CallEvent::Resumed {
                call: self.call.clone(),
            }),
            What::Changed => self.events.push(CallEvent::PartyChanged {
                call: self.call.clone(),
                remote: self.party(told, self.heard.begun.unwrap_or(Direction::In)),
            }),
            What::Queued(queue) => self.queued(queue),
            What::Passed(kind, to) => self.passed(told, *kind, to.as_deref()),
            What::Voicemail => self.events.push(CallEvent::Diverted {
                call: self.call.clone(),
                then: Then::Voicemail,
            }),
            What::LegEnded => self.leg_ended(told),
            What::Ended => self.ended(told, at),
        }
    }

    /// A beginning that is heard again says the same again, for a desk that missed the first.
    fn begins_again(&mut self, told: &Told) {
        if self.events.is_empty()
            && self.heard.ended.is_none()
            && let Some(direction) = self.heard.begun
        {
            let beginning = self.beginning(told, direction);
            self.events.push(beginning);
        }
    }

    fn beginning(&mut self, told: &Told, direction: Direction) -> CallEvent {
        // Most formats know in and out alone; a call in from one of our own lines is internal.
        let from_us = || self.names.known(&told.from).is_some();
        let direction = if direction == Direction::In && from_us() {
            Direction::Internal
        } else {
            direction
        };
        let origin = match direction {
            Direction::In => None,
            Direction::Out => self.dialler(told),
            Direction::Internal => self.dialling_user(told).or_else(|| self.names.known(&told.from)),
        };
        self.heard.begun = Some(direction);
        self.heard.far_end = self.names.number(&told.to);
        CallEvent::Began {
            call: self.call.clone(),
            direction,
            remote: self.party(told, direction),
            called: self.heard.far_end.clone(),
            trunk: told.trunk.clone(),
            origin,
        }
    }

    fn party(&self, told: &Told, direction: Direction) -> Party {
        let number = match direction {
            Direction::Out => &told.to,
            Direction::In | Direction::Internal => &told.from,
        };
        let party = self.names.party(number);
        Party {
            name: if party.number.is_empty() {
                String::new()
            } else {
                told.name.clone()
            },
            trust: told.trust,
            verstat: told.verstat.clone(),
            ..party
        }
    }

    fn dialler(&self, told: &Told) -> Option<Line> {
        let user = told.users.first().map(|user| self.names.line(user));
        self.dialling_user(told)
            .or(user)
            .or_else(|| self.names.known(&told.from))
            .or_else(|| only(&self.names.unnamed))
    }

    fn dialling_user(&self, told: &Told) -> Option<Line> {
        told.dialler.as_deref().map(|user| self.names.line(user))
    }

    fn all_ring(&mut self, told: &Told) {
        if self.heard.begun == Some(Direction::Out) {
            let (leg, to) = self.far_end();
            self.offer(leg, to);
            return;
        }
        let mut lines = self.names.lines(&told.users);
        if lines.is_empty() {
            lines.clone_from(&self.names.unnamed);
        }
        for line in lines {
            let leg = self.inside(&line);
            self.offer(leg.clone(), Endpoint::Line(line));
            let talked = self.heard.phones.iter().any(|phone| phone.talks);
            if !talked {
                self.events.push(CallEvent::Ringing {
                    call: self.call.clone(),
                    leg,
                });
            } else if !self.phone(&leg).is_some_and(|phone| phone.talks) {
                self.end_leg(leg, Cause::AnsweredElsewhere);
            }
        }
        if let Some((_, cause)) = self.heard.ended {
            self.end_legs(cause);
        }
    }

    /// The phone that talks. Where the format has no event for a single phone, the others stop ringing.
    fn answered(&mut self, told: &Told) {
        let (leg, to) = if told.leg.is_some() {
            self.phone_told(told)
        } else if self.heard.begun == Some(Direction::Out) {
            self.far_end()
        } else {
            match self.answerer(told) {
                Some(line) => (self.inside(&line), Endpoint::Line(line)),
                None => self.far_end(),
            }
        };
        let is_line = matches!(to, Endpoint::Line(_));
        self.offer(leg.clone(), to);
        if let Some(phone) = self.phone_mut(&leg) {
            phone.talks = true;
        }
        if self.heard.queue.take().is_some() {
            self.events.push(CallEvent::Unqueued {
                call: self.call.clone(),
                outcome: QueueOutcome::Answered,
            });
        }
        self.events.push(CallEvent::Answered {
            call: self.call.clone(),
            leg: leg.clone(),
        });
        if told.leg.is_none() && is_line {
            let others = self.heard.phones.iter().filter(|phone| !phone.talks && !phone.ended);
            let others: Vec<LegKey> = others.map(|phone| phone.leg.clone()).collect();
            others
                .into_iter()
                .for_each(|other| self.end_leg(other, Cause::AnsweredElsewhere));
        }
    }

    /// Who took it: the answering number when it is a phone that rings, else the only user named, else
    /// the only phone that rings, else the answering number as a line. `None` when nothing tells.
    fn answerer(&self, told: &Told) -> Option<Line> {
        let answering = told.answering.as_deref().map(|name| self.names.line(name));
        let named = self.names.lines(&told.users);
        let rung: Vec<Line> = self.heard.phones.iter().filter_map(Phone::line).cloned().collect();
        answering
            .clone()
            .filter(|line| rung.contains(line))
            .or_else(|| only(&named))
            .or_else(|| only(&rung))
            .or(answering)
    }

    fn queued(&mut self, queue: &str) {
        if self.heard.ended.is_some() {
            return;
        }
        self.heard.queue = Some(queue.to_owned());
        self.events.push(CallEvent::Queued {
            call: self.call.clone(),
            queue: queue.to_owned(),
        });
    }

    fn passed(&mut self, told: &Told, kind: crate::call::TransferKind, to: Option<&str>) {
        let to = to.map(|to| match self.names.known(to) {
            Some(line) => Endpoint::Line(line),
            None => Endpoint::Outside(self.names.number(to)),
        });
        self.events.push(CallEvent::Transferred {
            call: self.call.clone(),
            transfer: Transfer {
                kind,
                by: told.users.first().map(|user| self.names.line(user)),
                to,
                consultation: None,
            },
        });
    }

    fn leg_ended(&mut self, told: &Told) {
        let leg = self.offer_told(told);
        let talks = |phone: &Phone| phone.talks && phone.leg != leg;
        let elsewhere = self.heard.phones.iter().any(talks) && !self.phone(&leg).is_some_and(|phone| phone.talks);
        let cause = match told.cause.unwrap_or(Cause::Other) {
            Cause::Cancelled if elsewhere => Cause::AnsweredElsewhere,
            cause => cause,
        };
        self.end_leg(leg, cause);
    }

    fn ended(&mut self, told: &Told, at: DateTime<Utc>) {
        let cause = told.cause.unwrap_or(Cause::Other);
        self.end_legs(cause);
        if self.heard.queue.take().is_some() {
            self.events.push(CallEvent::Unqueued {
                call: self.call.clone(),
                outcome: if cause == Cause::NoAnswer {
                    QueueOutcome::TimedOut
                } else {
                    QueueOutcome::Abandoned
                },
            });
        }
        self.heard.ended.get_or_insert((at, cause));
        self.events.push(CallEvent::Ended {
            call: self.call.clone(),
            cause,
            by: told.by,
        });
    }

    fn end_legs(&mut self, cause: Cause) {
        let open = self.heard.phones.iter().filter(|phone| !phone.ended);
        let open: Vec<LegKey> = open.map(|phone| phone.leg.clone()).collect();
        open.into_iter().for_each(|leg| self.end_leg(leg, cause));
    }

    fn end_leg(&mut self, leg: LegKey, cause: Cause) {
        if let Some(phone) = self.phone_mut(&leg) {
            phone.ended = true;
        }
        self.events.push(CallEvent::LegEnded {
            call: self.call.clone(),
            leg,
            cause,
        });
    }

    /// The phone that an event with a leg of its own is about, told once more.
    fn offer_told(&mut self, told: &Told) -> LegKey {
        let (leg, to) = self.phone_told(told);
        self.offer(leg.clone(), to);
        leg
    }

    fn phone_told(&self, told: &Told) -> (LegKey, Endpoint) {
        let user = told.users.first().map(|user| self.names.line(user));
        let line = user.or_else(|| self.names.known(&told.to).filter(|_| told.leg.is_some()));
        match (&told.leg, line) {
            (None, None) => self.far_end(),
            (None, Some(line)) => (self.inside(&line), Endpoint::Line(line)),
            (Some(leg), line) => {
                let leg = LegKey(leg.clone());
                let known = self.phone(&leg).map(|phone| phone.to.clone());
                let outside = || Endpoint::Outside(self.names.number(&told.to));
                let to = known.or(line.map(Endpoint::Line)).unwrap_or_else(outside);
                (leg, to)
            }
        }
    }

    fn offer(&mut self, leg: LegKey, to: Endpoint) {
        if self.phone(&leg).is_none() {
            self.heard.phones.push(Phone {
                leg: leg.clone(),
                to: to.clone(),
                talks: false,
                ended: false,
            });
        }
        self.events.push(CallEvent::Offered {
            call: self.call.clone(),
            leg,
            to,
        });
    }

    fn far_end(&self) -> (LegKey, Endpoint) {
        let leg = LegKey(format!("{}/outside", self.call.0));
        (leg, Endpoint::Outside(self.heard.far_end.clone()))
    }

    fn inside(&self, line: &Line) -> LegKey {
        LegKey(format!("{}/{line}", self.call.0))
    }

    fn phone(&self, leg: &LegKey) -> Option<&Phone> {
        self.heard.phones.iter().find(|phone| phone.leg == *leg)
    }

    fn phone_mut(&mut self, leg: &LegKey) -> Option<&mut Phone> {
        self.heard.phones.iter_mut().find(|phone| phone.leg == *leg)
    }
}

impl Phone {
    fn line(&self) -> Option<&Line> {
        match &self.to {
            Endpoint::Line(line) => Some(line),
            Endpoint::Outside(_) => None,
        }
    }
}

fn only(lines: &[Line]) -> Option<Line> {
    <&[Line; 1]>::try_from(lines).ok().map(|[line]| line.clone())
}

fn hash_of(told: &Told) -> u64 {
    let mut hasher = DefaultHasher::new();
    told.hash(&mut hasher);
    hasher.finish()
}
