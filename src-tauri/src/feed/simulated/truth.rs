//! What a caller lives through in a scene, told from the scene alone and not from its events.
//!
//! A test compares it with what the tracker makes of the events.

use super::passing::{self, CONSULTATION};
use super::scene::{Cast, Inbound, Length, Outgoing, Queued, Scene, Who, party};
use super::script::who_ends;
use crate::call::{
    CallKey, Direction, Endpoint, Line, Outcome, Presentation, QueueOutcome, Side, Then, Transfer, TransferKind,
};

/// One call as it was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// Its key in the events.
    pub call: CallKey,
    /// From where to where.
    pub direction: Direction,
    /// The other side's number, empty when withheld; in an internal call that of who dialled.
    pub remote: String,
    /// Whether the number may be shown.
    pub presentation: Presentation,
    /// The number that was dialled.
    pub called: String,
    /// Our lines whose phones ring.
    pub rang: Vec<Line>,
    /// Who answers first.
    pub answered_by: Option<Endpoint>,
    /// Our lines that talk.
    pub talked: Vec<Line>,
    /// What happens; `None` for a consultation that ends in another call before it is answered.
    pub outcome: Option<Outcome>,
    /// Who ends it.
    pub ended_by: Side,
    /// How many times it is on hold.
    pub held: u32,
    /// The queue it waits in, and how it leaves it.
    pub queue: Option<(String, QueueOutcome)>,
    /// How it is passed on.
    pub transfer: Option<Transfer>,
    /// Where it goes when nobody answers.
    pub then: Option<Then>,
}

/// The calls of `scene` under key `key`: one, and its consultation if it has one.
pub(super) fn truths(scene: &Scene, key: &str, cast: &Cast<'_>, length: Length) -> Vec<Truth> {
    let call = CallKey(key.to_owned());
    match scene {
        Scene::Inbound(who, outcome) => vec![inbound(from_outside(call, who, cast), *outcome, cast, length)],
        Scene::Queued(who, outcome) => vec![queued(from_outside(call, who, cast), *outcome, cast, length)],
        Scene::Passed(who, kind, towards) => match passing::agents(cast, *towards) {
            Some(agents) => passed(from_outside(call, who, cast), *kind, agents, length),
            None => Vec::new(),
        },
        Scene::Outgoing(callee, outcome) => {
            let truth = Truth {
                direction: Direction::Out,
                remote: callee.number.clone(),
                presentation: Presentation::Allowed,
                called: callee.number.clone(),
                rang: Vec::new(),
                ..from_outside(call, &Who::Withheld, cast)
            };
            vec![outgoing(truth, *outcome, cast, length)]
        }
        Scene::Internal(from, answered) => {
            let truth = between(call, from, cast.mine);
            let (outcome, ended_by) = match answered {
                true => (Outcome::Answered, who_ends(length.talk, Side::Caller)),
                false => (Outcome::Missed, Side::Caller),
            };
            let truth = Truth {
                outcome: Some(outcome),
                ended_by,
                ..truth
            };
            vec![if *answered { truth } else { unanswered(truth) }]
        }
    }
}

/// Missed by my line, until more is said.
fn from_outside(call: CallKey, who: &Who, cast: &Cast<'_>) -> Truth {
    let party = party(who);
    Truth {
        call,
        direction: Direction::In,
        remote: party.number,
        presentation: party.presentation,
        called: cast.called.to_owned(),
        rang: std::iter::once(cast.mine).chain(cast.beside).cloned().collect(),
        answered_by: None,
        talked: Vec::new(),
        outcome: Some(Outcome::Missed),
        ended_by: Side::Caller,
        held: 0,
        queue: None,
        transfer: None,
        then: None,
    }
}

/// From one of our lines to another, and answered.
fn between(call: CallKey, from: &Line, to: &Line) -> Truth {
    Truth {
        call,
        direction: Direction::Internal,
        remote: from.to_string(),
        presentation: Presentation::Allowed,
        called: to.to_string(),
        rang: vec![to.clone()],
        answered_by: Some(Endpoint::Line(to.clone())),
        talked: vec![from.clone(), to.clone()],
        outcome: Some(Outcome::Answered),
        ended_by: Side::Caller,
        held: 0,
        queue: None,
        transfer: None,
        then: None,
    }
}

fn inbound(missed: Truth, outcome: Inbound, cast: &Cast<'_>, length: Length) -> Truth {
    let last = cast.beside.last().unwrap_or(cast.mine);
    match outcome {
        Inbound::Taken => taken(missed, cast.mine, cast, length),
        Inbound::TakenByColleague => taken(missed, last, cast, length),
        Inbound::GivenUp => missed,
        Inbound::RangOut => Truth {
            ended_by: Side::Pbx,
            ..missed
        },
        Inbound::Voicemail => Truth {
            then: Some(Then::Voicemail),
            ..missed
        },
        Inbound::Refused => Truth {
            rang: vec![cast.mine.clone()],
            outcome: Some(Outcome::Rejected),
            ended_by: Side::Agent,
            ..missed
        },
        Inbound::Engaged => Truth {
            rang: Vec::new(),
            outcome: Some(Outcome::Busy),
            ended_by: Side::Pbx,
            ..missed
        },
    }
}

fn queued(missed: Truth, outcome: Queued, cast: &Cast<'_>, length: Length) -> Truth {
    let last = cast.beside.last().unwrap_or(cast.mine);
    let waited = |left, truth| Truth {
        queue: Some((cast.queue.to_owned(), left)),
        ..truth
    };
    match outcome {
        Queued::Taken => waited(QueueOutcome::Answered, taken(missed, cast.mine, cast, length)),
        Queued::TakenByColleague => waited(QueueOutcome::Answered, taken(missed, last, cast, length)),
        Queued::Abandoned => waited(QueueOutcome::Abandoned, missed),
        Queued::TimedOut => Truth {
            then: Some(Then::Voicemail),
            ..waited(QueueOutcome::TimedOut, missed)
        },
    }
}

fn taken(missed: Truth, by: &Line, cast: &Cast<'_>, length: Length) -> Truth {
    Truth {
        answered_by: Some(Endpoint::Line(by.clone())),
        talked: vec![by.clone()],
        outcome: Some(Outcome::Answered),
        ended_by: who_ends(length.talk, Side::Caller),
        held: u32::from(cast.hold),
        ..missed
    }
}

fn passed(missed: Truth, kind: TransferKind, (first, second): (&Line, &Line), length: Length) -> Vec<Truth> {
    let consulted = kind != TransferKind::Blind;
    let consultation = CallKey(format!("{}{CONSULTATION}", missed.call.0));
    let mut rang = vec![first.clone()];
    // after a consultation the phone rang in that
    rang.extend((!consulted).then(|| second.clone()));
    let call = Truth {
        rang,
        answered_by: Some(Endpoint::Line(first.clone())),
        talked: vec![first.clone(), second.clone()],
        outcome: Some(Outcome::Answered),
        ended_by: who_ends(length.talk, Side::Caller),
        held: u32::from(consulted),
        transfer: Some(Transfer {
            kind,
            by: Some(first.clone()),
            to: Some(Endpoint::Line(second.clone())),
            consultation: consulted.then(|| consultation.clone()),
        }),
        ..missed
    };
    let talk = Truth {
        ended_by: Side::Transfer,
        ..between(consultation, first, second)
    };
    match kind {
        TransferKind::Blind => vec![call],
        TransferKind::Attended => vec![call, talk],
        TransferKind::Blonde => vec![call, unanswered(talk)],
    }
}

fn unanswered(truth: Truth) -> Truth {
    Truth {
        answered_by: None,
        talked: Vec::new(),
        outcome: truth.outcome.filter(|_| truth.ended_by != Side::Transfer),
        ..truth
    }
}

fn outgoing(missed: Truth, outcome: Outgoing, cast: &Cast<'_>, length: Length) -> Truth {
    match outcome {
        Outgoing::Talked => Truth {
            answered_by: Some(Endpoint::Outside(missed.remote.clone())),
            talked: vec![cast.mine.clone()],
            outcome: Some(Outcome::Answered),
            ended_by: who_ends(length.talk, Side::Callee),
            held: u32::from(cast.hold),
            ..missed
        },
        // a phone outside that rings is none of ours
        Outgoing::NoAnswer => Truth {
            ended_by: Side::Agent,
            ..missed
        },
        Outgoing::Busy => Truth {
            outcome: Some(Outcome::Busy),
            ended_by: Side::Callee,
            ..missed
        },
    }
}
