//! What was heard of each call, so that single deliveries become one story.
//!
//! Pure. It does not know providers. Deliveries may come twice, in any order, and late: one that was heard
//! already says nothing new, one that came too early waits for the beginning of its call, and a phone that a late
//! beginning names does not ring any more when somebody talks already.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, TimeDelta, Utc};

use super::joined;
use super::names::{Book, Names};
use super::story::Story;
use super::told::{Told, What};
use crate::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line};

/// Calls that are remembered. The oldest is forgotten first.
pub(super) const REMEMBERED: usize = 4096;

/// Deliveries of one call that are known again. A call has some twenty.
const SAID: usize = 256;

/// How long after the end of a call the same delivery is a repeated one. Zoom repeats for the longest, 90 minutes.
/// After it the same words are a new call: phone systems that count from 1 after a restart use an id again.
const REPEATS: TimeDelta = TimeDelta::hours(2);

/// The calls heard of.
#[derive(Debug, Default)]
pub(super) struct Calls {
    names: Book,
    heard: HashMap<String, Heard>,
    oldest: VecDeque<String>,
}

/// What is remembered of a call.
#[derive(Debug, Default)]
pub(super) struct Heard {
    pub(super) begun: Option<Direction>,
    /// Whom the first phones were dialled for: the number outside, in outgoing calls.
    pub(super) far_end: String,
    /// Our phone that dialled.
    pub(super) origin: Option<Line>,
    /// A phone's event began it, so that nothing but the end of its phones may tell its end.
    pub(super) by_phone: bool,
    pub(super) phones: Vec<Phone>,
    pub(super) queue: Option<String>,
    pub(super) held: bool,
    pub(super) ended: Option<(DateTime<Utc>, Cause)>,
    /// It ended because its last phone did.
    pub(super) ran_out: bool,
    pub(super) early: Vec<Told>,
    /// How many calls the provider's session was until now, when its phones ran out and others came.
    part: usize,
    /// The call that it was joined into.
    joined: Option<String>,
    /// Hashes of all that was said.
    said: Vec<u64>,
}

/// One dialled phone.
#[derive(Debug)]
pub(super) struct Phone {
    pub(super) leg: LegKey,
    pub(super) to: Endpoint,
    pub(super) talks: bool,
    pub(super) ended: bool,
    /// The order number of the last event of it.
    pub(super) order: u64,
}

impl Heard {
    /// The same session once more: its phones ran out, and now it rings elsewhere.
    fn goes_on(&mut self) {
        *self = Heard {
            part: self.part.max(1) + 1,
            said: std::mem::take(&mut self.said),
            ..Heard::default()
        };
    }

    fn remember(&mut self, hash: u64) {
        if self.said.len() == SAID {
            self.said.remove(0);
        }
        self.said.push(hash);
    }

    fn knows(&self, leg: Option<&str>) -> bool {
        self.phones.iter().any(|phone| Some(phone.leg.0.as_str()) == leg)
    }

    fn key(&self, session: &str) -> CallKey {
        match self.part {
            0 | 1 => CallKey(session.to_owned()),
            part => CallKey(format!("{session}/{part}")),
        }
    }
}

impl Phone {
    pub(super) fn line(&self) -> Option<&Line> {
        match &self.to {
            Endpoint::Line(line) => Some(line),
            Endpoint::Outside(_) => None,
        }
    }
}

impl Calls {
    /// Nothing heard yet.
    pub(super) fn new(names: Names) -> Self {
        Calls {
            names: Book::new(names),
            ..Calls::default()
        }
    }

    /// The events that `told` amounts to, heard at `at`.
    pub(super) fn tell(&mut self, told: &Told, at: DateTime<Utc>) -> Vec<CallEvent> {
        if let Some(joined) = self.heard.get(&told.session).and_then(|heard| heard.joined.clone()) {
            return self.tell_of_joined(told, joined, at);
        }
        if let What::Joined(peer) = &told.what
            && let Some(events) = self.join(&told.session, peer, at)
        {
            return events;
        }
        self.tell_of_one(told, at)
    }

    /// What is said of a consultation that was joined into call `session` is said of that call, as far as it is about
    /// single phones; the consultation's own end is none of the call.
    fn tell_of_joined(&mut self, told: &Told, session: String, at: DateTime<Utc>) -> Vec<CallEvent> {
        let about_phone = matches!(told.what, What::Ringing | What::Answered | What::LegEnded);
        if !about_phone || told.leg.is_none() {
            return Vec::new();
        }
        let told = Told {
            session,
            ..told.clone()
        };
        self.tell_of_one(&told, at)
    }

    /// `None` when one of the two is not known.
    fn join(&mut self, one: &str, other: &str, at: DateTime<Utc>) -> Option<Vec<CallEvent>> {
        if self.heard.get(other)?.joined.as_deref() == Some(one) {
            return Some(Vec::new());
        }
        let (one, other) = (one.to_owned(), other.to_owned());
        let mut first = self.heard.remove(&one)?;
        let second = self.heard.get_mut(&other)?;
        let (first_key, second_key) = (first.key(&one), second.key(&other));
        let events = if joined::is_callers(&first, second) {
            second.joined = Some(one.clone());
            joined::join((&first_key, &mut first), (&second_key, second), at)
        } else {
            first.joined = Some(other);
            joined::join((&second_key, second), (&first_key, &mut first), at)
        };
        self.heard.insert(one, first);
        Some(events)
    }

    fn tell_of_one(&mut self, told: &Told, at: DateTime<Utc>) -> Vec<CallEvent> {
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
            } else if heard.ran_out && told.dials() && !heard.knows(told.leg.as_deref()) {
                heard.goes_on();
            }
        }
        heard.remember(hash);
        let mut events = Vec::new();
        let mut story = Story {
            names: &self.names,
            call: heard.key(&told.session),
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

fn hash_of(told: &Told) -> u64 {
    let mut hasher = DefaultHasher::new();
    told.hash(&mut hasher);
    hasher.finish()
}
