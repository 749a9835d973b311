//! Customers and what is known of them, as every other room speaks of them.
//!
//! Pure data. It does not know where a fact is stored or how it is shown.

mod left_out;

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use left_out::{LeftOut, Mark};

/// The row of a customer in the cache. Lives as long as the cache: the journal refers to a
/// customer by [`CustomerRef`] instead, which survives a rebuilt cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomerId(pub i64);

/// A customer by source and the source's own key, for example `files/ALFKI`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CustomerRef(pub String);

impl CustomerRef {
    /// The reference of record `key` in source `source`.
    #[must_use]
    pub fn new(source: &str, key: &str) -> Self {
        CustomerRef(format!("{source}/{key}"))
    }
}

impl fmt::Display for CustomerRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An ISO 4217 currency code, upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");

    /// A code that ISO 4217 lists, in either case. `None` for anything else.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let upper = code.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&upper)?;
        Some(Currency(upper.as_bytes().try_into().ok()?))
    }

    /// The three letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many digits stand behind the decimal point: 2 for EUR, 0 for JPY, 3 for TND.
    #[must_use]
    pub fn digits(&self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(|c| c.exponent())
            .map_or(2, u32::from)
    }
}

impl TryFrom<String> for Currency {
    type Error = String;

    fn try_from(code: String) -> Result<Self, Self::Error> {
        Currency::from_code(&code).ok_or_else(|| format!("`{code}` is not an ISO 4217 currency code"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in minor units (cents) of one currency. Amounts of different currencies are never added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for what the shop owes.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Customer {
    /// The row in the cache.
    pub id: CustomerId,
    /// The lasting reference.
    pub reference: CustomerRef,
    /// The person, empty when only a company is known.
    pub name: String,
    /// The company, empty for a private person.
    pub company: String,
    /// Town, empty when not known.
    pub city: String,
    /// ISO 3166 alpha-2 code, when known.
    pub country: Option<String>,
    /// Name of the source, for example `files` or `demo`.
    pub source: String,
    /// When the source last gave this record.
    pub seen: DateTime<Utc>,
}

/// What a customer owes, split by how long it is overdue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// All that is open.
    pub open: Money,
    /// Open and not yet due, minor units.
    pub not_due: i64,
    /// Overdue by 1 to 30 days, minor units.
    pub overdue_30: i64,
    /// Overdue by 31 to 60 days, minor units.
    pub overdue_60: i64,
    /// Overdue by more than 60 days, minor units.
    pub overdue_more: i64,
    /// When the source computed it.
    pub as_of: DateTime<Utc>,
}

impl Balance {
    /// Nothing is owed.
    #[must_use]
    pub fn nothing(currency: Currency, as_of: DateTime<Utc>) -> Self {
        Balance {
            open: Money { minor: 0, currency },
            not_due: 0,
            overdue_30: 0,
            overdue_60: 0,
            overdue_more: 0,
            as_of,
        }
    }

    /// Adds what is open of an invoice that is to be paid on the day of `due`, as it stands on the day of `now`.
    pub fn add(&mut self, open: i64, due: DateTime<Utc>, now: DateTime<Utc>) {
        let days = (now.date_naive() - due.date_naive()).num_days();
        let part = match days {
            ..=0 => &mut self.not_due,
            1..=30 => &mut self.overdue_30,
            31..=60 => &mut self.overdue_60,
            61.. => &mut self.overdue_more,
        };
        *part = part.saturating_add(open);
        self.open.minor = self.open.minor.saturating_add(open);
    }

    /// This balance, overdue as long as `invoices` say that are open of it, unless it says so itself. What was paid and
    /// is not yet set against an invoice pays the oldest; what no invoice speaks of is not due.
    #[must_use]
    pub fn aged_as(self, invoices: &Balance) -> Self {
        if self.overdue() != 0 {
            return self;
        }
        let mut aged = Balance {
            open: self.open,
            as_of: self.as_of,
            ..*invoices
        };
        let mut paid = invoices.open.minor.saturating_sub(self.open.minor).max(0);
        for part in [&mut aged.overdue_more, &mut aged.overdue_60, &mut aged.overdue_30] {
            let pays = paid.min((*part).max(0));
            *part -= pays;
            paid -= pays;
        }
        aged.not_due = self.open.minor.saturating_sub(aged.overdue());
        aged
    }

    /// What is past its due date, minor units.
    #[must_use]
    pub fn overdue(&self) -> i64 {
        self.overdue_30 + self.overdue_60 + self.overdue_more
    }
}

/// A product as the source knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The source's key.
    pub key: String,
    /// What people call it.
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

/// What a source says of a product that forbids offering it; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restrictions {
    /// There is none left.
    pub out_of_stock: Option<bool>,
    /// It lasts: who has it needs no second one.
    pub durable: Option<bool>,
    /// Nobody should be told that they might want it.
    pub sensitive: Option<bool>,
}

/// One line of one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PurchaseLine {
    /// When it was bought.
    pub at: DateTime<Utc>,
    /// The source's order number.
    pub order: String,
    /// The source's product key.
    pub product: String,
    /// Name of the product, or its key when the product is not known.
    pub product_name: String,
    /// Quantity in thousandths, so that 1.5 kg is 1500.
    pub quantity_milli: i64,
    /// Quantity times price.
    pub amount: Money,
}
