//! What the search over everything finds.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerView, HitView, MoneyView, TicketRowView};

/// What fits what was typed so far, a few of each kind.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct FoundView {
    /// Customers, by name, company, number, address or order.
    pub customers: Vec<HitView>,
    /// Tickets that are not closed, then others.
    pub tickets: Vec<TicketRowView>,
    /// Calls whose note has the words, the latest first.
    pub notes: Vec<NoteHitView>,
    /// Products, by name.
    pub products: Vec<ProductHitView>,
}

/// A call whose note fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteHitView {
    /// The call.
    pub call: String,
    /// When it was.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// Whom it was with, when that is known.
    pub customer: Option<CustomerView>,
    /// The other side's number, when it was not withheld.
    pub number: Option<String>,
    /// The note.
    pub text: String,
}

/// A product that fits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ProductHitView {
    /// The source's key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Category; may be empty.
    pub category: String,
    /// List price, when known.
    pub price: Option<MoneyView>,
    /// No longer sold.
    pub discontinued: bool,
    /// Whether none is there; absent where the source does not say.
    pub out_of_stock: Option<bool>,
}
