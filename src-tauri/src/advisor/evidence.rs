//! What the orders teach: products, in how many orders each stood, and which go together.
//!
//! Also the arithmetic of evidence: how sure a share is, and whether chance explains a count.

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::FxBuildHasher;

use crate::customer::{Product, Restrictions};

/// Standard normal quantile of a two-sided 90 % interval.
const Z_90: f64 = 1.644_853_626_951_472_2;

/// How probable it may be that one pair in the whole shop looks related by chance alone.
const FALSE_ALARM: f64 = 0.05;

/// A product in the snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProductId(pub u32);

/// A table by product. The numbers are the cache's own, so nobody outside can choose them to collide.
pub type ById<V> = HashMap<ProductId, V, FxBuildHasher>;

/// A product that stands in the same orders as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related {
    /// The other product.
    pub other: ProductId,
    /// In how many orders both stood.
    pub together: u32,
}

/// The products of the shop and what is known of their company.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Every product.
    pub products: ById<Product>,
    /// In how many orders a product stood.
    pub orders: ById<u32>,
    /// For a product, those that go with it.
    pub related: ById<Vec<Related>>,
    /// Which restrictions the sources speak of.
    pub restricts: Restricts,
    /// The names of the products as a search reads them, once somebody searched.
    pub names: OnceLock<Vec<(ProductId, Box<str>)>>,
}

/// Which restrictions the source of any product speaks of, whether it forbids that one or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Restricts {
    /// Whether there is any left.
    pub stock: bool,
    /// Whether it lasts.
    pub durable: bool,
    /// Whether nobody should be told of it.
    pub sensitive: bool,
}

impl Restricts {
    /// Takes in what is said of one more product.
    pub fn note(&mut self, said: Restrictions) {
        self.stock |= said.out_of_stock.is_some();
        self.durable |= said.durable.is_some();
        self.sensitive |= said.sensitive.is_some();
    }
}

/// Lower end of the 90 % score interval of `hits / of`; zero when there is nothing to judge.
///
/// Wilson, E. B. (1927), "Probable inference, the law of succession, and statistical inference", JASA 22,
/// 209-212. Agresti and Coull (1998, The American Statistician 52, 119-126) show that it holds its promise
/// for small samples, where the textbook interval does not. It is used because stated shares should come
/// true: the raw share of a chosen pair overstates what happens later.
#[must_use]
pub fn wilson_lower(hits: u32, of: u32) -> f64 {
    if of == 0 {
        return 0.0;
    }
    lower_of_share(f64::from(hits.min(of)) / f64::from(of), f64::from(of))
}

/// The same of a share that was seen in `n` independent trials, more than none.
#[must_use]
pub fn lower_of_share(share: f64, n: f64) -> f64 {
    let z2 = Z_90 * Z_90;
    let centre = share + z2 / (2.0 * n);
    let margin = Z_90 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    ((centre - margin) / (1.0 + z2 / n)).max(0.0)
}

/// Whether `together` orders with both products are more than chance gives, when `of_one` and `of_other` of
/// `orders` orders had each of them and `products` products could have paired.
///
/// The Chernoff bound of a Poisson tail, `P(X ≥ k) ≤ exp(k − λ − k ln(k / λ))` (Mitzenmacher and Upfal, Probability and
/// Computing, theorem 5.4), against 5 % shared by all pairs (Bonferroni): a shop where people buy at
/// random gets no suggestion, and a product that sells to everybody is not related to everything.
#[must_use]
pub fn beyond_chance(together: u32, of_one: u32, of_other: u32, orders: u32, products: usize) -> bool {
    let expected = f64::from(of_one) * f64::from(of_other) / f64::from(orders.max(1));
    beyond_expected(together, expected, products)
}

/// Whether `together` is more than chance gives where `expected` are expected and `products` products could have paired.
/// See [`beyond_chance`].
#[must_use]
pub fn beyond_expected(together: u32, expected: f64, products: usize) -> bool {
    if expected <= 0.0 {
        return false;
    }
    let seen = f64::from(together);
    if seen <= expected {
        return false;
    }
    let products = f64::from(u32::try_from(products).unwrap_or(u32::MAX));
    let pairs = (products * (products - 1.0) / 2.0).max(1.0);
    seen * (seen / expected).ln() - seen + expected > (pairs / FALSE_ALARM).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wilson_bound_is_that_of_the_published_formula() {
        // Solved independently: the smaller root p of (p̂ − p)² = z² p (1 − p) / n.
        for (hits, of, expected) in [
            (46, 148, 0.252_1),
            (5, 5, 0.648_9),
            (1, 10, 0.022_6),
            (0, 10, 0.0),
            (10, 10, 0.787_1),
        ] {
            let bound = wilson_lower(hits, of);
            assert!((bound - expected).abs() < 1e-4, "{hits} of {of}: {bound}");
        }
        assert_eq!(wilson_lower(0, 0), 0.0);
    }

    #[test]
    fn a_bound_is_never_above_the_share_and_rises_with_the_evidence() {
        assert!(wilson_lower(5, 10) < wilson_lower(50, 100));
        assert!(wilson_lower(50, 100) < 0.5);
    }

    #[test]
    fn two_popular_products_are_not_related_by_being_popular() {
        assert!(!beyond_chance(250, 500, 500, 1_000, 50));
        assert!(beyond_chance(400, 500, 500, 1_000, 50));
    }

    #[test]
    fn the_more_pairs_could_have_matched_the_more_a_pair_must_show() {
        assert!(beyond_chance(8, 20, 20, 400, 10));
        assert!(!beyond_chance(8, 20, 20, 400, 10_000));
    }
}
