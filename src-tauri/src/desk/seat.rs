//! What one call means for an agent: which of my lines it is on, and what the panel says of it.
//!
//! Pure, over a [`Call`] as the tracker tells it.

use chrono::{DateTime, Utc};

use crate::call::{Call, Cause, Direction, Endpoint, Leg, Line, Outcome, Side, Transfer};
use crate::pop::view::{CardState, GoneReason, GoneView, HandOverView};

/// A call as one agent sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// My line that the call is on.
    pub(super) line: Line,
    /// What it does.
    pub(super) state: CardState,
    /// Since when.
    pub(super) since: DateTime<Utc>,
}

/// What the call is to whoever sits at `lines`; `None` when it is none of theirs, not ringing yet, or
/// was taken by a colleague.
#[must_use]
pub(super) fn seat(call: &Call, lines: &[Line]) -> Option<Seat> {
    dialled_by_me(call, lines).or_else(|| dialled_to_me(call, lines))
}

/// Whether the call rang at one of `lines` and nobody answered it anywhere.
#[must_use]
pub(super) fn is_missed(call: &Call, lines: &[Line]) -> bool {
    call.direction == Direction::In && call.outcome() == Some(Outcome::Missed) && first_ring(call, lines).is_some()
}

/// When one of `lines` first rang.
#[must_use]
pub(super) fn first_ring(call: &Call, lines: &[Line]) -> Option<DateTime<Utc>> {
    mine(call, lines).filter_map(|(_, leg)| leg.rang).min()
}

/// Why a call is no longer on `lines`.
#[must_use]
pub(super) fn gone(call: &Call, lines: &[Line]) -> GoneView {
    let last = mine(call, lines).last().map(|(_, leg)| leg);
    let rang_since = last.map(|leg| leg.offered);
    let is_other = |leg: &&Leg| leg.line().is_some_and(|line| !lines.contains(line));
    let answered = call.legs.iter().filter(is_other).filter(|leg| leg.answered.is_some());
    let taken_by = answered
        .filter(|leg| leg.answered >= rang_since)
        .min_by_key(|leg| leg.answered)
        .and_then(Leg::line);
    let reason = match last.and_then(|leg| leg.ended) {
        _ if call.ended_by == Some(Side::Transfer) => GoneReason::Joined,
        Some((_, Cause::Busy | Cause::Rejected)) => GoneReason::Rejected,
        Some((_, Cause::AnsweredElsewhere)) => GoneReason::AnsweredElsewhere,
        _ if taken_by.is_some() => GoneReason::AnsweredElsewhere,
        _ if is_missed(call, lines) => GoneReason::Missed,
        _ => GoneReason::StoppedRinging,
    };
    let by = taken_by.filter(|_| reason == GoneReason::AnsweredElsewhere);
    GoneView {
        call: call.id.0.clone(),
        reason,
        by: by.map(|line| line.0.clone()),
    }
}

/// Who passed the call to `line`, when somebody did.
#[must_use]
pub(super) fn handed_over(call: &Call, line: &Line) -> Option<HandOverView> {
    let to_me = |transfer: &&Transfer| transfer.to == Some(Endpoint::Line(line.clone()));
    let transfer = call.transfers.iter().rfind(to_me)?;
    Some(HandOverView {
        by: transfer.by.as_ref().map(|by| by.0.clone()),
        kind: transfer.kind,
        note: None,
    })
}

fn dialled_by_me(call: &Call, lines: &[Line]) -> Option<Seat> {
    let line = call.origin.clone().filter(|line| lines.contains(line))?;
    let (state, since) = match (call.origin_left, call.answer().and_then(|leg| leg.answered)) {
        (Some(left), _) => (CardState::WrapUp, left),
        (None, Some(answered)) => talking(call, answered),
        (None, None) => (CardState::Dialling, call.began),
    };
    Some(Seat { line, state, since })
}

/// Talking beats ringing beats wrapping up, for the case of several phones on my lines.
fn dialled_to_me(call: &Call, lines: &[Line]) -> Option<Seat> {
    let seat = |line: &Line, (state, since)| Seat {
        line: line.clone(),
        state,
        since,
    };
    let talks = mine(call, lines).find(|(_, leg)| leg.is_talking());
    if let Some((line, leg)) = talks {
        let (answered, consulted) = (leg.answered?, leg.consulted_by.is_some());
        // the caller waits while the agent asks; whoever is asked does not
        let state = if consulted {
            (CardState::Talking, answered)
        } else {
            talking(call, answered)
        };
        return Some(seat(line, state));
    }
    let rings = mine(call, lines).find(|(_, leg)| leg.rang.is_some() && leg.ended.is_none());
    if let Some((line, leg)) = rings {
        return Some(seat(line, (CardState::Ringing, leg.rang?)));
    }
    let talked = mine(call, lines).filter(|(_, leg)| leg.answered.is_some()).last();
    talked.and_then(|(line, leg)| Some(seat(line, (CardState::WrapUp, leg.ended?.0))))
}

fn talking(call: &Call, answered: DateTime<Utc>) -> (CardState, DateTime<Utc>) {
    match call.held {
        Some(held) => (CardState::Held, held),
        None => (CardState::Talking, answered),
    }
}

fn mine<'a>(call: &'a Call, lines: &'a [Line]) -> impl Iterator<Item = (&'a Line, &'a Leg)> {
    call.legs
        .iter()
        .filter_map(|leg| Some((leg.line()?, leg)))
        .filter(|(line, _)| lines.contains(line))
}
