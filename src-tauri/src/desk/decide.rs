//! Why a call is or is not in the panel, for each of my extensions. Pure: it says what the board and the seat decided,
//! and decides nothing itself.

use serde::Serialize;

use crate::call::{Call, Cause, Endpoint, Leg, Line};
use crate::pop::view::{CardState, DecisionKind, DecisionView, GoneReason};

use super::seat;
use super::state::ShowAt;

/// A card of the board, as far as a decision rests on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Laid {
    /// The call.
    pub(super) call: String,
    /// My extension that it is on.
    pub(super) line: Line,
    /// What it does.
    pub(super) state: CardState,
}

/// When the panel comes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ComesUp {
    /// As the settings have it.
    At(ShowAt),
    /// Not by itself: nobody is to be disturbed.
    NotNow,
}

/// What was decided on `call` for each of `lines` that takes part in it; one decision without a line when none does.
/// `cards` are those that lie on the board, `comes_up` is when the panel does.
pub(super) fn decide(call: &Call, lines: &[Line], cards: &[Laid], comes_up: ComesUp) -> Vec<DecisionView> {
    let card = cards.iter().find(|card| card.call == call.id.0);
    let mine = lines.iter().filter(|line| takes_part(call, line));
    let decisions: Vec<DecisionView> = mine
        .map(|line| match card {
            Some(card) if card.line == *line => with_card(card, call, cards, comes_up),
            Some(card) => decision(Some(line), true, DecisionKind::OtherLine, Some(card.line.0.clone())),
            None => without_card(call, line, lines),
        })
        .collect();
    if !decisions.is_empty() {
        return decisions;
    }
    let kind = if lines.is_empty() {
        DecisionKind::NoLines
    } else {
        DecisionKind::NotMine
    };
    vec![decision(None, false, kind, dialled(call))]
}

/// Whether `line` began the call or was dialled in it.
pub(super) fn takes_part(call: &Call, line: &Line) -> bool {
    call.origin.as_ref() == Some(line) || call.legs.iter().any(|leg| leg.line() == Some(line))
}

fn with_card(card: &Laid, call: &Call, cards: &[Laid], comes_up: ComesUp) -> DecisionView {
    let line = Some(&card.line);
    if card.state == CardState::WrapUp {
        return decision(line, true, DecisionKind::WrapUp, None);
    }
    if comes_up == ComesUp::NotNow {
        return decision(line, true, DecisionKind::Quiet, None);
    }
    let answered = call.answer().is_some();
    if comes_up == ComesUp::At(ShowAt::Answer) && card.state == CardState::Ringing && !answered {
        return decision(line, true, DecisionKind::Waits, None);
    }
    let busy_with = cards
        .iter()
        .find(|other| other.call != card.call && urgency(other.state) < urgency(card.state));
    match busy_with {
        Some(other) => decision(line, true, DecisionKind::Beside, Some(other.call.clone())),
        None => decision(line, true, DecisionKind::Shown, None),
    }
}

/// The smaller, the sooner the panel opens the card; as `ui/pop/choose-card.ts` has it.
fn urgency(state: CardState) -> u8 {
    match state {
        CardState::Talking => 0,
        CardState::Unsure => 1,
        CardState::Dialling => 2,
        CardState::Ringing => 3,
        CardState::Held => 4,
        CardState::WrapUp => 5,
    }
}

fn without_card(call: &Call, line: &Line, lines: &[Line]) -> DecisionView {
    let line_is = |kind, by| decision(Some(line), false, kind, by);
    let Some(leg) = call.legs.iter().rfind(|leg| leg.line() == Some(line)) else {
        return line_is(DecisionKind::Closed, None);
    };
    match (leg.rang, leg.answered, leg.ended) {
        (None, None, None) => line_is(DecisionKind::NotRinging, None),
        (None, None, Some((_, Cause::AnsweredElsewhere))) => {
            line_is(DecisionKind::AnsweredElsewhere, seat::gone(call, lines).by)
        }
        (None, None, Some((_, cause))) => line_is(DecisionKind::NotRung, Some(word(cause))),
        (_, Some(_), _) => line_is(DecisionKind::Closed, None),
        (Some(_), None, _) => {
            let gone = seat::gone(call, lines);
            let kind = match gone.reason {
                GoneReason::AnsweredElsewhere => DecisionKind::AnsweredElsewhere,
                GoneReason::Missed => DecisionKind::Missed,
                GoneReason::Rejected => DecisionKind::Rejected,
                GoneReason::Joined => DecisionKind::Joined,
                GoneReason::StoppedRinging => DecisionKind::StoppedRinging,
            };
            line_is(kind, gone.by)
        }
    }
}

/// What is written as a word, so that the answer can read it again.
pub(super) fn word(value: impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// Our phones that were dialled, each once.
fn dialled(call: &Call) -> Option<String> {
    let mut phones: Vec<&str> = Vec::new();
    for leg in &call.legs {
        let Leg {
            to: Endpoint::Line(line),
            ..
        } = leg
        else {
            continue;
        };
        if !phones.contains(&line.0.as_str()) {
            phones.push(&line.0);
        }
    }
    (!phones.is_empty()).then(|| phones.join(", "))
}

fn decision(line: Option<&Line>, shown: bool, why: DecisionKind, by: Option<String>) -> DecisionView {
    DecisionView {
        line: line.map(|line| line.0.clone()),
        shown,
        why,
        by,
    }
}
