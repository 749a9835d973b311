//! Who is calling, and what is known of them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::after::{OpenWhat, Pause};
use super::relation::{RelationView, TierView};
use super::suggestion::SuggestionView;
use crate::call::Trust;

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
    /// Why that grade.
    pub why: Option<ReasonView>,
    /// The one customer.
    pub customer: Option<CustomerView>,
    /// Those who share the number, best guess first; at most ten.
    pub candidates: Vec<CandidateView>,
    /// What they owe.
    pub balance: Option<BalanceView>,
    /// What they bought.
    pub purchases: Option<PurchasesView>,
    /// What kind of relation they have with the shop.
    pub relation: Option<RelationView>,
    /// The highest tier of the shop that they have reached.
    pub tier: Option<TierView>,
    /// What would suit them next; at most six.
    pub suggestions: Vec<SuggestionView>,
    /// Why the suggestions are not shown unless the agent wants them; empty when they are.
    pub paused: Vec<Pause>,
    /// Promises, the first due first, then tickets.
    pub open: Vec<OpenItemView>,
    /// The last notes, the newest first; at most three.
    pub notes: Vec<PastNoteView>,
    /// What is known but not in this view until the agent says that the caller was verified.
    pub covered: Vec<CoveredFact>,
    /// Who said so, once it was said.
    pub uncovered: Option<UncoveredView>,
    /// How many customers have this number.
    pub shared_by: u32,
    /// By whose word it is the one customer, where the sources do not say so.
    pub word: Option<WordView>,
    /// What each record of the one customer says, the one that is believed first, where several sources have one; else
    /// empty.
    #[serde(default)]
    pub records: Vec<RecordView>,
}

/// One of several records of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RecordView {
    /// The lasting reference.
    pub reference: String,
    /// The person, when the source knows it.
    pub name: Option<String>,
    /// The company, when the source knows it.
    pub company: Option<String>,
    /// The town, when the source knows it.
    pub city: Option<String>,
    /// ISO 3166 alpha-2 code, when the source knows it.
    pub country: Option<String>,
    /// The source and when it gave it.
    pub origin: Origin,
}

/// A fact that stays covered until the caller was verified. Its value is not in the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CoveredFact {
    /// What they owe, and with it the suggestions, which are paused while they owe too much.
    Balance,
    /// Where they are: town and country.
    Address,
    /// Which tier they have reached, and so what they may ask for.
    Tier,
}

/// Who said that the caller was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UncoveredView {
    /// The agent's name, else the extension.
    pub by: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
}

/// What an agent said of a caller. It can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WordView {
    /// What was said.
    pub kind: WordKind,
    /// The agent's extension.
    pub line: String,
    /// When.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Whether it was said in this call.
    pub in_this_call: bool,
}

/// The kinds of what an agent says of a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WordKind {
    /// This one of several.
    Chosen,
    /// The number is this customer's.
    Linked,
    /// The customer is new.
    Created,
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

/// Why a number names a customer with its grade, as a code and what its sentence speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReasonView {
    /// Which sentence: `match.` and this in the catalogue.
    pub code: MatchReason,
    /// ISO 3166 alpha-2 code of the country that the number was read in, when it is known.
    pub country: Option<String>,
}

/// What each side gave of the number. The first six are sure; the others lack digits, and the match is a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatchReason {
    /// Both carry the country code.
    BothInternational,
    /// The stored number needed a region.
    StoredNational,
    /// The caller's number needed a region.
    CallerNational,
    /// Both needed a region.
    BothNational,
    /// The stored number is of an older way of writing in its country.
    StoredRepaired,
    /// The caller's number is of an older way of writing in its country.
    CallerRepaired,
    /// The stored number has no area code: that of the home was supplied.
    StoredNoArea,
    /// The caller's number came without an area code: that of the home was supplied.
    CallerNoArea,
    /// The stored number lacks Italy's leading 0.
    StoredNoZero,
    /// The caller's number came without Italy's leading 0.
    CallerNoZero,
    /// The stored number lacks the ninth digit of a Brazilian mobile.
    StoredNoNinth,
    /// The caller's number came without the ninth digit of a Brazilian mobile.
    CallerNoNinth,
    /// The stored number is a foreign one, and nothing says of which country.
    StoredNoCountry,
    /// The caller's first digit was taken for an outside-line prefix that no setting names.
    CallerOutside,
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
    /// Why that grade.
    pub why: Option<ReasonView>,
    /// When this person last bought or called.
    #[ts(type = "string | null")]
    pub last_contact: Option<DateTime<Utc>>,
    /// When an agent last said that it was this one who called from this number.
    pub chosen: Option<ChosenView>,
    /// How many tickets are open.
    pub open_tickets: u32,
}

/// That somebody was chosen at earlier calls of a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChosenView {
    /// The extension of the agent who did so last.
    pub line: String,
    /// When that was.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// How often it was done.
    pub times: u32,
    /// Whether nobody was chosen at a call of this number after that.
    pub last: bool,
}

/// A customer that fits what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HitView {
    /// Who.
    pub customer: CustomerView,
    /// What fits.
    pub by: HitBy,
    /// The text that fits.
    pub text: String,
}

/// What of a customer fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HitBy {
    /// The person's name.
    Name,
    /// The company.
    Company,
    /// A telephone number.
    Number,
    /// The e-mail address.
    Email,
    /// The number of an order.
    Order,
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
    /// What other sources say that is open in this currency, where it is another amount.
    pub others: Vec<OtherBalance>,
}

/// What another source says that a customer owes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OtherBalance {
    /// All that is open.
    pub open: MoneyView,
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

/// An open ticket or promise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct OpenItemView {
    /// What it is.
    pub what: OpenWhat,
    /// What it is about; may be empty.
    pub subject: String,
    /// The source's number; empty for a promise.
    pub number: String,
    /// The source and when it gave it; of what was written here, the extension and when it was.
    pub origin: Origin,
    /// The call it came from, when it was written here.
    pub call: Option<String>,
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
