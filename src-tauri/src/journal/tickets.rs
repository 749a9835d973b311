//! Service requests in the journal.

use chrono::{DateTime, SubsecRound as _, Utc};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::calls::{optional_time, time};
use super::record::Word;
use super::{Journal, JournalError};
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::note;
pub use crate::pop::view::{Priority, TicketKind, TicketState};

pub(super) const COLUMNS: &str = "SELECT id, kind, priority, state, subject, call, customer, customer_name, line, opened, closed, due, assignee FROM tickets";

/// The number of a ticket; lasting, and never another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TicketId(pub i64);

/// A ticket to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTicket {
    /// What it is about.
    pub kind: TicketKind,
    /// How much it matters.
    pub priority: Priority,
    /// In a few words; may be empty.
    pub subject: String,
    /// The call it came from.
    pub call: Option<CallId>,
    /// Whose it is.
    pub customer: Option<CustomerRef>,
    /// Their name, which stays readable when the cache is gone; empty when not known.
    pub customer_name: String,
    /// Who opens it.
    pub line: Line,
}

/// A ticket in the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedTicket {
    /// Its number.
    pub id: TicketId,
    /// What was written.
    pub ticket: NewTicket,
    /// How far it is.
    pub state: TicketState,
    /// When it was opened.
    pub opened: DateTime<Utc>,
    /// When it was closed.
    pub closed: Option<DateTime<Utc>>,
    /// By when it is to be settled.
    pub due: Option<DateTime<Utc>>,
    /// The extension of whoever works on it.
    pub assignee: Option<Line>,
}

impl Journal {
    /// Opens a ticket. Durable on return. Card numbers are struck out of its subject.
    ///
    /// # Errors
    /// [`JournalError::NotWritten`].
    pub fn open_ticket(&mut self, ticket: NewTicket, at: DateTime<Utc>) -> Result<LoggedTicket, JournalError> {
        let opened = at.trunc_subsecs(3);
        let subject = note::struck(&ticket.subject).into_owned();
        let ticket = NewTicket { subject, ..ticket };
        self.conn
            .prepare_cached(
                "INSERT INTO tickets (id, kind, priority, state, subject, call, customer, customer_name, line, opened)
                 VALUES ((SELECT highest + 1 FROM numbers_given WHERE name = 'tickets'), ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )
            .and_then(|mut insert| {
                insert.insert(params![
                    Word(ticket.kind),
                    Word(ticket.priority),
                    Word(TicketState::Open),
                    ticket.subject,
                    ticket.call.as_ref().map(|call| &call.0),
                    ticket.customer.as_ref().map(|customer| &customer.0),
                    ticket.customer_name,
                    ticket.line.0,
                    opened.timestamp_millis(),
                ])
            })
            .map(|id| LoggedTicket {
                id: TicketId(id),
                ticket,
                state: TicketState::Open,
                opened,
                closed: None,
                due: None,
                assignee: None,
            })
            .map_err(JournalError::NotWritten)
    }

    /// The tickets that came from a call, in the order they were opened.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn tickets_of_call(&self, call: &CallId) -> Result<Vec<LoggedTicket>, JournalError> {
        self.tickets_where("call = ?1 ORDER BY id", [&call.0])
    }

    /// The tickets of a customer that are not closed, the newest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn open_tickets_of(&self, customer: &CustomerRef) -> Result<Vec<LoggedTicket>, JournalError> {
        self.tickets_where("customer = ?1 AND closed IS NULL ORDER BY id DESC", [&customer.0])
    }

    /// At most `limit` tickets of a customer, open and closed, that were opened until then, the latest first.
    ///
    /// # Errors
    /// [`JournalError::NotRead`].
    pub fn tickets_of(
        &self,
        customer: &CustomerRef,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<LoggedTicket>, JournalError> {
        self.tickets_where(
            "customer = ?1 AND opened <= ?2 ORDER BY opened DESC, id DESC LIMIT ?3",
            params![customer.0, until.timestamp_millis(), limit],
        )
    }

    fn tickets_where(&self, condition: &str, values: impl rusqlite::Params) -> Result<Vec<LoggedTicket>, JournalError> {
        // `condition` is one of the constants above; every value is bound.
        self.conn
            .prepare_cached(&[COLUMNS, " WHERE ", condition].concat())
            .and_then(|mut select| select.query_map(values, ticket)?.collect())
            .map_err(JournalError::NotRead)
    }
}

pub(super) fn ticket(row: &Row<'_>) -> rusqlite::Result<LoggedTicket> {
    Ok(LoggedTicket {
        id: TicketId(row.get(0)?),
        ticket: NewTicket {
            kind: row.get::<_, Word<_>>(1)?.0,
            priority: row.get::<_, Word<_>>(2)?.0,
            subject: row.get(4)?,
            call: row.get::<_, Option<String>>(5)?.map(CallId),
            customer: row.get::<_, Option<String>>(6)?.map(CustomerRef),
            customer_name: row.get(7)?,
            line: Line(row.get(8)?),
        },
        state: row.get::<_, Word<_>>(3)?.0,
        opened: time(row, 9)?,
        closed: optional_time(row, 10)?,
        due: optional_time(row, 11)?,
        assignee: Some(row.get(12)?).filter(|line: &String| !line.is_empty()).map(Line),
    })
}
