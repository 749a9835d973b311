//! Stated shares against what happened later: are the words of the panel true in this shop?

use super::baskets::Baskets;
use super::company::{Company, Neighbour};
use super::cross_sell::{share_bound, stated};
use super::learn::LEAST_TOGETHER;
use super::market::Market;

/// Rules of one product that are looked at, the surest: those that would be said.
const SUREST: usize = 5;
/// Bands of ten per cent, and one for all above 60 %.
const BANDS: usize = 7;
/// Later baskets that are looked into, evenly chosen: more change no per cent.
const MOST_BASKETS: u32 = 50_000;

/// Rules whose stated share lies in one band, and how often they held in the baskets after the day they were learnt.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, ts_rs::TS)]
pub struct Stated {
    /// Upper end of the band, in per cent.
    pub up_to_percent: u32,
    /// How many rules.
    pub rules: u32,
    /// Mean of what was stated, weighted by the later baskets, 0 to 1.
    pub stated: f64,
    /// The same of the plain share, which is not stated.
    pub plain: f64,
    /// Share of the later baskets that had the other product too.
    pub later: f64,
    /// Later baskets with the first product, rule by rule.
    pub baskets: u32,
}

/// A rule from one product to another.
struct Rule {
    other: u32,
    stated: f64,
    plain: f64,
    later: u32,
    held: u32,
}

/// What would have been stated on the evidence of the first `until` baskets, which `company` and `market` know, against the
/// baskets after them. A band without any is left out.
#[must_use]
pub fn stated_shares(baskets: &Baskets, (company, market): (&Company, &Market), until: u32) -> Vec<Stated> {
    let mut rules: Vec<Vec<Rule>> = (0..baskets.products())
        .map(|product| surest(company, market, product))
        .collect();
    let step = (baskets.number() - until).div_ceil(MOST_BASKETS).max(1);
    for basket in (until..baskets.number()).step_by(step as usize) {
        let items = baskets.items(basket);
        for &item in items {
            for rule in &mut rules[item as usize] {
                rule.later += 1;
                rule.held += u32::from(items.binary_search(&rule.other).is_ok());
            }
        }
    }
    let mut sums = [Sums::default(); BANDS];
    for rule in rules.iter().flatten().filter(|rule| rule.later > 0) {
        sums[band(rule.stated)].add(rule);
    }
    let bands = sums.iter().enumerate().filter(|(_, sums)| sums.rules > 0);
    bands.map(|(nth, sums)| sums.band(nth)).collect()
}

/// The rules from a product that would be said. Of one product the bound rises with the count.
fn surest(company: &Company, market: &Market, product: u32) -> Vec<Rule> {
    let of = company.count(product);
    let mut known: Vec<Neighbour> = company.of(product).to_vec();
    known.retain(|one| one.together >= LEAST_TOGETHER);
    known.sort_unstable_by_key(|one| (std::cmp::Reverse(one.together), one.other));
    let rule = |one: &Neighbour| {
        let bound = share_bound(one.together, of, market.independence(product));
        Some(Rule {
            other: one.other,
            stated: stated(bound, of)?,
            plain: f64::from(one.together) / f64::from(of),
            later: 0,
            held: 0,
        })
    };
    known.iter().take(SUREST).filter_map(rule).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is between 0 and 1"
)]
fn band(share: f64) -> usize {
    ((share * 10.0) as usize).min(BANDS - 1)
}

/// The rules of a band, weighted.
#[derive(Clone, Copy, Default)]
struct Sums {
    rules: u32,
    stated: f64,
    plain: f64,
    held: f64,
    later: u32,
}

impl Sums {
    fn add(&mut self, rule: &Rule) {
        let weight = f64::from(rule.later);
        self.rules += 1;
        self.stated += weight * rule.stated;
        self.plain += weight * rule.plain;
        self.held += f64::from(rule.held);
        self.later += rule.later;
    }

    fn band(&self, nth: usize) -> Stated {
        let later = f64::from(self.later);
        let tens = super::baskets::index(nth + 1) * 10;
        Stated {
            up_to_percent: if nth + 1 == BANDS { 100 } else { tens },
            rules: self.rules,
            stated: self.stated / later,
            plain: self.plain / later,
            later: self.held / later,
            baskets: self.later,
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::advisor::baskets::Gather;

    /// A shop of firms that order their own things every week and of people who come now and then. Of 60 products each goes
    /// with the next: for each customer it does so at a rate of their own, around one that is the pair's.
    fn shop(random: &mut ChaCha8Rng) -> Baskets {
        let mut gather = Gather::default();
        for customer in 0..700u32 {
            let (orders, wide) = if customer < 60 { (45, 0.35) } else { (3, 0.25) };
            let own: Vec<f64> = (0..60)
                .map(|pair| (f64::from(pair) / 70.0 + random.random_range(-wide..wide)).clamp(0.0, 1.0))
                .collect();
            let liked: [u32; 4] = std::array::from_fn(|_| random.random_range(0..60));
            for _ in 0..orders {
                let day = random.random_range(0..400);
                let first = liked[random.random_range(0..4)];
                gather.add(customer, first, day);
                if random.random_bool(own[first as usize]) {
                    gather.add(customer, 100 + first, day);
                }
            }
        }
        gather.baskets()
    }

    #[test]
    fn what_is_stated_is_not_above_what_comes_later_where_baskets_of_a_customer_are_alike() {
        let mut random = ChaCha8Rng::seed_from_u64(11);
        let (mut overstated, mut bands) = (0, 0);
        for _ in 0..6 {
            let baskets = shop(&mut random);
            let until = baskets.before(300);
            let [company] = Company::at(&baskets, [until]);
            let market = Market::at(&baskets, until, 300);
            for band in stated_shares(&baskets, (&company, &market), until) {
                if band.baskets >= 150 {
                    assert!(band.stated <= band.later + 0.02, "{band:?}");
                    overstated += u32::from(band.plain > band.later + 0.02);
                    bands += 1;
                }
            }
        }
        assert!(
            bands > 20 && overstated > 4,
            "{overstated} of {bands}: the shop is no test"
        );
    }

    #[test]
    fn before_anything_came_later_nothing_is_said() {
        let mut random = ChaCha8Rng::seed_from_u64(3);
        let baskets = shop(&mut random);
        let all = baskets.number();
        let [company] = Company::at(&baskets, [all]);
        let market = Market::at(&baskets, all, 401);
        assert_eq!(stated_shares(&baskets, (&company, &market), all), []);
    }
}
