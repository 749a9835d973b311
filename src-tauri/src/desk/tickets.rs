//! Tickets: listed, opened by hand, changed and commented.
//!
//! Everything is in the journal before a page shows it.

use chrono::{DateTime, Utc};

use super::after::{TicketRequest, clean};
use super::error::DeskError;
use super::record::{self, customer_view};
use super::state::Desk;
use crate::call::Line;
use crate::customer::CustomerRef;
use crate::directory;
use crate::journal::{LoggedCustomer, LoggedTicket, NewTicket, TicketEntry, TicketId};
use crate::pop::view::{TicketChange, TicketEntryView, TicketFilter, TicketRowView, TicketView};

/// The most characters of a comment.
const MOST_COMMENT: usize = 10_000;

impl Desk {
    pub(super) fn tickets(&self, filter: &TicketFilter) -> Result<Vec<TicketRowView>, DeskError> {
        let tickets = self.journal.tickets(filter, &self.lines).map_err(DeskError::Journal)?;
        let text = filter.text.trim();
        let number = text.trim_start_matches(['#', '-']);
        let fits = |logged: &LoggedTicket| {
            let all = [logged.ticket.subject.as_str(), &logged.ticket.customer_name].join(" ");
            text.is_empty() || directory::fits(text, &all) || logged.id.0.to_string() == number
        };
        let fitting = tickets.into_iter().filter(fits);
        Ok(fitting.map(|logged| self.ticket_row(logged)).collect())
    }

    pub(super) fn ticket(&self, id: TicketId) -> Result<TicketView, DeskError> {
        let found = self.journal.ticket(id).map_err(DeskError::Journal)?;
        let (logged, entries) = found.ok_or(DeskError::NoSuchTicket)?;
        Ok(TicketView {
            row: self.ticket_row(logged),
            entries: entries.into_iter().map(entry).collect(),
        })
    }

    /// Changes a ticket or comments on it, and shows it wherever it stands.
    pub(super) fn change_ticket(
        &mut self,
        id: TicketId,
        change: &TicketChange,
        now: DateTime<Utc>,
    ) -> Result<TicketView, DeskError> {
        let change = checked(change)?;
        let changed = self.journal.change_ticket(id, &change, &self.here(), now);
        self.changed(changed.map_err(DeskError::Journal)?, DeskError::NoSuchTicket)?;
        self.ticket(id)
    }

    /// Opens a ticket without a call.
    pub(super) fn new_ticket(
        &mut self,
        customer: Option<&CustomerRef>,
        request: &TicketRequest,
        now: DateTime<Utc>,
    ) -> Result<TicketView, DeskError> {
        let subject = clean(&request.subject)?;
        let customer = customer.map(|reference| self.logged_customer(reference)).transpose()?;
        let ticket = NewTicket {
            kind: request.kind,
            priority: request.priority,
            subject,
            call: None,
            customer_name: customer.as_ref().map_or("", LoggedCustomer::headline).to_owned(),
            customer: customer.map(|customer| customer.reference),
            line: self.here(),
        };
        let opened = self.journal.open_ticket(ticket, now).map_err(DeskError::Journal)?;
        self.changed(true, DeskError::NoSuchTicket)?;
        self.ticket(opened.id)
    }

    /// My extension, for what is said at a page: the first where I have several, empty where I have none.
    pub(super) fn here(&self) -> Line {
        self.lines.first().cloned().unwrap_or(Line(String::new()))
    }

    /// A customer as the journal keeps one.
    pub(super) fn logged_customer(&mut self, reference: &CustomerRef) -> Result<LoggedCustomer, DeskError> {
        let found = self.identify.customer(reference, Some(&self.journal));
        let customer = found.map_err(DeskError::Directory)?.ok_or(DeskError::NoSuchCustomer)?;
        Ok(record::logged(&customer))
    }

    pub(super) fn ticket_row(&self, logged: LoggedTicket) -> TicketRowView {
        let LoggedTicket {
            id,
            ticket,
            state,
            opened,
            closed,
            due,
            assignee,
        } = logged;
        let name = ticket.customer_name;
        let named = |reference| {
            customer_view(LoggedCustomer {
                reference,
                name,
                company: String::new(),
            })
        };
        TicketRowView {
            id: id.0,
            about: ticket.kind,
            priority: ticket.priority,
            state,
            subject: ticket.subject,
            customer: ticket.customer.map(named),
            line: ticket.line.0,
            mine: assignee.as_ref().is_some_and(|line| self.lines.contains(line)),
            assignee: assignee.map(|line| line.0).unwrap_or_default(),
            due,
            opened,
            closed,
            call: ticket.call.map(|call| call.0),
        }
    }
}

fn entry(entry: TicketEntry) -> TicketEntryView {
    TicketEntryView {
        at: entry.at,
        line: entry.line.0,
        change: entry.change,
    }
}

/// A comment keeps its lines; a subject and an extension are one.
fn checked(change: &TicketChange) -> Result<TicketChange, DeskError> {
    match change {
        TicketChange::Comment(text) => {
            let shown = |c: char| c.is_control() && c != '\n' && c != '\t';
            let text = text.replace(shown, " ");
            let text = text.trim();
            match text.chars().count() {
                0 => Err(DeskError::NoText),
                1..=MOST_COMMENT => Ok(TicketChange::Comment(text.to_owned())),
                _ => Err(DeskError::TextTooLong(MOST_COMMENT)),
            }
        }
        TicketChange::Subject(text) => Ok(TicketChange::Subject(clean(text)?)),
        TicketChange::Assignee(line) => Ok(TicketChange::Assignee(clean(line)?)),
        TicketChange::State(_) | TicketChange::About(_) | TicketChange::Priority(_) | TicketChange::Due(_) => {
            Ok(change.clone())
        }
    }
}
