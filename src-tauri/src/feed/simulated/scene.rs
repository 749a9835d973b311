//! One call from its beginning to its end, as the events that a phone system would tell of it.
//!
//! Pure. It does not know what other calls there are.

use std::time::Duration;

use super::passing;
use super::script::Script;
use crate::call::{
    CallEvent, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation, QueueOutcome, Side, Then, TransferKind,
    Trust,
};

/// Somebody outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The number as the trunk sends it, for example `+493023125118`.
    pub number: String,
    /// The display name that the trunk sends, empty for none.
    pub name: String,
    /// The attestation that comes with the number.
    pub trust: Trust,
    /// How often this caller calls, compared to the others; 0 never.
    pub weight: u32,
}

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Somebody who shows the number.
    Shown(Caller),
    /// Somebody who withholds it.
    Withheld,
}

/// What becomes of a call from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inbound {
    /// My line takes it.
    Taken,
    /// A colleague takes it.
    TakenByColleague,
    /// The caller gives up.
    GivenUp,
    /// It rings until the time is up.
    RangOut,
    /// As before, and a mailbox takes it then.
    Voicemail,
    /// I refuse it.
    Refused,
    /// My line talks already and no other rings.
    Engaged,
}

/// What becomes of a call from outside that waits in a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queued {
    /// My line takes it.
    Taken,
    /// A colleague takes it.
    TakenByColleague,
    /// The caller gives up while it rings.
    Abandoned,
    /// Nobody takes it in time, and a mailbox does.
    TimedOut,
}

/// Who passes a call on to whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Towards {
    /// A colleague takes the call and passes it to me.
    Me,
    /// I take the call and pass it to a colleague.
    Colleague,
}

/// What becomes of a call to the outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// It is answered.
    Talked,
    /// Nobody answers.
    NoAnswer,
    /// The other side is busy.
    Busy,
}

/// One call that is to happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scene {
    /// From outside to my line.
    Inbound(Who, Inbound),
    /// From outside to a queue.
    Queued(Who, Queued),
    /// From outside, taken, passed on and taken again.
    Passed(Who, TransferKind, Towards),
    /// From my line to the outside.
    Outgoing(Caller, Outgoing),
    /// From a colleague to my line, answered or not.
    Internal(Line, bool),
}

/// How long a call rings and is talked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Length {
    /// Between a phone being dialled and its ringing.
    pub(super) setup: Duration,
    pub(super) ring: Duration,
    pub(super) talk: Duration,
}

/// Who takes part from our side.
pub(super) struct Cast<'a> {
    /// My line.
    pub(super) mine: &'a Line,
    /// Lines that ring beside mine.
    pub(super) beside: &'a [Line],
    /// Lines beside mine that talk already.
    pub(super) engaged: &'a [Line],
    /// The colleague that a call is passed on to, or who passes it on.
    pub(super) colleague: Option<&'a Line>,
    /// The queue.
    pub(super) queue: &'a str,
    /// The number that callers dial.
    pub(super) called: &'a str,
    /// Whether the talk is on hold for a while.
    pub(super) hold: bool,
}

/// How long a message on the mailbox is.
const MESSAGE: f64 = 0.7;

/// The events of `scene` as call `key`, each with its time from the beginning, in their order.
pub(super) fn play(scene: &Scene, key: &str, cast: &Cast<'_>, length: Length) -> Vec<(Duration, CallEvent)> {
    let mut script = Script::new(key);
    match scene {
        Scene::Inbound(who, outcome) => inbound(&mut script, who, *outcome, cast, length),
        Scene::Queued(who, outcome) => queued(&mut script, who, *outcome, cast, length),
        Scene::Passed(who, kind, towards) => passing::passed(&mut script, who, (*kind, *towards), cast, length),
        Scene::Outgoing(callee, outcome) => outgoing(&mut script, callee, *outcome, cast, length),
        Scene::Internal(from, answered) => internal(&mut script, from, *answered, cast, length),
    }
    script.events
}

fn inbound(script: &mut Script, who: &Who, outcome: Inbound, cast: &Cast<'_>, length: Length) {
    script.begin(Direction::In, party(who), cast.called, None);
    if outcome == Inbound::Engaged {
        let mine = script.offer(cast.mine);
        script.later(length.setup);
        script.leg_ends(mine, Cause::Busy);
        return script.end(Cause::Busy, Side::Pbx);
    }
    let beside = if outcome == Inbound::Refused { &[] } else { cast.beside };
    let mut legs = vec![script.offer(cast.mine)];
    legs.extend(beside.iter().map(|line| script.offer(line)));
    let engaged: Vec<LegKey> = cast.engaged.iter().map(|line| script.offer(line)).collect();
    script.later(length.setup);
    engaged.into_iter().for_each(|leg| script.leg_ends(leg, Cause::Busy));
    legs.iter().for_each(|leg| script.rings(leg));
    script.later(length.ring);
    match outcome {
        Inbound::Taken => script.is_taken(&legs, 0, Side::Caller, cast.hold, length.talk),
        Inbound::TakenByColleague => script.is_taken(&legs, legs.len() - 1, Side::Caller, cast.hold, length.talk),
        Inbound::GivenUp => script.is_over(legs, Cause::Cancelled, Side::Caller),
        Inbound::RangOut => script.is_over(legs, Cause::NoAnswer, Side::Pbx),
        Inbound::Refused | Inbound::Engaged => script.is_over(legs, Cause::Busy, Side::Agent),
        Inbound::Voicemail => {
            legs.into_iter().for_each(|leg| script.leg_ends(leg, Cause::NoAnswer));
            leave_message(script, length);
        }
    }
}

/// All phones of the queue ring at once, as soon as the call is in it.
fn queued(script: &mut Script, who: &Who, outcome: Queued, cast: &Cast<'_>, length: Length) {
    script.begin(Direction::In, party(who), cast.called, None);
    let queue = cast.queue.to_owned();
    script.tell(|call| CallEvent::Queued { call, queue });
    let lines = std::iter::once(cast.mine).chain(cast.beside);
    let legs: Vec<LegKey> = lines.map(|line| script.offer(line)).collect();
    script.later(length.setup);
    legs.iter().for_each(|leg| script.rings(leg));
    script.later(length.ring);
    let left = match outcome {
        Queued::Taken | Queued::TakenByColleague => QueueOutcome::Answered,
        Queued::Abandoned => QueueOutcome::Abandoned,
        Queued::TimedOut => QueueOutcome::TimedOut,
    };
    script.tell(|call| CallEvent::Unqueued { call, outcome: left });
    match outcome {
        Queued::Taken => script.is_taken(&legs, 0, Side::Caller, cast.hold, length.talk),
        Queued::TakenByColleague => script.is_taken(&legs, legs.len() - 1, Side::Caller, cast.hold, length.talk),
        Queued::Abandoned => script.is_over(legs, Cause::Cancelled, Side::Caller),
        Queued::TimedOut => {
            legs.into_iter().for_each(|leg| script.leg_ends(leg, Cause::NoAnswer));
            leave_message(script, length);
        }
    }
}

fn leave_message(script: &mut Script, length: Length) {
    script.tell(|call| CallEvent::Diverted {
        call,
        then: Then::Voicemail,
    });
    script.later(length.talk.mul_f64(MESSAGE));
    script.end(Cause::Normal, Side::Caller);
}

fn outgoing(script: &mut Script, callee: &Caller, outcome: Outgoing, cast: &Cast<'_>, length: Length) {
    let remote = Party {
        trust: Trust::Unknown,
        verstat: String::new(),
        ..party(&Who::Shown(callee.clone()))
    };
    script.begin(Direction::Out, remote, &callee.number, Some(cast.mine));
    let leg = LegKey(format!("{}/outside", script.call.0));
    let (offered, to) = (leg.clone(), Endpoint::Outside(callee.number.clone()));
    script.tell(|call| CallEvent::Offered { call, leg: offered, to });
    script.later(length.setup);
    if outcome == Outgoing::Busy {
        return script.is_over(vec![leg], Cause::Busy, Side::Callee);
    }
    script.rings(&leg);
    script.later(length.ring);
    match outcome {
        Outgoing::Talked => script.is_taken(&[leg], 0, Side::Callee, cast.hold, length.talk),
        Outgoing::NoAnswer | Outgoing::Busy => script.is_over(vec![leg], Cause::NoAnswer, Side::Agent),
    }
}

fn internal(script: &mut Script, from: &Line, answered: bool, cast: &Cast<'_>, length: Length) {
    let remote = Party {
        number: from.to_string(),
        presentation: Presentation::Allowed,
        ..Party::default()
    };
    script.begin(Direction::Internal, remote, &cast.mine.0, Some(from));
    let leg = script.offer(cast.mine);
    script.later(length.setup);
    script.rings(&leg);
    script.later(length.ring);
    if answered {
        script.is_taken(&[leg], 0, Side::Caller, false, length.talk);
    } else {
        script.is_over(vec![leg], Cause::Cancelled, Side::Caller);
    }
}

pub(super) fn party(who: &Who) -> Party {
    let Who::Shown(caller) = who else {
        return Party {
            presentation: Presentation::Restricted,
            ..Party::default()
        };
    };
    let verstat = match caller.trust {
        Trust::Verified => "TN-Validation-Passed-A",
        Trust::NotVerifiedB => "TN-Validation-Passed-B",
        Trust::NotVerifiedC => "TN-Validation-Passed-C",
        Trust::Failed => "TN-Validation-Failed",
        Trust::Unknown => "",
    };
    Party {
        number: caller.number.clone(),
        name: caller.name.clone(),
        presentation: Presentation::Allowed,
        trust: caller.trust,
        verstat: verstat.to_owned(),
    }
}
