//! What stands beside the products of a shop, written down product by product for counting.
//!
//! To walk through the baskets of one product after the other waits for memory at every one of them. A tile takes as many
//! neighbouring products as there is room for and writes down their company in one pass over all baskets, so that
//! everything is read and counted in the order in which it lies.

use super::baskets::{Baskets, index};
use super::company::MOST_WALKED;

/// Entries of a tile: 16 MB.
const MOST_BESIDE: u32 = 4_000_000;

/// How many other products stood beside each in the first `until` baskets; none for a product that is walked through by its
/// latest baskets.
pub(super) fn beside(baskets: &Baskets, until: u32) -> Vec<u32> {
    let mut sizes = vec![0; baskets.products() as usize];
    for basket in 0..until {
        let items = baskets.items(basket);
        let others = index(items.len()).saturating_sub(1);
        for &item in items {
            sizes[item as usize] += others;
        }
    }
    for product in 0..baskets.products() {
        if baskets.of_product(product).len() > MOST_WALKED {
            sizes[product as usize] = 0;
        }
    }
    sizes
}

/// What stood beside each of some neighbouring products, basket after basket.
#[derive(Default)]
pub(super) struct Tile {
    first: u32,
    end: u32,
    /// Where what belongs to each product begins, and where the last ends.
    starts: Vec<u32>,
    others: Vec<u32>,
    /// Where it stands at each of the moments that are asked for.
    marks: Vec<Vec<u32>>,
}

impl Tile {
    /// One more than the last of its products.
    pub(super) fn end(&self) -> u32 {
        self.end
    }

    /// Goes on with the products from `first` on, as many as there is room for, or one.
    pub(super) fn fill(&mut self, baskets: &Baskets, until: &[u32], first: u32, sizes: &[u32]) {
        (self.first, self.end) = (first, first);
        self.starts.clear();
        let mut all = 0;
        for &size in &sizes[first as usize..] {
            if all + size > MOST_BESIDE && self.end > first {
                break;
            }
            self.starts.push(all);
            all += size;
            self.end += 1;
        }
        self.starts.push(all);
        self.others.clear();
        self.others.resize(all as usize, 0);
        let mut free = self.starts.clone();
        self.marks.clear();
        let mut from = 0;
        for &until in until {
            for basket in from..until {
                self.take(baskets.items(basket), &mut free);
            }
            from = from.max(until);
            self.marks.push(free.clone());
        }
    }

    /// Writes down what stands beside the products of the tile in one basket: ascending, each once.
    fn take(&mut self, items: &[u32], free: &mut [u32]) {
        for &item in items {
            if item < self.first || item >= self.end {
                continue;
            }
            let slot = (item - self.first) as usize;
            if self.starts[slot] == self.starts[slot + 1] {
                continue;
            }
            for &other in items.iter().filter(|&&other| other != item) {
                self.others[free[slot] as usize] = other;
                free[slot] += 1;
            }
        }
    }

    /// What stood beside a product between the moment before and the `nth`; `None` for one that is walked through.
    pub(super) fn beside(&self, product: u32, nth: usize) -> Option<&[u32]> {
        let slot = (product - self.first) as usize;
        let (start, end) = (self.starts[slot], self.starts[slot + 1]);
        let from = if nth == 0 { start } else { self.marks[nth - 1][slot] };
        (start < end).then(|| &self.others[from as usize..self.marks[nth][slot] as usize])
    }
}
