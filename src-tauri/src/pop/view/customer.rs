//! A customer's page: what the panel shows of them, and what it has no room for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{HistoryView, MoneyView, PagePlace, PopView};

/// Everything of the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct CustomerPageView {
    /// What the panel shows of them.
    pub pop: PopView,
    /// Every way to reach them by telephone.
    pub numbers: Vec<ReachView>,
    /// E-mail address; empty where none is known.
    pub email: String,
    /// The orders, the latest first; absent while they are covered.
    pub orders: OrdersView,
    /// What was said over every channel, and what is open.
    pub history: HistoryView,
}

/// A telephone number of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReachView {
    /// As people write it; the source's own text where it cannot be read.
    pub number: String,
    /// The extension behind it.
    pub ext: Option<String>,
    /// What the source calls it; may be empty.
    pub label: String,
    /// Whether it can be dialled.
    pub dialled: bool,
}

/// A page of a customer's orders.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct OrdersView {
    /// The orders, the latest first. The first may be the last of the page before, with the rest of its lines.
    pub orders: Vec<OrderView>,
    /// Behind which place the next page begins; none: that was the last one.
    pub next: Option<PagePlace>,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OrderView {
    /// Its number.
    pub number: String,
    /// When its last line was bought.
    #[ts(type = "string")]
    pub at: DateTime<Utc>,
    /// What it came to, in each currency.
    pub amounts: Vec<MoneyView>,
    /// What was bought, as it stands in the order.
    pub goods: Vec<GoodsView>,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GoodsView {
    /// The product's name.
    pub name: String,
    /// Quantity in thousandths; negative for a return.
    #[ts(type = "number")]
    pub quantity_milli: i64,
    /// What the line came to.
    pub amount: MoneyView,
}
