//! Products found by the beginnings of words of their names, as one types.
//!
//! All names stand in memory, folded; a key press walks them once.

use std::cmp::Reverse;

use super::reading::Reading;
use super::words::words;
use crate::advisor::{Catalogue, ProductId};
use crate::customer::Product;

impl Reading<'_> {
    /// At most `limit` products whose name has, for every word that was typed, a word that begins with it; what is sold most
    /// comes first, what is no longer sold last.
    #[must_use]
    pub fn products_named(&self, typed: &str, limit: usize) -> Vec<&Product> {
        let typed: Vec<String> = words(typed).map(|word| format!(" {word}")).collect();
        if typed.is_empty() {
            return Vec::new();
        }
        let catalogue = self.catalogue();
        let names = catalogue.names.get_or_init(|| folded(catalogue));
        let fits = |name: &&(ProductId, Box<str>)| typed.iter().all(|word| name.1.contains(word.as_str()));
        let rank = |id: &ProductId, product: &Product| {
            let sold = catalogue.orders.get(id).copied().unwrap_or_default();
            (product.discontinued, Reverse(sold), *id)
        };
        let found = names.iter().filter(fits);
        let mut found: Vec<_> = found
            .filter_map(|(id, _)| catalogue.products.get(id).map(|product| (rank(id, product), product)))
            .collect();
        found.sort_unstable_by_key(|(rank, _)| *rank);
        found.into_iter().take(limit).map(|(_, product)| product).collect()
    }
}

/// Every name with a space before each of its words.
fn folded(catalogue: &Catalogue) -> Vec<(ProductId, Box<str>)> {
    let name = |product: &Product| {
        let all: String = words(&product.name).map(|word| format!(" {word}")).collect();
        all.into_boxed_str()
    };
    catalogue
        .products
        .iter()
        .map(|(id, product)| (*id, name(product)))
        .collect()
}
