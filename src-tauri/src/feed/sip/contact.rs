//! The second contact: calls that are offered to a registration of our own, watched without taking part.
//!
//! An INVITE is answered `100 Trying` and nothing more: with no answer at all the phone system would not tell how
//! it ends, with `180` the caller would hear ringing where no phone rings, and any final answer would take part in
//! deciding where the call goes. A CANCEL is answered as RFC 3261, 9.2, wants. It knows no socket and no clock.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};

use super::address::{Address, list};
use super::caller;
use super::message::{Message, param};
use super::reply::{self, ToInvite, ToOther};
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Side};

/// After this without a CANCEL the call is given up: a proxy gives up after three minutes (RFC 3261, timer C).
const PATIENCE: TimeDelta = TimeDelta::seconds(200);
/// Round trip that retransmissions are counted from, and the longest pause between two (RFC 3261, 17.1.1.1).
const T1: TimeDelta = TimeDelta::milliseconds(500);
const T2: TimeDelta = TimeDelta::seconds(4);
/// How long a final answer is repeated and a transaction is remembered (64 × T1).
const MEMORY: TimeDelta = TimeDelta::seconds(32);
/// Calls remembered at most, ringing ones included; a flood of INVITEs forgets the oldest.
const MOST: usize = 512;

/// The calls of the second contact.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    line: Line,
    ours: Vec<Line>,
    calls: VecDeque<Invited>,
}

/// What to answer, and what happened.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// Whole messages to send back.
    pub(super) replies: Vec<Vec<u8>>,
    /// For the tracker.
    pub(super) events: Vec<CallEvent>,
}

#[derive(Clone, Debug)]
struct Invited {
    invite: Message,
    branch: String,
    call: CallKey,
    leg: LegKey,
    tag: String,
    /// Sent when it rings on for too long, repeated when it is over.
    next: DateTime<Utc>,
    state: State,
}

#[derive(Clone, Debug)]
enum State {
    Ringing,
    /// Final answer sent, ACK not yet come.
    Over {
        answer: ToInvite,
        pause: TimeDelta,
        until: DateTime<Utc>,
    },
    /// All done; remembered for what is repeated.
    Done {
        until: DateTime<Utc>,
    },
}

impl Contact {
    /// The second contact of `line`; `ours` are our extensions, to tell internal calls.
    pub(super) fn new(line: Line, ours: Vec<Line>) -> Self {
        Contact {
            line,
            ours,
            calls: VecDeque::new(),
        }
    }

    /// The calls that ring.
    pub(super) fn live(&self) -> Vec<CallKey> {
        self.ringing().map(|invited| invited.call.clone()).collect()
    }

    /// Takes in an INVITE, ACK or CANCEL. `tag` is a fresh tag of ours, `reliable` whether nothing gets lost.
    pub(super) fn handle(&mut self, request: &Message, tag: &str, reliable: bool, now: DateTime<Utc>) -> Outcome {
        match request.method() {
            Some("INVITE") => self.invite(request, tag, now),
            Some("CANCEL") => self.cancel(request, tag, reliable, now),
            Some("ACK") => self.acknowledged(request, now),
            _ => Outcome::default(),
        }
    }

    /// When [`Contact::handle_timeout`] has something to do.
    pub(super) fn poll_timeout(&self) -> Option<DateTime<Utc>> {
        self.calls.iter().map(|invited| invited.next).min()
    }

    /// Repeats answers that were not acknowledged, and gives up calls that nobody cancelled.
    pub(super) fn handle_timeout(&mut self, now: DateTime<Utc>) -> Outcome {
        let mut outcome = Outcome::default();
        for invited in &mut self.calls {
            if invited.next <= now {
                invited.timeout(now, &mut outcome);
            }
        }
        self.calls
            .retain(|invited| !matches!(invited.state, State::Done { until } if until <= now));
        outcome
    }

    /// The connection broke: what rang is out of sight.
    pub(super) fn forget(&mut self) -> Vec<CallEvent> {
        let events = self
            .ringing()
            .flat_map(|invited| invited.ended(Cause::Stale, None))
            .collect();
        self.calls.clear();
        events
    }

    fn ringing(&self) -> impl Iterator<Item = &Invited> {
        self.calls
            .iter()
            .filter(|invited| matches!(invited.state, State::Ringing))
    }

    fn invite(&mut self, invite: &Message, tag: &str, now: DateTime<Utc>) -> Outcome {
        let answer = |answer, tag: &str| Outcome {
            replies: vec![reply::to_invite(invite, answer, tag)],
            events: Vec::new(),
        };
        if invite.tag("To").is_some() {
            return answer(ToInvite::NoSuchCall, tag);
        }
        if let Some(known) = self.find(invite) {
            return answer(known.answer(), &known.tag.clone());
        }
        if self.ringing().any(|known| is_same_call(&known.invite, invite)) {
            return answer(ToInvite::LoopDetected, tag);
        }
        let Some(invited) = self.offered(invite, tag, now) else {
            return Outcome::default();
        };
        let mut outcome = answer(ToInvite::Trying, tag);
        outcome.events = self.begun(&invited);
        if self.calls.len() >= MOST
            && let Some(oldest) = self.calls.pop_front()
            && matches!(oldest.state, State::Ringing)
        {
            outcome.events.extend(oldest.ended(Cause::Stale, None));
        }
        self.calls.push_back(invited);
        outcome
    }

    /// `None` for an INVITE that lacks what every INVITE has.
    fn offered(&self, invite: &Message, tag: &str, now: DateTime<Utc>) -> Option<Invited> {
        let (call_id, branch) = (invite.get("Call-ID")?, invite.branch()?);
        invite.cseq()?;
        // a phone system that hunts may offer one SIP call twice, one after the other
        let again = self.calls.iter().any(|known| known.call.0 == call_id);
        let call = if again {
            format!("{call_id};{branch}")
        } else {
            call_id.to_owned()
        };
        Some(Invited {
            leg: LegKey(format!("{call}/{}", self.line)),
            call: CallKey(call),
            branch: branch.to_owned(),
            tag: tag.to_owned(),
            next: now + PATIENCE,
            state: State::Ringing,
            invite: invite.without_body(),
        })
    }

    fn begun(&self, invited: &Invited) -> Vec<CallEvent> {
        let from = Address::parse(invited.invite.get("From").unwrap_or_default()).user;
        let origin = self.ours.iter().find(|line| line.0 == from && **line != self.line);
        let (call, leg) = (invited.call.clone(), invited.leg.clone());
        vec![
            CallEvent::Began {
                call: call.clone(),
                direction: if origin.is_some() {
                    Direction::Internal
                } else {
                    Direction::In
                },
                remote: caller::party(&invited.invite),
                called: caller::called(&invited.invite),
                trunk: None,
                origin: origin.cloned(),
            },
            CallEvent::Offered {
                call: call.clone(),
                leg: leg.clone(),
                to: Endpoint::Line(self.line.clone()),
            },
            CallEvent::Ringing { call, leg },
        ]
    }

    fn cancel(&mut self, cancel: &Message, tag: &str, reliable: bool, now: DateTime<Utc>) -> Outcome {
        let Some(invited) = self.find(cancel) else {
            return Outcome {
                replies: vec![reply::to_other(cancel, ToOther::NoSuchCall, tag)],
                events: Vec::new(),
            };
        };
        let mut outcome = Outcome {
            replies: vec![reply::to_other(cancel, ToOther::Ok, &invited.tag)],
            events: Vec::new(),
        };
        if matches!(invited.state, State::Ringing) {
            let (cause, by) = ending(cancel);
            outcome
                .replies
                .push(invited.finish(ToInvite::Terminated, reliable, now));
            outcome.events = invited.ended(cause, by);
        }
        outcome
    }

    fn acknowledged(&mut self, ack: &Message, now: DateTime<Utc>) -> Outcome {
        if let Some(invited) = self.find(ack)
            && let State::Over { .. } = invited.state
        {
            invited.done(now);
        }
        Outcome::default()
    }

    /// The call whose INVITE has this branch and number: a repeated INVITE, its CANCEL or its ACK (RFC 3261, 17.2.3).
    fn find(&mut self, request: &Message) -> Option<&mut Invited> {
        let (branch, cseq) = (request.branch()?, request.cseq()?.0);
        self.calls.iter_mut().find(|known| {
            known.branch == branch
                && known.invite.get("Call-ID") == request.get("Call-ID")
                && known.invite.cseq().map(|(number, _)| number) == Some(cseq)
        })
    }
}

impl Invited {
    /// What a repeated INVITE is answered.
    fn answer(&self) -> ToInvite {
        match self.state {
            State::Ringing => ToInvite::Trying,
            State::Over { answer, .. } => answer,
            State::Done { .. } => ToInvite::Terminated,
        }
    }

    fn finish(&mut self, answer: ToInvite, reliable: bool, now: DateTime<Utc>) -> Vec<u8> {
        let until = now + MEMORY;
        self.state = State::Over {
            answer,
            pause: T1,
            until,
        };
        self.next = if reliable { until } else { now + T1 };
        reply::to_invite(&self.invite, answer, &self.tag)
    }

    fn timeout(&mut self, now: DateTime<Utc>, outcome: &mut Outcome) {
        match self.state {
            State::Ringing => {
                outcome.replies.push(self.finish(ToInvite::Unavailable, false, now));
                outcome.events.extend(self.ended(Cause::Stale, None));
            }
            State::Over { until, .. } if until <= now => self.done(now),
            State::Over { answer, pause, until } => {
                let pause = (pause * 2).min(T2);
                self.state = State::Over { answer, pause, until };
                self.next = (now + pause).min(until);
                outcome.replies.push(reply::to_invite(&self.invite, answer, &self.tag));
            }
            State::Done { .. } => {}
        }
    }

    fn done(&mut self, now: DateTime<Utc>) {
        let until = now + MEMORY * 4;
        self.state = State::Done { until };
        self.next = until;
    }

    fn ended(&self, cause: Cause, by: Option<Side>) -> Vec<CallEvent> {
        let (call, leg) = (self.call.clone(), self.leg.clone());
        vec![
            CallEvent::LegEnded {
                call: call.clone(),
                leg,
                cause,
            },
            CallEvent::Ended { call, cause, by },
        ]
    }
}

/// Cause 200 of SIP or 26 of Q.850 in a Reason header (RFC 3326): somebody took the call. Any other CANCEL: nobody
/// took it, and whether the caller gave up or the time was up is not told.
fn ending(cancel: &Message) -> (Cause, Option<Side>) {
    let elsewhere = cancel.all("Reason").flat_map(list).any(|reason| {
        let protocol = reason.split(';').next().unwrap_or_default().trim();
        let cause = param(reason, "cause").and_then(|cause| cause.parse::<u16>().ok());
        (protocol.eq_ignore_ascii_case("SIP") && cause == Some(200))
            || (protocol.eq_ignore_ascii_case("Q.850") && cause == Some(26))
    });
    (
        if elsewhere {
            Cause::AnsweredElsewhere
        } else {
            Cause::Cancelled
        },
        None,
    )
}

/// Whether two INVITEs are one that came on two ways.
fn is_same_call(one: &Message, other: &Message) -> bool {
    one.get("Call-ID") == other.get("Call-ID") && one.tag("From") == other.tag("From") && one.cseq() == other.cseq()
}
