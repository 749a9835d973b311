//! `[[tier]]`: the tiers of a shop's loyal customers, by its own rules.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;
use toml::de::DeValue;

use super::after_call::{name_complaint, tables_of, twice};
use super::error::ConfigError;
use crate::customer::Currency;

const MOST_TIERS: usize = 9;
const LONGEST_ENTITLEMENT: usize = 200;

/// `[[tier]]`: all rules that stand in it have to be met.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "TierTable")]
pub struct Tier {
    /// What the shop calls it.
    pub name: String,
    /// What it entitles to, one line; empty for nothing.
    pub entitles: String,
    /// The currency of the two sums; see [`super::Config::currency`] when absent.
    pub currency: Option<Currency>,
    /// Spent in all, whole units of the currency.
    pub value: Option<u32>,
    /// Spent within the last 365 days.
    pub value_a_year: Option<u32>,
    /// Orders in all.
    pub orders: Option<u32>,
    /// Orders within the last 365 days.
    pub orders_a_year: Option<u32>,
    /// Whole years since the first order.
    pub years: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TierTable {
    name: String,
    #[serde(default)]
    entitles: String,
    currency: Option<Currency>,
    value: Option<u32>,
    value_a_year: Option<u32>,
    orders: Option<u32>,
    orders_a_year: Option<u32>,
    years: Option<u32>,
}

impl TryFrom<TierTable> for Tier {
    type Error = String;

    fn try_from(table: TierTable) -> Result<Self, String> {
        let TierTable {
            name,
            entitles,
            currency,
            value,
            value_a_year,
            orders,
            orders_a_year,
            years,
        } = table;
        if let Some(what) = name_complaint(&name) {
            return Err(what);
        }
        let entitles = entitles.trim().to_owned();
        if entitles.chars().count() > LONGEST_ENTITLEMENT || entitles.chars().any(char::is_control) {
            return Err(format!(
                "what a tier entitles to is one line of at most {LONGEST_ENTITLEMENT} characters"
            ));
        }
        let rules = [value, value_a_year, orders, orders_a_year, years];
        if rules.iter().all(Option::is_none) {
            return Err(format!(
                "the tier `{name}` has no rule; give at least one of value, value_a_year, orders, orders_a_year, years"
            ));
        }
        if rules.contains(&Some(0)) {
            return Err(format!(
                "a rule of the tier `{name}` is 0, which everybody meets; leave it out"
            ));
        }
        if currency.is_some() && value.is_none() && value_a_year.is_none() {
            return Err(format!(
                "the tier `{name}` names a currency and no sum; give value or value_a_year, or leave it out"
            ));
        }
        Ok(Tier {
            name,
            entitles,
            currency,
            value,
            value_a_year,
            orders,
            orders_a_year,
            years,
        })
    }
}

impl Tier {
    /// Whether everybody who meets `other` meets this too, so that this tier, standing first, is the only one ever reached.
    fn asks_no_more_than(&self, other: &Tier, home: Currency) -> bool {
        let same_money = self.currency.unwrap_or(home) == other.currency.unwrap_or(home);
        let weaker = |one: Option<u32>, than: Option<u32>| one.is_none_or(|one| than.is_some_and(|than| one <= than));
        let sums = [(self.value, other.value), (self.value_a_year, other.value_a_year)];
        let counts = [
            (self.orders, other.orders),
            (self.orders_a_year, other.orders_a_year),
            (self.years, other.years),
        ];
        let sums_weaker = sums
            .iter()
            .all(|&(one, than)| one.is_none() || (same_money && weaker(one, than)));
        sums_weaker && counts.iter().all(|&(one, than)| weaker(one, than))
    }
}

/// `[[tier]]`, the highest first, checked one by one and against each other.
pub(super) fn read_tiers(
    path: &Path,
    text: &str,
    tables: Spanned<DeValue<'_>>,
    home: Currency,
) -> Result<Vec<Tier>, ConfigError> {
    let place = tables.span();
    let places: Vec<_> = match tables.get_ref() {
        DeValue::Array(tables) => tables.iter().map(Spanned::span).collect(),
        _ => Vec::new(),
    };
    let all: Vec<Tier> = tables_of(path, text, tables, "tier")?;
    let wrong = |place, what| Err(ConfigError::at(path, text, Some(place), what));
    if let Some(twice) = twice(all.iter().map(|one| one.name.as_str())) {
        return wrong(place, format!("there are two tiers with the name `{twice}`"));
    }
    if all.len() > MOST_TIERS {
        return wrong(place, format!("there are at most {MOST_TIERS} tiers"));
    }
    for (nth, tier) in all.iter().enumerate() {
        let hiding = all[..nth].iter().find(|above| above.asks_no_more_than(tier, home));
        if let Some(above) = hiding {
            let (above, name) = (&above.name, &tier.name);
            let what = format!(
                "nobody can reach the tier `{name}`: `{above}` stands before it and asks for no more; write the highest tier first"
            );
            return wrong(places.get(nth).cloned().unwrap_or(place), what);
        }
    }
    Ok(all)
}
