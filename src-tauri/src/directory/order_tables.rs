//! The three tables that hold what customers bought, and order numbers beside them: brought to what lines say, customer by
//! customer.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rusqlite::{CachedStatement, Connection, params};

use super::sorter::Sorter;
use super::sums::{Sums, missing};
use super::{DirectoryError, Tally};
use crate::advisor::ProductId;
use crate::advisor::learn::Orders;
use crate::customer::Currency;

/// How much of the order numbers waits in memory, in bytes.
const NUMBERS_IN_MEMORY: usize = 32 << 20;

/// One line, with its texts as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) customer: i64,
    pub(super) order: OrderNumber,
    pub(super) product: u32,
    pub(super) at: i64,
    pub(super) quantity: i64,
    pub(super) amount: i64,
    pub(super) currency: Currency,
    /// 0 for the first line of this product in its order; filled in when all lines are known.
    pub(super) nth: u32,
}

/// Stands for the text of an order number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct OrderNumber(u32);

/// What became of the lines.
pub(super) struct Written {
    pub(super) tally: Tally,
    /// The baskets, when there were no others before.
    pub(super) baskets: Option<Orders>,
}

/// Order numbers, each text once.
#[derive(Default)]
pub(super) struct Numbers {
    known: HashMap<Arc<str>, OrderNumber>,
    texts: Vec<Arc<str>>,
}

impl Numbers {
    pub(super) fn number(&mut self, text: &str) -> OrderNumber {
        if let Some(&known) = self.known.get(text) {
            return known;
        }
        let number = OrderNumber(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.known.insert(text, number);
        number
    }

    fn text(&self, number: OrderNumber) -> &str {
        &self.texts[number.0 as usize]
    }

    pub(super) fn clear(&mut self) {
        self.known.clear();
        self.texts.clear();
    }
}

/// The three tables that hold a customer's purchases, and the statements that change them.
pub(super) struct Tables<'c> {
    /// Of the customer at hand.
    pub(super) numbers: Numbers,
    tally: Tally,
    baskets: Orders,
    /// Number and customer of each order, to be written in the order of their table.
    ordered: Sorter,
    /// Nothing was ever bought: there is nothing to compare with.
    blank: bool,
    pub(super) notes_fresh: bool,
    load: CachedStatement<'c>,
    delete: CachedStatement<'c>,
    insert: CachedStatement<'c>,
    delete_total: CachedStatement<'c>,
    insert_total: CachedStatement<'c>,
    delete_bought: CachedStatement<'c>,
    insert_bought: CachedStatement<'c>,
    insert_fresh: CachedStatement<'c>,
}

impl<'c> Tables<'c> {
    pub(super) fn new(connection: &'c Connection, folder: &Path) -> Result<Self, DirectoryError> {
        let statement = |sql| connection.prepare_cached(sql);
        Ok(Tables {
            numbers: Numbers::default(),
            tally: Tally::default(),
            baskets: Orders::default(),
            ordered: Sorter::new(folder, NUMBERS_IN_MEMORY),
            notes_fresh: true,
            blank: connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM purchases)", [], |row| row.get(0))?,
            load: statement(
                "SELECT at, number, product_id, nth, quantity, amount, currency FROM purchases WHERE customer_id = ?1",
            )?,
            delete: statement(
                "DELETE FROM purchases
                 WHERE customer_id = ?1 AND at = ?2 AND number = ?3 AND product_id = ?4 AND nth = ?5",
            )?,
            insert: statement("INSERT INTO purchases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?,
            delete_total: statement(
                "DELETE FROM order_totals WHERE customer_id = ?1 AND at = ?2 AND number = ?3 AND currency = ?4",
            )?,
            insert_total: statement("INSERT INTO order_totals VALUES (?1, ?2, ?3, ?4, ?5)")?,
            delete_bought: statement("DELETE FROM bought WHERE customer_id = ?1 AND product_id = ?2")?,
            insert_bought: statement("INSERT INTO bought VALUES (?1, ?2, ?3)")?,
            insert_fresh: statement("INSERT INTO fresh_lines (customer_id, day, product_id) VALUES (?1, ?2, ?3)")?,
        })
    }

    /// Writes one customer's lines.
    pub(super) fn replace(&mut self, incoming: &mut [Line]) -> Result<(), DirectoryError> {
        let Some(customer) = incoming.first().map(|line| line.customer) else {
            return Ok(());
        };
        number_repeats(incoming);
        let incoming = &*incoming;
        let before = if self.blank { Vec::new() } else { self.load(customer)? };
        if before.is_empty() {
            self.tally.added += incoming.len() as u64;
            if !self.blank {
                self.fresh(incoming)?;
            }
            self.apply(&[], incoming.to_vec())?;
            return self.derive(customer, &[], incoming.to_vec());
        }
        let mentioned = |order| incoming.binary_search_by_key(&order, |line| line.order).is_ok();
        let (old, kept): (Vec<Line>, Vec<Line>) = before.iter().copied().partition(|line| mentioned(line.order));
        let mut old: HashMap<_, Line> = old
            .into_iter()
            .map(|line| ((line.order, line.product, line.nth), line))
            .collect();
        let (mut gone, mut fresh, mut added) = (Vec::new(), Vec::new(), Vec::new());
        for line in incoming {
            match old.remove(&(line.order, line.product, line.nth)) {
                Some(known) if known == *line => self.tally.unchanged += 1,
                Some(known) => {
                    self.tally.changed += 1;
                    gone.push(known);
                    fresh.push(*line);
                }
                None => {
                    self.tally.added += 1;
                    fresh.push(*line);
                    added.push(*line);
                }
            }
        }
        self.tally.removed += old.len() as u64;
        gone.extend(old.into_values());
        if gone.is_empty() && fresh.is_empty() {
            return Ok(());
        }
        self.fresh(&added)?;
        self.apply(&gone, fresh)?;
        let now: Vec<Line> = kept.into_iter().chain(incoming.iter().copied()).collect();
        self.derive(customer, &before, now)
    }

    /// Notes what came, for desks that are running; returns teach nothing.
    fn fresh(&mut self, lines: &[Line]) -> Result<(), DirectoryError> {
        let noted = lines.iter().filter(|line| self.notes_fresh && line.quantity > 0);
        for line in noted {
            let day = line.at.div_euclid(super::advice::DAY_SECONDS);
            self.insert_fresh.execute(params![line.customer, day, line.product])?;
        }
        Ok(())
    }

    pub(super) fn load(&mut self, customer: i64) -> Result<Vec<Line>, DirectoryError> {
        let mut rows = self.load.query([customer])?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(Line {
                customer,
                at: row.get(0)?,
                order: self
                    .numbers
                    .number(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?),
                product: row.get(2)?,
                nth: row.get(3)?,
                quantity: row.get(4)?,
                amount: row.get(5)?,
                currency: super::reading::currency(row, 6)?,
            });
        }
        Ok(lines)
    }

    pub(super) fn apply(&mut self, gone: &[Line], mut fresh: Vec<Line>) -> Result<(), DirectoryError> {
        for line in gone {
            let number = self.numbers.text(line.order);
            self.delete
                .execute(params![line.customer, line.at, number, line.product, line.nth])?;
        }
        let key = |line: &Line| (std::cmp::Reverse(line.at), line.order, line.product, line.nth);
        fresh.sort_unstable_by_key(key);
        for line in fresh {
            let number = self.numbers.text(line.order);
            let (customer, currency) = (line.customer, line.currency.code());
            self.insert.execute(params![
                customer,
                line.at,
                number,
                line.product,
                line.nth,
                line.quantity,
                line.amount,
                currency
            ])?;
        }
        Ok(())
    }

    /// Sums up all that a customer bought, as `order_totals` and `bought` have it, and writes what is new in the sums.
    pub(super) fn derive(&mut self, customer: i64, before: &[Line], now: Vec<Line>) -> Result<(), DirectoryError> {
        let (old, new) = (Sums::of(before.to_vec()), Sums::of(now));
        for total in missing(&old.totals, &new.totals) {
            let number = self.numbers.text(total.order);
            self.delete_total
                .execute(params![customer, total.at.0, number, total.currency.code()])?;
        }
        for total in missing(&new.totals, &old.totals) {
            let number = self.numbers.text(total.order);
            self.insert_total.execute(params![
                customer,
                total.at.0,
                number,
                total.currency.code(),
                total.amount
            ])?;
            self.ordered.push(&[number.as_bytes(), &customer.to_be_bytes()])?;
        }
        for bought in missing(&old.bought, &new.bought) {
            self.delete_bought.execute(params![customer, bought.0])?;
        }
        for bought in missing(&new.bought, &old.bought) {
            self.insert_bought.execute(params![customer, bought.0, bought.1])?;
        }
        if self.blank {
            for basket in new.lines.chunk_by(|a, b| a.order == b.order) {
                self.baskets.add(basket.iter().map(|line| ProductId(line.product)));
            }
        }
        Ok(())
    }

    pub(super) fn finish(self, connection: &Connection) -> Result<Written, DirectoryError> {
        let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO order_numbers VALUES (?1, ?2)")?;
        let mut ordered = self.ordered.sorted()?;
        while let Some(record) = ordered.next()? {
            let short = || DirectoryError::Scratch(io::Error::from(io::ErrorKind::UnexpectedEof));
            let (number, customer) = record.split_last_chunk().ok_or_else(short)?;
            let number =
                std::str::from_utf8(number).map_err(|error| DirectoryError::Scratch(io::Error::other(error)))?;
            insert.execute(params![number, i64::from_be_bytes(*customer)])?;
        }
        Ok(Written {
            tally: self.tally,
            baskets: self.blank.then_some(self.baskets),
        })
    }
}

/// Tells equal products of an order apart. Sorted by content first, so that a source that gives the lines of an
/// order in another sequence the next day has changed nothing.
fn number_repeats(lines: &mut [Line]) {
    lines.sort_unstable_by_key(|line| {
        (
            line.order,
            line.product,
            line.at,
            line.quantity,
            line.amount,
            line.currency,
        )
    });
    for group in lines.chunk_by_mut(|a, b| (a.order, a.product) == (b.order, b.product)) {
        for (nth, line) in (0..).zip(group) {
            line.nth = nth;
        }
    }
}
