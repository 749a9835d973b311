//! What a person asks of the desk, and the handle to ask it with.

use tokio::sync::{mpsc, oneshot};

use super::after::{TicketRequest, ToDo};
use super::error::DeskError;
use super::pages::PageRequest;
use super::quiet::QuietFor;
use super::review::ReviewRequest;
use crate::call::{CallId, Line, Party};
use crate::customer::CustomerRef;
use crate::journal::{Doer, HandedNote, NewCustomer, OfferAnswer, TaskId, TicketId, TicketState};
use crate::pop::view::{CallLogRow, HitView, NoteView, PanelView, PopView, WhyView};
use crate::role::Act;

/// Where an answer goes.
pub type Reply<T> = oneshot::Sender<Result<T, DeskError>>;

/// Everything a person can ask. A failed request answers its sender and changes nothing.
#[derive(Debug)]
pub enum DeskRequest {
    /// The panel as it is now.
    Panel(Reply<PanelView>),
    /// Keep this text as the note of a call; answered once it is durable.
    SaveNote(CallId, String, Reply<NoteView>),
    /// The wrap-up of a call is done.
    CloseCard(CallId, Reply<()>),
    /// A missed call was seen.
    DismissMissed(CallId, Reply<()>),
    /// Of several, this is the one.
    ChooseCustomer(CallId, CustomerRef, Reply<()>),
    /// The caller was verified: show what is covered. Answered once it stands in the audit trail.
    Uncover(CallId, Reply<()>),
    /// Somebody is at the wrap-up of a call: it does not close by itself.
    StayOpen(CallId, Reply<()>),
    /// Something stands in a field of a call's card that is not saved yet, or nothing does any more: while it does, the card
    /// stays.
    Drafting(CallId, bool, Reply<()>),
    /// The result of a call, one of the shop's codes, or none; answered once it is durable.
    SetDisposition(CallId, Option<String>, Reply<()>),
    /// Something is to be done for whoever a call is with; answered once it is durable.
    PlanTask(CallId, ToDo, Reply<()>),
    /// A task is done, or still to be done; answered once it is durable.
    FinishTask(TaskId, bool, Reply<()>),
    /// A task was planned by mistake; answered once it is gone.
    DropTask(TaskId, Reply<()>),
    /// A ticket for whoever a call is with; answered once it is durable.
    OpenTicket(CallId, TicketRequest, Reply<()>),
    /// How far a ticket is; answered once it is durable.
    MoveTicket(TicketId, TicketState, Reply<()>),
    /// What was said to a suggested product, by its key; answered once it is durable.
    AnswerOffer(CallId, String, OfferAnswer, Reply<()>),
    /// What a colleague wrote about a call that comes to me; answered once it is durable.
    HandedNote(CallId, HandedNote, Reply<()>),
    /// The caller's number is this customer's from now on.
    LinkCustomer(CallId, CustomerRef, Reply<()>),
    /// The caller is a new customer, with a number as a person writes it; empty for none.
    CreateCustomer(CallId, NewCustomer, String, Reply<()>),
    /// What was said of the caller was wrong.
    TakeBack(CallId, Reply<()>),
    /// Customers that fit what was typed.
    SearchCustomers(String, Reply<Vec<HitView>>),
    /// Rows of the call log before this call, or from the newest, the newest first.
    CallLog(Option<CallId>, u32, Reply<Vec<CallLogRow>>),
    /// What a page of the desk asks.
    Page(Box<PageRequest>),
    /// What a supervisor asks of one call.
    Review(ReviewRequest),
    /// My extensions.
    Lines(Reply<Vec<Line>>),
    /// My extensions from now on, for example after a change of desk.
    SetLines(Vec<Line>, Reply<()>),
    /// Why a call did or did not pop; answered when all that was heard of it is written.
    Why(CallId, Reply<WhyView>),
    /// Who this would be if it called over the feed of that name. Nothing is shown or logged.
    WhoIs(String, Box<Party>, Reply<PopView>),
    /// Nobody is to be disturbed for so long; `None`: no longer.
    SetQuiet(Option<QuietFor>, Reply<()>),
    /// Announce a missed call again after [`super::SNOOZE`].
    SnoozeMissed(CallId, Reply<()>),
    /// Remind of a task again after [`super::SNOOZE`].
    SnoozeTask(TaskId, Reply<()>),
    /// Whether whoever sits here may do this, and who that is.
    May(Act, Reply<Doer>),
    /// The agent brought the panel in view.
    Brought(Reply<()>),
}

/// A request as it comes to the desk, and where it is told that whoever asks may not.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) request: DeskRequest,
    pub(super) refusal: oneshot::Sender<DeskError>,
}

/// Asks the desk. Cheap to clone; every method waits for the answer.
#[derive(Clone, Debug)]
pub struct DeskHandle {
    requests: mpsc::Sender<Asked>,
}

impl DeskHandle {
    /// How many requests may wait.
    pub(super) const WAITING: usize = 64;

    pub(super) fn new(requests: mpsc::Sender<Asked>) -> Self {
        DeskHandle { requests }
    }

    /// The panel as it is now.
    pub async fn panel(&self) -> Result<PanelView, DeskError> {
        self.ask(DeskRequest::Panel).await
    }

    /// Keeps `text` as the note of `call`. When this returns, it is on the disk.
    pub async fn save_note(&self, call: CallId, text: String) -> Result<NoteView, DeskError> {
        self.ask(|reply| DeskRequest::SaveNote(call, text, reply)).await
    }

    /// Ends the wrap-up of `call`.
    pub async fn close_card(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::CloseCard(call, reply)).await
    }

    /// Takes a missed call out of the panel; it stays in the log.
    pub async fn dismiss_missed(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::DismissMissed(call, reply)).await
    }

    /// Says which of several customers is calling.
    pub async fn choose_customer(&self, call: CallId, customer: CustomerRef) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::ChooseCustomer(call, customer, reply))
            .await
    }

    /// Shows balance, address and tier of whom `call` is with. When this returns, it stands in the audit trail.
    pub async fn uncover(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::Uncover(call, reply)).await
    }

    /// The wrap-up of `call` does not close by itself.
    pub async fn stay_open(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::StayOpen(call, reply)).await
    }

    /// Keeps the card of `call` as long as something is being typed in it.
    pub async fn drafting(&self, call: CallId, drafting: bool) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::Drafting(call, drafting, reply)).await
    }

    /// Chooses the disposition of `call`, or takes it away. When this returns, it is on the disk.
    pub async fn set_disposition(&self, call: CallId, code: Option<String>) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::SetDisposition(call, code, reply)).await
    }

    /// Plans something to do for whoever `call` is with. When this returns, it is on the disk.
    pub async fn plan_task(&self, call: CallId, todo: ToDo) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::PlanTask(call, todo, reply)).await
    }

    /// Marks a task as done, or as still to be done. When this returns, it is on the disk.
    pub async fn finish_task(&self, task: TaskId, done: bool) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::FinishTask(task, done, reply)).await
    }

    /// Takes a task back that was planned by mistake.
    pub async fn drop_task(&self, task: TaskId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::DropTask(task, reply)).await
    }

    /// Opens a ticket for whoever `call` is with. When this returns, it is on the disk.
    pub async fn open_ticket(&self, call: CallId, request: TicketRequest) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::OpenTicket(call, request, reply)).await
    }

    /// Says how far a ticket is. When this returns, it is on the disk.
    pub async fn move_ticket(&self, ticket: TicketId, to: TicketState) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::MoveTicket(ticket, to, reply)).await
    }

    /// Keeps what was said to a product that is suggested in `call`. When this returns, it is on the disk.
    pub async fn answer_offer(&self, call: CallId, product: String, answer: OfferAnswer) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::AnswerOffer(call, product, answer, reply))
            .await
    }

    /// Keeps what a colleague wrote about `call`. When this returns, it is on the disk.
    pub async fn handed_note(&self, call: CallId, note: HandedNote) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::HandedNote(call, note, reply)).await
    }

    /// Says that the number of `call` is this customer's, now and later. When this returns, it is on the disk.
    pub async fn link_customer(&self, call: CallId, customer: CustomerRef) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::LinkCustomer(call, customer, reply)).await
    }

    /// Makes a customer of who is calling, with `number` as a person writes it. When this returns, it is on the disk.
    pub async fn create_customer(&self, call: CallId, new: NewCustomer, number: String) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::CreateCustomer(call, new, number, reply))
            .await
    }

    /// Takes back what was said of the caller: `call` is logged for nobody.
    pub async fn take_back(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::TakeBack(call, reply)).await
    }

    /// A few customers that fit what has been typed so far.
    pub async fn search_customers(&self, typed: String) -> Result<Vec<HitView>, DeskError> {
        self.ask(|reply| DeskRequest::SearchCustomers(typed, reply)).await
    }

    /// At most `limit` rows of the call log that are older than `before`, the newest first.
    pub async fn call_log(&self, before: Option<CallId>, limit: u32) -> Result<Vec<CallLogRow>, DeskError> {
        self.ask(|reply| DeskRequest::CallLog(before, limit, reply)).await
    }

    /// My extensions.
    pub async fn lines(&self) -> Result<Vec<Line>, DeskError> {
        self.ask(DeskRequest::Lines).await
    }

    /// Changes my extensions and writes them to `config.toml`.
    pub async fn set_lines(&self, lines: Vec<Line>) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::SetLines(lines, reply)).await
    }

    /// Why `call` did or did not pop.
    pub async fn why(&self, call: CallId) -> Result<WhyView, DeskError> {
        self.ask(|reply| DeskRequest::Why(call, reply)).await
    }

    /// Who `party` would be if it called over `feed`; nothing is shown or logged.
    pub async fn who_is(&self, feed: String, party: Party) -> Result<PopView, DeskError> {
        self.ask(|reply| DeskRequest::WhoIs(feed, Box::new(party), reply)).await
    }

    /// Nothing comes up and nothing is announced for so long; `None` ends it.
    pub async fn set_quiet(&self, wish: Option<QuietFor>) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::SetQuiet(wish, reply)).await
    }

    /// Announces a missed call again after [`super::SNOOZE`], while it stands in the panel.
    pub async fn snooze_missed(&self, call: CallId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::SnoozeMissed(call, reply)).await
    }

    /// Puts a task off for [`super::SNOOZE`]. When this returns, it is on the disk.
    pub async fn snooze_task(&self, task: TaskId) -> Result<(), DeskError> {
        self.ask(|reply| DeskRequest::SnoozeTask(task, reply)).await
    }

    /// The agent brought the panel in view, so it goes when nothing is left in it.
    pub async fn brought(&self) -> Result<(), DeskError> {
        self.ask(DeskRequest::Brought).await
    }

    pub(super) async fn ask<T>(&self, request: impl FnOnce(Reply<T>) -> DeskRequest) -> Result<T, DeskError> {
        let (reply, answer) = oneshot::channel();
        let (refusal, refused) = oneshot::channel();
        let request = request(reply);
        self.requests
            .send(Asked { request, refusal })
            .await
            .map_err(|_| DeskError::Closed)?;
        match answer.await {
            Ok(answer) => answer,
            // nobody answered: whoever asks may not, or the desk is closing
            Err(_) => Err(refused.await.unwrap_or(DeskError::Closed)),
        }
    }
}
