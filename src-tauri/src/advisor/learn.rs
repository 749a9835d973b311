//! Counts which products stand in the same orders.
//!
//! Exact counts, in one pass over the orders: for each product its orders are walked through and the
//! company counted in an array, which needs no table of all pairs. The cost is the sum of the squared
//! numbers of products an order has.

use super::evidence::{ProductId, Related, beyond_chance, wilson_lower};

/// Below this many orders with both products nothing is said.
pub const LEAST_TOGETHER: u32 = 5;

/// How many related products are kept for one: the best suggestions may all be bought already.
const KEPT: usize = 24;

/// The orders of a shop, as sets of products.
#[derive(Debug, Default)]
pub struct Orders {
    /// The products of all orders, order after order.
    products: Vec<u32>,
    /// Where each order ends in `products`.
    ends: Vec<usize>,
}

/// What was learnt of one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learnt {
    /// The product.
    pub product: ProductId,
    /// In how many orders it stood.
    pub orders: u32,
    /// What goes with it, by the lower bound of the share, best first.
    pub related: Vec<Related>,
}

impl Orders {
    /// Adds an order. A product that stands in several lines counts once.
    pub fn add(&mut self, products: impl IntoIterator<Item = ProductId>) {
        let start = self.products.len();
        self.products.extend(products.into_iter().map(|product| product.0));
        self.products[start..].sort_unstable();
        let mut kept = start;
        for next in start..self.products.len() {
            if kept == start || self.products[kept - 1] != self.products[next] {
                self.products[kept] = self.products[next];
                kept += 1;
            }
        }
        self.products.truncate(kept);
        if kept > start {
            self.ends.push(kept);
        }
    }

    /// What all orders teach, one entry for each product that was ever ordered, by id.
    #[must_use]
    pub fn learn(&self) -> Vec<Learnt> {
        let slots = self.products.iter().max().map_or(0, |&most| most as usize + 1);
        let counts = self.counts(slots);
        let sold = counts.iter().filter(|&&count| count > 0).count();
        let of = Occurrences::new(self, &counts);
        let mut company = vec![0u32; slots];
        let mut learnt = Vec::with_capacity(sold);
        for (product, &orders) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let met = self.meet(of.orders_with(product), product, &mut company);
            let mut related = Vec::new();
            for other in met {
                let together = std::mem::take(&mut company[other]);
                if together >= LEAST_TOGETHER && beyond_chance(together, orders, counts[other], self.number(), sold) {
                    related.push(Related {
                        other: id(other),
                        together,
                    });
                }
            }
            related.sort_unstable_by(|a, b| {
                let bound = |one: &Related| wilson_lower(one.together, orders);
                bound(b).total_cmp(&bound(a)).then(a.other.cmp(&b.other))
            });
            related.truncate(KEPT);
            learnt.push(Learnt {
                product: id(product),
                orders,
                related,
            });
        }
        learnt
    }

    fn number(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    fn order(&self, index: u32) -> &[u32] {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.products[start..self.ends[index]]
    }

    fn counts(&self, slots: usize) -> Vec<u32> {
        let mut counts = vec![0; slots];
        for &product in &self.products {
            counts[product as usize] += 1;
        }
        counts
    }

    /// Counts in `company` what stands beside `product`, and names the slots it wrote to.
    fn meet(&self, orders: &[u32], product: usize, company: &mut [u32]) -> Vec<usize> {
        let mut met = Vec::new();
        for &order in orders {
            for &other in self.order(order) {
                let other = other as usize;
                if company[other] == 0 && other != product {
                    met.push(other);
                }
                company[other] += 1;
            }
        }
        company[product] = 0;
        met
    }
}

/// For each product, the orders it stood in.
struct Occurrences {
    starts: Vec<usize>,
    orders: Vec<u32>,
}

impl Occurrences {
    fn new(orders: &Orders, counts: &[u32]) -> Self {
        let mut starts = Vec::with_capacity(counts.len() + 1);
        let mut total = 0;
        for &count in counts {
            starts.push(total);
            total += count as usize;
        }
        starts.push(total);
        let mut free = starts.clone();
        let mut list = vec![0; total];
        for order in 0..orders.number() {
            for &product in orders.order(order) {
                let slot = &mut free[product as usize];
                list[*slot] = order;
                *slot += 1;
            }
        }
        Occurrences { starts, orders: list }
    }

    fn orders_with(&self, product: usize) -> &[u32] {
        &self.orders[self.starts[product]..self.starts[product + 1]]
    }
}

fn id(slot: usize) -> ProductId {
    ProductId(u32::try_from(slot).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn learnt(orders: &[&[u32]]) -> Vec<Learnt> {
        let mut all = Orders::default();
        for order in orders {
            all.add(order.iter().map(|&product| ProductId(product)));
        }
        all.learn()
    }

    fn of(learnt: &[Learnt], product: u32) -> &Learnt {
        learnt
            .iter()
            .find(|one| one.product == ProductId(product))
            .expect("the product was ordered")
    }

    #[test]
    fn a_pair_is_counted_once_for_each_order_however_many_lines_it_has() {
        let mut orders: Vec<&[u32]> = vec![&[1, 2, 2, 1]; 6];
        orders.extend(vec![&[1u32][..]; 2]);
        orders.extend(vec![&[7u32][..]; 100]);
        let learnt = learnt(&orders);
        assert_eq!(of(&learnt, 1).orders, 8);
        assert_eq!(
            of(&learnt, 1).related,
            [Related {
                other: ProductId(2),
                together: 6
            }]
        );
        assert_eq!(
            of(&learnt, 2).related,
            [Related {
                other: ProductId(1),
                together: 6
            }]
        );
        assert!(of(&learnt, 7).related.is_empty());
    }

    #[test]
    fn four_orders_are_not_evidence_and_five_are() {
        let few: Vec<&[u32]> = [vec![&[1u32, 2][..]; 4], vec![&[3u32][..]; 100]].concat();
        let enough: Vec<&[u32]> = [vec![&[1u32, 2][..]; 5], vec![&[3u32][..]; 100]].concat();
        assert!(of(&learnt(&few), 1).related.is_empty());
        assert_eq!(of(&learnt(&enough), 1).related.len(), 1);
    }

    #[test]
    fn customers_who_buy_at_random_teach_nothing() {
        let mut random = ChaCha8Rng::seed_from_u64(7);
        // The product of several draws makes the first products the favourites of all.
        for draws in [1, 3] {
            let mut orders = Orders::default();
            for _ in 0..3_000 {
                let size = random.random_range(1..8);
                let basket: Vec<_> = (0..size)
                    .map(|_| ProductId((0..draws).fold(199, |most, _| random.random_range(0..=most))))
                    .collect();
                orders.add(basket);
            }
            let related: usize = orders.learn().iter().map(|one| one.related.len()).sum();
            assert_eq!(related, 0, "{draws} draws");
        }
    }

    #[test]
    fn no_orders_teach_nothing() {
        assert!(learnt(&[]).is_empty());
        assert!(learnt(&[&[]]).is_empty());
    }
}
