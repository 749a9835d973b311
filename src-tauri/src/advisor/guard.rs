//! What keeps a product from being suggested, and why. Each is a reason that the trace tells.
//!
//! A guard that the data knows nothing for is off, and [`Guards::off`] names it.

use std::collections::{HashMap, HashSet};

use super::baskets::Day;
use super::evidence::{ProductId, Restricts};
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
    /// It or its category is sensitive.
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
    /// Whether the customer wants no advertising; `None` where no source says.
    pub opted_out: Option<bool>,
}

impl Guards {
    /// The guards that are off, because neither the data nor the settings know anything for them. `data` is what the
    /// sources of the products speak of.
    #[must_use]
    pub fn off(&self, data: Restricts) -> Vec<Guard> {
        let known = [
            (data.stock, Guard::Stock),
            (data.durable || !self.durable.is_empty(), Guard::Owned),
            (data.sensitive || !self.sensitive.is_empty(), Guard::Sensitive),
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
        let recent = |&no: &Day| day - no < DECLINED_FOR;
        let declined = !self.declined.is_empty() && self.declined.get(&id).is_some_and(recent);
        let forbidding = [
            (self.opted_out == Some(true), Guard::OptedOut),
            (product.discontinued, Guard::Discontinued),
            (product.restrictions.out_of_stock == Some(true), Guard::Stock),
            (!self.may_be_named(product), Guard::Sensitive),
            (has && self.lasts(product), Guard::Owned),
            (declined, Guard::Declined),
        ];
        forbidding
            .into_iter()
            .find(|(forbids, _)| *forbids)
            .map(|(_, guard)| guard)
    }

    /// Whether a product may be named as a reason for another.
    #[must_use]
    pub fn may_be_named(&self, product: &Product) -> bool {
        product.restrictions.sensitive != Some(true) && !names(&self.sensitive, product)
    }

    fn lasts(&self, product: &Product) -> bool {
        product.restrictions.durable == Some(true) || names(&self.durable, product)
    }
}

/// Whether the settings name the product's category.
fn names(categories: &HashSet<String>, product: &Product) -> bool {
    !categories.is_empty() && categories.contains(&product.category.to_lowercase())
}
