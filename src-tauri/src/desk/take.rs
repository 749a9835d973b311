//! What the desk does with news: a card for every call of mine, taken away when it is mine no longer.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::board::Shown;
use super::decide;
use super::error::DeskError;
use super::identify::Found;
use super::numbers::Via;
use super::open;
use super::pretend::PRETEND;
use super::state::{Desk, moment};
use super::words::told;
use crate::call::{Call, CallChange, CallId, CallKey, Happened};
use crate::journal::FeedState;
use crate::pop::view::{FeedHealth, NoteView};
use crate::words::Saying;

impl Desk {
    pub(super) fn feed(&mut self, name: &Arc<str>, health: FeedHealth, detail: Option<&Saying>, at: DateTime<Utc>) {
        let said = detail.map(Saying::to_string);
        tracing::info!(feed = %name, ?health, said = said.as_deref().unwrap_or_default(), "feed");
        self.tracing.feed(FeedState {
            feed: name.to_string(),
            state: decide::word(health),
            detail: said,
            at,
        });
        self.board.feed(name, health, detail, at);
        self.tell_panel();
    }

    pub(super) fn take_changes(&mut self, at: DateTime<Utc>) {
        let mut changed = false;
        while let Some(change) = self.tracker.poll_change() {
            self.take_change(&change, at);
            self.tracing.changed(change);
            changed = true;
        }
        if changed {
            self.tell_panel();
        }
    }

    fn take_change(&mut self, change: &CallChange, at: DateTime<Utc>) {
        let Some(call) = self.tracker.call(&change.call).cloned() else {
            return;
        };
        self.floor.hear(&call, change.at);
        let other_side = call.other_side(&self.lines);
        if self.board.is_new(&call, &self.lines) {
            let found = self.look_up(&call, at);
            self.lay(&call, found);
        } else if self
            .board
            .card(&call.id)
            .is_some_and(|card| card.other_side != other_side)
        {
            let found = self.look_up(&call, at);
            if let Some(card) = self.board.card(&call.id) {
                (card.found, card.other_side) = (found, other_side);
            }
        }
        let pretended = call.feed == PRETEND;
        if change.happened == Happened::Ended && !pretended {
            self.miss(&call);
            self.hand_over(&call, at);
        }
        self.board.follow(&call, &self.lines);
        if is_worth_keeping(&change.happened) && !pretended {
            self.unlogged.insert(call.id.clone(), call);
        }
    }

    /// Lays a new call of mine on the board with everything that was written about it.
    pub(super) fn lay(&mut self, call: &Call, found: Found) {
        let note = self.note(&call.id);
        self.board.lay(call, &self.lines, found, note);
        let handed_note = self.handed_note(&call.id);
        if let Some(card) = self.board.card(&call.id) {
            card.handed_note = handed_note;
        }
        self.lay_made(&call.id);
    }

    /// What I wrote while I was consulted belongs to the caller's call, now that it is mine.
    fn hand_over(&mut self, consultation: &Call, at: DateTime<Utc>) {
        let joined = |call: &&Call| {
            let is_consultation = |key: &CallKey| CallId::new(&call.feed, key) == consultation.id;
            let mut keys = call
                .transfers
                .iter()
                .filter_map(|transfer| transfer.consultation.as_ref());
            keys.any(is_consultation)
        };
        let Some(goes_on) = self.tracker.calls().find(joined).map(|call| call.id.clone()) else {
            return;
        };
        let written = self.board.card(&consultation.id).map(|card| card.note.text.clone());
        let Some(written) = written.filter(|text| !text.trim().is_empty()) else {
            return;
        };
        let Some(before) = self.board.card(&goes_on).map(|card| card.note.text.clone()) else {
            return;
        };
        let text = [before.as_str(), &written].join("\n");
        match self.save_note(&goes_on, text.trim_start(), at) {
            Ok(_) => self.board.take_away(consultation, &self.lines),
            Err(error) => {
                tracing::error!(%error, "a note could not be moved to the call it belongs to; it stays where it was");
            }
        }
    }

    fn miss(&mut self, call: &Call) {
        let found = self.found(call);
        let missed = self.board.miss(call, &self.lines, &found);
        if let Some(missed) = missed.filter(|_| self.board.quiet().is_none()) {
            self.panel.missed(&missed);
        }
    }

    pub(super) fn tell_panel(&mut self) {
        let began = self.tracing.now();
        let shown = self.board.show();
        let view = self.board.view();
        match shown {
            Shown::ComesUp => self.panel.show(&view),
            Shown::Changes => self.panel.update(&view),
            Shown::GoesAway => self.panel.hide(&view),
        }
        self.tracing.told(shown, began);
        if let (Shown::ComesUp, Some(whole)) = (shown, self.tracing.whole()) {
            self.board.popped(whole);
        }
    }

    /// What was found when the call came; looked up now for calls of others.
    pub(super) fn found(&mut self, call: &Call) -> Found {
        match self.board.card(&call.id) {
            Some(card) => card.found.clone(),
            None => self.look_up(call, call.began),
        }
    }

    pub(super) fn look_up(&mut self, call: &Call, now: DateTime<Utc>) -> Found {
        let began = self.tracing.now();
        let moment = moment(now);
        let other_side = &call.other_side(&self.lines);
        let journal = Some(&self.journal);
        let via = Via::of(call);
        let number = self.identify.number_of(via, other_side);
        let word = told(self.journal.choice(&call.id)).filter(|word| word.number == number);
        let chosen = word.and_then(|word| {
            self.identify
                .find_chosen(via, other_side, &word, journal, moment)
                .transpose()
        });
        let found = chosen.unwrap_or_else(|| self.identify.find(via, other_side, journal, moment));
        let mut found = found.unwrap_or_else(|error| {
            tracing::error!(%error, "the customer data could not be read");
            self.identify.nobody(Via::of(call), other_side, moment)
        });
        open::renew(&self.journal, &call.id, &mut found);
        open::hold_back(&self.journal, &mut found.pop, Some(&call.id), now);
        self.tracing.looked(&call.id, began);
        found
    }

    pub(super) fn save_note(&mut self, id: &CallId, text: &str, now: DateTime<Utc>) -> Result<NoteView, DeskError> {
        self.own(id)?;
        if self.board.card(id).is_none() && self.journal.call(id).map_err(DeskError::Journal)?.is_none() {
            return Err(DeskError::NoSuchCall);
        }
        let seated = self.board.card(id).map(|card| card.seat.line.clone());
        let line = seated.unwrap_or_else(|| self.here());
        let saved = self.journal.save_note_at(id, &line, text, now);
        let saved = saved.map_err(DeskError::Journal)?;
        let note = NoteView {
            text: saved.text,
            saved_at: Some(saved.at),
        };
        if let Some(card) = self.board.card(id) {
            card.note = note.clone();
        }
        self.panel.log_changed();
        Ok(note)
    }

    pub(super) fn note(&self, call: &CallId) -> NoteView {
        match self.journal.note(call) {
            Ok(Some(note)) => NoteView {
                text: note.text,
                saved_at: Some(note.at),
            },
            Ok(None) => NoteView::default(),
            Err(error) => {
                tracing::error!(%error, "the note of a call could not be read");
                NoteView::default()
            }
        }
    }
}

/// Ringing alone changes nothing that a crash may not lose.
fn is_worth_keeping(happened: &Happened) -> bool {
    match happened {
        Happened::Began
        | Happened::Answered(_)
        | Happened::PartyChanged
        | Happened::Diverted
        | Happened::Transferred
        | Happened::Ended => true,
        Happened::Offered(_)
        | Happened::Consulted(_)
        | Happened::Ringing(_)
        | Happened::LegEnded(..)
        | Happened::Queue
        | Happened::Held
        | Happened::Resumed => false,
    }
}
