//! What lies on the desk: a card a call of mine, a line a missed call, the health of every feed.
//!
//! Decides what is in view. It looks nobody up and writes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::card::Card;
use super::decide::Laid;
use super::identify::Found;
use super::rules::Rules;
use super::seat;
use super::state::ShowAt;
use crate::call::{Call, CallId, Line, Side};
use crate::number::Key;
use crate::pop::said_view;
use crate::pop::view::{
    CardState, CardView, FeedHealth, FeedView, GoneView, MissedView, NoteView, PanelView, QuietView,
};
use crate::words::Saying;

/// Everything the panel shows, and whether it is in view.
#[derive(Debug)]
pub(super) struct Board {
    cards: Vec<Card>,
    missed: Vec<MissedView>,
    feeds: BTreeMap<Arc<str>, FeedView>,
    show_at: ShowAt,
    rules: Rules,
    in_view: bool,
    comes_up: bool,
    gone: Option<GoneView>,
    quiet: Option<QuietView>,
}

/// What to tell the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Bring it in view.
    ComesUp,
    /// New content, where it is.
    Changes,
    /// Nothing is left: take it out of view.
    GoesAway,
}

impl Board {
    /// An empty board over these feeds.
    pub(super) fn new(feeds: BTreeMap<Arc<str>, FeedView>, show_at: ShowAt, rules: Rules) -> Self {
        Board {
            cards: Vec::new(),
            missed: Vec::new(),
            feeds,
            show_at,
            rules,
            in_view: false,
            comes_up: false,
            gone: None,
            quiet: None,
        }
    }

    /// What lies here, for the trace.
    pub(super) fn laid(&self) -> Vec<Laid> {
        let laid = |card: &Card| Laid {
            call: card.call.id.0.clone(),
            line: card.seat.line.clone(),
            state: card.seat.state,
        };
        self.cards.iter().map(laid).collect()
    }

    /// Whether nobody is to be disturbed, and until when.
    pub(super) fn quiet(&self) -> Option<&QuietView> {
        self.quiet.as_ref()
    }

    /// Nobody is to be disturbed from now on; `None`: no longer. Nothing comes up by itself while it is so; what would have
    /// done so does it afterwards, if it is still there.
    pub(super) fn set_quiet(&mut self, quiet: Option<QuietView>) {
        self.quiet = quiet;
    }

    /// The agent brought the panel in view.
    pub(super) fn brought(&mut self) {
        self.in_view = !(self.cards.is_empty() && self.missed.is_empty());
    }

    /// Whether a call stays out of view because nobody is to be disturbed.
    pub(super) fn is_kept_quiet(&self) -> bool {
        self.quiet.is_some() && !self.in_view
    }

    /// The missed call, while it stands here.
    pub(super) fn missed(&self, call: &CallId) -> Option<&MissedView> {
        self.missed.iter().find(|missed| missed.call == call.0)
    }

    /// When the panel comes up.
    pub(super) fn show_at(&self) -> ShowAt {
        self.show_at
    }

    /// All cards.
    pub(super) fn cards(&mut self) -> impl Iterator<Item = &mut Card> {
        self.cards.iter_mut()
    }

    /// The card of a call.
    pub(super) fn has(&self, call: &CallId) -> bool {
        self.cards.iter().any(|card| card.call.id == *call)
    }

    pub(super) fn card(&mut self, call: &CallId) -> Option<&mut Card> {
        self.cards.iter_mut().find(|card| card.call.id == *call)
    }

    /// The call of that card, and of every other card with the same number.
    pub(super) fn calls_with(&self, call: &CallId, number: Option<Key>) -> Vec<Call> {
        let same = |card: &&Card| card.call.id == *call || number.is_some() && card.found.number == number;
        self.cards.iter().filter(same).map(|card| card.call.clone()).collect()
    }

    /// Whether [`Board::follow`] would need to know who the call is with.
    pub(super) fn is_new(&self, call: &Call, lines: &[Line]) -> bool {
        !self.cards.iter().any(|card| card.call.id == call.id)
            && seat::seat(call, lines).is_some_and(|seat| seat.state != CardState::WrapUp)
    }

    /// Lays a new call of mine on the board.
    pub(super) fn lay(&mut self, call: &Call, lines: &[Line], found: Found, note: NoteView) {
        if let Some(seat) = seat::seat(call, lines) {
            let comes_up = self.show_at == ShowAt::Ring || seat.state != CardState::Ringing;
            self.comes_up |= comes_up;
            self.missed.retain(|missed| missed.call != call.id.0);
            self.cards.insert(
                0,
                Card {
                    call: call.clone(),
                    seat,
                    other_side: call.other_side(lines),
                    found,
                    note,
                    handed_note: None,
                    uncovered: None,
                    disposition: None,
                    answers: BTreeMap::new(),
                    held_open: false,
                    drafting: false,
                    popped_micros: None,
                },
            );
        }
    }

    /// Follows a call that changed. A card goes when a colleague took the call or nobody did, unless
    /// something was written in it.
    pub(super) fn follow(&mut self, call: &Call, lines: &[Line]) {
        let Some(at) = self.cards.iter().position(|card| card.call.id == call.id) else {
            // who took it is often told after the card has gone
            if let Some(gone) = self.gone.as_mut().filter(|gone| gone.call == call.id.0) {
                *gone = seat::gone(call, lines);
            }
            return;
        };
        let card = &mut self.cards[at];
        let answered = card.seat.state == CardState::Ringing;
        card.call = call.clone();
        match seat::seat(call, lines) {
            Some(_) if call.ended_by == Some(Side::Transfer) && !card.is_written() => {
                self.take_away(call, lines);
            }
            Some(seat) => {
                self.comes_up |= self.show_at == ShowAt::Answer && answered && seat.state == CardState::Talking;
                card.seat = seat;
            }
            None if !card.is_written() => self.take_away(call, lines),
            None if card.seat.state != CardState::WrapUp => {
                card.seat.state = CardState::WrapUp;
                card.seat.since = call.ended.map_or(card.seat.since, |(ended, _)| ended);
            }
            None => {}
        }
    }

    /// Takes the card of a call away that is mine no longer, and remembers why.
    pub(super) fn take_away(&mut self, call: &Call, lines: &[Line]) {
        self.cards.retain(|card| card.call.id != call.id);
        self.gone = Some(seat::gone(call, lines));
    }

    /// Notes a call that rang here and that nobody answered. `None` when it was noted before.
    pub(super) fn miss(&mut self, call: &Call, lines: &[Line], found: &Found) -> Option<MissedView> {
        if !seat::is_missed(call, lines) || self.missed.iter().any(|missed| missed.call == call.id.0) {
            return None;
        }
        let at = seat::first_ring(call, lines)?;
        let customer = found.pop.customer.as_ref();
        let missed = MissedView {
            call: call.id.0.clone(),
            name: customer
                .map(|customer| customer.name.clone())
                .or_else(|| found.pop.caller_name.clone()),
            company: customer.and_then(|customer| customer.company.clone()),
            number: found.pop.number.clone(),
            at,
            rang_seconds: call.ended.map_or(0, |(ended, _)| (ended - at).num_seconds()),
        };
        self.missed.insert(0, missed.clone());
        self.comes_up = true;
        Some(missed)
    }

    /// Takes a missed call away. False when there is none.
    pub(super) fn dismiss(&mut self, call: &CallId) -> bool {
        let before = self.missed.len();
        self.missed.retain(|missed| missed.call != call.0);
        self.missed.len() < before
    }

    /// Takes a card away whose call is over for me. False when there is none.
    pub(super) fn close(&mut self, call: &CallId) -> bool {
        let before = self.cards.len();
        self.cards
            .retain(|card| card.call.id != *call || card.seat.state != CardState::WrapUp);
        self.cards.len() < before
    }

    /// Takes away wrap-ups whose time has come, and says of which calls.
    pub(super) fn close_quiet(&mut self, now: DateTime<Utc>) -> Vec<CallId> {
        let rules = &self.rules;
        let due = self
            .cards
            .extract_if(.., |card| card.closes_at(rules).is_some_and(|at| at <= now));
        due.map(|card| card.call.id).collect()
    }

    /// The panel was told so long after the phone system's word that it comes up: for the latest call.
    pub(super) fn popped(&mut self, after: Duration) {
        let micros = u32::try_from(after.as_micros()).unwrap_or(u32::MAX);
        if let Some(card) = self.cards.first_mut() {
            card.popped_micros.get_or_insert(micros);
        }
    }

    /// When the next wrap-up closes by itself.
    pub(super) fn closes_next(&self) -> Option<DateTime<Utc>> {
        self.cards.iter().filter_map(|card| card.closes_at(&self.rules)).min()
    }

    /// My lines are others now: cards of lines that are no longer mine go, unless something was written.
    pub(super) fn reseat(&mut self, lines: &[Line]) {
        let calls: Vec<Call> = self.cards.iter().map(|card| card.call.clone()).collect();
        for call in calls {
            self.follow(&call, lines);
        }
    }

    /// Whether a feed is up; without a name, whether all of them are.
    pub(super) fn is_up(&self, feed: Option<&str>) -> bool {
        match feed {
            Some(name) => self.feeds.get(name).is_some_and(|feed| feed.health == FeedHealth::Up),
            None => self.feeds.values().all(|feed| feed.health == FeedHealth::Up),
        }
    }

    /// Since when a feed cannot be heard; `None` while it can.
    pub(super) fn lost_since(&self, feed: &str) -> Option<DateTime<Utc>> {
        let feed = self.feeds.get(feed)?;
        (feed.health != FeedHealth::Up).then_some(feed.since)
    }

    /// Notes how a feed is. A caveat is kept as the detail of a feed that is up.
    pub(super) fn feed(&mut self, name: &Arc<str>, health: FeedHealth, detail: Option<&Saying>, at: DateTime<Utc>) {
        let since = self
            .feeds
            .get(name)
            .filter(|feed| feed.health == health)
            .map_or(at, |feed| feed.since);
        self.feeds.insert(
            Arc::clone(name),
            FeedView {
                name: name.to_string(),
                health,
                since,
                said: detail.map(said_view).unwrap_or_default(),
            },
        );
    }

    /// What to tell the panel after something changed.
    pub(super) fn show(&mut self) -> Shown {
        let empty = self.cards.is_empty() && self.missed.is_empty();
        self.comes_up &= !empty;
        let comes_up = self.quiet.is_none() && std::mem::take(&mut self.comes_up);
        let was_in_view = self.in_view;
        self.in_view = !empty && (self.in_view || comes_up);
        match (comes_up, was_in_view && empty) {
            (true, _) => Shown::ComesUp,
            (false, true) => Shown::GoesAway,
            (false, false) => Shown::Changes,
        }
    }

    /// The panel as it is now.
    pub(super) fn view(&self) -> PanelView {
        PanelView {
            cards: self.cards.iter().map(|card| self.card_view(card)).collect(),
            missed: self.missed.clone(),
            gone: self.gone.clone(),
            feeds: self.feeds.values().cloned().collect(),
            quiet: self.quiet.clone(),
            stale_after_seconds: self.rules.stale_after.num_seconds(),
        }
    }

    fn card_view(&self, card: &Card) -> CardView {
        let feed = self.feeds.get(card.call.feed.as_str());
        card.view(feed.is_some_and(|feed| feed.health == FeedHealth::Lost), &self.rules)
    }
}
