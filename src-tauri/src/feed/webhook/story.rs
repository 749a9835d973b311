//! One call while something is told of it: what a delivery amounts to, given what was heard before.
//!
//! Pure. It does not know providers, nor other calls.

use chrono::{DateTime, Utc};

use super::calls::{Heard, Phone};
use super::names::Book;
use super::told::{Told, What};
use crate::call::{
    CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, QueueOutcome, Then, Transfer, TransferKind,
};

/// What may wait for the beginning of one call.
const EARLY: usize = 32;

/// One call while something is told of it.
pub(super) struct Story<'a> {
    pub(super) names: &'a Book,
    pub(super) call: CallKey,
    pub(super) heard: &'a mut Heard,
    pub(super) events: &'a mut Vec<CallEvent>,
}

impl Story<'_> {
    pub(super) fn tell(&mut self, told: &Told, at: DateTime<Utc>) {
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
        if self.is_old(told) {
            return;
        }
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
            What::Held => self.held(),
            What::Resumed => self.resumed(),
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
            // That another call has its phones now is told by [`super::joined`]; here one is gone.
            What::LegEnded | What::Joined(_) => self.leg_ended(told, at),
            What::Ended => self.ended(told, at),
        }
    }

    /// What is numbered lower than the last event of its phone was overtaken.
    fn is_old(&mut self, told: &Told) -> bool {
        let leg = told.leg.as_deref();
        let phone = self
            .heard
            .phones
            .iter_mut()
            .find(|phone| Some(phone.leg.0.as_str()) == leg);
        phone.is_some_and(|phone| {
            let old = told.order < phone.order;
            phone.order = phone.order.max(told.order);
            old
        })
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
        let to_us = || told.leg.is_some() && self.names.known(&told.to).is_some();
        let direction = match direction {
            Direction::In if from_us() => Direction::Internal,
            // One of our phones that is dialled by its number, not somebody outside.
            Direction::Out if told.dialler.is_none() && !from_us() && to_us() => Direction::In,
            direction => direction,
        };
        let origin = match direction {
            Direction::In => None,
            Direction::Out => self.dialler(told),
            Direction::Internal => self.dialling_user(told).or_else(|| self.names.known(&told.from)),
        };
        self.heard.begun = Some(direction);
        self.heard.by_phone = told.leg.is_some();
        self.heard.far_end = self.names.number(&told.to);
        self.heard.origin.clone_from(&origin);
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
        if self.heard.held && told.leg.as_deref().is_some_and(|leg| self.talks(leg)) {
            return self.resumed();
        }
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

    fn held(&mut self) {
        self.heard.held = true;
        self.events.push(CallEvent::Held {
            call: self.call.clone(),
        });
    }

    fn resumed(&mut self) {
        self.heard.held = false;
        self.events.push(CallEvent::Resumed {
            call: self.call.clone(),
        });
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

    fn passed(&mut self, told: &Told, kind: TransferKind, to: Option<&str>) {
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

    fn leg_ended(&mut self, told: &Told, at: DateTime<Utc>) {
        let leg = self.offer_told(told);
        let talks = |phone: &Phone| phone.talks && phone.leg != leg;
        let elsewhere = self.heard.phones.iter().any(talks) && !self.phone(&leg).is_some_and(|phone| phone.talks);
        let cause = match told.cause.unwrap_or(Cause::Other) {
            Cause::Cancelled if elsewhere => Cause::AnsweredElsewhere,
            cause => cause,
        };
        self.end_leg(leg, cause);
        let none_left = self.heard.phones.iter().all(|phone| phone.ended);
        if told.last_ends && self.heard.by_phone && none_left && self.heard.ended.is_none() {
            self.heard.ran_out = true;
            self.ended(told, at);
        }
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
}

fn only(lines: &[Line]) -> Option<Line> {
    <&[Line; 1]>::try_from(lines).ok().map(|[line]| line.clone())
}
