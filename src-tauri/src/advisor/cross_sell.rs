//! Cross-sell: what goes with what a customer bought, and is not bought yet.
//!
//! Ranked by the lower end of the share of orders, never by lift: lift is largest where the evidence is
//! thinnest, and what it promises does not come true.

use super::advice::Advice;
use super::evidence::{ById, Catalogue, ProductId, lower_of_share};
use super::learn::LEAST_TOGETHER;
use super::suggest::{Has, Kind};

/// How many of the customer's latest products are asked for company.
const RECENT: usize = 20;

/// Below so many orders a share is not quoted.
const LEAST_TO_QUOTE: u32 = 10;

/// A product that suits a customer, with the counts it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What kind, which says what the counts count.
    pub kind: Kind,
    /// The product.
    pub product: ProductId,
    /// The product of the customer's that it goes with, or that others moved up from; itself where it is wanted again.
    pub with: ProductId,
    /// In how many orders both stood; how often the customer bought it; how many moved up.
    pub together: u32,
    /// In how many orders `with` stood; how many baskets the customer has; of how many who had it and came back.
    pub of: u32,
    /// Lower end of the 90 % interval of `together / of`, 0 to 1; zero for what the customer bought themselves.
    pub bound: f64,
    /// The same where it may be said.
    pub stated: Option<f64>,
    /// Chance that it is in the next basket, where the shop's past allows to say.
    pub chance: Option<f32>,
}

impl Suggestion {
    /// What may be said in per cent, rounded down; `None` where there are too few orders to quote a share, or where it is not
    /// known of how many customers they are.
    #[must_use]
    pub fn at_least_percent(&self) -> Option<u32> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share is between 0 and 1"
        )]
        let percent = self.stated.map(|stated| (stated * 100.0).floor() as u32);
        percent.filter(|&percent| percent > 0)
    }
}

/// What goes with `bought`, the latest first, the best first; none when nothing has evidence.
///
/// Nothing the customer `has` is suggested, and a product that several of the customer's point to is named once, with the
/// strongest of them. Baskets to which offers may
/// have added the product do not speak for it, where a snapshot knows them.
pub(super) fn cross_sell(
    bought: &[ProductId],
    has: &Has,
    catalogue: &Catalogue,
    advice: Option<&Advice>,
) -> Vec<Suggestion> {
    let mut best: ById<Suggestion> = ById::default();
    for &with in bought.iter().take(RECENT) {
        for suggestion in company_of(with, catalogue, advice) {
            if has.contains(suggestion.product) {
                continue;
            }
            let known = best.entry(suggestion.product).or_insert_with(|| suggestion.clone());
            if stronger(&suggestion, known).is_lt() {
                *known = suggestion;
            }
        }
    }
    let mut ranked: Vec<_> = best.into_values().collect();
    ranked.sort_unstable_by(stronger);
    ranked
}

/// The surest rule of the snapshot from a product of the customer's to `product`; `None` where too few baskets speak.
#[must_use]
pub fn strongest(product: ProductId, bought: &[ProductId], advice: &Advice) -> Option<Suggestion> {
    let rules = bought.iter().take(RECENT).filter_map(|&with| {
        let (together, of) = advice.together(with.0, product.0);
        (together >= LEAST_TOGETHER).then(|| rule(product, with, (together, of), Some(advice.independence(with.0))))
    });
    rules.min_by(stronger)
}

/// `independence`: what share of the orders with `with` tell as much as those of so many customers, where that is known.
fn rule(product: ProductId, with: ProductId, (together, of): (u32, u32), independence: Option<f32>) -> Suggestion {
    let bound = share_bound(together, of, independence.unwrap_or(1.0));
    Suggestion {
        kind: Kind::CrossSell,
        product,
        with,
        together,
        of,
        bound,
        stated: independence.and(stated(bound, of)),
        chance: None,
    }
}

/// The lower end of the share of orders with a product that have another too, of which `independence` tell as much as if each
/// were another customer's.
#[must_use]
pub fn share_bound(together: u32, of: u32, independence: f32) -> f64 {
    let (together, all) = (f64::from(together.min(of)), f64::from(of.max(1)));
    lower_of_share(together / all, all * f64::from(independence))
}

/// What may be said of a bound.
#[must_use]
pub fn stated(bound: f64, of: u32) -> Option<f64> {
    (of >= LEAST_TO_QUOTE).then_some(bound)
}

fn company_of(with: ProductId, catalogue: &Catalogue, advice: Option<&Advice>) -> impl Iterator<Item = Suggestion> {
    let of = catalogue.orders.get(&with).copied().unwrap_or(0);
    let related = catalogue.related.get(&with).map_or(&[][..], Vec::as_slice);
    related.iter().filter_map(move |related| {
        let not_its_own = advice.map_or(0, |advice| advice.prompted().of(with.0, related.other.0));
        let together = related.together.saturating_sub(not_its_own);
        let independence = advice.map(|advice| advice.independence(with.0));
        (together >= LEAST_TOGETHER).then(|| rule(related.other, with, (together, of), independence))
    })
}

/// The stronger first; by id where the evidence is equal, so that the order never depends on chance.
fn stronger(a: &Suggestion, b: &Suggestion) -> std::cmp::Ordering {
    b.bound
        .total_cmp(&a.bound)
        .then(b.together.cmp(&a.together))
        .then(a.product.cmp(&b.product))
        .then(a.with.cmp(&b.with))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisor::answers::Answers;
    use crate::advisor::evidence::Related;
    use crate::advisor::guard::Guards;
    use crate::advisor::history::History;
    use crate::advisor::suggest::{Asked, suggest};
    use crate::customer::{Product, Restrictions};

    /// What is suggested to somebody who bought these, the latest first.
    fn cross_sell(bought: &[ProductId], catalogue: &Catalogue) -> Vec<Suggestion> {
        let history = History::default();
        let (guards, answers) = (Guards::default(), Answers::default());
        let (history, guards, answers, day) = (&history, &guards, &answers, 0);
        let asked = Asked {
            bought,
            history,
            guards,
            answers,
            day,
        };
        suggest(catalogue, None, asked).suggestions
    }

    fn ids(ids: &[u32]) -> Vec<ProductId> {
        ids.iter().map(|&id| ProductId(id)).collect()
    }

    fn product(id: u32, discontinued: bool) -> (ProductId, Product) {
        let (key, name, category) = (id.to_string(), format!("Product {id}"), String::new());
        (
            ProductId(id),
            Product {
                key,
                name,
                category,
                price: None,
                discontinued,
                restrictions: Restrictions::default(),
            },
        )
    }

    /// A product, in how many orders it stood, and in how many of them with which others.
    type Row<'r> = (u32, u32, &'r [(u32, u32)]);

    fn shop(rows: &[Row<'_>]) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for &(id, orders, related) in rows {
            catalogue.products.extend([product(id, false)]);
            catalogue.orders.insert(ProductId(id), orders);
            let related = related.iter().map(|&(other, together)| Related {
                other: ProductId(other),
                together,
            });
            catalogue.related.insert(ProductId(id), related.collect());
        }
        catalogue
    }

    #[test]
    fn the_surest_share_comes_first_not_the_largest() {
        let shop = shop(&[(1, 148, &[(2, 46)]), (3, 9, &[(4, 5)]), (2, 60, &[]), (4, 50, &[])]);
        let found = cross_sell(&ids(&[1, 3]), &shop);
        assert_eq!(found.iter().map(|one| one.product.0).collect::<Vec<_>>(), [4, 2]);
        assert_eq!((found[1].with, found[1].together, found[1].of), (ProductId(1), 46, 148));
    }

    #[test]
    fn a_share_of_fewer_than_ten_orders_is_not_quoted() {
        let quoted = |counts, independence| rule(ProductId(2), ProductId(1), counts, independence).at_least_percent();
        assert_eq!(quoted((8, 9), Some(1.0)), None);
        assert_eq!(quoted((8, 10), Some(1.0)), Some(54));
    }

    #[test]
    fn orders_of_few_customers_say_less_and_those_of_nobody_knows_how_many_are_not_quoted() {
        let quoted = |independence| rule(ProductId(2), ProductId(1), (46, 148), independence).at_least_percent();
        assert_eq!(quoted(Some(1.0)), Some(25));
        assert_eq!(quoted(Some(0.25)), Some(20));
        assert_eq!(quoted(None), None);
    }

    #[test]
    fn what_the_customer_has_is_not_suggested() {
        let shop = shop(&[(1, 20, &[(2, 15), (3, 9)]), (2, 20, &[(1, 15)]), (3, 20, &[])]);
        assert_eq!(cross_sell(&ids(&[1, 2]), &shop).len(), 1);
        assert!(cross_sell(&ids(&[1, 2, 3]), &shop).is_empty());
    }

    #[test]
    fn what_is_no_longer_sold_is_not_suggested() {
        let mut shop = shop(&[(1, 20, &[(2, 15)]), (2, 20, &[])]);
        shop.products.extend([product(2, true)]);
        assert!(cross_sell(&ids(&[1]), &shop).is_empty());
    }

    #[test]
    fn four_orders_together_are_no_evidence() {
        let shop = shop(&[(1, 4, &[(2, 4)]), (2, 4, &[])]);
        assert!(cross_sell(&ids(&[1]), &shop).is_empty());
    }

    #[test]
    fn a_product_is_suggested_once_with_its_strongest_reason() {
        let shop = shop(&[(1, 20, &[(3, 6)]), (2, 20, &[(3, 18)]), (3, 24, &[])]);
        let found = cross_sell(&ids(&[1, 2]), &shop);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].with, ProductId(2));
    }

    #[test]
    fn there_are_at_most_three() {
        let shop = shop(&[
            (1, 20, &[(2, 9), (3, 9), (4, 9), (5, 9)]),
            (2, 20, &[]),
            (3, 20, &[]),
            (4, 20, &[]),
            (5, 20, &[]),
        ]);
        let found: Vec<_> = cross_sell(&ids(&[1]), &shop).iter().map(|one| one.product.0).collect();
        assert_eq!(found, [2, 3, 4]);
    }

    #[test]
    fn who_bought_nothing_is_offered_nothing() {
        assert!(cross_sell(&[], &shop(&[(1, 20, &[(2, 15)]), (2, 20, &[])])).is_empty());
    }
}
