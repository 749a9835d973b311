//! Taking in what a source gives: one import is one transaction.
//!
//! Readers see the old data until [`Import::finish`] returns and the new data from then on, also when the
//! program is killed in between. Dropping an import undoes it. It knows rows, not files.

use std::collections::HashMap;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::index::Index;
use super::orders::{Incoming, OrderLines, Written};
use super::phones::{self, Phones};
use super::{Counts, DirectoryError, Outcome, Tally, related};
use crate::customer::Currency;
use crate::source::record::{BalanceRow, CustomerRow, OrderLineRow, Record, TicketRow};

/// How much of the search index waits in memory, in bytes: what is written more seldom is merged less often.
const SEARCH_IN_MEMORY: u32 = 32 << 20;

/// How many customers' keys are remembered.
const REMEMBERED: usize = 1 << 20;

/// An import that is under way.
pub struct Import {
    pub(super) connection: Connection,
    pub(super) source: i64,
    at: i64,
    customers: HashMap<Box<str>, i64>,
    pub(super) products: HashMap<String, u32>,
    new_phones: Phones,
    index: Index,
    lines: OrderLines,
    balances: Vec<(i64, Currency)>,
    pub(super) counts: Counts,
    pub(super) catalogue_changed: bool,
}

impl Import {
    /// Begins to write for `source`. Only one import runs at a time; the second is refused at once, since the
    /// first may take minutes. What memory should not hold waits in `folder`.
    pub(super) fn begin(
        connection: Connection,
        folder: &Path,
        source: &str,
        at: DateTime<Utc>,
    ) -> Result<Self, DirectoryError> {
        connection.busy_timeout(Duration::ZERO)?;
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.execute(
            "INSERT INTO found (found, rank) VALUES ('hashsize', ?1)",
            [SEARCH_IN_MEMORY],
        )?;
        let at = at.timestamp();
        let id = connection.query_row(
            "INSERT INTO sources (name, imported) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET imported = excluded.imported RETURNING id",
            params![source, at],
            |row| row.get(0),
        )?;
        Ok(Import {
            connection,
            source: id,
            at,
            customers: HashMap::new(),
            products: HashMap::new(),
            new_phones: Phones::default(),
            index: Index::default(),
            lines: OrderLines::new(folder),
            balances: Vec::new(),
            counts: Counts::default(),
            catalogue_changed: false,
        })
    }

    /// Takes any row.
    pub fn record(&mut self, record: &Record) -> Result<Outcome, DirectoryError> {
        match record {
            Record::Customer(row) => self.customer(row),
            Record::Product(row) => self.product(row),
            Record::OrderLine(row) => self.order_line(row),
            Record::Balance(row) => self.balance(row),
            Record::Ticket(row) => self.ticket(row),
        }
    }

    /// Takes a customer with all their numbers. The row in the cache is the same as at the last import.
    pub fn customer(&mut self, row: &CustomerRow) -> Result<Outcome, DirectoryError> {
        let outcome = match self.resolve_customer(&row.key)? {
            None => self.add_customer(row)?,
            Some(id) => self.update_customer(id, row)?,
        };
        Ok(self.counts.customers.note(outcome))
    }

    fn add_customer(&mut self, row: &CustomerRow) -> Result<Outcome, DirectoryError> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO customers (source, key, name, company, city, country, email, vat, seen, no_advertising)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
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
            no_advertising
        ])?;
        remember(&mut self.customers, key, id);
        self.new_phones.add(&self.connection, id, &row.phones)?;
        self.index.add(&self.connection, id, row.into())?;
        self.index.numbers(&self.connection, &row.phones)?;
        Ok(Outcome::Added)
    }

    fn update_customer(&mut self, id: i64, row: &CustomerRow) -> Result<Outcome, DirectoryError> {
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
             no_advertising = ?9 WHERE id = ?1",
        )?;
        let values = params![id, name, company, city, country, email, vat, self.at, no_advertising];
        update.execute(values)?;
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

    /// Takes a line of an order. Its order replaces, at the end, what the cache had of that order.
    pub fn order_line(&mut self, row: &OrderLineRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            return Ok(self.counts.order_lines.note(Outcome::UnknownCustomer));
        };
        let product = self.resolve_product(&row.product)?;
        self.lines.push(Incoming { customer, product, row })?;
        Ok(Outcome::Taken)
    }

    /// Takes what a customer owes in one currency. Currencies that this import does not give for a customer
    /// it gives a balance of are settled, and go.
    pub fn balance(&mut self, row: &BalanceRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            return Ok(self.counts.balances.note(Outcome::UnknownCustomer));
        };
        self.balances.push((customer, row.currency));
        let BalanceRow {
            customer: _,
            currency,
            open,
            not_due,
            overdue_30,
            overdue_60,
            overdue_more,
            as_of,
        } = row;
        let (currency, as_of) = (currency.code(), as_of.timestamp());
        let values = params![
            customer,
            currency,
            open,
            not_due,
            overdue_30,
            overdue_60,
            overdue_more,
            as_of
        ];
        let mut same = self.connection.prepare_cached(
            "SELECT (open, not_due, overdue_30, overdue_60, overdue_more, as_of) = (?3, ?4, ?5, ?6, ?7, ?8)
             FROM balances WHERE customer_id = ?1 AND currency = ?2",
        )?;
        let outcome = match same.query_row(values, |row| row.get(0)).optional()? {
            None => Outcome::Added,
            Some(false) => Outcome::Changed,
            Some(true) => Outcome::Unchanged,
        };
        if outcome != Outcome::Unchanged {
            let replace = "INSERT OR REPLACE INTO balances VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
            self.connection.prepare_cached(replace)?.execute(values)?;
        }
        Ok(self.counts.balances.note(outcome))
    }

    /// Takes a ticket.
    pub fn ticket(&mut self, row: &TicketRow) -> Result<Outcome, DirectoryError> {
        let Some(customer) = self.resolve_customer(&row.customer)? else {
            return Ok(self.counts.tickets.note(Outcome::UnknownCustomer));
        };
        let TicketRow {
            customer: _,
            number,
            subject,
            open,
            at,
        } = row;
        let mut same = self.connection.prepare_cached(
            "SELECT (customer_id, subject, open, at) = (?3, ?4, ?5, ?6) FROM tickets WHERE source = ?1 AND number = ?2",
        )?;
        let known = same
            .query_row(
                params![self.source, number, customer, subject, open, at.timestamp()],
                |row| row.get(0),
            )
            .optional()?;
        let mut upsert = self.connection.prepare_cached(
            "INSERT INTO tickets (source, number, customer_id, subject, open, at, seen) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (source, number) DO UPDATE SET customer_id = excluded.customer_id, subject = excluded.subject,
             open = excluded.open, at = excluded.at, seen = excluded.seen",
        )?;
        upsert.execute(params![
            self.source,
            number,
            customer,
            subject,
            open,
            at.timestamp(),
            self.at
        ])?;
        Ok(self.counts.tickets.note(match known {
            None => Outcome::Added,
            Some(false) => Outcome::Changed,
            Some(true) => Outcome::Unchanged,
        }))
    }

    /// Writes what was gathered, learns from it, and makes all of it visible at once.
    pub fn finish(mut self) -> Result<Counts, DirectoryError> {
        self.new_phones.write(&self.connection)?;
        self.settle_balances()?;
        if !self.lines.is_empty() {
            let Written { tally, baskets } = self.lines.write(&self.connection)?;
            let unknown_customer = self.counts.order_lines.unknown_customer;
            self.counts.order_lines = Tally {
                unknown_customer,
                ..tally
            };
            related::purchases_changed(&self.connection, tally, baskets)?;
            let stamp = "UPDATE sources SET orders = ?2 WHERE id = ?1";
            self.connection.execute(stamp, params![self.source, self.at])?;
        }
        if self.catalogue_changed {
            related::catalogue_changed(&self.connection)?;
        }
        self.connection.execute_batch("COMMIT")?;
        // Gives the log's room back. Readers may hinder it; the next import tries again.
        let _busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
        Ok(self.counts)
    }

    fn settle_balances(&mut self) -> Result<(), DirectoryError> {
        let mut given = self
            .connection
            .prepare_cached("SELECT currency FROM balances WHERE customer_id = ?1")?;
        let mut settle = self
            .connection
            .prepare_cached("DELETE FROM balances WHERE customer_id = ?1 AND currency = ?2")?;
        self.balances.sort_unstable();
        for balances in self.balances.chunk_by(|a, b| a.0 == b.0) {
            let customer = balances[0].0;
            let known: Vec<String> = given
                .query_map([customer], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            for code in known
                .iter()
                .filter(|code| balances.iter().all(|(_, given)| given.code() != *code))
            {
                settle.execute(params![customer, code])?;
                self.counts.balances.removed += 1;
            }
        }
        Ok(())
    }

    fn resolve_customer(&mut self, key: &str) -> Result<Option<i64>, DirectoryError> {
        if let Some(&id) = self.customers.get(key) {
            return Ok(Some(id));
        }
        let mut find = self
            .connection
            .prepare_cached("SELECT id FROM customers WHERE source = ?1 AND key = ?2")?;
        let id = find.query_row(params![self.source, key], |row| row.get(0)).optional()?;
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
