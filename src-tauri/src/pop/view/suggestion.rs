//! What is suggested to whoever calls, on what evidence, and what was thought of and not suggested.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::after::OfferAnswer;
use super::facts::MoneyView;

/// Why a product is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SuggestionKind {
    /// It goes with what the customer bought.
    CrossSell,
    /// The customer will want it again.
    Again,
    /// Others who had the one moved up to it.
    UpSell,
}

/// What keeps a product from being suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GuardView {
    /// Fewer than five baskets speak for it.
    Evidence,
    /// It is no longer sold.
    Discontinued,
    /// There is none left.
    Stock,
    /// It lasts, and the customer has it.
    Owned,
    /// The customer said no to it within 90 days.
    Declined,
    /// It or its category is sensitive.
    Sensitive,
    /// The customer wants no advertising.
    OptedOut,
    /// The customer owes what is past due; the agent may choose to see it.
    Overdue,
    /// A complaint is open; the agent may choose to see it.
    Complaint,
}

/// A product that was thought of and not suggested.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SilencedView {
    /// Name of the product.
    pub name: String,
    /// Why.
    pub guard: GuardView,
}

/// A product that suits a customer, with the evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct SuggestionView {
    /// Why it is suggested, which says what the counts count.
    pub kind: SuggestionKind,
    /// The source's product key.
    pub product: String,
    /// Name of the product.
    pub name: String,
    /// List price, when known.
    pub price: Option<MoneyView>,
    /// The product it goes with, or that others moved up from; itself where it is wanted again.
    pub with_name: String,
    /// In how many orders both stood; how often the customer bought it; how many moved up.
    pub together: u32,
    /// In how many orders the product it goes with stood; how many orders the customer has; of how many who had that product
    /// and came back.
    pub of: u32,
    /// Lower end of the 90 % interval of `together / of`, in per cent, rounded down; absent below ten orders, and where it is not
    /// known of how many customers they are.
    pub at_least_percent: Option<u32>,
    /// Chance that it is in the next order, in per cent; absent where the shop's past does not allow to say.
    pub chance_percent: Option<u32>,
    /// The customer buys it about every so many days.
    pub every_days: Option<u32>,
    /// When it is due again.
    #[ts(type = "string | null")]
    pub due: Option<DateTime<Utc>>,
    /// What the customer said to it in this call.
    pub answer: Option<OfferAnswer>,
}
