//! What a source gives, typed and normalised: the rows that `directory` stores.
//!
//! Pure data. It does not know which file, column or service a row came from, nor where it is kept.
//! `key` is always the source's own key; together with the source's name it makes a
//! [`CustomerRef`](crate::customer::CustomerRef).

use chrono::{DateTime, Utc};

use crate::customer::{Currency, CustomerRef, Money, Restrictions};
use crate::number::{Given, Key};

/// One usable row of a source.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// Somebody who can call.
    Customer(CustomerRow),
    /// Something that is sold.
    Product(ProductRow),
    /// One line of one order.
    OrderLine(OrderLineRow),
    /// What a customer owes.
    Balance(BalanceRow),
    /// An invoice, from which it follows what a customer owes.
    Invoice(InvoiceRow),
    /// A service request.
    Ticket(TicketRow),
}

impl Record {
    /// The key of the customer that it is about; empty for none.
    #[must_use]
    pub fn customer(&self) -> &str {
        match self {
            Record::Customer(row) => &row.key,
            Record::Product(_) => "",
            Record::OrderLine(row) => &row.customer,
            Record::Balance(row) => &row.customer,
            Record::Invoice(row) => &row.customer,
            Record::Ticket(row) => &row.customer,
        }
    }
}

/// A customer. Empty text means that the source does not know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerRow {
    /// The source's key, for example `ALFKI`; never empty.
    pub key: String,
    /// The person.
    pub name: String,
    /// The company.
    pub company: String,
    /// Town.
    pub city: String,
    /// ISO 3166 alpha-2 code, upper case, when the source's country could be read.
    pub country: Option<String>,
    /// Every number the source has, in its order.
    pub phones: Vec<PhoneRow>,
    /// E-mail address.
    pub email: String,
    /// Tax number.
    pub vat: String,
    /// Whether they want no advertising; `None` where the source has no such column.
    pub no_advertising: Option<bool>,
    /// Records of other sources that the source says are the same somebody: it has a column with their keys.
    pub same_as: Vec<CustomerRef>,
}

/// A number as the source has it, and how it was read. A text that lacks digits has a row for each number it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneRow {
    /// The text in the source.
    pub raw: String,
    /// What the source calls it (`mobile`, `work`, the column's name), empty when it says nothing.
    pub label: String,
    /// The number; `None` when the text cannot be read: kept, shown, and never matched.
    pub key: Option<Key>,
    /// What the text gave of the number. Without meaning when `key` is `None`.
    pub given: Given,
    /// The extension behind the number, digits only.
    pub ext: Option<String>,
}

/// A product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    /// The source's key; never empty.
    pub key: String,
    /// What people call it; the key when the source has no name.
    pub name: String,
    /// Category, empty when not known.
    pub category: String,
    /// List price, when known.
    pub price: Option<Money>,
    /// No longer sold.
    pub discontinued: bool,
    /// What else forbids offering it.
    pub restrictions: Restrictions,
}

/// One line of an order.
///
/// A source gives an order whole: what an import says of an order replaces what was known of it.
/// Two equal lines of one order are two purchases; the lines of an order need not stand together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderLineRow {
    /// The customer's key in the same source.
    pub customer: String,
    /// Order number.
    pub order: String,
    /// When it was bought.
    pub at: DateTime<Utc>,
    /// The product's key in the same source, which need not be known as a product.
    pub product: String,
    /// Quantity in thousandths; negative for a return.
    pub quantity_milli: i64,
    /// Quantity times price.
    pub amount: Money,
}

/// What a customer owes in one currency. `open` is the sum of the other four.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceRow {
    /// The customer's key in the same source.
    pub customer: String,
    /// The currency of all amounts, which are minor units.
    pub currency: Currency,
    /// All that is open; negative for a credit.
    pub open: i64,
    /// Open and not yet due.
    pub not_due: i64,
    /// Overdue by 1 to 30 days.
    pub overdue_30: i64,
    /// Overdue by 31 to 60 days.
    pub overdue_60: i64,
    /// Overdue by more than 60 days.
    pub overdue_more: i64,
    /// When the source computed it.
    pub as_of: DateTime<Utc>,
}

/// An invoice. A credit note has negative amounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRow {
    /// The customer's key in the same source.
    pub customer: String,
    /// The source's number; never empty.
    pub number: String,
    /// The currency of both amounts, which are minor units.
    pub currency: Currency,
    /// What it came to.
    pub total: i64,
    /// What of it is still to be paid; 0 once it is paid.
    pub open: i64,
    /// When it was written, when known.
    pub issued: Option<DateTime<Utc>>,
    /// When it is to be paid.
    pub due: DateTime<Utc>,
}

/// A service request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketRow {
    /// The customer's key in the same source.
    pub customer: String,
    /// The source's number; never empty.
    pub number: String,
    /// What it is about.
    pub subject: String,
    /// Not closed.
    pub open: bool,
    /// When it was opened, or last touched when that alone is known.
    pub at: DateTime<Utc>,
}
