//! What a cache would hold of a real system after some runs.

use std::collections::BTreeMap;

use ringside::source::pull::{Extent, Mark, Source as _};
use ringside::source::record::Record;
use ringside::source::rest::RestSource;

use super::{Pulled, pull_named};

/// What a cache would hold after these runs.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) phones: BTreeMap<String, Vec<String>>,
    pub(super) lines: BTreeMap<String, usize>,
    pub(super) owed: BTreeMap<String, i64>,
    pub(super) marks: BTreeMap<String, Mark>,
    pub(super) given: usize,
}

impl Kept {
    /// Reads every stream, from where the last run ended.
    pub(super) fn run(&mut self, source: &mut RestSource) {
        self.given = 0;
        for (at, stream) in source.streams().iter().enumerate() {
            let mark = self.marks.get(&stream.name).cloned();
            let (pulled, end) = pull_named(source, at, mark.as_ref());
            let extent = end.unwrap_or_else(|error| panic!("{}: {error}", stream.name));
            assert_eq!(extent == Extent::Whole, mark.is_none(), "{}", stream.name);
            assert_eq!(pulled.refused(), [], "{}", stream.name);
            self.keep(&pulled);
            self.marks.insert(stream.name.clone(), pulled.mark().expect("a mark"));
        }
    }

    fn keep(&mut self, pulled: &Pulled) {
        for batch in &pulled.batches {
            self.given += batch.records.len();
            let mut orders: BTreeMap<&str, usize> = BTreeMap::new();
            for record in &batch.records {
                match record {
                    Record::Customer(row) => {
                        let numbers = row.phones.iter().map(|phone| phone.raw.clone()).collect();
                        self.phones.insert(row.key.clone(), numbers);
                    }
                    Record::OrderLine(row) => *orders.entry(&row.order).or_default() += 1,
                    Record::Balance(row) => {
                        self.owed.insert(row.customer.clone(), row.open);
                    }
                    _ => {}
                }
            }
            self.lines
                .extend(orders.into_iter().map(|(order, lines)| (order.to_owned(), lines)));
            for gone in &batch.gone {
                self.phones.remove(gone);
            }
        }
    }

    /// Everybody owes what the system itself says.
    pub(super) fn owe(&self, said: BTreeMap<String, f64>) {
        assert!(said.values().any(|amount| *amount != 0.0));
        for (customer, amount) in said {
            #[allow(clippy::cast_possible_truncation, reason = "an amount of a test")]
            let cents = (amount * 100.0).round() as i64;
            let owed = self.owed.get(&customer).copied().unwrap_or(0);
            assert_eq!(owed, cents, "customer {customer}");
        }
    }
}
