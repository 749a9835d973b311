//! A customer's timeline over every channel, what is still to be done for them, and what is written down of them by hand.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::after::{ToDo, clean};
use super::error::DeskError;
use super::record::row;
use super::state::Desk;
use crate::customer::CustomerRef;
use crate::journal::{ContactId, JournalError, LoggedCustomer, NewContact, NewTask};
use crate::pop::view::{ContactRequest, EventOf, HistoryView, TimelineView};

/// Of each kind so many of the latest stand in a timeline.
const MOST_EVENTS: u32 = 200;
/// The most characters of a contact's text.
const MOST_TEXT: usize = 10_000;
/// A contact is written down when it was, not before; clocks differ a little.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

impl Desk {
    /// What the journal has of a customer, under every reference they have.
    pub(super) fn history(&mut self, all: &[CustomerRef], now: DateTime<Utc>) -> Result<HistoryView, DeskError> {
        self.keep(now);
        let (mut calls, mut contacts, mut tickets, mut offers, mut tasks) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for customer in all {
            let journal = &self.journal;
            let read = || {
                Ok((
                    journal.calls_of(customer, MOST_EVENTS)?,
                    journal.contacts_of(customer, MOST_EVENTS)?,
                    journal.tickets_of(customer)?,
                    journal.offers_of(customer)?,
                    journal.open_tasks_of(customer)?,
                ))
            };
            let read: Result<_, JournalError> = read();
            let of_one = read.map_err(DeskError::Journal)?;
            calls.extend(of_one.0);
            contacts.extend(of_one.1);
            tickets.extend(of_one.2);
            offers.extend(of_one.3);
            tasks.extend(of_one.4);
        }
        tasks.sort_by_key(|task| (task.plan.due, task.id));
        let more = calls.len().max(contacts.len()) >= MOST_EVENTS as usize;
        let calls = calls.into_iter().map(|logged| TimelineView {
            at: logged.call.started,
            what: EventOf::Call {
                row: Box::new(row(logged)),
            },
        });
        let contacts = contacts.into_iter().map(|one| TimelineView {
            at: one.at,
            what: EventOf::Contact {
                id: one.id.0,
                channel: one.channel,
                way: one.way,
                text: one.text,
                line: one.line.0,
            },
        });
        let offers = offers.into_iter().map(|offer| TimelineView {
            at: offer.at,
            what: EventOf::Offer {
                product: offer.product_name,
                answer: offer.answer,
                call: offer.call.0,
            },
        });
        let rows: Vec<_> = tickets.into_iter().map(|ticket| self.ticket_row(ticket)).collect();
        let opened = rows.iter().map(|row| TimelineView {
            at: row.opened,
            what: EventOf::Ticket {
                row: Box::new(row.clone()),
            },
        });
        let mut timeline: Vec<TimelineView> = calls.chain(contacts).chain(offers).chain(opened).collect();
        timeline.sort_by_key(|event| Reverse(event.at));
        Ok(HistoryView {
            timeline,
            more,
            tasks: tasks.into_iter().map(|task| self.task_view(task)).collect(),
            tickets: rows.into_iter().filter(|row| row.closed.is_none()).collect(),
        })
    }

    /// Writes a contact over another channel down.
    pub(super) fn add_contact(
        &mut self,
        customer: &CustomerRef,
        contact: &ContactRequest,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let text = contact
            .text
            .replace(|c: char| c.is_control() && c != '\n' && c != '\t', " ");
        let text = text.trim();
        match text.chars().count() {
            0 => return Err(DeskError::NoText),
            1..=MOST_TEXT => {}
            _ => return Err(DeskError::TextTooLong(MOST_TEXT)),
        }
        if contact.at > now + AHEAD {
            return Err(DeskError::NotYet);
        }
        let contact = NewContact {
            customer: self.logged_customer(customer)?,
            channel: contact.channel,
            way: contact.way,
            at: contact.at,
            text: text.to_owned(),
            line: self.here(),
        };
        self.journal.put_contact(&contact, now).map_err(DeskError::Journal)?;
        self.panel.log_changed();
        Ok(())
    }

    /// A contact was written down by mistake.
    pub(super) fn drop_contact(&mut self, id: ContactId) -> Result<(), DeskError> {
        let dropped = self.journal.drop_contact(id).map_err(DeskError::Journal)?;
        if !dropped {
            return Err(DeskError::NoSuchContact);
        }
        self.panel.log_changed();
        Ok(())
    }

    /// Plans something to do for a customer, without a call.
    pub(super) fn plan_for(
        &mut self,
        customer: &CustomerRef,
        todo: &ToDo,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<(), DeskError> {
        let text = clean(&todo.text)?;
        if todo.due <= now {
            return Err(DeskError::Past);
        }
        let customer = self.logged_customer(customer)?;
        let plan = NewTask {
            kind: todo.kind,
            call: None,
            customer_name: LoggedCustomer::headline(&customer).to_owned(),
            customer: Some(customer.reference),
            number_display: clean(number)?,
            text,
            line: self.here(),
            due: todo.due,
        };
        self.journal.plan_task(plan, now).map_err(DeskError::Journal)?;
        self.show_open();
        Ok(())
    }
}
