//! What an order of a customer is worth: the Gamma-Gamma model.
//!
//! Fader, P. and Hardie, B. (2013), "The Gamma-Gamma model of monetary value", brucehardie.com/notes/025. A mean of few
//! orders is pulled towards the shop's.

use super::gamma::{least, ln_gamma};

/// What a customer spent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spent {
    /// In how many orders.
    pub orders: f64,
    /// Mean of an order.
    pub mean: f64,
}

/// The three parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaGamma {
    /// Shape of the orders of one customer.
    pub p: f64,
    /// Shape of the customers.
    pub q: f64,
    /// Scale of the customers, in money.
    pub v: f64,
}

/// Fewer customers fit no three parameters.
const LEAST_CUSTOMERS: usize = 30;

impl GammaGamma {
    /// The likeliest parameters for those with orders; `None` where there are too few, or no mean exists.
    #[must_use]
    pub fn fit(customers: &[Spent]) -> Option<Self> {
        let known: Vec<Spent> = customers
            .iter()
            .copied()
            .filter(|one| one.orders > 0.0 && one.mean > 0.0)
            .collect();
        if known.len() < LEAST_CUSTOMERS {
            return None;
        }
        let scale = known.iter().map(|one| one.mean).sum::<f64>() / known.len() as f64;
        let of = |at: &[f64; 3]| GammaGamma {
            p: at[0].exp(),
            q: at[1].exp(),
            v: at[2].exp() * scale,
        };
        let cost = |at: &[f64; 3]| {
            let far = at.iter().any(|one| one.abs() > 12.0);
            let likelihood = of(at).log_likelihood(&known);
            if far || likelihood.is_nan() {
                f64::INFINITY
            } else {
                -likelihood
            }
        };
        let found = of(&least(cost, [1.0, 1.0, 0.0]));
        (found.q > 1.0).then_some(found)
    }

    /// The logarithm of the likelihood of all customers.
    #[must_use]
    pub fn log_likelihood(&self, customers: &[Spent]) -> f64 {
        let GammaGamma { p, q, v } = *self;
        let one = |one: &Spent| {
            let px = p * one.orders;
            ln_gamma(px + q) - ln_gamma(px) - ln_gamma(q)
                + q * v.ln()
                + (px - 1.0) * one.mean.ln()
                + px * one.orders.ln()
                - (px + q) * (v + one.orders * one.mean).ln()
        };
        customers.iter().map(one).sum()
    }

    /// What an order of the average customer is worth.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.p * self.v / (self.q - 1.0)
    }

    /// What an order of this customer is worth.
    #[must_use]
    pub fn expected(&self, of: Spent) -> f64 {
        let known = self.p * of.orders;
        let weight = known / (known + self.q - 1.0);
        (1.0 - weight) * self.mean() + weight * of.mean
    }
}
