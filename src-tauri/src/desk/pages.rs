//! What the pages of the desk ask beside what the panel asks: the day, tickets, and filters with a name.

use chrono::{DateTime, Utc};

use super::after::{TicketRequest, ToDo};
use super::error::DeskError;
use super::request::{DeskHandle, DeskRequest, Reply};
use super::session::Attempt;
use super::state::Desk;
use crate::call::{CallId, Line, Wait};
use crate::customer::CustomerRef;
use crate::journal::{CampaignId, ContactId, EntryId, TicketId, UserId};
use crate::pop::view::{
    BoardView, CampaignEntryView, CampaignView, CampaignWorkView, ContactRequest, CustomerPageView, EntryState,
    FoundView, HistoryView, NewCampaign, OrdersView, PagePlace, PickedView, PretendStep, SavedFilterView, SessionView,
    TicketChange, TicketFilter, TicketPage, TicketPlace, TicketView, TodayView, TryRequest, UserRequest, UserView,
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
    /// So many tickets of a list, behind a place in it.
    Tickets(TicketFilter, (Option<TicketPlace>, u32), Reply<TicketPage>),
    /// The live board.
    Board(Reply<BoardView>),
    /// When the callers waited whose calls are on.
    Callers(Reply<Vec<(CallId, Vec<Wait>)>>),
    /// A missed caller is given to whoever sits at an extension; answered once it is durable.
    GiveMissed(CallId, Line, Reply<()>),
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
    /// What the journal has of a customer, behind a place in their timeline.
    History(CustomerRef, Option<PagePlace>, Reply<HistoryView>),
    /// A customer's orders behind a place in their list, with what is covered or without.
    Orders(CustomerRef, Option<PagePlace>, bool, Reply<OrdersView>),
    /// A contact over another channel is written down; answered once it is durable.
    AddContact(CustomerRef, ContactRequest, Reply<()>),
    /// A contact was written down by mistake; answered once it is gone.
    DropContact(ContactId, Reply<()>),
    /// Something is to be done for a customer, at a number or at none; answered once it is durable.
    PlanFor(CustomerRef, ToDo, String, Reply<()>),
    /// A pretend call rings, is answered or ends; nothing of it is written.
    Pretend(PretendStep, String, Reply<()>),
    /// All campaigns.
    Campaigns(Reply<Vec<CampaignView>>),
    /// A campaign is made of those who were picked; answered once it is durable.
    NewCampaign(NewCampaign, Vec<PickedView>, Reply<CampaignView>),
    /// A part of a campaign's list: those who stand so, how many are left out before, and how many are wanted.
    CampaignEntries(
        CampaignId,
        Option<EntryState>,
        (u32, u32),
        Reply<Vec<CampaignEntryView>>,
    ),
    /// Whom to call now in a campaign.
    CampaignWork(CampaignId, Option<EntryId>, Reply<CampaignWorkView>),
    /// What came of an attempt; answered once it is durable.
    CampaignTry(EntryId, TryRequest, Reply<CampaignWorkView>),
    /// A campaign is over, or goes on; answered once it is durable.
    CloseCampaign(CampaignId, bool, Reply<CampaignView>),
    /// Two records are one; answered once it is durable.
    LinkRecords(CustomerRef, CustomerRef, Reply<Vec<CustomerRef>>),
    /// They are not; answered once it is durable.
    UndoLink(CustomerRef, CustomerRef, Vec<CustomerRef>, Reply<()>),
    /// A record is nobody else; answered once it is durable.
    PartRecord(CustomerRef, Reply<()>),
    /// Who sits at the desk.
    Session(Reply<SessionView>),
    /// Somebody of that name wants to sign in; the try counts from now on.
    BeginSignIn(String, Reply<Attempt>),
    /// The PIN was right, or was not.
    EndSignIn(UserId, bool, Reply<SessionView>),
    /// Nobody is signed in any more.
    SignOut(Reply<SessionView>),
    /// Whoever is signed in has to show that it is still them.
    Lock(Reply<SessionView>),
    /// Everybody who shares the desk.
    Users(Reply<Vec<UserView>>),
    /// Somebody is added, with what is kept of the PIN; answered once it is durable.
    AddUser(UserRequest, String, Reply<()>),
    /// Somebody is written anew; answered once it is durable.
    ChangeUser(UserId, UserRequest, Reply<()>),
    /// Somebody gets another PIN; answered once it is durable.
    SetPin(UserId, String, Reply<()>),
    /// Somebody is removed; answered once it is durable.
    RemoveUser(UserId, Reply<()>),
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
            PageRequest::Tickets(filter, (behind, limit), reply) => {
                drop(reply.send(self.tickets(&filter, behind, limit)));
            }
            PageRequest::Board(reply) => drop(reply.send(self.live(now))),
            PageRequest::Callers(reply) => drop(reply.send(Ok(self.callers(now)))),
            PageRequest::GiveMissed(call, line, reply) => drop(reply.send(self.give_missed(&call, &line, now))),
            PageRequest::Ticket(id, reply) => drop(reply.send(self.ticket(id))),
            PageRequest::ChangeTicket(id, change, reply) => drop(reply.send(self.change_ticket(id, &change, now))),
            PageRequest::NewTicket(customer, ticket, reply) => {
                drop(reply.send(self.new_ticket(customer.as_ref(), &ticket, now)));
            }
            PageRequest::Search(typed, reply) => drop(reply.send(self.search_all(&typed))),
            PageRequest::Customer(customer, uncover, reply) => {
                drop(reply.send(self.customer_page(&customer, uncover, now)));
            }
            PageRequest::History(customer, behind, reply) => {
                drop(reply.send(self.history_page(&customer, behind, now)));
            }
            PageRequest::Orders(customer, behind, uncover, reply) => {
                drop(reply.send(self.orders_page(&customer, behind, uncover, now)));
            }
            PageRequest::AddContact(customer, contact, reply) => {
                drop(reply.send(self.add_contact(&customer, &contact, now)));
            }
            PageRequest::DropContact(id, reply) => drop(reply.send(self.drop_contact(id))),
            PageRequest::PlanFor(customer, todo, number, reply) => {
                drop(reply.send(self.plan_for(&customer, &todo, &number, now)));
            }
            PageRequest::Pretend(step, number, reply) => drop(reply.send(self.pretend(step, &number, now))),
            PageRequest::Campaigns(reply) => drop(reply.send(self.campaigns())),
            PageRequest::NewCampaign(new, picked, reply) => drop(reply.send(self.new_campaign(&new, &picked, now))),
            PageRequest::CampaignEntries(id, state, part, reply) => {
                drop(reply.send(self.campaign_entries(id, state, part)));
            }
            PageRequest::CampaignWork(id, entry, reply) => drop(reply.send(self.campaign_work(id, entry, now))),
            PageRequest::CampaignTry(entry, request, reply) => {
                drop(reply.send(self.campaign_try(entry, &request, now)));
            }
            PageRequest::CloseCampaign(id, closed, reply) => drop(reply.send(self.close_campaign(id, closed, now))),
            PageRequest::LinkRecords(one, other, reply) => drop(reply.send(self.link_records(&one, &other, now))),
            PageRequest::UndoLink(one, other, apart, reply) => {
                drop(reply.send(self.undo_link(&one, &other, &apart, now)));
            }
            PageRequest::PartRecord(record, reply) => drop(reply.send(self.part_record(&record, now))),
            PageRequest::Session(reply) => drop(reply.send(self.session())),
            PageRequest::BeginSignIn(name, reply) => drop(reply.send(self.begin_sign_in(&name, now))),
            PageRequest::EndSignIn(id, right, reply) => drop(reply.send(self.end_sign_in(id, right, now))),
            PageRequest::SignOut(reply) => drop(reply.send(self.sign_out(now))),
            PageRequest::Lock(reply) => drop(reply.send(self.lock())),
            PageRequest::Users(reply) => drop(reply.send(self.users(now))),
            PageRequest::AddUser(new, pin, reply) => drop(reply.send(self.add_user(&new, &pin, now))),
            PageRequest::ChangeUser(id, new, reply) => drop(reply.send(self.change_user(id, &new, now))),
            PageRequest::SetPin(id, pin, reply) => drop(reply.send(self.set_pin(id, &pin, now))),
            PageRequest::RemoveUser(id, reply) => drop(reply.send(self.remove_user(id, now))),
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

    /// At most `limit` tickets that a filter lets through, behind a place in their list.
    pub async fn tickets(
        &self,
        filter: TicketFilter,
        behind: Option<TicketPlace>,
        limit: u32,
    ) -> Result<TicketPage, DeskError> {
        self.of_page(|reply| PageRequest::Tickets(filter, (behind, limit), reply))
            .await
    }

    /// The live board.
    pub async fn board(&self) -> Result<BoardView, DeskError> {
        self.of_page(PageRequest::Board).await
    }

    /// When the callers waited whose calls are on; every other call is in the journal.
    pub async fn callers(&self) -> Result<Vec<(CallId, Vec<Wait>)>, DeskError> {
        self.of_page(PageRequest::Callers).await
    }

    /// Gives a missed caller to whoever sits at `line`. When this returns, it is on the disk.
    pub async fn give_missed(&self, call: CallId, line: Line) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::GiveMissed(call, line, reply)).await
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

    /// What the journal has of a customer, behind a place in their timeline.
    pub async fn history(&self, customer: CustomerRef, behind: Option<PagePlace>) -> Result<HistoryView, DeskError> {
        self.of_page(|reply| PageRequest::History(customer, behind, reply))
            .await
    }

    /// A customer's orders behind a place in their list; what the policy covers only where it is to be uncovered.
    pub async fn orders(
        &self,
        customer: CustomerRef,
        behind: Option<PagePlace>,
        uncover: bool,
    ) -> Result<OrdersView, DeskError> {
        self.of_page(|reply| PageRequest::Orders(customer, behind, uncover, reply))
            .await
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

    /// Lets a pretend call ring, be answered or end; nothing of it is written.
    pub async fn pretend(&self, step: PretendStep, number: String) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::Pretend(step, number, reply)).await
    }

    /// All campaigns, those that are open first.
    pub async fn campaigns(&self) -> Result<Vec<CampaignView>, DeskError> {
        self.of_page(PageRequest::Campaigns).await
    }

    /// Makes a campaign of those who were picked. When this returns, it is on the disk.
    pub async fn new_campaign(&self, new: NewCampaign, picked: Vec<PickedView>) -> Result<CampaignView, DeskError> {
        self.of_page(|reply| PageRequest::NewCampaign(new, picked, reply)).await
    }

    /// A part of a campaign's list: those who stand so, or all; how many are left out before it, and how many are wanted.
    pub async fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        part: (u32, u32),
    ) -> Result<Vec<CampaignEntryView>, DeskError> {
        self.of_page(|reply| PageRequest::CampaignEntries(id, state, part, reply))
            .await
    }

    /// Whom to call now in a campaign: `entry`, or whoever is next.
    pub async fn campaign_work(&self, id: CampaignId, entry: Option<EntryId>) -> Result<CampaignWorkView, DeskError> {
        self.of_page(|reply| PageRequest::CampaignWork(id, entry, reply)).await
    }

    /// Keeps what came of an attempt, and gives whom to call next. When this returns, it is on the disk.
    pub async fn campaign_try(&self, entry: EntryId, request: TryRequest) -> Result<CampaignWorkView, DeskError> {
        self.of_page(|reply| PageRequest::CampaignTry(entry, request, reply))
            .await
    }

    /// Closes a campaign, or opens it again. When this returns, it is on the disk.
    pub async fn close_campaign(&self, id: CampaignId, closed: bool) -> Result<CampaignView, DeskError> {
        self.of_page(|reply| PageRequest::CloseCampaign(id, closed, reply))
            .await
    }

    /// Says that two records are one; gives those that stood apart before. When this returns, it is on the disk, and the cache
    /// is still to be linked.
    pub async fn link_records(&self, one: CustomerRef, other: CustomerRef) -> Result<Vec<CustomerRef>, DeskError> {
        self.of_page(|reply| PageRequest::LinkRecords(one, other, reply)).await
    }

    /// Takes that back. When this returns, it is on the disk, and the cache is still to be linked.
    pub async fn undo_link(
        &self,
        one: CustomerRef,
        other: CustomerRef,
        apart: Vec<CustomerRef>,
    ) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::UndoLink(one, other, apart, reply))
            .await
    }

    /// Says that a record is nobody else. When this returns, it is on the disk, and the cache is still to be linked.
    pub async fn part_record(&self, record: CustomerRef) -> Result<(), DeskError> {
        self.of_page(|reply| PageRequest::PartRecord(record, reply)).await
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

    pub(super) async fn of_page<T>(&self, request: impl FnOnce(Reply<T>) -> PageRequest) -> Result<T, DeskError> {
        self.ask(|reply| DeskRequest::Page(Box::new(request(reply)))).await
    }
}
