//! From the dialogs of watched lines to calls. Knows no XML and no SIP message, only what the lists say.
//!
//! Kamailio names the SIP call of each dialog, so the dialogs of two lines in one call are told as one call, and
//! repeats dialogs that are long over. Asterisk calls the one dialog of a line by the line's name and says only
//! while it rings who calls; of a call that it says nothing about (one that the line itself began, or one that
//! was on before), nothing is told.

mod ending;

use std::collections::BTreeMap;

use self::ending::Ending;
use super::dialog_info::{Dialog, DialogInfo, Direction, State, Who};
use crate::call::{self, CallEvent, CallKey, Cause, Endpoint, LegKey, Line, Party, Presentation};

/// All watched lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    /// Our extensions, to tell internal calls.
    ours: Vec<Line>,
    lines: BTreeMap<Line, Watched>,
}

/// What a list of dialogs came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// What happened.
    pub(super) events: Vec<CallEvent>,
    /// A list got lost: a full one should be asked for (RFC 4235, 4.3).
    pub(super) incomplete: bool,
}

#[derive(Clone, Debug, Default)]
struct Watched {
    /// The subscription that the version counts in.
    subscription: String,
    version: u32,
    dialogs: BTreeMap<String, Known>,
}

/// A dialog that is on.
#[derive(Clone, Debug)]
struct Known {
    call: CallKey,
    /// `None` for the caller's side of an internal call: the other side's line tells the leg.
    leg: Option<LegKey>,
    direction: call::Direction,
    state: State,
    remote: Party,
    held: bool,
    /// The call that goes on while a second rings under the same dialog name.
    behind: Option<Box<Known>>,
}

impl Watch {
    pub(super) fn new(ours: Vec<Line>) -> Self {
        Watch {
            ours,
            lines: BTreeMap::new(),
        }
    }

    /// The calls that are on.
    pub(super) fn live(&self) -> Vec<CallKey> {
        let mut keys: Vec<CallKey> = self.known().map(|known| known.call.clone()).collect();
        keys.sort();
        keys.dedup();
        keys
    }

    /// Takes in a list of the dialogs of `line`, received within `subscription` (its Call-ID).
    pub(super) fn handle(&mut self, line: &Line, subscription: &str, list: &DialogInfo) -> Told {
        let mut watched = self.lines.remove(line).unwrap_or_default();
        let first = watched.subscription != subscription;
        if first {
            subscription.clone_into(&mut watched.subscription);
        }
        let told = self.apply(line, &mut watched, list, first);
        watched.version = list.version;
        self.lines.insert(line.clone(), watched);
        told
    }

    /// Closes the calls of a line that nothing more will be told of.
    pub(super) fn lost_sight_of(&mut self, line: &Line) -> Vec<CallEvent> {
        let mut events = Vec::new();
        if let Some(mut watched) = self.lines.remove(line) {
            let ids: Vec<String> = watched.dialogs.keys().cloned().collect();
            for id in ids {
                self.end(&mut watched, &id, Ending::unheard(), &mut events);
            }
        }
        events
    }

    /// Lists come in order, so a full one is always good; the version tells whether a partial one was lost before.
    fn apply(&mut self, line: &Line, watched: &mut Watched, list: &DialogInfo, first: bool) -> Told {
        let mut told = Told::default();
        if !list.full {
            if !first && list.version <= watched.version {
                return told;
            }
            told.incomplete = first || list.version > watched.version.saturating_add(1);
        }
        // what is over makes room first: a line that answers one call and is offered the next in one list
        let order = |dialog: &&Dialog| u8::from(dialog.state != State::Terminated);
        let mut dialogs: Vec<&Dialog> = list.dialogs.iter().collect();
        dialogs.sort_by_key(order);
        if list.full {
            let gone: Vec<String> = watched
                .dialogs
                .keys()
                .filter(|id| !is_listed(list, id))
                .cloned()
                .collect();
            for id in gone {
                self.end(watched, &id, Ending::unheard(), &mut told.events);
            }
        }
        for dialog in dialogs {
            self.step(line, watched, dialog, list.version, first, &mut told.events);
        }
        told
    }

    fn step(
        &self,
        line: &Line,
        watched: &mut Watched,
        dialog: &Dialog,
        version: u32,
        first: bool,
        events: &mut Vec<CallEvent>,
    ) {
        let id = &dialog.id;
        if dialog.state == State::Terminated {
            self.end(watched, id, Ending::of(dialog), events);
            return;
        }
        if first && watched.dialogs.get(id).is_some_and(|known| is_another(known, dialog)) {
            self.end(watched, id, Ending::unheard(), events);
        }
        match watched.dialogs.remove(id) {
            Some(known) if known.state == State::Confirmed && dialog.state != State::Confirmed => {
                if let Some(mut second) = self.begin(line, watched, dialog, version, events) {
                    second.behind = Some(Box::new(known));
                    watched.dialogs.insert(id.clone(), second);
                } else {
                    watched.dialogs.insert(id.clone(), known);
                }
            }
            Some(known) => {
                let known = match known.behind {
                    Some(_) if dialog.state == State::Confirmed => self.fall_back(watched, known, events),
                    _ => known,
                };
                let known = go_on(known, dialog, events);
                watched.dialogs.insert(id.clone(), known);
            }
            None => {
                if let Some(known) = self.begin(line, watched, dialog, version, events) {
                    let known = go_on(known, dialog, events);
                    watched.dialogs.insert(id.clone(), known);
                }
            }
        }
    }

    /// A dialog seen for the first time. `None` when nothing is said of it that would make it a call.
    fn begin(
        &self,
        line: &Line,
        watched: &Watched,
        dialog: &Dialog,
        version: u32,
        events: &mut Vec<CallEvent>,
    ) -> Option<Known> {
        let remote = dialog.remote.as_ref();
        let direction = dialog.direction.or(remote.map(|_| Direction::Recipient))?;
        let internal = remote.and_then(|who| self.ours.iter().find(|ours| ours.0 == who.user && *ours != line));
        let call = match &dialog.call_id {
            Some(call_id) => CallKey(call_id.clone()),
            // the other line tells of this call, and nothing would join the two
            None if internal.is_some() && direction == Direction::Initiator => return None,
            None => CallKey(format!("{}.{version}.{}", watched.subscription, dialog.id)),
        };
        let side = Sides {
            line,
            direction,
            internal,
        };
        let known = Known {
            leg: side
                .has_leg()
                .then(|| LegKey(format!("{}/{line}/{}", call.0, dialog.id))),
            direction: side.told(),
            state: State::Trying,
            remote: party(remote),
            held: false,
            behind: None,
            call,
        };
        if !self
            .known()
            .chain(watched.dialogs.values())
            .any(|other| other.call == known.call)
        {
            events.push(side.began(&known, dialog));
        }
        if let Some(leg) = &known.leg {
            let (call, leg, to) = (known.call.clone(), leg.clone(), side.offered(&known.remote));
            events.push(CallEvent::Offered { call, leg, to });
        }
        Some(known)
    }

    /// The second call of a line is over or was answered: which of the two, nobody says. The first stays.
    fn fall_back(&self, watched: &Watched, mut second: Known, events: &mut Vec<CallEvent>) -> Known {
        let Some(first) = second.behind.take() else {
            return second;
        };
        self.close(watched, &second, Ending::unheard(), events);
        *first
    }

    fn end(&self, watched: &mut Watched, id: &str, how: Ending, events: &mut Vec<CallEvent>) {
        let mut next = watched.dialogs.remove(id).map(Box::new);
        while let Some(mut known) = next {
            next = known.behind.take();
            self.close(watched, &known, how, events);
        }
    }

    fn close(&self, watched: &Watched, known: &Known, how: Ending, events: &mut Vec<CallEvent>) {
        let same_call = |other: &&Known| other.call == known.call;
        let others: Vec<&Known> = self.known().chain(watched.dialogs.values()).filter(same_call).collect();
        let answered = known.state == State::Confirmed;
        let elsewhere = !answered
            && others
                .iter()
                .any(|other| other.leg.is_some() && other.state == State::Confirmed);
        let cause = if elsewhere {
            Cause::AnsweredElsewhere
        } else {
            how.cause(answered)
        };
        let call = known.call.clone();
        if let Some(leg) = known.leg.clone() {
            events.push(CallEvent::LegEnded {
                call: call.clone(),
                leg,
                cause,
            });
        }
        if others.is_empty() {
            let by = how.side(known.direction);
            events.push(CallEvent::Ended { call, cause, by });
        }
    }

    fn known(&self) -> impl Iterator<Item = &Known> {
        let dialogs = self.lines.values().flat_map(|watched| watched.dialogs.values());
        dialogs.flat_map(|known| std::iter::successors(Some(known), |known| known.behind.as_deref()))
    }
}

/// Which side of a call a watched line is.
struct Sides<'a> {
    line: &'a Line,
    direction: Direction,
    internal: Option<&'a Line>,
}

impl Sides<'_> {
    fn told(&self) -> call::Direction {
        match (self.internal, self.direction) {
            (Some(_), _) => call::Direction::Internal,
            (None, Direction::Initiator) => call::Direction::Out,
            (None, Direction::Recipient) => call::Direction::In,
        }
    }

    fn has_leg(&self) -> bool {
        self.internal.is_none() || self.direction == Direction::Recipient
    }

    fn began(&self, known: &Known, dialog: &Dialog) -> CallEvent {
        let caller = match self.direction {
            Direction::Initiator => Some(self.line),
            Direction::Recipient => self.internal,
        };
        let remote = match (self.internal, self.direction) {
            // in an internal call the colleague who dialled
            (Some(_), Direction::Initiator) => Party {
                number: self.line.0.clone(),
                ..Party::default()
            },
            _ => known.remote.clone(),
        };
        let local = dialog
            .local
            .as_ref()
            .map(|who| who.user.clone())
            .filter(|user| !user.is_empty());
        let called = match self.direction {
            Direction::Initiator => known.remote.number.clone(),
            Direction::Recipient => local.unwrap_or_else(|| self.line.0.clone()),
        };
        CallEvent::Began {
            call: known.call.clone(),
            direction: known.direction,
            remote,
            called,
            trunk: None,
            origin: caller.cloned(),
        }
    }

    fn offered(&self, remote: &Party) -> Endpoint {
        match self.direction {
            Direction::Recipient => Endpoint::Line(self.line.clone()),
            Direction::Initiator => Endpoint::Outside(remote.number.clone()),
        }
    }
}

/// What is new in a dialog that is on.
fn go_on(mut known: Known, dialog: &Dialog, events: &mut Vec<CallEvent>) -> Known {
    let call = || known.call.clone();
    let told = party(dialog.remote.as_ref());
    if dialog.remote.is_some() && told != known.remote && known.direction != call::Direction::Internal {
        events.push(CallEvent::PartyChanged {
            call: call(),
            remote: told.clone(),
        });
        known.remote = told;
    }
    let call = || known.call.clone();
    if let Some(leg) = &known.leg {
        match (known.state, dialog.state) {
            (State::Trying | State::Proceeding, State::Early) => {
                events.push(CallEvent::Ringing {
                    call: call(),
                    leg: leg.clone(),
                });
            }
            (State::Confirmed, _) => {}
            (_, State::Confirmed) => events.push(CallEvent::Answered {
                call: call(),
                leg: leg.clone(),
            }),
            _ => {}
        }
    }
    known.state = dialog.state;
    // silence says that it is off hold again: the parameter is only sent with what it is about
    let held = dialog.held.unwrap_or(false) && dialog.state == State::Confirmed;
    if held != known.held {
        let call = call();
        events.push(if held {
            CallEvent::Held { call }
        } else {
            CallEvent::Resumed { call }
        });
        known.held = held;
    }
    known
}

fn is_listed(list: &DialogInfo, id: &str) -> bool {
    list.dialogs.iter().any(|dialog| dialog.id == id)
}

/// Whether a dialog of the same name, listed after a gap, is another call than before.
fn is_another(known: &Known, dialog: &Dialog) -> bool {
    let other_call = dialog.call_id.as_ref().is_some_and(|call_id| *call_id != known.call.0);
    let told = party(dialog.remote.as_ref());
    let other_caller = dialog.remote.is_some() && known.remote.number != told.number;
    other_call || other_caller || (known.state == State::Confirmed && dialog.state != State::Confirmed)
}

fn party(who: Option<&Who>) -> Party {
    who.map_or_else(Party::default, |who| Party {
        number: if who.anonymous { String::new() } else { who.user.clone() },
        name: if who.anonymous {
            String::new()
        } else {
            who.display.clone()
        },
        // an identity without a word on privacy may still be withheld: then the phone system had to hide it
        presentation: if who.anonymous {
            Presentation::Restricted
        } else {
            Presentation::Unknown
        },
        ..Party::default()
    })
}
