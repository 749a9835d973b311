//! A card: one call of mine, with who it is and what was made of it.
//!
//! It says what the panel is given of it; when it is laid, closed or in view is the board's to decide.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::identify::Found;
use super::rules::Rules;
use super::seat::{self, Seat};
use crate::call::{Call, Outcome, Party};
use crate::customer::CustomerRef;
use crate::pop::view::{
    CardState, CardView, HandOverView, NoteView, OfferAnswer, PastNoteView, PopView, UncoveredView,
};
use crate::pop::{self, Cover};

/// One call of mine.
#[derive(Clone, Debug)]
pub(super) struct Card {
    /// As the tracker last told it; outlives the tracker's memory.
    pub(super) call: Call,
    /// What it is to me.
    pub(super) seat: Seat,
    /// Who the phone system says is on the other side, as it was looked up.
    pub(super) other_side: Party,
    /// Who it is.
    pub(super) found: Found,
    /// What was written.
    pub(super) note: NoteView,
    /// What a colleague wrote about the call before it was passed to me.
    pub(super) handed_note: Option<PastNoteView>,
    /// Of whom the agent said that the caller was verified.
    pub(super) uncovered: Option<(CustomerRef, UncoveredView)>,
    /// What the agent chose as its result.
    pub(super) disposition: Option<String>,
    /// What was said to suggestions, by product.
    pub(super) answers: BTreeMap<String, OfferAnswer>,
    /// Somebody is at it: the wrap-up does not close by itself.
    pub(super) held_open: bool,
    /// Something stands in a field that is not saved yet.
    pub(super) drafting: bool,
    /// Microseconds from the phone system's word until the panel was told.
    pub(super) popped_micros: Option<u32>,
}

impl Card {
    /// What the panel is given of it. A call whose phone system is silent stands as it was last heard of.
    pub(super) fn view(&self, lost: bool, rules: &Rules) -> CardView {
        let over = self.seat.state == CardState::WrapUp;
        CardView {
            call: self.call.id.0.clone(),
            state: if lost && !over {
                CardState::Unsure
            } else {
                self.seat.state
            },
            direction: self.call.direction,
            since: self.seat.since,
            talked_seconds: self.talked_seconds(),
            line: self.seat.line.0.clone(),
            called: self.found.label.clone().unwrap_or_else(|| self.call.called.clone()),
            language: self.found.language.map(|language| language.code().to_owned()),
            queue: self.call.queue.clone(),
            handed_over: self.handed_over(),
            outcome: over.then(|| self.outcome()),
            pop: self.pop(rules.cover),
            note: self.note.clone(),
            disposition: self.disposition.clone(),
            closes_at: self.closes_at(rules),
        }
    }

    /// Who uncovered this customer in this call.
    pub(super) fn uncovered_for(&self, customer: &CustomerRef) -> Option<&UncoveredView> {
        let uncovered = self.uncovered.as_ref().filter(|(whom, _)| whom == customer);
        uncovered.map(|(_, view)| view)
    }

    /// Whether it would be lost with the card: what was written or chosen in it, and what is being typed.
    pub(super) fn is_written(&self) -> bool {
        !self.note.text.is_empty() || self.disposition.is_some() || self.drafting
    }

    /// What is shown of the other side: what has to stay covered is not in it.
    fn pop(&self, policy: Cover) -> PopView {
        let mut view = self.found.pop.clone();
        for suggestion in &mut view.suggestions {
            suggestion.answer = self.answers.get(&suggestion.product).copied();
        }
        if !pop::is_covered(policy, self.call.direction, view.trust) {
            return view;
        }
        view.uncovered = self.uncovered_here().cloned();
        if view.uncovered.is_none() {
            pop::cover(&mut view);
        }
        view
    }

    /// Whether balance, address and tier are not shown.
    pub(super) fn is_covered(&self, policy: Cover) -> bool {
        pop::is_covered(policy, self.call.direction, self.found.pop.trust) && self.uncovered_here().is_none()
    }

    fn uncovered_here(&self) -> Option<&UncoveredView> {
        let customer = self.found.pop.customer.as_ref()?;
        self.uncovered_for(&CustomerRef(customer.reference.clone()))
    }

    fn handed_over(&self) -> Option<HandOverView> {
        let handed = seat::handed_over(&self.call, &self.seat.line)?;
        let note = self.handed_note.clone();
        Some(HandOverView { note, ..handed })
    }

    /// When a wrap-up closes by itself: some time after the last thing that was saved.
    pub(super) fn closes_at(&self, rules: &Rules) -> Option<DateTime<Utc>> {
        if self.seat.state != CardState::WrapUp || self.held_open || self.drafting {
            return None;
        }
        let saved = self.note.saved_at.unwrap_or(self.seat.since);
        Some(saved.max(self.seat.since) + rules.wrap_up?)
    }

    fn talked_seconds(&self) -> Option<i64> {
        let answered = self.call.answer()?.answered?;
        (self.seat.state == CardState::WrapUp).then(|| (self.seat.since - answered).num_seconds())
    }

    /// Of a call that goes on with a colleague, it was answered.
    fn outcome(&self) -> Outcome {
        let so_far = if self.call.answer().is_some() {
            Outcome::Answered
        } else {
            Outcome::Missed
        };
        self.call.outcome().unwrap_or(so_far)
    }
}
