//! What is known of each product at a moment: how it sells, how its sales move, how it is bought again.

#![allow(
    clippy::cast_possible_truncation,
    reason = "chances and logarithms need no more than 24 bits"
)]

use super::baskets::{Baskets, Day};

/// Days of the short and the long window of popularity.
const WEEK: i32 = 7;
const MONTH: i32 = 30;
const SEASON: i32 = 90;

/// Bands of how many baskets a customer has: one, few, some, many.
pub const BANDS: usize = 4;

/// The band of a customer with so many baskets.
#[must_use]
pub fn band(baskets: usize) -> usize {
    match baskets {
        0 | 1 => 0,
        2..=4 => 1,
        5..=19 => 2,
        _ => 3,
    }
}

/// One product at a moment. It fills a line of the processor's cache, so that to look at it waits for one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub struct Product {
    /// Share of the baskets of the last 7 days, logarithm.
    pub week: f32,
    /// Share of the baskets of the last 30 days, logarithm.
    pub month: f32,
    /// Share of the baskets of the last 90 days, logarithm.
    pub season: f32,
    /// Share of all baskets, logarithm.
    pub ever: f32,
    /// Share of the baskets of the last 90 days of customers of each band, logarithm.
    pub band: [f32; BANDS],
    /// Share of the baskets of returning customers of the last 30 days that had it for the first time, logarithm.
    pub adopted: f32,
    /// The same of the last 7 days.
    pub adopted_week: f32,
    /// Days since it was first sold, logarithm.
    pub age: f32,
    /// Of those who bought it and came back, how many bought it again: logit, shrunk to the shop's.
    pub again: f32,
    /// Days between two purchases of it by one customer: mean, shrunk to the shop's.
    pub gap: f32,
    /// What share of its baskets tell as much as if each were another customer's; see [`Market::independence`].
    pub independence: f32,
}

/// All products at a moment.
#[derive(Clone, Debug, Default)]
pub struct Market {
    /// By product.
    pub products: Vec<Product>,
    /// Those that sold most in the last 30 days, the best first.
    pub popular: Vec<u32>,
    /// Products in an average basket.
    pub size: f32,
    /// Days between two baskets of a customer, on average.
    pub gap: f32,
    /// Share of the products of a returning customer's basket that are new to them.
    pub new: f32,
    /// The day of which all this is true.
    pub day: Day,
    /// Baskets of the last 7, 30 and 90 days, and all.
    baskets: [u32; 4],
}

/// Customers whose rhythm is looked at, evenly chosen: more change no mean.
const MOST_CUSTOMERS: u32 = 50_000;

/// How many popular products are kept.
const POPULAR: usize = 200;

impl Market {
    /// The market of the first `until` baskets on `day`.
    #[must_use]
    pub fn at(baskets: &Baskets, until: u32, day: Day) -> Self {
        let mut sold = Sold::new(baskets.products());
        let season = baskets.before(day - SEASON).min(until);
        for basket in season..until {
            sold.window(baskets, basket, day);
        }
        let rhythm = Rhythm::of(baskets, until);
        let independence = rhythm.independence_of_all();
        let share = |count: u32, of: u32| ((f64::from(count) + 0.2) / (f64::from(of) + 20.0)).ln() as f32;
        let products = (0..baskets.products()).map(|product| {
            let at = product as usize;
            let of = baskets.of_product(product);
            let ever = of.partition_point(|&basket| basket < until);
            let first = of
                .first()
                .filter(|_| ever > 0)
                .map_or(day, |&basket| baskets.day(basket));
            Product {
                week: share(sold.week[at], sold.baskets[0]),
                month: share(sold.month[at], sold.baskets[1]),
                season: share(sold.season[at], sold.baskets[2]),
                ever: share(super::baskets::index(ever), until),
                band: std::array::from_fn(|band| share(sold.band[at][band], sold.banded[band])),
                adopted: share(sold.adopted[at][1], sold.returning[1]),
                adopted_week: share(sold.adopted[at][0], sold.returning[0]),
                age: ((day - first).max(0) as f32 + 1.0).ln(),
                again: rhythm.again(at),
                gap: rhythm.gap(at),
                independence: rhythm.independence(at, independence),
            }
        });
        let products: Vec<Product> = products.collect();
        let mut popular: Vec<u32> = (0..baskets.products())
            .filter(|&one| sold.season[one as usize] > 0)
            .collect();
        popular.sort_unstable_by(|&a, &b| {
            let key = |one: u32| (products[one as usize].adopted, products[one as usize].season);
            let (a_key, b_key) = (key(a), key(b));
            b_key
                .0
                .total_cmp(&a_key.0)
                .then(b_key.1.total_cmp(&a_key.1))
                .then(a.cmp(&b))
        });
        popular.truncate(POPULAR);
        Market {
            products,
            popular,
            size: rhythm.size(),
            gap: rhythm.basket_gap(),
            new: rhythm.new_share(),
            day,
            baskets: [sold.baskets[0], sold.baskets[1], sold.baskets[2], until],
        }
    }

    /// What share of the baskets with a product tell as much as if each were another customer's: baskets of one customer are
    /// alike, and a hundred of one firm say no more of others than one does.
    ///
    /// The effective sample size `(Σm)² / Σm²` of clusters of `m` baskets, by their number (Kish, L. (1965), Survey sampling,
    /// 8.2, for clusters that agree within themselves).
    #[must_use]
    pub fn independence(&self, product: u32) -> f32 {
        self.products.get(product as usize).map_or(1.0, |one| one.independence)
    }

    /// Takes in a basket of today.
    pub fn add(&mut self, items: &[u32]) {
        for count in &mut self.baskets {
            *count += 1;
        }
        for &item in items {
            let product = &mut self.products[item as usize];
            let shares = [
                &mut product.week,
                &mut product.month,
                &mut product.season,
                &mut product.ever,
            ];
            for (logarithm, baskets) in shares.into_iter().zip(self.baskets) {
                let of = f64::from(baskets) + 20.0;
                *logarithm = ((f64::from(*logarithm).exp() * (of - 1.0) + 1.0) / of).ln() as f32;
            }
        }
    }
}

struct Sold {
    week: Vec<u32>,
    month: Vec<u32>,
    season: Vec<u32>,
    band: Vec<[u32; BANDS]>,
    adopted: Vec<[u32; 2]>,
    returning: [u32; 2],
    baskets: [u32; 3],
    banded: [u32; BANDS],
}

impl Sold {
    fn new(products: u32) -> Self {
        let zeros = || vec![0; products as usize];
        Sold {
            week: zeros(),
            month: zeros(),
            season: zeros(),
            band: vec![[0; BANDS]; products as usize],
            adopted: vec![[0; 2]; products as usize],
            returning: [0; 2],
            baskets: [0; 3],
            banded: [0; BANDS],
        }
    }

    fn window(&mut self, baskets: &Baskets, basket: u32, day: Day) {
        let ago = day - baskets.day(basket);
        let of = baskets.of_customer(baskets.customer(basket));
        let earlier = of.partition_point(|&one| one < basket);
        let band = band(earlier + 1);
        self.banded[band] += 1;
        let recent = [ago <= WEEK, ago <= MONTH, true];
        for (count, recent) in self.baskets.iter_mut().zip(recent) {
            *count += u32::from(recent);
        }
        let returning = earlier > 0 && recent[1];
        if returning {
            self.returning[1] += 1;
            self.returning[0] += u32::from(recent[0]);
        }
        for &product in baskets.items(basket) {
            let at = product as usize;
            if returning
                && !of[..earlier]
                    .iter()
                    .any(|&one| baskets.items(one).binary_search(&product).is_ok())
            {
                self.adopted[at][1] += 1;
                self.adopted[at][0] += u32::from(recent[0]);
            }
            self.week[at] += u32::from(recent[0]);
            self.month[at] += u32::from(recent[1]);
            self.season[at] += 1;
            self.band[at][band] += 1;
        }
    }
}

/// Who bought a product last.
#[derive(Clone, Copy, Default)]
struct Last {
    /// One more than their number.
    customer: u32,
    day: Day,
    /// How often.
    bought: u32,
}

/// How products are bought again, and how customers come back.
struct Rhythm {
    /// Of each product: times it was in a basket that was not its customer's last.
    chances: Vec<u32>,
    /// Of each product: times it came again.
    agains: Vec<u32>,
    /// Of each product: days between the two, summed.
    days: Vec<u32>,
    /// Of each product: baskets, and the squares of those of each customer, summed.
    clusters: Vec<(u32, u64)>,
    baskets: u64,
    items: u64,
    gaps: u64,
    gap_days: u64,
    later_items: u64,
    later_new: u64,
    /// Whether all customers were looked at.
    all: bool,
}

impl Rhythm {
    fn of(baskets: &Baskets, until: u32) -> Self {
        let zeros = || vec![0; baskets.products() as usize];
        let mut rhythm = Rhythm {
            chances: zeros(),
            agains: zeros(),
            days: zeros(),
            clusters: vec![(0, 0); baskets.products() as usize],
            baskets: 0,
            items: 0,
            gaps: 0,
            gap_days: 0,
            later_items: 0,
            later_new: 0,
            all: baskets.customers() <= MOST_CUSTOMERS,
        };
        let mut last = vec![Last::default(); baskets.products() as usize];
        let step = baskets.customers().div_ceil(MOST_CUSTOMERS).max(1);
        for customer in (0..baskets.customers()).step_by(step as usize) {
            rhythm.customer(baskets, until, customer, &mut last);
        }
        rhythm
    }

    /// `last` has of each product who bought it last.
    fn customer(&mut self, baskets: &Baskets, until: u32, customer: u32, last: &mut [Last]) {
        let of = baskets.of_customer(customer);
        let of = &of[..of.partition_point(|&basket| basket < until)];
        let mut before: Option<Day> = None;
        for (nth, &basket) in of.iter().enumerate() {
            let day = baskets.day(basket);
            self.baskets += 1;
            if let Some(before) = before.replace(day) {
                self.gaps += 1;
                self.gap_days += u64::from((day - before).unsigned_abs());
            }
            for &product in baskets.items(basket) {
                let at = product as usize;
                let seen = last[at].customer == customer + 1;
                let bought = if seen { last[at].bought } else { 0 };
                let (all, squares) = &mut self.clusters[at];
                *all += 1;
                *squares += 2 * u64::from(bought) + 1;
                self.items += 1;
                if nth > 0 {
                    self.later_items += 1;
                    self.later_new += u64::from(!seen);
                }
                if seen {
                    self.agains[at] += 1;
                    self.days[at] += (day - last[at].day).unsigned_abs();
                }
                self.chances[at] += u32::from(nth + 1 < of.len());
                last[at] = Last {
                    customer: customer + 1,
                    day,
                    bought: bought + 1,
                };
            }
        }
    }

    fn size(&self) -> f32 {
        (self.items as f64 / self.baskets.max(1) as f64).max(1.0) as f32
    }

    fn basket_gap(&self) -> f32 {
        ((self.gap_days as f64 + 30.0) / (self.gaps as f64 + 1.0)) as f32
    }

    fn new_share(&self) -> f32 {
        ((self.later_new as f64 + 1.0) / (self.later_items as f64 + 2.0)) as f32
    }

    fn again(&self, at: usize) -> f32 {
        let (all, chances): (u64, u64) = (self.later_items - self.later_new, self.items);
        let shop = (all as f64 + 0.5) / (chances as f64 + 5.0);
        let share = (f64::from(self.agains[at]) + 5.0 * shop) / (f64::from(self.chances[at]) + 5.0);
        let share = share.clamp(1e-4, 0.99);
        (share / (1.0 - share)).ln() as f32
    }

    /// Shrunk to the shop's where not all customers were looked at.
    fn independence(&self, at: usize, shop: f64) -> f32 {
        let (all, squares) = self.clusters[at];
        let prior = if self.all { 0.0 } else { 20.0 };
        let squares = squares as f64 + prior / shop;
        if squares > 0.0 {
            ((f64::from(all) + prior) / squares) as f32
        } else {
            1.0
        }
    }

    /// Of all products together.
    fn independence_of_all(&self) -> f64 {
        let squares: u64 = self.clusters.iter().map(|one| one.1).sum();
        (self.items as f64 / squares.max(1) as f64).clamp(1e-3, 1.0)
    }

    fn gap(&self, at: usize) -> f32 {
        let shop = f64::from(self.basket_gap()) * 2.0;
        ((f64::from(self.days[at]) + 5.0 * shop) / (f64::from(self.agains[at]) + 5.0)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisor::baskets::Gather;

    #[test]
    fn baskets_of_one_customer_tell_as_much_as_one_and_of_many_as_many() {
        let mut gather = Gather::default();
        for day in 0..10 {
            gather.add(0, 1, day);
            gather.add(u32::try_from(day).unwrap_or(0) + 1, 2, day);
        }
        for day in 0..3 {
            gather.add(20, 3, day);
        }
        gather.add(21, 3, 4);
        let baskets = gather.baskets();
        let market = Market::at(&baskets, baskets.number(), 11);
        let of = [1, 2, 3].map(|product| market.independence(product));
        // (Σm)² / Σm² of 10, of ten times 1, of 3 and 1, by the number of baskets
        assert_eq!(of, [0.1, 1.0, 0.4]);
    }
}
