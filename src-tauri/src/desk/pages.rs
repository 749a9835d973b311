//! What the pages of the desk ask beside what the panel asks: the day, tickets, and filters with a name.

use chrono::{DateTime, Utc};

use super::after::{TicketRequest, ToDo};
use super::request::{DeskError, DeskHandle, DeskRequest, Reply};
use super::state::Desk;
use crate::call::CallId;
use crate::customer::CustomerRef;
use crate::journal::{ContactId, TicketId};
use crate::pop::view::{
    ContactRequest, CustomerPageView, FoundView, HistoryView, SavedFilterView, TicketChange, TicketFilter,
    TicketRowView, TicketView, TodayView,
};

/// The most characters of a filter and of its name.
const MOST_FILTER: usize = 4_000;
const MOST_NAME: usize = 100;

/// Everything a page can ask.
#[derive(Debug)]
pub enum PageRequest {
    /// What was promised, who is to be rung back, and what was done today.
    Today(Reply<TodayView>),
    /// The caller of a missed call need not be rung back, or must be after all; answered once it is durable.
    CloseMissed(CallId, bool, Reply<()>),
    /// The tickets of a list.
    Tickets(TicketFilter, Reply<Vec<TicketRowView>>),
    /// A ticket with all that was said and done.
    Ticket(TicketId, Reply<TicketView>),
    /// A ticket is changed or commented on; answered once it is durable.
    ChangeTicket(TicketId, TicketChange, Reply<TicketView>),
    /// A ticket for a customer, or for nobody that is known; answered once it is durable.
    NewTicket(Option<CustomerRef>, TicketRequest, Reply<TicketView>),
    /// Everything that fits what was typed so far.
    Search(String, Reply<FoundView>),
    /// A customer's page, with what is covered or without.
    Customer(CustomerRef, bool, Reply<CustomerPageView>),
    /// What the journal has of a customer.
    History(CustomerRef, Reply<HistoryView>),
    /// A contact over another channel is written down; answered once it is durable.
    AddContact(CustomerRef, ContactRequest, Reply<()>),
    /// A contact was written down by mistake; answered once it is gone.
    DropContact(ContactId, Reply<()>),
    /// Something is to be done for a customer, at a number or at none; answered once it is durable.
    PlanFor(CustomerRef, ToDo, String, Reply<()>),
    /// The filters of a list that have a name.
    Filters(String, Reply<Vec<SavedFilterView>>),
    /// A filter of a list gets a name, or loses it; answered once it is durable.
    KeepFilter(String, String, Option<String>, Reply<()>),
}

impl Desk {
    /// Does what a page asks and answers. Whoever asked may be gone: then nobody waits for the answer.
    pub(super) fn page(&mut self, request: PageRequest, now: DateTime<Utc>) {
        match request {
            PageRequest::Today(reply) => drop(reply.send(self.today(now))),
            PageRequest::CloseMissed(call, closed, reply) => drop(reply.send(self.close_missed(&call, closed, now))),
            PageRequest::Tickets(filter, reply) => drop(reply.send(self.tickets(&filter))),
            PageRequest::Ticket(id, reply) => drop(reply.send(self.ticket(id))),
            PageRequest::ChangeTicket(id, change, reply) => drop(reply.send(self.change_ticket(id, &change, now))),
            PageRequest::NewTicket(customer, ticket, reply) => {
                drop(reply.send(self.new_ticket(customer.as_ref(), &ticket, now)));
            }
            PageRequest::Search(typed, reply) => drop(reply.send(self.search_all(&typed))),
            PageRequest::Customer(customer, uncover, reply) => {
                drop(reply.send(self.customer_page(&customer, uncover, now)));
            }
            PageRequest::History(customer, reply) => drop(reply.send(self.history(&[customer], now))),
            PageRequest::AddContact(customer, contact, reply) => {
                drop(reply.send(self.add_contact(&customer, &contact, now)));
            }
            PageRequest::DropContact(id, reply) => drop(reply.send(self.drop_contact(id))),
            PageRequest::PlanFor(customer, todo, number, reply) => {
                drop(reply.send(self.plan_for(&customer, &todo, &number, now)));
            }
            PageRequest::Filters(page, reply) => drop(reply.send(self.filters(&page))),
            PageRequest::KeepFilter(page, name, filter, reply) => {
                drop(reply.send(self.keep_filter(&page, &name, filter.as_deref())));
            }
        }
    }

    fn filters(&self, page: &str) -> Result<Vec<SavedFilterView>, DeskError> {
        let saved = self.journal.filters(page).map_err(DeskError::Journal)?.into_iter();
        Ok(saved
            .map(|one| SavedFilterView {
                name: one.name,
                filter: one.filter,
            })
            .collect())
    }

    fn keep_filter(&mut self, page: &str, name: &str, filter: Option<&str>) -> Result<(), DeskError> {
        let name = name.trim();
        if name.is_empty() {
            return Err(DeskError::NoFilterName);
        }
        if name.chars().count() > MOST_NAME || filter.is_some_and(|filter| filter.len() > MOST_FILTER) {
            return Err(DeskError::TextTooLong(MOST_NAME));
        }
        self.journal.keep_filter(page, name, filter).map_err(DeskError::Journal)
    }
}

impl DeskHandle {
    /// What was promised, who is to be rung back, and what was done today.
    pub async fn today(&self) -> Result<TodayView, DeskError> {
        self.of_page(PageRequest::Today).await
    }

    /// Says that the caller of a missed call need not be rung back, or must be after all. When this returns, it is on the disk.
    pub async fn close_missed(&self, call: CallId, closed: bool) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::CloseMissed(call, closed, reply))
            .await
    }

    /// The tickets that a filter lets through.
    pub async fn tickets(&self, filter: TicketFilter) -> Result<Vec<TicketRowView>, DeskError> {
        self.of_page(|reply| PageRequest::Tickets(filter, reply)).await
    }

    /// A ticket with all that was said and done.
    pub async fn ticket(&self, id: TicketId) -> Result<TicketView, DeskError> {
        self.of_page(|reply| PageRequest::Ticket(id, reply)).await
    }

    /// Changes a ticket or comments on it. When this returns, it is on the disk.
    pub async fn change_ticket(&self, id: TicketId, change: TicketChange) -> Result<TicketView, DeskError> {
        self.of_page(|reply| PageRequest::ChangeTicket(id, change, reply)).await
    }

    /// Opens a ticket for `customer`, or for nobody that is known. When this returns, it is on the disk.
    pub async fn new_ticket(
        &self,
        customer: Option<CustomerRef>,
        ticket: TicketRequest,
    ) -> Result<TicketView, DeskError> {
        self.of_page(|reply| PageRequest::NewTicket(customer, ticket, reply))
            .await
    }

    /// Everything that fits what was typed so far.
    pub async fn search_all(&self, typed: String) -> Result<FoundView, DeskError> {
        self.of_page(|reply| PageRequest::Search(typed, reply)).await
    }

    /// A customer's page; what the policy covers is in it only where it is to be uncovered.
    pub async fn customer_page(&self, customer: CustomerRef, uncover: bool) -> Result<CustomerPageView, DeskError> {
        self.of_page(|reply| PageRequest::Customer(customer, uncover, reply))
            .await
    }

    /// What the journal has of a customer.
    pub async fn history(&self, customer: CustomerRef) -> Result<HistoryView, DeskError> {
        self.of_page(|reply| PageRequest::History(customer, reply)).await
    }

    /// Writes a contact over another channel down. When this returns, it is on the disk.
    pub async fn add_contact(&self, customer: CustomerRef, contact: ContactRequest) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::AddContact(customer, contact, reply))
            .await
    }

    /// Takes a contact out that was written down by mistake.
    pub async fn drop_contact(&self, id: ContactId) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::DropContact(id, reply)).await
    }

    /// Plans something to do for a customer, at a number or at none. When this returns, it is on the disk.
    pub async fn plan_for(&self, customer: CustomerRef, todo: ToDo, number: String) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::PlanFor(customer, todo, number, reply))
            .await
    }

    /// The filters of a list that have a name.
    pub async fn filters(&self, page: String) -> Result<Vec<SavedFilterView>, DeskError> {
        self.of_page(|reply| PageRequest::Filters(page, reply)).await
    }

    /// Gives a filter of a list a name, or, without a filter, takes the name away. When this returns, it is on the disk.
    pub async fn keep_filter(&self, page: String, name: String, filter: Option<String>) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::KeepFilter(page, name, filter, reply))
            .await
    }

    async fn of_page<T>(&self, request: impl FnOnce(Reply<T>) -> PageRequest) -> Result<T, DeskError> {
        self.ask(|reply| DeskRequest::Page(Box::new(request(reply)))).await
    }
}
