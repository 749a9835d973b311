//! What keeps a product from being suggested, and why. Each is a reason that the trace tells.
//!
//! A guard that the data knows nothing for is off, and [`Guards::off`] names it.

use std::collections::{HashMap, HashSet};

use super::baskets::Day;
use super::evidence::ProductId;
use crate::customer::Product;

/// For how many days a "no" holds.
pub const DECLINED_FOR: Day = 90;

/// Why a product is not suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Guard {
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
    /// Its category is sensitive, and the shop did not opt in.
    Sensitive,
    /// The customer wants no advertising.
    OptedOut,
}

/// What the guards go by.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Guards {
    /// When the customer said no to a product last.
    pub declined: HashMap<ProductId, Day>,
    /// Categories whose products are bought once, as the settings have them.
    pub durable: HashSet<String>,
    /// Categories that are not suggested and never given as a reason.
    pub sensitive: HashSet<String>,
    /// Products that are out of stock; `None` where no source says.
    pub out_of_stock: Option<HashSet<ProductId>>,
    /// Whether the customer wants no advertising; `None` where no source says.
    pub opted_out: Option<bool>,
}

impl Guards {
    /// The guards that are off, because neither the data nor the settings know anything for them.
    #[must_use]
    pub fn off(&self) -> Vec<Guard> {
        let known = [
            (self.out_of_stock.is_some(), Guard::Stock),
            (!self.durable.is_empty(), Guard::Owned),
            (!self.sensitive.is_empty(), Guard::Sensitive),
            (self.opted_out.is_some(), Guard::OptedOut),
        ];
        known
            .into_iter()
            .filter(|(known, _)| !known)
            .map(|(_, guard)| guard)
            .collect()
    }

    /// What forbids suggesting a product that the customer `has` or has not, on `day`.
    #[must_use]
    pub fn forbids(&self, id: ProductId, product: &Product, has: bool, day: Day) -> Option<Guard> {
        let category = product.category.to_lowercase();
        let recent = |&no: &Day| day - no < DECLINED_FOR;
        let forbidding = [
            (self.opted_out == Some(true), Guard::OptedOut),
            (product.discontinued, Guard::Discontinued),
            (
                self.out_of_stock.as_ref().is_some_and(|gone| gone.contains(&id)),
                Guard::Stock,
            ),
            (self.sensitive.contains(&category), Guard::Sensitive),
            (has && self.durable.contains(&category), Guard::Owned),
            (self.declined.get(&id).is_some_and(recent), Guard::Declined),
        ];
        forbidding
            .into_iter()
            .find(|(forbids, _)| *forbids)
            .map(|(_, guard)| guard)
    }

    /// Whether a product may be named as a reason for another.
    #[must_use]
    pub fn may_be_named(&self, product: &Product) -> bool {
        !self.sensitive.contains(&product.category.to_lowercase())
    }
}
