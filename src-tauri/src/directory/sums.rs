//! What a customer's order lines come to: the sum of each order, and each product when it was bought last.

use std::cmp::Reverse;

use super::order_tables::{Line, OrderNumber};
use crate::customer::Currency;

/// What lines come to.
pub(super) struct Sums {
    /// What was bought and not returned, by order.
    pub(super) lines: Vec<Line>,
    pub(super) totals: Vec<Total>,
    /// Product and when last, by product.
    pub(super) bought: Vec<(u32, i64)>,
}

/// The sum of an order in one currency, in the order of the table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Total {
    pub(super) at: Reverse<i64>,
    pub(super) order: OrderNumber,
    pub(super) currency: Currency,
    pub(super) amount: i64,
}

impl Sums {
    pub(super) fn of(mut lines: Vec<Line>) -> Self {
        lines.sort_unstable_by_key(|line| (line.order, line.currency));
        let mut totals = Vec::new();
        for order in lines.chunk_by(|a, b| a.order == b.order) {
            let at = Reverse(order.iter().map(|line| line.at).max().unwrap_or_default());
            for part in order.chunk_by(|a, b| a.currency == b.currency) {
                let amount = part.iter().fold(0i64, |sum, line| sum.saturating_add(line.amount));
                let Line { order, currency, .. } = part[0];
                totals.push(Total {
                    at,
                    order,
                    currency,
                    amount,
                });
            }
        }
        totals.sort_unstable();
        lines.retain(|line| line.quantity > 0);
        let mut bought: Vec<(u32, i64)> = lines.iter().map(|line| (line.product, line.at)).collect();
        // The latest of each product stays.
        bought.sort_unstable_by_key(|&(product, at)| (product, Reverse(at)));
        bought.dedup_by_key(|one| one.0);
        Sums { lines, totals, bought }
    }
}

/// What stands in `these` and not in `those`, both sorted.
pub(super) fn missing<T: Ord + Copy>(these: &[T], those: &[T]) -> Vec<T> {
    these
        .iter()
        .filter(|one| those.binary_search(one).is_err())
        .copied()
        .collect()
}
