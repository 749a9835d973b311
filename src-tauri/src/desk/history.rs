//! A customer's timeline over every channel, what is still to be done for them, and what is written down of them by hand.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::after::{ToDo, clean};
use super::error::DeskError;
use super::paging;
use super::record::row;
use super::state::Desk;
use crate::customer::CustomerRef;
use crate::journal::{ContactId, JournalError, LoggedCall, LoggedContact, LoggedCustomer, NewContact, NewTask, Offer};
use crate::pop::view::{ContactRequest, EventOf, HistoryView, PagePlace, TimelineView};

/// Events of a page of a timeline.
const MOST_EVENTS: u32 = 100;
/// So many tasks and tickets that are open stand beside it.
const MOST_OPEN: usize = 200;
/// The most characters of a contact's text.
const MOST_TEXT: usize = 10_000;
/// A contact is written down when it was, not before; clocks differ a little.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

impl Desk {
    /// What the journal has of a customer, behind a place in their timeline.
    pub(super) fn history_page(
        &mut self,
        customer: &CustomerRef,
        behind: Option<PagePlace>,
        now: DateTime<Utc>,
    ) -> Result<HistoryView, DeskError> {
        let all = self.references_of(customer)?;
        self.history(&all, behind, now)
    }

    /// The same under every reference they have. What is still to be done comes with the first page.
    pub(super) fn history(
        &mut self,
        all: &[CustomerRef],
        behind: Option<PagePlace>,
        now: DateTime<Utc>,
    ) -> Result<HistoryView, DeskError> {
        self.keep(now);
        let until = behind.map_or(DateTime::<Utc>::MAX_UTC, |place| place.at);
        let needed = paging::needed(behind, MOST_EVENTS);
        let (mut timeline, mut tasks, mut open) = (Vec::new(), Vec::new(), Vec::new());
        for customer in all {
            timeline.extend(self.events(customer, until, needed).map_err(DeskError::Journal)?);
            if behind.is_none() {
                tasks.extend(self.journal.open_tasks_of(customer).map_err(DeskError::Journal)?);
                open.extend(self.journal.open_tickets_of(customer).map_err(DeskError::Journal)?);
            }
        }
        tasks.sort_by_key(|task| (task.plan.due, task.id));
        timeline.sort_by_key(|event| Reverse(event.at));
        let (timeline, next) = paging::page(timeline, |event| event.at, behind, MOST_EVENTS);
        Ok(HistoryView {
            timeline,
            next,
            tasks: tasks
                .into_iter()
                .take(MOST_OPEN)
                .map(|task| self.task_view(task))
                .collect(),
            tickets: open
                .into_iter()
                .take(MOST_OPEN)
                .map(|one| self.ticket_row(one))
                .collect(),
        })
    }

    /// So many of each kind of what was with a customer until then, each kind the latest first.
    fn events(
        &self,
        customer: &CustomerRef,
        until: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<TimelineView>, JournalError> {
        let journal = &self.journal;
        let calls = journal.calls_of(customer, until, most)?.into_iter().map(call);
        let contacts = journal.contacts_of(customer, until, most)?.into_iter().map(contact);
        let offers = journal.offers_until(customer, until, most)?.into_iter().map(offer);
        let opened = journal.tickets_of(customer, until, most)?.into_iter().map(|logged| {
            let row = Box::new(self.ticket_row(logged));
            TimelineView {
                at: row.opened,
                what: EventOf::Ticket { row },
            }
        });
        Ok(calls.chain(contacts).chain(offers).chain(opened).collect())
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

fn call(logged: LoggedCall) -> TimelineView {
    TimelineView {
        at: logged.call.started,
        what: EventOf::Call {
            row: Box::new(row(logged)),
        },
    }
}

fn contact(one: LoggedContact) -> TimelineView {
    TimelineView {
        at: one.at,
        what: EventOf::Contact {
            id: one.id.0,
            channel: one.channel,
            way: one.way,
            text: one.text,
            line: one.line.0,
        },
    }
}

fn offer(offer: Offer) -> TimelineView {
    TimelineView {
        at: offer.at,
        what: EventOf::Offer {
            product: offer.product_name,
            answer: offer.answer,
            call: offer.call.0,
        },
    }
}
