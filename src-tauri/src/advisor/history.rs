//! The baskets of one customer, as a look needs them.

use super::baskets::{Day, index};

/// What a customer bought, the oldest basket first.
#[derive(Clone, Debug, Default)]
pub struct History {
    days: Vec<Day>,
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl History {
    /// Adds the next basket; days never go back, and what is bought on the day of the last basket is added to it.
    pub fn push(&mut self, day: Day, items: &[u32]) {
        if self.days.last() == Some(&day) {
            let start = self.start(self.days.len() - 1);
            for &item in items {
                if !self.items[start..].contains(&item) {
                    self.items.push(item);
                }
            }
            self.ends.pop();
        } else {
            self.days.push(day);
            self.items.extend_from_slice(items);
        }
        self.ends.push(index(self.items.len()));
    }

    /// Forgets everything, keeping the room.
    pub fn clear(&mut self) {
        self.days.clear();
        self.ends.clear();
        self.items.clear();
    }

    /// How many baskets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.days.len()
    }

    /// Whether nothing was bought.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.is_empty()
    }

    /// The days of the baskets, the oldest first.
    #[must_use]
    pub fn days(&self) -> &[Day] {
        &self.days
    }

    fn start(&self, basket: usize) -> usize {
        if basket == 0 { 0 } else { self.ends[basket - 1] as usize }
    }

    /// What is in a basket.
    #[must_use]
    pub fn items(&self, basket: usize) -> &[u32] {
        &self.items[self.start(basket)..self.ends[basket] as usize]
    }
}
