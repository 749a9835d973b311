//! The events of one call as they are written down, one after the other.
//!
//! It does not know why anything happens.

use std::time::Duration;

use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Side};

/// Events as they are written down.
pub(super) struct Script {
    pub(super) call: CallKey,
    at: Duration,
    pub(super) events: Vec<(Duration, CallEvent)>,
}

impl Script {
    /// Nothing happened yet in call `key`.
    pub(super) fn new(key: &str) -> Self {
        Script {
            call: CallKey(key.to_owned()),
            at: Duration::ZERO,
            events: Vec::new(),
        }
    }

    pub(super) fn tell(&mut self, event: impl FnOnce(CallKey) -> CallEvent) {
        self.events.push((self.at, event(self.call.clone())));
    }

    /// Tells of another call.
    pub(super) fn about(&mut self, key: &CallKey, event: impl FnOnce(CallKey) -> CallEvent) {
        self.events.push((self.at, event(key.clone())));
    }

    pub(super) fn later(&mut self, by: Duration) {
        self.at += by;
    }

    pub(super) fn begin(&mut self, direction: Direction, remote: Party, called: &str, origin: Option<&Line>) {
        let (called, origin) = (called.to_owned(), origin.cloned());
        self.tell(|call| CallEvent::Began {
            call,
            direction,
            remote,
            called,
            trunk: None,
            origin,
        });
    }

    pub(super) fn offer(&mut self, line: &Line) -> LegKey {
        let leg = LegKey(format!("{}/{line}", self.call.0));
        let (offered, to) = (leg.clone(), Endpoint::Line(line.clone()));
        self.tell(|call| CallEvent::Offered { call, leg: offered, to });
        leg
    }

    pub(super) fn rings(&mut self, leg: &LegKey) {
        let leg = leg.clone();
        self.tell(|call| CallEvent::Ringing { call, leg });
    }

    pub(super) fn leg_ends(&mut self, leg: LegKey, cause: Cause) {
        self.tell(|call| CallEvent::LegEnded { call, leg, cause });
    }

    pub(super) fn end(&mut self, cause: Cause, by: Side) {
        self.tell(|call| CallEvent::Ended {
            call,
            cause,
            by: Some(by),
        });
    }

    /// Leg `taker` talks, the others fall silent; then the agent or the `far` side hangs up.
    pub(super) fn is_taken(&mut self, legs: &[LegKey], taker: usize, far: Side, hold: bool, talk: Duration) {
        for (index, leg) in legs.iter().enumerate() {
            let leg = leg.clone();
            if index == taker {
                self.tell(|call| CallEvent::Answered { call, leg });
            } else {
                self.leg_ends(leg, Cause::AnsweredElsewhere);
            }
        }
        let part = talk / 4;
        self.later(part);
        if hold {
            self.tell(|call| CallEvent::Held { call });
        }
        self.later(part);
        if hold {
            self.tell(|call| CallEvent::Resumed { call });
        }
        self.later(talk.saturating_sub(part * 2));
        let by = who_ends(talk, far);
        self.is_over(legs.get(taker).cloned().into_iter().collect(), Cause::Normal, by);
    }

    pub(super) fn is_over(&mut self, legs: Vec<LegKey>, cause: Cause, by: Side) {
        legs.into_iter().for_each(|leg| self.leg_ends(leg, cause));
        self.end(cause, by);
    }
}

/// The agent ends every third call, the `far` side the others.
pub(super) fn who_ends(talk: Duration, far: Side) -> Side {
    if talk.as_millis().is_multiple_of(3) {
        Side::Agent
    } else {
        far
    }
}
