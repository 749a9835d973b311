//! What the user interface is given: plain data, from which TypeScript is generated.
//!
//! Codes and parameters, never sentences: the words live in the message catalogue. Amounts are minor
//! units, times are RFC 3339 in UTC; the user interface writes both by the user's locale.
//! Blocks that have nothing to say are absent (`null`), so that no empty box is drawn.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use crate::call::{Direction, Outcome, Trust};

/// The whole panel: one card a call, one line a missed call.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct PanelView {
    /// Calls of my lines, the newest first.
    pub cards: Vec<CardView>,
    /// Calls nobody answered, until dismissed, the newest first.
    pub missed: Vec<MissedView>,
    /// Health of every phone system connection.
    pub feeds: Vec<FeedView>,
}

/// One call in the panel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CardView {
    /// The call, as requests name it.
    pub call: String,
    /// What the line does.
    pub state: CardState,
    /// Who called whom.
    pub direction: Direction,
    /// When the state began; the timer counts from here.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// How long it was talked, once it ended, in seconds.
    #[ts(type = "number | null")]
    pub talked_seconds: Option<i64>,
    /// My extension that the call is on.
    pub line: String,
    /// The number that was called, or its label.
    pub called: String,
    /// What happened, once it ended.
    pub outcome: Option<Outcome>,
    /// Who it is and what is known.
    pub pop: PopView,
    /// The note of this call.
    pub note: NoteView,
}

/// What the line does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// The phone rings.
    Ringing,
    /// An outgoing call that is not answered yet.
    Dialling,
    /// Two people talk.
    Talking,
    /// The call is on hold.
    Held,
    /// The call ended and the note is still open.
    WrapUp,
    /// The feed was lost while the call was on: the state may be old.
    Unsure,
}

/// Who is calling and everything the panel shows of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PopView {
    /// The kind of answer to "who is it?".
    pub verdict: VerdictKind,
    /// The number as people write it; absent when withheld.
    pub number: Option<String>,
    /// The name that the phone system sent, when no customer was found.
    pub caller_name: Option<String>,
    /// ISO 3166 alpha-2 code of the number's country.
    pub country: Option<String>,
    /// The attestation that the phone system passed on.
    pub trust: Trust,
    /// How the number matched, when exactly one customer was found.
    pub grade: Option<Grade>,
    /// The one customer.
    pub customer: Option<CustomerView>,
    /// Those who share the number, best guess first; at most ten.
    pub candidates: Vec<CandidateView>,
    /// What they owe.
    pub balance: Option<BalanceView>,
    /// What they bought.
    pub purchases: Option<PurchasesView>,
    /// What would suit them next; at most three.
    pub suggestions: Vec<SuggestionView>,
    /// Open tickets and promises.
    pub open: Vec<OpenItemView>,
    /// The last notes, the newest first; at most three.
    pub notes: Vec<PastNoteView>,
}

/// The kinds of answer to "who is it?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictKind {
    /// The caller withheld the number.
    Withheld,
    /// One of the company's own outside numbers.
    Own,
    /// A colleague's extension.
    Internal,
    /// A number that is in no source.
    Unknown,
    /// One customer.
    One,
    /// Several customers share the number.
    Several,
}

/// How surely a number names a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Both sides carry the country code.
    Exact,
    /// One side needed a region to be read.
    National,
    /// One side lacks digits: a hint, never an identity.
    Ambiguous,
}

/// A customer's head line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// The lasting reference, for example `files/ALFKI`.
    pub reference: String,
    /// The person, or the company when no person is known.
    pub name: String,
    /// The company, when a person stands above it.
    pub company: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// ISO 3166 alpha-2 code.
    pub country: Option<String>,
}

/// One of several who share a number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CandidateView {
    /// Who.
    pub customer: CustomerView,
    /// How the number matched.
    pub grade: Grade,
    /// When this person last bought or called.
    #[ts(type = "string | null")]
    pub last_contact: Option<DateTime<Utc>>,
}

/// Where a fact comes from and how old it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Origin {
    /// Name of the source.
    pub source: String,
    /// When the source gave it.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
}

/// An amount in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoneyView {
    /// Minor units.
    #[ts(type = "number")]
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Digits behind the decimal point in this currency.
    pub digits: u32,
}

/// What a customer owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalanceView {
    /// All that is open.
    pub open: MoneyView,
    /// What is overdue, absent when nothing is.
    pub overdue: Option<MoneyView>,
    /// Not due, 1 to 30 days, 31 to 60 days, more: minor units, in this order. Empty when nothing is overdue.
    #[ts(type = "number[]")]
    pub ageing: Vec<i64>,
    /// Source and age.
    pub origin: Origin,
}

/// What a customer bought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PurchasesView {
    /// How many orders there ever were.
    pub orders: u32,
    /// When the first order was.
    #[ts(type = "string")]
    pub first: DateTime<Utc>,
    /// When the last order was.
    #[ts(type = "string")]
    pub last: DateTime<Utc>,
    /// Number of the last order.
    pub last_order: String,
    /// Value of the last order; absent when its lines are in several currencies.
    pub last_value: Option<MoneyView>,
    /// Value of the last twelve months in the customer's most used currency.
    pub year: MoneyView,
    /// The same for the twelve months before.
    pub year_before: MoneyView,
    /// Value of each of the last twelve calendar months, the oldest first, minor units of `year`.
    #[ts(type = "number[]")]
    pub months: Vec<i64>,
    /// The same months a year earlier.
    #[ts(type = "number[]")]
    pub months_before: Vec<i64>,
    /// The first of the month that `months` ends with.
    #[ts(type = "string")]
    pub until: DateTime<Utc>,
    /// The last lines, the newest first; at most ten.
    pub lines: Vec<PurchaseLineView>,
    /// Source and age.
    pub origin: Origin,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct PurchaseLineView {
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Order number.
    pub order: String,
    /// The source's product key.
    pub product: String,
    /// Name of the product.
    pub name: String,
    /// Quantity in thousandths.
    #[ts(type = "number")]
    pub quantity_milli: i64,
    /// Quantity times price.
    pub amount: MoneyView,
}

/// A product that goes with what the customer bought, with the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SuggestionView {
    /// The source's product key.
    pub product: String,
    /// Name of the product.
    pub name: String,
    /// List price, when known.
    pub price: Option<MoneyView>,
    /// The product it goes with.
    pub with_name: String,
    /// In how many orders both stood.
    pub together: u32,
    /// In how many orders the product it goes with stood.
    pub of: u32,
    /// Lower end of the 90 % Wilson interval of `together / of`, in per cent, rounded down; absent below ten orders.
    pub at_least_percent: Option<u32>,
}

/// An open ticket or promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenItemView {
    /// What it is about.
    pub subject: String,
    /// The source's number.
    pub number: String,
    /// Source and age.
    pub origin: Origin,
}

/// A note of an earlier call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PastNoteView {
    /// The text as it was written.
    pub text: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// The extension that took the call.
    pub line: String,
}

/// The note of a call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteView {
    /// The text as it is in the journal.
    pub text: String,
    /// When it became durable; absent when nothing was written yet.
    #[ts(type = "string | null")]
    pub saved_at: Option<DateTime<Utc>>,
}

/// A call nobody answered, in one line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct MissedView {
    /// The call.
    pub call: String,
    /// Who, as far as known.
    pub name: Option<String>,
    /// The company.
    pub company: Option<String>,
    /// The number as people write it; absent when withheld.
    pub number: Option<String>,
    /// When it began to ring.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// How long it rang, in seconds.
    #[ts(type = "number")]
    pub rang_seconds: i64,
}

/// Health of one connection to a phone system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FeedView {
    /// Its name in the configuration.
    pub name: String,
    /// How it is.
    pub health: FeedHealth,
    /// Since when.
    #[ts(type = "string")]
    pub since: DateTime<Utc>,
    /// What is wrong and what to do, when something is. English: it quotes the phone system.
    pub detail: Option<String>,
}

/// How a feed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FeedHealth {
    /// Not connected yet.
    Starting,
    /// Connected and heard.
    Up,
    /// The connection is gone; it is tried again.
    Lost,
    /// It cannot work until somebody changes something, for example a wrong password.
    Refused,
}

/// One line of the call log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CallLogRow {
    /// The call.
    pub call: String,
    /// When it began.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Who called whom.
    pub direction: Direction,
    /// The other side's number as people write it; absent when withheld.
    pub number: Option<String>,
    /// The customer it was logged for.
    pub customer: Option<CustomerView>,
    /// The number that was called.
    pub called: String,
    /// My extensions that rang.
    pub rang: Vec<String>,
    /// Who answered: an extension or, for an outgoing call, the number.
    pub answered_by: Option<String>,
    /// What happened; absent while the call is on, or when Ringside stopped before it ended.
    pub outcome: Option<Outcome>,
    /// Whether the call is still on.
    pub on: bool,
    /// Seconds talked.
    #[ts(type = "number | null")]
    pub talked_seconds: Option<i64>,
    /// The note.
    pub note: String,
}

/// Something the person at the screen has to be told at the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum StartNotice {
    /// The code that opens the journal when the keyring or the passphrase is lost. It is shown this once.
    RecoveryCode {
        /// To be written down, in groups.
        code: String,
    },
    /// There is no place for a key: nothing is kept after this run.
    ThisRunOnly,
}
