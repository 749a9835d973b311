//! What one customer did, added up line by line. Currencies are never mixed: money is told of the one they buy in most.

use super::baskets::Day;
use crate::customer::Currency;

/// What a customer did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Purchases {
    /// The days with an order, ascending, each once.
    pub days: Vec<Day>,
    /// What was spent in the currency of most of these days; `None` where nothing was bought.
    pub paid: Option<Paid>,
}

/// What was spent in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Which.
    pub currency: Currency,
    /// On how many days.
    pub days: u32,
    /// All of it, minor units.
    pub sum: i64,
}

/// The lines of a customer, as they come: those of a day in a row.
#[derive(Clone, Debug, Default)]
pub struct Purse {
    days: Vec<Day>,
    /// With the day that was counted last.
    paid: Vec<(Paid, Day)>,
}

impl Purse {
    /// Adds a line; `amount` is in minor units.
    pub fn add(&mut self, day: Day, amount: i64, currency: Currency) {
        if self.days.last() != Some(&day) {
            self.days.push(day);
        }
        match self.paid.iter_mut().find(|(paid, _)| paid.currency == currency) {
            Some((paid, last)) => {
                paid.sum = paid.sum.saturating_add(amount);
                paid.days += u32::from(*last != day);
                *last = day;
            }
            None => {
                let (days, sum) = (1, amount);
                self.paid.push((Paid { currency, days, sum }, day));
            }
        }
    }

    /// What was added up; empty from then on.
    pub fn take(&mut self) -> Purchases {
        let mut days = std::mem::take(&mut self.days);
        days.sort_unstable();
        let paid = self.paid.drain(..).map(|(paid, _)| paid);
        Purchases {
            days,
            paid: paid.max_by_key(|paid| (paid.days, std::cmp::Reverse(paid.currency))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_told_of_the_currency_of_most_days_and_never_mixed() {
        let kuna = Currency::from_code("HRK").expect("a currency");
        let mut purse = Purse::default();
        for (day, amount, currency) in [
            (9, 500, kuna),
            (9, 100, kuna),
            (7, 999_999, Currency::EUR),
            (3, 50, kuna),
        ] {
            purse.add(day, amount, currency);
        }
        let paid = Paid {
            currency: kuna,
            days: 2,
            sum: 650,
        };
        let expected = Purchases {
            days: vec![3, 7, 9],
            paid: Some(paid),
        };
        assert_eq!(purse.take(), expected);
        assert_eq!(purse.take(), Purchases::default());
    }
}
