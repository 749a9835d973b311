//! How many orders are still to come: the BG/NBD model of who buys how often and stays how long.
//!
//! Fader, P., Hardie, B. and Lee, K. L. (2005), "Counting your customers the easy way: an alternative to the Pareto/NBD
//! model", Marketing Science 24(2), 275-284. It takes every customer with one order for alive for ever, so that its
//! probability of being alive is never shown; the expected number of orders is.

use super::gamma::{hypergeometric, least, ln_gamma};

/// What is known of a customer's orders, in one unit of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orders {
    /// Orders after the first.
    pub repeats: f64,
    /// From the first to the last.
    pub recency: f64,
    /// From the first to now.
    pub age: f64,
}

/// The four parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BgNbd {
    /// Shape of the rates.
    pub r: f64,
    /// Scale of the rates, in time.
    pub alpha: f64,
    /// First parameter of leaving.
    pub a: f64,
    /// Second parameter of leaving.
    pub b: f64,
}

/// Fewer customers who came back fit no four parameters.
const LEAST_REPEATERS: usize = 30;

impl BgNbd {
    /// The likeliest parameters; `None` where too few came back.
    #[must_use]
    pub fn fit(customers: &[Orders]) -> Option<Self> {
        if customers.iter().filter(|one| one.repeats > 0.0).count() < LEAST_REPEATERS {
            return None;
        }
        let age = customers.iter().map(|one| one.age).sum::<f64>() / customers.len() as f64;
        let scale = (age / 10.0).max(1e-6);
        let of = |at: &[f64; 4]| BgNbd {
            r: at[0].exp(),
            alpha: at[1].exp() * scale,
            a: at[2].exp(),
            b: at[3].exp(),
        };
        let cost = |at: &[f64; 4]| {
            let far = at.iter().any(|one| one.abs() > 12.0);
            let likelihood = of(at).log_likelihood(customers);
            if far || likelihood.is_nan() {
                f64::INFINITY
            } else {
                -likelihood
            }
        };
        let found = of(&least(cost, [0.0; 4]));
        Some(found)
    }

    /// The logarithm of the likelihood of all customers.
    #[must_use]
    pub fn log_likelihood(&self, customers: &[Orders]) -> f64 {
        let BgNbd { r, alpha, a, b } = *self;
        let same = r * alpha.ln() - ln_gamma(r) + ln_gamma(a + b) - ln_gamma(b);
        let one = |one: &Orders| {
            let x = one.repeats;
            let rates = ln_gamma(r + x) + ln_gamma(b + x) - ln_gamma(a + b + x);
            let stays = -(r + x) * (alpha + one.age).ln();
            if x <= 0.0 {
                return same + rates + stays;
            }
            let left = a.ln() - (b + x - 1.0).ln() - (r + x) * (alpha + one.recency).ln();
            let larger = stays.max(left);
            same + rates + larger + ((stays - larger).exp() + (left - larger).exp()).ln()
        };
        customers.iter().map(one).sum()
    }

    /// Orders to be expected in the next `time`.
    #[must_use]
    pub fn expected(&self, of: Orders, time: f64) -> f64 {
        let BgNbd { r, alpha, a, b } = *self;
        let Orders {
            repeats: x,
            recency,
            age,
        } = of;
        // the formula has a removable pole at a = 1
        let a = if (a - 1.0).abs() < 1e-6 { 1.0 + 1e-6 } else { a };
        let z = time / (alpha + age + time);
        let shrunk = ((alpha + age) / (alpha + age + time)).powf(r + x);
        let to_come = 1.0 - shrunk * hypergeometric(r + x, b + x, a + b + x - 1.0, z);
        let left = if x > 0.0 {
            a / (b + x - 1.0) * ((alpha + age) / (alpha + recency)).powf(r + x)
        } else {
            0.0
        };
        ((a + b + x - 1.0) / (a - 1.0) * to_come / (1.0 + left)).max(0.0)
    }
}
