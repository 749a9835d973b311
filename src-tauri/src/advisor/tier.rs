//! Loyalty: the tiers of a shop, by its own rules, and which of them a customer has reached.
//!
//! Counted facts alone: no score has a part in it. Money is counted in the tier's currency and never mixed.

use std::collections::HashMap;

use super::baskets::Day;
use crate::customer::{Currency, Money};

/// Days of the latest year.
const YEAR: Day = 365;
/// Days of four years, of which one is a leap year.
const FOUR_YEARS: Day = 1_461;

/// A tier, with what the shop grants to whoever has reached it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tier {
    /// What the shop calls it.
    pub name: String,
    /// What it entitles to, in the shop's words; empty for nothing.
    pub entitles: String,
    /// What has to be met.
    pub rules: TierRules,
}

/// What a tier asks for. All that is named has to be met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierRules {
    /// The currency of the two sums.
    pub currency: Currency,
    /// Spent in all, returns taken off, minor units.
    pub value: Option<i64>,
    /// The same of the last 365 days.
    pub value_a_year: Option<i64>,
    /// Orders that were not given back whole.
    pub orders: Option<u32>,
    /// The same of the last 365 days.
    pub orders_a_year: Option<u32>,
    /// Whole years since the first of them.
    pub years: Option<u32>,
}

/// What an order came to in one currency; less than nothing for a return.
#[derive(Clone, Copy, Debug)]
pub struct Order<'o> {
    /// When.
    pub day: Day,
    /// Its number, by which its currencies are one order.
    pub number: &'o str,
    /// The sum.
    pub amount: Money,
}

/// The highest tier that a customer with these orders has reached on `today`: the first of `tiers` whose rules they meet.
#[must_use]
pub fn reached<'t>(tiers: &'t [Tier], orders: &[Order<'_>], today: Day) -> Option<&'t Tier> {
    let kept = kept(orders);
    tiers.iter().find(|tier| tier.rules.are_met(orders, &kept, today))
}

/// The days of the orders that were not given back whole.
fn kept(orders: &[Order<'_>]) -> Vec<Day> {
    let mut days: HashMap<&str, Day> = HashMap::new();
    for order in orders.iter().filter(|order| order.amount.minor > 0) {
        let day = days.entry(order.number).or_insert(order.day);
        *day = (*day).min(order.day);
    }
    days.into_values().collect()
}

impl TierRules {
    fn are_met(&self, orders: &[Order<'_>], kept: &[Day], today: Day) -> bool {
        let spent = |since: Day| {
            let counted = orders.iter().filter(|order| order.day > since);
            let paid = counted.filter(|order| order.amount.currency == self.currency);
            paid.fold(0i64, |sum, order| sum.saturating_add(order.amount.minor))
        };
        let number = |since: Day| super::baskets::index(kept.iter().filter(|&&day| day > since).count());
        let first = kept.iter().min().copied().unwrap_or(today);
        let years = (today - first).max(0) * 4 / FOUR_YEARS;
        let last_year = today - YEAR;
        let met = [
            self.value.is_none_or(|least| spent(Day::MIN) >= least),
            self.value_a_year.is_none_or(|least| spent(last_year) >= least),
            self.orders.is_none_or(|least| number(Day::MIN) >= least),
            self.orders_a_year.is_none_or(|least| number(last_year) >= least),
            self.years.is_none_or(|least| i64::from(years) >= i64::from(least)),
        ];
        !kept.is_empty() && met.iter().all(|met| *met)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = 20_000;

    fn tier(name: &str, rules: TierRules) -> Tier {
        let (name, entitles) = (name.to_owned(), String::new());
        Tier { name, entitles, rules }
    }

    fn none() -> TierRules {
        TierRules {
            currency: Currency::EUR,
            value: None,
            value_a_year: None,
            orders: None,
            orders_a_year: None,
            years: None,
        }
    }

    fn order(ago: Day, number: &str, minor: i64) -> Order<'_> {
        let (day, currency) = (TODAY - ago, Currency::EUR);
        let amount = Money { minor, currency };
        Order { day, number, amount }
    }

    #[track_caller]
    fn assert_reached(rules: TierRules, orders: &[Order<'_>], expected: bool) {
        let tiers = [tier("Gold", rules)];
        assert_eq!(reached(&tiers, orders, TODAY).is_some(), expected, "{rules:?}");
    }

    #[test]
    fn the_first_tier_whose_every_rule_is_met_is_reached() {
        let orders = [order(800, "1", 40_000), order(10, "2", 20_000)];
        let gold = TierRules {
            value: Some(60_000),
            years: Some(3),
            ..none()
        };
        let silver = TierRules {
            value: Some(60_000),
            ..none()
        };
        let bronze = TierRules {
            orders: Some(1),
            ..none()
        };
        let tiers = [tier("Gold", gold), tier("Silver", silver), tier("Bronze", bronze)];
        assert_eq!(
            reached(&tiers, &orders, TODAY).map(|tier| tier.name.as_str()),
            Some("Silver")
        );
    }

    #[test]
    fn a_year_counts_365_days_and_years_are_whole() {
        let orders = [order(366, "1", 500), order(365, "2", 500), order(364, "3", 500)];
        assert_reached(
            TierRules {
                orders_a_year: Some(1),
                ..none()
            },
            &orders,
            true,
        );
        assert_reached(
            TierRules {
                orders_a_year: Some(2),
                ..none()
            },
            &orders,
            false,
        );
        assert_reached(
            TierRules {
                value_a_year: Some(501),
                ..none()
            },
            &orders,
            false,
        );
        assert_reached(
            TierRules {
                years: Some(1),
                ..none()
            },
            &orders,
            true,
        );
        assert_reached(
            TierRules {
                years: Some(1),
                ..none()
            },
            &orders[1..],
            false,
        );
    }

    #[test]
    fn what_was_given_back_does_not_count() {
        let orders = [order(5, "1", 500), order(4, "R1", -500), order(3, "2", 0)];
        assert_reached(
            TierRules {
                value: Some(1),
                ..none()
            },
            &orders,
            false,
        );
        assert_reached(
            TierRules {
                orders: Some(2),
                ..none()
            },
            &orders,
            false,
        );
    }

    #[test]
    fn sums_are_of_one_currency_and_an_order_in_two_is_one() {
        let kuna = Currency::from_code("HRK").expect("a currency");
        let mut other = order(5, "1", 99_999);
        other.amount.currency = kuna;
        let orders = [order(5, "1", 500), other];
        assert_reached(
            TierRules {
                value: Some(501),
                ..none()
            },
            &orders,
            false,
        );
        assert_reached(
            TierRules {
                currency: kuna,
                value: Some(99_999),
                ..none()
            },
            &orders,
            true,
        );
        assert_reached(
            TierRules {
                orders: Some(2),
                ..none()
            },
            &orders,
            false,
        );
    }

    #[test]
    fn who_never_ordered_has_reached_nothing() {
        assert_reached(
            TierRules {
                years: Some(0),
                ..none()
            },
            &[],
            false,
        );
    }
}
