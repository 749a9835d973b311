//! What people moved up to: the same category, 1.1 to 1.6 times the price, and bought later by those who had the first.

use super::baskets::Baskets;
use super::evidence::wilson_lower;

/// How much dearer, at least and at most.
const DEARER: [f32; 2] = [1.1, 1.6];
/// Customers that are asked, the latest.
const MOST_CUSTOMERS: usize = 100_000;
/// Latest products of a customer that are compared.
const MOST_ITEMS: usize = 60;
/// Fewer who moved say nothing.
const LEAST_MOVED: u32 = 5;
/// Dearer products kept for one.
const KEPT: usize = 4;

/// A step up from one product to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Step {
    /// What they had.
    pub from: u32,
    /// What they bought later.
    pub to: u32,
    /// How many did.
    pub moved: u32,
    /// Of how many who had the first and came back.
    pub of: u32,
    /// Lower end of the 90 % interval of the share that moved.
    pub bound: f64,
}

/// All steps up, by what they start from.
#[derive(Clone, Debug, Default)]
pub struct UpSell {
    /// Where the steps of each product begin, and where the last ends.
    starts: Vec<u32>,
    steps: Vec<Step>,
}

impl UpSell {
    /// Learns from all baskets. `categories` has of each product a number for its category, zero for none; `prices` its
    /// price, logarithm.
    #[must_use]
    pub fn learn(baskets: &Baskets, categories: &[u32], prices: &[f32]) -> Self {
        let mut moves: Vec<(u32, u32)> = Vec::new();
        let mut came_back = vec![0u32; baskets.products() as usize];
        if categories.iter().all(|&category| category == 0) {
            return UpSell::default();
        }
        let mut asked = vec![false; baskets.customers() as usize];
        let mut customers = 0;
        for basket in (0..baskets.number()).rev() {
            let customer = baskets.customer(basket);
            if customers == MOST_CUSTOMERS || std::mem::replace(&mut asked[customer as usize], true) {
                continue;
            }
            customers += 1;
            of_customer(baskets, customer, (categories, prices), &mut moves, &mut came_back);
        }
        moves.sort_unstable();
        let mut steps: Vec<Step> = Vec::new();
        for same in moves.chunk_by(|a, b| a == b) {
            let ((from, to), moved) = (same[0], super::baskets::index(same.len()));
            if moved >= LEAST_MOVED {
                let of = came_back[from as usize];
                let bound = wilson_lower(moved, of);
                steps.push(Step {
                    from,
                    to,
                    moved,
                    of,
                    bound,
                });
            }
        }
        steps.sort_unstable_by(|a, b| {
            a.from
                .cmp(&b.from)
                .then(b.bound.total_cmp(&a.bound))
                .then(a.to.cmp(&b.to))
        });
        let mut kept = 0;
        let mut previous = None;
        steps.retain(|step| {
            kept = if previous == Some(step.from) { kept + 1 } else { 0 };
            previous = Some(step.from);
            kept < KEPT
        });
        let starts = (0..=baskets.products())
            .map(|product| super::baskets::index(steps.partition_point(|step| step.from < product)))
            .collect();
        UpSell { starts, steps }
    }

    /// The steps up from a product, the surest first.
    #[must_use]
    pub fn from(&self, product: u32) -> &[Step] {
        let at = product as usize;
        match self.starts.get(at..at + 2) {
            Some(ends) => &self.steps[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }
}

/// Notes what one customer moved up to, each step once.
fn of_customer(
    baskets: &Baskets,
    customer: u32,
    (categories, prices): (&[u32], &[f32]),
    moves: &mut Vec<(u32, u32)>,
    came_back: &mut [u32],
) {
    let of = baskets.of_customer(customer);
    let mut had: Vec<u32> = Vec::new();
    for (nth, &basket) in of.iter().enumerate() {
        let items = baskets.items(basket);
        for &to in items.iter().filter(|to| !had.contains(to)) {
            let is_step = |&&from: &&u32| {
                let [a, b] = [from, to].map(|one| categories.get(one as usize).copied().unwrap_or(0));
                let [low, high] = [from, to].map(|one| prices.get(one as usize).copied().unwrap_or(f32::NAN));
                a == b && a != 0 && (DEARER[0].ln()..=DEARER[1].ln()).contains(&(high - low))
            };
            moves.extend(had.iter().filter(is_step).map(|&from| (from, to)));
        }
        for &item in items {
            if !had.contains(&item) {
                had.push(item);
                came_back[item as usize] += u32::from(nth + 1 < of.len());
            }
        }
        if had.len() > MOST_ITEMS {
            had.drain(..had.len() - MOST_ITEMS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisor::baskets::Gather;

    #[test]
    fn those_who_had_the_cheaper_and_bought_the_dearer_later_are_counted() {
        let mut gather = Gather::default();
        for customer in 0..8 {
            gather.add(customer, 0, 10);
            gather.add(customer, if customer < 6 { 1 } else { 2 }, 20);
        }
        let prices: Vec<f32> = [10.0f32, 13.0, 30.0].iter().map(|price| price.ln()).collect();
        let up = UpSell::learn(&gather.baskets(), &[1, 1, 1], &prices);
        let step = Step {
            from: 0,
            to: 1,
            moved: 6,
            of: 8,
            bound: wilson_lower(6, 8),
        };
        assert_eq!(up.from(0), [step]);
        assert_eq!(up.from(1), []);
    }

    #[test]
    fn without_categories_nothing_is_a_step() {
        let mut gather = Gather::default();
        for customer in 0..8 {
            gather.add(customer, 0, 10);
            gather.add(customer, 1, 20);
        }
        assert_eq!(UpSell::learn(&gather.baskets(), &[0, 0], &[1.0, 1.3]).from(0), []);
    }
}
