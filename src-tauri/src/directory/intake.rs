//! Rows on their way into the cache: compared with what it has, and written where they differ.
//!
//! Both ways in go through it: an [`Import`](super::Import) as one transaction, a [`Sync`](super::Sync) batch by batch.
//! It begins and ends none of them. It knows rows, not files.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};

use super::index::Index;
use super::orders::{Incoming, OrderLines};
use super::phones::{self, Phones};
use super::{Counts, DirectoryError, Outcome, fingerprint};
use crate::customer::{Currency, CustomerRef, LeftOut};
use crate::source::record::{CustomerRow, OrderLineRow, Record};

/// How much of the search index waits in memory, in bytes: what is written more seldom is merged less often.
const SEARCH_IN_MEMORY: u32 = 32 << 20;

/// How many customers' keys are remembered.
const REMEMBERED: usize = 1 << 20;

/// Takes rows of one source.
pub(super) struct Intake {
    pub(super) connection: Connection,
    pub(super) folder: PathBuf,
    pub(super) source: i64,
    pub(super) at: i64,
    /// The stream that gives the rows, `None` for an import.
    pub(super) stream: Option<i64>,
    /// What the stream gave since this was last emptied: row ids, or hashes of keys.
    pub(super) given: Vec<i64>,
    pub(super) customers: HashMap<Box<str>, i64>,
    pub(super) products: HashMap<String, u32>,
    new_phones: Phones,
    index: Index,
    pub(super) lines: OrderLines,
    /// Customers who were given a balance, and in which currency.
    pub(super) balances: Vec<(i64, Currency)>,
    /// Customers who were given an invoice, and which.
    pub(super) invoices: Vec<(i64, i64)>,
    pub(super) counts: Counts,
    pub(super) catalogue_changed: bool,
    /// The name of the source.
    name: String,
    /// Who was erased, and is not taken in.
    left_out: LeftOut,
    /// Keys of customers that were left out because of their numbers.
    left_keys: HashSet<Box<str>>,
}

/// What the cache has of a customer, as far as it tells whether anything changed.
struct Known {
    id: i64,
    hash: Option<i64>,
    stream: Option<i64>,
}

impl Intake {
    /// Takes rows for the source in row `source`, as of `at`. What memory should not hold waits in `folder`.
    pub(super) fn new(connection: Connection, folder: &Path, source: i64, at: i64) -> Self {
        Intake {
            connection,
            folder: folder.to_owned(),
            source,
            at,
            stream: None,
            given: Vec::new(),
            customers: HashMap::new(),
            products: HashMap::new(),
            new_phones: Phones::default(),
            index: Index::default(),
            lines: OrderLines::new(folder),
            balances: Vec::new(),
            invoices: Vec::new(),
            counts: Counts::default(),
            catalogue_changed: false,
            name: String::new(),
            left_out: LeftOut::default(),
            left_keys: HashSet::new(),
        }
    }

    /// The same without who was erased; `name` is the source's.
    pub(super) fn without(self, left_out: LeftOut, name: &str) -> Self {
        Intake {
            left_out,
            name: name.to_owned(),
            ..self
        }
    }

    /// Lets the search index gather more in memory, as part of a transaction.
    pub(super) fn gather_search(connection: &Connection) -> Result<(), DirectoryError> {
        let sql = "INSERT INTO found (found, rank) VALUES ('hashsize', ?1)";
        connection.execute(sql, [SEARCH_IN_MEMORY])?;
        Ok(())
    }

    /// Takes any row.
    pub(super) fn record(&mut self, record: &Record) -> Result<Outcome, DirectoryError> {
        match record {
            Record::Customer(row) => self.customer(row),
            Record::Product(row) => self.product(row),
            Record::OrderLine(row) => self.order_line(row),
            Record::Balance(row) => self.balance(row),
            Record::Invoice(row) => self.invoice(row),
            Record::Ticket(row) => self.ticket(row),
        }
    }

    /// Takes a customer with all their numbers. The row in the cache is the same as at the last time.
    pub(super) fn customer(&mut self, row: &CustomerRow) -> Result<Outcome, DirectoryError> {
        let hash = fingerprint::of_customer(row);
        let known = self.known_customer(&row.key)?;
        if self.is_left_out(row, known.is_some()) {
            self.left_keys.insert(row.key.as_str().into());
            return Ok(self.counts.customers.note(Outcome::LeftOut));
        }
        let (id, outcome) = match known {
            None => (self.add_customer(row, hash)?, Outcome::Added),
            Some(known) => {
                let same = known.hash == Some(hash) && known.stream == self.stream;
                let outcome = match (same, self.stream) {
                    // What is unchanged since is as old as the last run that came to its end: see `sources.checked`.
                    (true, Some(_)) => Outcome::Unchanged,
                    (true, None) => self.seen_again(known.id)?,
                    (false, _) => self.update_customer(known.id, row, hash)?,
                };
                (known.id, outcome)
            }
        };
        self.given.push(id);
        Ok(self.counts.customers.note(outcome))
    }

    /// Whether this is somebody who was erased. By a number alone only who was not here before: numbers change hands, and
    /// who is here has been so beside the one who was erased.
    fn is_left_out(&self, row: &CustomerRow, known: bool) -> bool {
        if self.left_out.is_empty() {
            return false;
        }
        let mut numbers = row.phones.iter().filter_map(|phone| phone.key);
        self.left_out.has_record(&CustomerRef::new(&self.name, &row.key))
            || !known && numbers.any(|number| self.left_out.has_number(number))
    }

    /// What is said of a row whose customer is not in the cache.
    pub(super) fn of_nobody(&self, key: &str) -> Outcome {
        let erased = self.left_keys.contains(key) || self.left_out.has_record(&CustomerRef::new(&self.name, key));
        if erased {
            Outcome::LeftOut
        } else {
            Outcome::UnknownCustomer
        }
    }

    fn known_customer(&mut self, key: &str) -> Result<Option<Known>, DirectoryError> {
        let sql = "SELECT id, hash, stream FROM customers WHERE source = ?1 AND key = ?2";
        let mut find = self.connection.prepare_cached(sql)?;
        let known = find.query_row(params![self.source, key], |row| {
            Ok(Known {
                id: row.get(0)?,
                hash: row.get(1)?,
                stream: row.get(2)?,
            })
        });
        Ok(known.optional()?)
    }

    fn seen_again(&self, id: i64) -> Result<Outcome, DirectoryError> {
        let sql = "UPDATE customers SET seen = ?2 WHERE id = ?1";
        self.connection.prepare_cached(sql)?.execute([id, self.at])?;
        Ok(Outcome::Unchanged)
    }

    fn add_customer(&mut self, row: &CustomerRow, hash: i64) -> Result<i64, DirectoryError> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO customers (source, key, name, company, city, country, email, vat, seen, no_advertising, stream,
             hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        let CustomerRow {
            key,
            name,
            company,
            city,
            country,
            email,
            vat,
            phones: _,
            no_advertising,
            same_as,
        } = row;
        let id = insert.insert(params![
            self.source,
            key,
            name,
            company,
            city,
            country,
            email,
            vat,
            self.at,
            no_advertising,
            self.stream,
            hash
        ])?;
        remember(&mut self.customers, key, id);
        self.write_same_as(id, same_as)?;
        self.new_phones.add(&self.connection, id, &row.phones)?;
        self.index.add(&self.connection, id, row.into())?;
        self.index.numbers(&self.connection, &row.phones)?;
        Ok(id)
    }

    fn update_customer(&mut self, id: i64, row: &CustomerRow, hash: i64) -> Result<Outcome, DirectoryError> {
        let CustomerRow {
            key: _,
            name,
            company,
            city,
            country,
            email,
            vat,
            phones,
            no_advertising,
            same_as,
        } = row;
        let mut same = self.connection.prepare_cached(
            "SELECT name = ?2 AND company = ?3 AND city = ?4 AND country IS ?5 AND email = ?6 AND vat = ?7
             AND no_advertising IS ?8 FROM customers WHERE id = ?1",
        )?;
        let known = params![id, name, company, city, country, email, vat, no_advertising];
        let same: bool = same.query_row(known, |row| row.get(0))?;
        if !same {
            self.index.change(&self.connection, id, row.into())?;
        }
        let mut update = self.connection.prepare_cached(
            "UPDATE customers SET name = ?2, company = ?3, city = ?4, country = ?5, email = ?6, vat = ?7, seen = ?8,
             no_advertising = ?9, stream = ?10, hash = ?11 WHERE id = ?1",
        )?;
        update.execute(params![
            id,
            name,
            company,
            city,
            country,
            email,
            vat,
            self.at,
            no_advertising,
            self.stream,
            hash
        ])?;
        let forget = "DELETE FROM same_as WHERE customer_id = ?1";
        self.connection.prepare_cached(forget)?.execute([id])?;
        self.write_same_as(id, same_as)?;
        self.new_phones.write(&self.connection)?;
        let phones_changed = phones::replace(&self.connection, id, phones)?;
        if phones_changed {
            self.index.numbers(&self.connection, &row.phones)?;
        }
        Ok(if same && !phones_changed {
            Outcome::Unchanged
        } else {
            Outcome::Changed
        })
    }

    fn write_same_as(&self, id: i64, same_as: &[CustomerRef]) -> Result<(), DirectoryError> {
        let sql = "INSERT OR IGNORE INTO same_as VALUES (?1, ?2)";
        for reference in same_as {
            self.connection.prepare_cached(sql)?.execute(params![id, reference.0])?;
        }
        Ok(())
    }

    /// Takes a line of an order. Its order replaces, once all lines are written, what the cache had of that order.
    pub(super) fn order_line(&mut self, row: &OrderLineRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            let outcome = self.of_nobody(&row.customer);
            return Ok(self.counts.order_lines.note(outcome));
        };
        let product = self.resolve_product(&row.product)?;
        self.lines.push(Incoming { customer, product, row })?;
        self.given.push(fingerprint::of_text(&row.order));
        Ok(Outcome::Taken)
    }

    /// Writes the numbers of new customers, which wait for each other.
    pub(super) fn write_phones(&mut self) -> Result<(), DirectoryError> {
        self.new_phones.write(&self.connection)
    }

    /// The row of a customer of this source.
    pub(super) fn resolve_customer(&mut self, key: &str) -> Result<Option<i64>, DirectoryError> {
        if let Some(&id) = self.customers.get(key) {
            return Ok(Some(id));
        }
        let id = self.known_customer(key)?.map(|known| known.id);
        if let Some(id) = id {
            remember(&mut self.customers, key, id);
        }
        Ok(id)
    }
}

/// The keys of the first customers are known without a look-up; more would be more than memory should hold.
fn remember(customers: &mut HashMap<Box<str>, i64>, key: &str, id: i64) {
    if customers.len() < REMEMBERED {
        customers.insert(key.into(), id);
    }
}
