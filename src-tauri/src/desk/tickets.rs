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
use crate::pop::view::{
    TicketChange, TicketEntryView, TicketFilter, TicketPage, TicketPlace, TicketRowView, TicketView,
};

/// The most characters of a comment.
const MOST_COMMENT: usize = 10_000;
/// The most tickets of a page.
const MOST_ROWS: u32 = 500;
/// Tickets whose words are looked at for one page, and how many are read for that at once.
const MOST_LOOKED_AT: u32 = 2_000;
const LOOKED_AT_ONCE: u32 = 500;

impl Desk {
    /// At most `limit` tickets that a filter lets through, behind a place in their list. Where few of many fit, a page has
    /// fewer of them and says where to go on: nobody else waits for it.
    pub(super) fn tickets(
        &self,
        filter: &TicketFilter,
        behind: Option<TicketPlace>,
        limit: u32,
    ) -> Result<TicketPage, DeskError> {
        let limit = limit.clamp(1, MOST_ROWS);
        let at_once = if filter.text.trim().is_empty() {
            limit
        } else {
            LOOKED_AT_ONCE
        };
        let mut page = TicketPage {
            rows: Vec::new(),
            next: behind,
        };
        for _ in 0..MOST_LOOKED_AT.div_ceil(at_once) {
            let read = self.journal.tickets(filter, &self.lines, page.next.as_ref(), at_once);
            let read = read.map_err(DeskError::Journal)?;
            let was_last = read.len() < at_once as usize;
            for logged in read {
                page.next = Some(logged.place());
                if fits(&filter.text, &logged) {
                    page.rows.push(self.ticket_row(logged));
                }
                if page.rows.len() == limit as usize {
                    return Ok(page);
                }
            }
            if was_last {
                page.next = None;
                break;
            }
        }
        Ok(page)
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

/// Whether number, subject or customer begin with the words.
fn fits(text: &str, logged: &LoggedTicket) -> bool {
    let text = text.trim();
    let all = [logged.ticket.subject.as_str(), &logged.ticket.customer_name].join(" ");
    text.is_empty() || directory::fits(text, &all) || numbered(text) == Some(logged.id)
}

/// The number of a ticket as people write it.
pub(super) fn numbered(text: &str) -> Option<TicketId> {
    text.trim().trim_start_matches(['#', '-']).parse().ok().map(TicketId)
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
