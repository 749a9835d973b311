//! What a person asks of the desk, and the handle to ask it with.

use tokio::sync::{mpsc, oneshot};

use super::after::{TicketRequest, ToDo};
use super::pages::PageRequest;
use super::quiet::QuietFor;
use crate::call::{CallId, Line, Party};
use crate::customer::CustomerRef;
use crate::directory::DirectoryError;
use crate::journal::{HandedNote, JournalError, NewCustomer, OfferAnswer, TaskId, TicketId, TicketState};
use crate::number::Unreadable;
use crate::pop::view::{CallLogRow, HitView, NoteView, PanelView, PopView, WhyView};
use crate::words::Saying;

/// Why the desk could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum DeskError {
    /// The call is neither in the panel nor in the log.
    NoSuchCall,
    /// The customer is not in the cache.
    NoSuchCustomer,
    /// A customer without a name.
    NoName,
    /// A text of more characters than a name or an address has.
    TooLong(usize),
    /// Not an e-mail address.
    BadEmail(String),
    /// Not a telephone number.
    BadNumber(String, #[source] Unreadable),
    /// One of our own numbers, or a colleague's.
    OurNumber,
    /// Nothing was said in this call that could be taken back.
    NothingSaid,
    /// A filter is to be kept without a name.
    NoFilterName,
    /// A comment that says nothing.
    NoText,
    /// A contact that is still to come.
    NotYet,
    /// The contact is gone: somebody took it out.
    NoSuchContact,
    /// None of the shop's dispositions.
    NoSuchDisposition(String),
    /// The task is gone: somebody took it back.
    NoSuchTask,
    /// There is no such ticket.
    NoSuchTicket,
    /// The product is not suggested in this call.
    NotSuggested,
    /// No extension is mine, so nothing can ring.
    NoLine,
    /// There is no such campaign.
    NoSuchCampaign,
    /// Nobody of that number is in a campaign.
    NoSuchEntry,
    /// A campaign of nobody, or of more than one can have.
    NobodyPicked,
    /// Whoever is to be called wants no such calls.
    WantsNoCalls,
    /// A record is to be linked to itself.
    SameRecord,
    /// A customer that an agent made is to be linked.
    MadeHere,
    /// The time is over.
    Past,
    /// A text of more characters than a promise or a subject may have.
    TextTooLong(usize),
    /// The journal could not be written or read. What was typed is still in the window.
    Journal(#[source] JournalError),
    /// The customer cache could not be read.
    Directory(#[source] DirectoryError),
    /// The traces could not be read.
    Traces(#[source] JournalError),
    /// No traces are kept.
    NoTraces,
    /// The configuration could not be written.
    Config(String),
    /// It counts until the application ends, and could not be kept for the next start.
    NotKept(String),
    /// The application is closing.
    Closed,
}

impl DeskError {
    /// What is wrong and what to do next.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            DeskError::NoSuchCall => Saying::of("refused.no_such_call"),
            DeskError::NoSuchCustomer => Saying::of("refused.no_such_customer"),
            DeskError::NoName => Saying::of("find.no_name"),
            DeskError::TooLong(_) => Saying::of("find.too_long"),
            DeskError::BadEmail(_) => Saying::of("find.bad_email"),
            DeskError::BadNumber(..) => Saying::of("find.bad_number"),
            DeskError::OurNumber => Saying::of("find.our_number"),
            DeskError::NothingSaid => Saying::of("refused.nothing_said"),
            DeskError::NoFilterName => Saying::of("refused.no_filter_name"),
            DeskError::NoText => Saying::of("refused.no_text"),
            DeskError::NotYet => Saying::of("refused.not_yet"),
            DeskError::NoSuchContact => Saying::of("refused.no_such_contact"),
            DeskError::NoSuchDisposition(code) => Saying::of("refused.no_such_disposition").with("code", code),
            DeskError::NoSuchTask => Saying::of("refused.no_such_task"),
            DeskError::NoSuchTicket => Saying::of("refused.no_such_ticket"),
            DeskError::NotSuggested => Saying::of("refused.not_suggested"),
            DeskError::NoLine => Saying::of("refused.no_line"),
            DeskError::NoSuchCampaign => Saying::of("refused.no_such_campaign"),
            DeskError::NoSuchEntry => Saying::of("refused.no_such_entry"),
            DeskError::NobodyPicked => Saying::of("refused.nobody_picked"),
            DeskError::WantsNoCalls => Saying::of("refused.wants_no_calls"),
            DeskError::SameRecord => Saying::of("refused.same_record"),
            DeskError::MadeHere => Saying::of("refused.made_here"),
            DeskError::Past => Saying::of("refused.past"),
            DeskError::TextTooLong(most) => Saying::of("refused.text_too_long").with("most", most),
            DeskError::Traces(error) => Saying::quoted(error),
            DeskError::NoTraces => Saying::of("refused.no_traces"),
            DeskError::Journal(JournalError::NotWritten(_)) => Saying::of("refused.journal_not_written"),
            DeskError::Journal(JournalError::NotRead(_)) => Saying::of("refused.journal_not_read"),
            DeskError::Directory(error) => Saying::of("refused.directory").with("why", error),
            DeskError::Config(why) => Saying::of("refused.config").with("why", why),
            DeskError::NotKept(why) => Saying::of("refused.not_kept").with("why", why),
            DeskError::Closed => Saying::of("refused.closed"),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            DeskError::NoSuchCall => "no_such_call",
            DeskError::NoSuchCustomer => "no_such_customer",
            DeskError::NoName => "no_name",
            DeskError::TooLong(_) => "too_long",
            DeskError::BadEmail(_) => "bad_email",
            DeskError::BadNumber(..) => "bad_number",
            DeskError::OurNumber => "our_number",
            DeskError::NothingSaid => "nothing_said",
            DeskError::NoFilterName => "no_filter_name",
            DeskError::NoText => "no_text",
            DeskError::NotYet => "not_yet",
            DeskError::NoSuchContact => "no_such_contact",
            DeskError::NoSuchDisposition(_) => "no_such_disposition",
            DeskError::NoSuchTask => "no_such_task",
            DeskError::NoSuchTicket => "no_such_ticket",
            DeskError::NotSuggested => "not_suggested",
            DeskError::NoLine => "no_line",
            DeskError::NoSuchCampaign => "no_such_campaign",
            DeskError::NoSuchEntry => "no_such_entry",
            DeskError::NobodyPicked => "nobody_picked",
            DeskError::WantsNoCalls => "wants_no_calls",
            DeskError::SameRecord => "same_record",
            DeskError::MadeHere => "made_here",
            DeskError::Past => "past",
            DeskError::TextTooLong(_) => "text_too_long",
            DeskError::Journal(_) => "journal",
            DeskError::Traces(_) => "traces",
            DeskError::NoTraces => "no_traces",
            DeskError::Directory(_) => "directory",
            DeskError::Config(_) => "config",
            DeskError::NotKept(_) => "not_kept",
            DeskError::Closed => "closed",
        }
    }
}

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
    /// The agent brought the panel in view.
    Brought(Reply<()>),
}

/// Asks the desk. Cheap to clone; every method waits for the answer.
#[derive(Clone, Debug)]
pub struct DeskHandle {
    requests: mpsc::Sender<DeskRequest>,
}

impl DeskHandle {
    /// How many requests may wait.
    pub(super) const WAITING: usize = 64;

    pub(super) fn new(requests: mpsc::Sender<DeskRequest>) -> Self {
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
        self.requests
            .send(request(reply))
            .await
            .map_err(|_| DeskError::Closed)?;
        answer.await.map_err(|_| DeskError::Closed)?
    }
}
