//! What a person says of a card beside its note: the caller was verified, I am still at it, a colleague wrote this.

use chrono::{DateTime, SubsecRound as _, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::call::CallId;
use crate::customer::CustomerRef;
use crate::journal::{Act, AuditEntry, HandedNote};
use crate::pop::view::{PastNoteView, UncoveredView};

impl Desk {
    /// Uncovers balance, address and tier of whom the call is with. It stands in the audit trail before it can be seen.
    pub(super) fn uncover(&mut self, id: &CallId, now: DateTime<Utc>) -> Result<(), DeskError> {
        let at = now.trunc_subsecs(3);
        let agent = self.rules.agent.clone();
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let customer = card.found.pop.customer.as_ref().ok_or(DeskError::NoSuchCustomer)?;
        let customer = CustomerRef(customer.reference.clone());
        if card.uncovered_for(&customer).is_some() {
            return Ok(());
        }
        let line = card.seat.line.clone();
        let by = if agent.is_empty() {
            line.0.clone()
        } else {
            agent.clone()
        };
        let entry = AuditEntry {
            at,
            agent,
            line,
            act: Act::Uncovered,
            detail: String::new(),
            call: Some(id.clone()),
            customer: Some(customer.clone()),
        };
        self.journal.audit(&entry).map_err(DeskError::Journal)?;
        if let Some(card) = self.board.card(id) {
            card.uncovered = Some((customer, UncoveredView { by, at }));
        }
        self.tell_panel();
        Ok(())
    }

    /// The wrap-up of a call does not close by itself any more.
    pub(super) fn stay_open(&mut self, id: &CallId) -> Result<(), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        if !std::mem::replace(&mut card.held_open, true) {
            self.tell_panel();
        }
        Ok(())
    }

    /// Keeps what a colleague wrote about a call that comes to me, and shows it where the call is in the panel.
    pub(super) fn take_handed_note(&mut self, id: &CallId, note: &HandedNote) -> Result<(), DeskError> {
        self.journal.put_handed_note(id, note).map_err(DeskError::Journal)?;
        let written = self.handed_note(id);
        if let Some(card) = self.board.card(id) {
            card.handed_note = written;
            self.tell_panel();
        }
        Ok(())
    }

    /// What a colleague wrote about a call; nothing when the journal cannot be read.
    pub(super) fn handed_note(&self, id: &CallId) -> Option<PastNoteView> {
        let note = self.journal.handed_note(id).unwrap_or_else(|error| {
            tracing::error!(%error, "a colleague's note could not be read");
            None
        });
        note.filter(|note| !note.text.trim().is_empty())
            .map(|note| PastNoteView {
                text: note.text,
                at: note.at,
                line: note.line.0,
            })
    }
}
