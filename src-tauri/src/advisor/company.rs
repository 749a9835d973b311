//! Which products stand in the same baskets, exactly counted, the best of each kept.
//!
//! For each product its company is counted in an array, which needs no table of all pairs. Because baskets are in the order of
//! time, one walk also gives what was known at an earlier moment. What stood beside the products of a tile is written down
//! first, in one pass over all baskets: to walk through the baskets of one product after the other would wait for memory
//! at every one of them.

use std::collections::HashMap;

use super::baskets::{Baskets, index};
use super::evidence::beyond_expected;
use super::tile::{Tile, beside};

/// How many neighbours are kept for a product by each of the two orders, by count and by cosine.
const KEPT: usize = 32;

/// A product with this many baskets teaches its company by the latest of them.
pub(super) const MOST_WALKED: usize = 10_000;

/// A product that met more others than this is told apart by those it met twice.
const CROWD: usize = 64;

/// A neighbour of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// The other product.
    pub other: u32,
    /// In how many baskets both stood.
    pub together: u32,
}

/// For every product its neighbours.
#[derive(Clone, Debug, Default)]
pub struct Company {
    starts: Vec<u32>,
    neighbours: Vec<Neighbour>,
    /// In how many of the baskets walked through each product stood.
    counts: Vec<u32>,
    /// Square roots of these, one at least.
    roots: Vec<f32>,
    /// Pairs of new baskets that are not among those kept.
    fresh: HashMap<(u32, u32), u32>,
}

impl Company {
    /// The company of every product in the first `until[i]` baskets, for each ascending `i`.
    #[must_use]
    pub fn at<const N: usize>(baskets: &Baskets, until: [u32; N]) -> [Company; N] {
        let products = baskets.products();
        let mut all: [Company; N] = std::array::from_fn(|_| Company::default());
        let counted = until.map(|until| counts(baskets, until));
        let roots = counted
            .each_ref()
            .map(|counts| counts.iter().map(|&count| root(count)).collect::<Vec<_>>());
        let mut met = Met::new(products);
        let mut tile = Tile::default();
        let sizes = beside(baskets, until[N - 1]);
        for product in 0..products {
            if product >= tile.end() {
                tile.fill(baskets, &until, product, &sizes);
            }
            let of = baskets.of_product(product);
            let mut walked = 0;
            met.clear();
            for (nth, (company, (&until, roots))) in all.iter_mut().zip(until.iter().zip(&roots)).enumerate() {
                match tile.beside(product, nth) {
                    Some(others) => met.count(others, product),
                    None => walked = met.walk(baskets, (of, walked), until, product),
                }
                company.starts.push(index(company.neighbours.len()));
                met.best(roots, &mut company.neighbours);
            }
        }
        for ((company, counts), roots) in all.iter_mut().zip(counted).zip(roots) {
            company.starts.push(index(company.neighbours.len()));
            company.roots = roots;
            company.counts = counts;
        }
        all
    }

    /// The neighbours of a product.
    #[must_use]
    pub fn of(&self, product: u32) -> &[Neighbour] {
        let at = product as usize;
        match self.starts.get(at..at + 2) {
            Some(ends) => &self.neighbours[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    /// How many of the kept pairs stand together more often than chance explains.
    ///
    /// Large baskets put any two products together; what chance gives is raised by how unequal the baskets are.
    #[must_use]
    pub fn beyond_chance(&self, baskets: &Baskets) -> usize {
        let sizes = (0..baskets.number()).map(|basket| baskets.items(basket).len() as f64);
        let (lines, squares) = sizes.fold((0.0, 0.0), |(lines, squares), size| {
            (lines + size, squares + size * (size - 1.0))
        });
        let together_by_chance = squares / (lines * lines).max(1.0);
        let products = self.counts.iter().filter(|&&count| count > 0).count();
        let mut found = 0;
        for product in 0..baskets.products() {
            let of = f64::from(self.count(product));
            for one in self.of(product).iter().filter(|one| one.other > product) {
                let expected = of * f64::from(self.count(one.other)) * together_by_chance;
                found += usize::from(beyond_expected(one.together, expected, products));
            }
        }
        found
    }

    /// Takes in a basket: ascending, each once. A pair that is not among those kept waits in a list of its own until it is
    /// as strong as the weakest that is.
    pub fn add(&mut self, items: &[u32]) {
        for &product in items {
            if let Some(count) = self.counts.get_mut(product as usize) {
                *count += 1;
                self.roots[product as usize] = root(*count);
            }
            for &other in items.iter().filter(|&&other| other != product) {
                self.meet(product, other);
            }
        }
    }

    fn meet(&mut self, product: u32, other: u32) {
        let at = product as usize;
        let Some(&[start, end]) = self.starts.get(at..at + 2) else {
            return;
        };
        let kept = &mut self.neighbours[start as usize..end as usize];
        if let Ok(place) = kept.binary_search_by_key(&other, |one| one.other) {
            kept[place].together += 1;
            return;
        }
        let count = self.fresh.entry((product, other)).or_insert(0);
        *count += 1;
        let Some(weakest) = kept
            .iter()
            .enumerate()
            .min_by_key(|one| one.1.together)
            .map(|one| one.0)
        else {
            return;
        };
        if *count > kept[weakest].together {
            let together = *count;
            self.fresh.remove(&(product, other));
            kept[weakest] = Neighbour { other, together };
            kept.sort_unstable_by_key(|one| one.other);
        }
    }

    /// The square root of that, one at least.
    #[must_use]
    pub fn root(&self, product: u32) -> f32 {
        self.roots.get(product as usize).copied().unwrap_or(1.0)
    }

    /// How many baskets with a product its company was counted in.
    #[must_use]
    pub fn count(&self, product: u32) -> u32 {
        self.counts.get(product as usize).copied().unwrap_or(0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a cosine needs no last digit")]
fn root(count: u32) -> f32 {
    (count as f32).sqrt().max(1.0)
}

fn counts(baskets: &Baskets, until: u32) -> Vec<u32> {
    let count = |product| {
        let of = baskets.of_product(product);
        index(of.partition_point(|&basket| basket < until).min(MOST_WALKED))
    };
    (0..baskets.products()).map(count).collect()
}

/// The company of one product while it is counted.
struct Met {
    counts: Vec<u32>,
    touched: Vec<u32>,
    strong: Vec<u32>,
    ranked: Vec<(f32, u32)>,
}

impl Met {
    fn new(products: u32) -> Self {
        Met {
            counts: vec![0; products as usize],
            touched: Vec::new(),
            strong: Vec::new(),
            ranked: Vec::new(),
        }
    }

    fn clear(&mut self) {
        for other in self.touched.drain(..) {
            self.counts[other as usize] = 0;
        }
    }

    /// Counts the latest baskets of a product before `until`, of which the first `walked` are counted; how many are then.
    fn walk(&mut self, baskets: &Baskets, (of, walked): (&[u32], usize), until: u32, product: u32) -> usize {
        let end = of.partition_point(|&basket| basket < until);
        let start = walked.max(end.saturating_sub(MOST_WALKED));
        if start > walked {
            self.clear();
        }
        for &basket in &of[start..end] {
            self.count(baskets.items(basket), product);
        }
        end
    }

    fn count(&mut self, items: &[u32], product: u32) {
        for &other in items {
            if other != product {
                let count = &mut self.counts[other as usize];
                if *count == 0 {
                    self.touched.push(other);
                }
                *count += 1;
            }
        }
    }

    /// The best by count and the best by cosine, by number. One basket together is no relation unless the product
    /// has no better.
    #[expect(clippy::cast_precision_loss, reason = "a rank needs no last digit")]
    fn best(&mut self, roots: &[f32], into: &mut Vec<Neighbour>) {
        let (start, counts) = (into.len(), &self.counts);
        let least = if self.touched.len() > CROWD { 2 } else { 1 };
        self.strong.clear();
        let strong = self.touched.iter().filter(|&&other| counts[other as usize] >= least);
        self.strong.extend(strong);
        let neighbour = |other: u32| Neighbour {
            other,
            together: counts[other as usize],
        };
        if self.strong.len() <= KEPT {
            self.strong.sort_unstable();
            into.extend(self.strong.iter().map(|&other| neighbour(other)));
            return;
        }
        for cosine in [false, true] {
            self.ranked.clear();
            self.ranked.extend(self.strong.iter().map(|&other| {
                let weight = if cosine { roots[other as usize] } else { 1.0 };
                (counts[other as usize] as f32 / weight, other)
            }));
            let better = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
            self.ranked.select_nth_unstable_by(KEPT, better);
            into.extend(self.ranked[..KEPT].iter().map(|&(_, other)| neighbour(other)));
        }
        into[start..].sort_unstable_by_key(|one| one.other);
        let mut kept = start;
        for at in start..into.len() {
            if at == start || into[at].other != into[kept - 1].other {
                into[kept] = into[at];
                kept += 1;
            }
        }
        into.truncate(kept);
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::advisor::baskets::Gather;

    #[test]
    fn pairs_are_counted_exactly_at_every_moment_and_a_new_basket_is_taken_in() {
        let mut gather = Gather::default();
        for (customer, day) in (0..6).zip(0..) {
            gather.add(customer, 1, day);
            gather.add(customer, 2, day);
        }
        gather.add(9, 3, 5);
        let baskets = gather.baskets();
        let [early, mut late] = Company::at(&baskets, [3, baskets.number()]);
        let pair = |together| [Neighbour { other: 2, together }];
        assert_eq!((early.of(1), early.count(1)), (&pair(3)[..], 3));
        assert_eq!((late.of(1), late.count(1)), (&pair(6)[..], 6));
        assert_eq!(late.of(3), []);
        late.add(&[1, 2, 3]);
        assert_eq!((late.of(1), late.count(3)), (&pair(7)[..], 2));
    }

    #[test]
    fn what_is_written_down_tile_by_tile_is_what_stands_in_the_baskets() {
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let mut gather = Gather::default();
        for _ in 0..4_000 {
            gather.add(
                random.random_range(0..20),
                random.random_range(0..40),
                random.random_range(0..90),
            );
        }
        let baskets = gather.baskets();
        let until = [baskets.before(30), baskets.before(70), baskets.number()];
        let known = Company::at(&baskets, until);
        for (company, until) in known.iter().zip(until) {
            for product in 0..baskets.products() {
                for one in company.of(product) {
                    let both = |&basket: &u32| {
                        let items = baskets.items(basket);
                        items.contains(&product) && items.contains(&one.other)
                    };
                    let together = (0..until).filter(both).count();
                    assert_eq!(one.together as usize, together, "{product} {one:?}");
                }
            }
        }
        assert!(known.iter().all(|company| company.neighbours.len() > 300));
    }
}
