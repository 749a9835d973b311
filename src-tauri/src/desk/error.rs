//! Why the desk refuses, with what to do about it.

use crate::directory::DirectoryError;
use crate::journal::{JournalError, UserError};
use crate::number::Unreadable;
use crate::role::Role;
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
    /// Nobody of the board sits at this extension.
    NoSuchAgent(String),
    /// Somebody reached this caller meanwhile, or said that nobody need.
    NotMissed,
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
    /// The desk is shared, and it is not known who asks.
    SignInFirst,
    /// Only whoever is at least this may.
    Forbidden(Role),
    /// Not the PIN of whoever wants to sign in.
    WrongPin,
    /// Too many wrong PINs: none is looked at for so many seconds.
    Waits(i64),
    /// Not a PIN that could be kept.
    BadPin,
    /// There is nobody of that name or number.
    NoSuchUser,
    /// Somebody has the name already.
    UserTaken,
    /// Not a name that could be kept.
    BadUserName,
    /// Not an extension, or too many.
    BadExtension(String),
    /// Nobody could set anything up any more.
    LastAdmin,
    /// Whoever is set up first has to be an admin.
    FirstIsAdmin,
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
            DeskError::NoSuchAgent(line) => Saying::of("refused.no_such_agent").with("line", line),
            DeskError::NotMissed => Saying::of("refused.not_missed"),
            DeskError::NoSuchTicket => Saying::of("refused.no_such_ticket"),
            DeskError::NotSuggested => Saying::of("refused.not_suggested"),
            DeskError::NoLine => Saying::of("refused.no_line"),
            DeskError::NoSuchCampaign => Saying::of("refused.no_such_campaign"),
            DeskError::NoSuchEntry => Saying::of("refused.no_such_entry"),
            DeskError::NobodyPicked => Saying::of("refused.nobody_picked"),
            DeskError::WantsNoCalls => Saying::of("refused.wants_no_calls"),
            DeskError::SignInFirst => Saying::of("refused.sign_in_first"),
            DeskError::Forbidden(Role::Admin) => Saying::of("refused.only_admin"),
            DeskError::Forbidden(_) => Saying::of("refused.only_supervisor"),
            DeskError::WrongPin => Saying::of("refused.wrong_pin"),
            DeskError::Waits(seconds) => Saying::of("refused.pin_waits").with("seconds", seconds),
            DeskError::BadPin => Saying::of("refused.bad_pin"),
            DeskError::NoSuchUser => Saying::of("refused.no_such_user"),
            DeskError::UserTaken => Saying::of("refused.user_taken"),
            DeskError::BadUserName => Saying::of("refused.bad_user_name"),
            DeskError::BadExtension(line) => Saying::of("refused.bad_extension").with("line", line),
            DeskError::LastAdmin => Saying::of("refused.last_admin"),
            DeskError::FirstIsAdmin => Saying::of("refused.first_is_admin"),
            DeskError::SameRecord => Saying::of("refused.same_record"),
            DeskError::MadeHere => Saying::of("refused.made_here"),
            DeskError::Past => Saying::of("refused.past"),
            DeskError::TextTooLong(most) => Saying::of("refused.text_too_long").with("most", most),
            DeskError::Traces(error) => Saying::quoted(error),
            DeskError::NoTraces => Saying::of("refused.no_traces"),
            DeskError::Journal(JournalError::NotWritten(_)) => Saying::of("refused.journal_not_written"),
            DeskError::Journal(JournalError::NotRead(_)) => Saying::of("refused.journal_not_read"),
            DeskError::Directory(error) => Saying::of("refused.directory").with_said("why", error.saying()),
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
            DeskError::NoSuchAgent(_) => "no_such_agent",
            DeskError::NotMissed => "not_missed",
            DeskError::NoSuchTicket => "no_such_ticket",
            DeskError::NotSuggested => "not_suggested",
            DeskError::NoLine => "no_line",
            DeskError::NoSuchCampaign => "no_such_campaign",
            DeskError::NoSuchEntry => "no_such_entry",
            DeskError::NobodyPicked => "nobody_picked",
            DeskError::WantsNoCalls => "wants_no_calls",
            DeskError::SignInFirst => "sign_in_first",
            DeskError::Forbidden(_) => "forbidden",
            DeskError::WrongPin => "wrong_pin",
            DeskError::Waits(_) => "pin_waits",
            DeskError::BadPin => "bad_pin",
            DeskError::NoSuchUser => "no_such_user",
            DeskError::UserTaken => "user_taken",
            DeskError::BadUserName => "bad_user_name",
            DeskError::BadExtension(_) => "bad_extension",
            DeskError::LastAdmin => "last_admin",
            DeskError::FirstIsAdmin => "first_is_admin",
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

impl From<UserError> for DeskError {
    fn from(error: UserError) -> Self {
        match error {
            UserError::NoSuchUser => DeskError::NoSuchUser,
            UserError::Taken => DeskError::UserTaken,
            UserError::BadName => DeskError::BadUserName,
            UserError::LastAdmin => DeskError::LastAdmin,
            UserError::FirstIsAdmin => DeskError::FirstIsAdmin,
            UserError::TooSoon { seconds, .. } => DeskError::Waits(seconds),
            UserError::Journal(error) => DeskError::Journal(error),
        }
    }
}
