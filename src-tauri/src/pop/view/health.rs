//! What is wrong with the telephone numbers in the customer data.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::facts::CustomerView;
use crate::number::Unreadable;

/// The report: how much there is, how many numbers have which problem, and the first of each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct NumberHealthView {
    /// Customers.
    #[ts(type = "number")]
    pub customers: u64,
    /// Stored numbers that can be read.
    #[ts(type = "number")]
    pub numbers: u64,
    /// Stored texts that nobody can read.
    #[ts(type = "number")]
    pub unreadable: u64,
    /// Numbers that many customers have.
    #[ts(type = "number")]
    pub shared: u64,
    /// How many customers are many.
    pub shared_from: u32,
    /// Numbers of our own that are stored as a customer's.
    #[ts(type = "number")]
    pub own: u64,
    /// Numbers that probably changed hands.
    #[ts(type = "number")]
    pub recycled: u64,
    /// The first findings of each kind.
    pub findings: Vec<FindingView>,
    /// Whether there are more findings than are listed.
    pub cut: bool,
}

/// One number with a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FindingView {
    /// Which problem.
    pub problem: Problem,
    /// The number as people write it; absent when it cannot be read.
    pub number: Option<String>,
    /// How many customers have it.
    pub holders: u32,
    /// Who has it; at most ten. Of a number that changed hands, the earlier holder comes first.
    pub stored: Vec<StoredView>,
    /// Why it cannot be read.
    pub unreadable: Option<UnreadableView>,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// It cannot be read.
    Unreadable,
    /// Many customers have it.
    Shared,
    /// It is one of our own.
    Own,
    /// It probably changed hands.
    Recycled,
}

/// A number as one customer has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoredView {
    /// Whose.
    pub customer: CustomerView,
    /// What stands in the source.
    pub raw: String,
    /// What the source calls it, for example `Mobile`.
    pub label: String,
    /// When something was last heard of this customer: an order, a ticket.
    #[ts(type = "string | null")]
    pub last: Option<DateTime<Utc>>,
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableView {
    /// Nothing stands there.
    Empty,
    /// Words, or digits that are something else.
    NotANumber,
    /// Too few digits.
    TooShort,
    /// Too many digits.
    TooLong,
    /// No country code, and the country is not known.
    NoRegion,
    /// No country has this code.
    UnknownCountry,
    /// A spreadsheet rounded it.
    Rounded,
    /// It can be read by now: import it again.
    ReadableNow,
}

impl From<Unreadable> for UnreadableView {
    fn from(why: Unreadable) -> Self {
        match why {
            Unreadable::Empty => UnreadableView::Empty,
            Unreadable::NotANumber => UnreadableView::NotANumber,
            Unreadable::TooShort => UnreadableView::TooShort,
            Unreadable::TooLong => UnreadableView::TooLong,
            Unreadable::NoRegion => UnreadableView::NoRegion,
            Unreadable::UnknownCountry => UnreadableView::UnknownCountry,
            Unreadable::Rounded => UnreadableView::Rounded,
        }
    }
}
