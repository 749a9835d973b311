//! What an agent makes of a call: its disposition, a promise, a ticket, and what was said to a suggestion.
//!
//! Everything is in the journal before the panel shows it; what is refused changes nothing.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Deserialize;

use super::error::DeskError;
use super::open;
use super::record;
use super::state::Desk;
use super::words::told;
use crate::call::{CallId, Line};
use crate::journal::{
    NewTask, NewTicket, Offer, OfferAnswer, Priority, TaskId, TaskKind, TicketId, TicketKind, TicketState,
};
use crate::pop::view::TicketChange;

/// The most characters of what is promised, and of a ticket's subject.
const MOST_TEXT: usize = 500;

/// Something to do for whoever is on the other side, as an agent plans it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ToDo {
    /// What there is to do.
    pub kind: TaskKind,
    /// When.
    pub due: DateTime<Utc>,
    /// What was promised; may be empty.
    pub text: String,
}

/// A ticket as an agent opens it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TicketRequest {
    /// What it is about.
    pub kind: TicketKind,
    /// How much it matters.
    pub priority: Priority,
    /// In a few words; may be empty.
    pub subject: String,
}

impl Desk {
    /// Chooses the disposition of a call, or takes it away.
    pub(super) fn set_disposition(
        &mut self,
        id: &CallId,
        code: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let line = self.line_of(id)?;
        if let Some(code) = code.as_ref().filter(|code| !self.rules.dispositions.contains(code)) {
            return Err(DeskError::NoSuchDisposition(code.clone()));
        }
        self.journal
            .set_disposition(id, code.as_deref(), &line, now.trunc_subsecs(3))
            .map_err(DeskError::Journal)?;
        if let Some(card) = self.board.card(id) {
            card.disposition = code;
        }
        self.panel.log_changed();
        self.tell_panel();
        Ok(())
    }

    /// Plans something to do for whoever the call is with.
    pub(super) fn plan(&mut self, id: &CallId, todo: &ToDo, now: DateTime<Utc>) -> Result<(), DeskError> {
        let text = clean(&todo.text)?;
        if todo.due <= now {
            return Err(DeskError::Past);
        }
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let customer = card.found.customer.as_ref().map(record::logged);
        let plan = NewTask {
            kind: todo.kind,
            call: Some(id.clone()),
            customer_name: customer
                .as_ref()
                .map_or_else(String::new, |one| one.headline().to_owned()),
            customer: customer.map(|customer| customer.reference),
            number_display: card.found.pop.number.clone().unwrap_or_default(),
            text,
            line: card.seat.line.clone(),
            due: todo.due,
        };
        self.journal.plan_task(plan, now).map_err(DeskError::Journal)?;
        self.show_open();
        Ok(())
    }

    /// Marks a task as done, or as still to be done.
    pub(super) fn finish_task(&mut self, id: TaskId, done: bool, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.own_task(id)?;
        let finished = self.journal.finish_task(id, done.then(|| now.trunc_subsecs(3)));
        self.changed(finished.map_err(DeskError::Journal)?, DeskError::NoSuchTask)
    }

    /// Takes a task back that was planned by mistake.
    pub(super) fn drop_task(&mut self, id: TaskId) -> Result<(), DeskError> {
        self.own_task(id)?;
        let dropped = self.journal.drop_task(id).map_err(DeskError::Journal)?;
        self.changed(dropped, DeskError::NoSuchTask)
    }

    /// Opens a ticket for whoever the call is with.
    pub(super) fn open_ticket(
        &mut self,
        id: &CallId,
        request: &TicketRequest,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let subject = clean(&request.subject)?;
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let customer = card.found.customer.as_ref().map(record::logged);
        let ticket = NewTicket {
            kind: request.kind,
            priority: request.priority,
            subject,
            call: Some(id.clone()),
            customer_name: customer
                .as_ref()
                .map_or_else(String::new, |one| one.headline().to_owned()),
            customer: customer.map(|customer| customer.reference),
            line: card.seat.line.clone(),
        };
        self.journal.open_ticket(ticket, now).map_err(DeskError::Journal)?;
        self.show_open();
        Ok(())
    }

    /// Says how far a ticket is.
    pub(super) fn move_ticket(&mut self, id: TicketId, to: TicketState, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.change_ticket(id, &TicketChange::State(to), now).map(drop)
    }

    /// Keeps what was said to a suggestion of the card.
    pub(super) fn answer_offer(
        &mut self,
        id: &CallId,
        product: &str,
        answer: OfferAnswer,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        let mut suggestions = card.found.pop.suggestions.iter();
        let suggested = suggestions
            .find(|one| one.product == product)
            .ok_or(DeskError::NotSuggested)?;
        let offer = Offer {
            call: id.clone(),
            product: product.to_owned(),
            product_name: suggested.name.clone(),
            customer: card.found.customer.as_ref().map(|customer| customer.reference.clone()),
            answer,
            line: card.seat.line.clone(),
            at: now.trunc_subsecs(3),
        };
        self.journal.answer_offer(&offer).map_err(DeskError::Journal)?;
        if let Some(card) = self.board.card(id) {
            card.answers.insert(offer.product.clone(), answer);
        }
        self.tell_panel();
        self.identify.heed(vec![offer], now);
        Ok(())
    }

    /// Something stands in a field of the card that is not saved yet, or nothing does any more. While it does, the card
    /// neither closes nor goes.
    pub(super) fn drafting(&mut self, id: &CallId, drafting: bool) -> Result<(), DeskError> {
        let card = self.board.card(id).ok_or(DeskError::NoSuchCall)?;
        if std::mem::replace(&mut card.drafting, drafting) != drafting {
            self.tell_panel();
        }
        Ok(())
    }

    /// Puts what was made of a call before onto its card.
    pub(super) fn lay_made(&mut self, id: &CallId) {
        let disposition = told(self.journal.disposition(id));
        let answers = told(self.journal.offers_of_call(id));
        if let Some(card) = self.board.card(id) {
            card.disposition = disposition;
            card.answers = answers.into_iter().map(|offer| (offer.product, offer.answer)).collect();
        }
    }

    /// Nobody is at this call any more: what is to be written of it into its source is so now, and not after a while.
    pub(super) fn settle(&mut self, id: &CallId, now: DateTime<Utc>) {
        if let Err(error) = self.journal.settle(id, now) {
            tracing::error!(%error, "a call is written into its source later than it could be");
        }
    }

    /// Calls of my lines are mine to write into their sources.
    pub(super) fn say_my_lines(&mut self) {
        if let Err(error) = self.journal.set_my_lines(&self.lines) {
            tracing::error!(%error, "calls of lines that are new are not written into their sources");
        }
    }

    /// Something planned before changed: it is shown wherever it stands. Nothing did: `or` is why.
    pub(super) fn changed(&mut self, changed: bool, or: DeskError) -> Result<(), DeskError> {
        if !changed {
            return Err(or);
        }
        self.show_open();
        Ok(())
    }

    /// Where I had a call: as its card says, or, when that is gone, the log.
    fn line_of(&mut self, id: &CallId) -> Result<Line, DeskError> {
        if let Some(card) = self.board.card(id) {
            return Ok(card.seat.line.clone());
        }
        let logged = self.journal.call(id).map_err(DeskError::Journal)?;
        let mut lines = logged.into_iter().flat_map(|logged| logged.call.lines);
        let mine = lines.find(|line| self.lines.contains(&line.line));
        mine.map(|line| line.line).ok_or(DeskError::NoSuchCall)
    }

    /// Shows on every card and page what is open now.
    pub(super) fn show_open(&mut self) {
        for card in self.board.cards() {
            open::renew(&self.journal, &card.call.id, &mut card.found);
        }
        self.panel.log_changed();
        self.tell_panel();
    }
}

/// One line: control characters and runs of space become one space.
pub(super) fn clean(text: &str) -> Result<String, DeskError> {
    let visible = text.replace(char::is_control, " ");
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > MOST_TEXT {
        return Err(DeskError::TextTooLong(MOST_TEXT));
    }
    Ok(line)
}
