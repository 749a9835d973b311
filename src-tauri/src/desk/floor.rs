//! What every phone does, as far as its calls tell: mine and those of others.
//!
//! Pure, over calls as the tracker tells them. A phone without a call is free only where it was heard of and its phone system is
//! heard; whether somebody sits at it, nobody tells.

use std::collections::{BTreeMap, HashMap};
use std::slice;

use chrono::{DateTime, Utc};

use super::seat;
use crate::call::{Call, CallId, Line, Party};
use crate::journal::SeenLine;
use crate::pop::view::{AgentState, CardState, WithView};

/// What was heard of the phones.
#[derive(Debug, Default)]
pub(super) struct Floor {
    seen: BTreeMap<Line, Seen>,
    /// Who sits where.
    pub(super) names: BTreeMap<Line, String>,
    /// Who is on the other side of calls that are on, looked up once while nothing of it changes.
    known: HashMap<CallId, (Party, WithView)>,
}

/// What was heard of one phone.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// The feed that told of it last.
    pub(super) feed: String,
    /// When.
    pub(super) heard: DateTime<Utc>,
    /// When its last call was over.
    pub(super) left: Option<DateTime<Utc>>,
}

/// What a phone does with a call that is on.
pub(super) struct Doing<'a> {
    pub(super) state: AgentState,
    pub(super) since: DateTime<Utc>,
    pub(super) call: &'a Call,
}

impl Floor {
    /// A floor of which the journal knows this.
    pub(super) fn of_journal(lines: Vec<SeenLine>) -> Self {
        let seen = lines.into_iter().map(|one| {
            let seen = Seen {
                feed: one.feed,
                heard: one.heard,
                left: one.left,
            };
            (one.line, seen)
        });
        Floor {
            seen: seen.collect(),
            ..Floor::default()
        }
    }

    /// Something happened to a call at `at`.
    pub(super) fn hear(&mut self, call: &Call, at: DateTime<Utc>) {
        let origin = call.origin.iter().map(|line| (line, call.origin_left));
        let legs = call.legs.iter();
        let legs = legs.filter_map(|leg| Some((leg.line()?, leg.ended.map(|(ended, _)| ended))));
        for (line, left) in origin.chain(legs) {
            match self.seen.get_mut(line) {
                Some(seen) => {
                    seen.heard = seen.heard.max(at);
                    seen.left = seen.left.max(left);
                    if seen.feed != call.feed {
                        seen.feed.clone_from(&call.feed);
                    }
                }
                None => {
                    let seen = Seen {
                        feed: call.feed.clone(),
                        heard: at,
                        left,
                    };
                    self.seen.insert(line.clone(), seen);
                }
            }
        }
    }

    /// The phones that were heard of since `since`.
    pub(super) fn lines(&self, since: DateTime<Utc>) -> impl Iterator<Item = &Line> {
        let lately = self.seen.iter().filter(move |(_, seen)| seen.heard >= since);
        lately.map(|(line, _)| line)
    }

    pub(super) fn seen(&self, line: &Line) -> Option<&Seen> {
        self.seen.get(line)
    }

    /// Who is on the other side of a call, when that was looked up and the phone system says the same of them as then.
    pub(super) fn known(&self, call: &Call) -> Option<WithView> {
        let (party, with) = self.known.get(&call.id)?;
        (*party == call.remote).then(|| with.clone())
    }

    pub(super) fn know(&mut self, call: &Call, with: &WithView) {
        self.known.insert(call.id.clone(), (call.remote.clone(), with.clone()));
    }

    /// Forgets who was on the other side of calls that are over.
    pub(super) fn forget(&mut self, is_on: impl Fn(&CallId) -> bool) {
        self.known.retain(|call, _| is_on(call));
    }
}

/// What a phone does now; nothing when no call is on it. Of several calls the one that is talked in, else the one that needs
/// a person most.
pub(super) fn doing<'a>(line: &Line, calls: impl Iterator<Item = &'a Call>) -> Option<Doing<'a>> {
    let on = calls.filter(|call| call.ended.is_none()).filter_map(|call| {
        let seat = seat::seat(call, slice::from_ref(line))?;
        let state = match seat.state {
            CardState::Talking => AgentState::Talking,
            CardState::Held => AgentState::Held,
            CardState::Dialling => AgentState::Dialling,
            CardState::Ringing => AgentState::Ringing,
            CardState::WrapUp | CardState::Unsure => return None,
        };
        Some(Doing {
            state,
            since: seat.since,
            call,
        })
    });
    on.min_by(|one, other| (one.state, one.since, &one.call.id).cmp(&(other.state, other.since, &other.call.id)))
}
