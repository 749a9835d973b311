//! What the cache answers while a phone rings.
//!
//! All answers of one [`Reading`] are of one moment: an import that ends in between is seen by the next.

use std::cell::RefMut;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row};

use super::advice::{Learnt, Snapshot};
use super::catalogue::{Facts, Kept};
use super::{Bought, DirectoryError, Dossier, Holder, OrderTotal, Ticket};
use crate::advisor::features::Scratch;
use crate::advisor::{Catalogue, ProductId};
use crate::customer::{Currency, Customer, CustomerId, CustomerRef, Money};
use crate::number::{Given, Key};

/// How many purchase lines the panel has room for.
const LINES: u32 = 10;

/// What a stream gave and nothing changed since is as old as the last run of its source that came to its end.
pub(super) const CUSTOMER: &str = "SELECT c.id, s.name, c.key, c.name, c.company, c.city, c.country,
     CASE WHEN c.stream IS NULL THEN c.seen ELSE max(c.seen, coalesce(s.checked, 0)) END, c.person
     FROM customers c JOIN sources s ON s.id = c.source WHERE ";

/// The cache at one moment.
pub struct Reading<'d> {
    pub(super) connection: &'d Connection,
    catalogue: &'d Catalogue,
    learnt: &'d Learnt,
    pub(super) facts: Facts,
}

impl<'d> Reading<'d> {
    pub(super) fn new(connection: &'d Connection, kept: &'d Kept, learnt: &'d Learnt) -> Self {
        Reading {
            connection,
            catalogue: &kept.catalogue,
            learnt,
            facts: kept.facts,
        }
    }

    /// Whether there is no customer at all.
    pub fn is_empty(&self) -> Result<bool, DirectoryError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT NOT EXISTS (SELECT 1 FROM customers)")?;
        Ok(find.query_row([], |row| row.get(0))?)
    }

    /// What all purchases teach, once it was learnt.
    #[must_use]
    pub fn snapshot(&self) -> Option<&'d Snapshot> {
        self.learnt.snapshot.as_ref()
    }

    /// Room for looking at a customer.
    pub(crate) fn scratch(&self) -> RefMut<'d, Scratch> {
        self.learnt.scratch.borrow_mut()
    }

    /// The products and what goes with what.
    #[must_use]
    pub fn catalogue(&self) -> &'d Catalogue {
        self.catalogue
    }

    /// Who has this number, in no particular order.
    pub fn holders(&self, key: Key) -> Result<Vec<Holder>, DirectoryError> {
        let Ok(key) = i64::try_from(key.get()) else {
            return Ok(Vec::new());
        };
        let mut find = self
            .connection
            .prepare_cached("SELECT customer_id, given, ext FROM phones WHERE key = ?1")?;
        let rows = find.query_map([key], |row| {
            let ext: String = row.get(2)?;
            let ext = (!ext.is_empty()).then_some(ext);
            Ok(Holder {
                customer: CustomerId(row.get(0)?),
                given: given(row, 1)?,
                ext,
            })
        })?;
        let mut holders: Vec<Holder> = rows.collect::<Result<_, _>>()?;
        if self.facts.persons {
            // Several records of one person hold the number once.
            for holder in &mut holders {
                holder.customer = self.leader(holder.customer)?;
            }
        }
        Ok(holders)
    }

    /// The customer in row `id`.
    pub fn customer(&self, id: CustomerId) -> Result<Option<Customer>, DirectoryError> {
        let mut find = self.connection.prepare_cached(&[CUSTOMER, "c.id = ?1"].concat())?;
        let found = find.query_row([id.0], with_person).optional()?;
        self.whole(found)
    }

    /// The customer that the journal or the user interface names.
    pub fn by_reference(&self, reference: &CustomerRef) -> Result<Option<Customer>, DirectoryError> {
        let Some((source, key)) = reference.0.split_once('/') else {
            return Ok(None);
        };
        let mut find = self
            .connection
            .prepare_cached(&[CUSTOMER, "s.name = ?1 AND c.key = ?2"].concat())?;
        let found = find.query_row([source, key], with_person).optional()?;
        self.whole(found)
    }

    /// The person of a record, where it is not the only one.
    fn whole(&self, found: Option<(Customer, Option<i64>)>) -> Result<Option<Customer>, DirectoryError> {
        match found {
            Some((customer, None)) => Ok(Some(customer)),
            Some((_, Some(person))) => self.person(CustomerId(person)),
            None => Ok(None),
        }
    }

    /// When a customer last bought.
    pub fn last_bought(&self, id: CustomerId) -> Result<Option<DateTime<Utc>>, DirectoryError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT at FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC LIMIT 1")?;
        Ok(find.query_row([id.0], |row| time(row, 0)).optional()?)
    }

    /// How many tickets of a customer are open.
    pub fn open_tickets(&self, id: CustomerId) -> Result<u32, DirectoryError> {
        let mut count = self
            .connection
            .prepare_cached("SELECT count(*) FROM tickets WHERE customer_id = ?1 AND open")?;
        Ok(count.query_row([id.0], |row| row.get(0))?)
    }

    /// Everything the panel shows of a customer at the moment `now`; `None` when the row is not there.
    pub fn dossier(&self, id: CustomerId, now: DateTime<Utc>) -> Result<Option<Dossier>, DirectoryError> {
        let sql = [CUSTOMER, "c.id = ?1"].concat();
        let found = self.connection.prepare_cached(&sql)?.query_row([id.0], with_person);
        let Some((customer, person)) = found.optional()? else {
            return Ok(None);
        };
        match person {
            None => self.of_record(customer, now).map(Some),
            Some(person) => match self.person(CustomerId(person))? {
                Some(first) => self.with_others(self.of_record(first, now)?, now).map(Some),
                None => Ok(None),
            },
        }
    }

    /// Everything that one record says.
    pub(super) fn of_record(&self, customer: Customer, now: DateTime<Utc>) -> Result<Dossier, DirectoryError> {
        let id = customer.id;
        let balances = self.balances(id, now)?;
        Ok(Dossier {
            balance_sources: vec![customer.source.clone(); balances.len()],
            balances,
            other_balances: Vec::new(),
            orders: self.orders(id)?,
            orders_seen: self.orders_seen(&customer.source)?,
            lines: self.bought_lines(id, None, LINES)?,
            bought: self.bought(id)?,
            tickets: self.tickets(id, &customer.source)?,
            no_advertising: self.no_advertising(id)?,
            records: Vec::new(),
            customer,
        })
    }

    /// Whether a customer wants no advertising; `None` where their source does not say.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn no_advertising(&self, id: CustomerId) -> Result<Option<bool>, DirectoryError> {
        let sql = "SELECT no_advertising FROM customers WHERE id = ?1";
        let mut find = self.connection.prepare_cached(sql)?;
        Ok(find.query_row([id.0], |row| row.get(0))?)
    }

    /// What each order of a customer came to, the latest first.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn orders(&self, id: CustomerId) -> Result<Vec<OrderTotal>, DirectoryError> {
        self.all(
            "SELECT at, number, amount, currency FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC, number",
            id,
            |row| {
                Ok(OrderTotal {
                    at: time(row, 0)?,
                    number: row.get(1)?,
                    amount: money(row, 2, 3)?,
                })
            },
        )
    }

    fn orders_seen(&self, source: &str) -> Result<Option<DateTime<Utc>>, DirectoryError> {
        let mut find = self
            .connection
            .prepare_cached("SELECT orders FROM sources WHERE name = ?1 AND orders IS NOT NULL")?;
        Ok(find.query_row([source], |row| time(row, 0)).optional()?)
    }

    fn bought(&self, id: CustomerId) -> Result<Vec<Bought>, DirectoryError> {
        let mut bought = self.all(
            "SELECT product_id, last FROM bought WHERE customer_id = ?1",
            id,
            |row| {
                Ok(Bought {
                    product: ProductId(row.get(0)?),
                    last: time(row, 1)?,
                })
            },
        )?;
        bought.sort_unstable_by_key(|one| (std::cmp::Reverse(one.last), one.product));
        Ok(bought)
    }

    fn tickets(&self, id: CustomerId, source: &str) -> Result<Vec<Ticket>, DirectoryError> {
        self.all(
            "SELECT t.number, t.subject, t.at,
                 CASE WHEN t.stream IS NULL THEN t.seen ELSE max(t.seen, coalesce(s.checked, 0)) END
             FROM tickets t JOIN sources s ON s.id = t.source WHERE t.customer_id = ?1 AND t.open ORDER BY t.at DESC",
            id,
            |row| {
                let (number, subject) = (row.get(0)?, row.get(1)?);
                Ok(Ticket {
                    number,
                    subject,
                    at: time(row, 2)?,
                    seen: time(row, 3)?,
                    source: source.to_owned(),
                })
            },
        )
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        id: CustomerId,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, DirectoryError> {
        let mut statement = self.connection.prepare_cached(sql)?;
        Ok(statement.query_map([id.0], read)?.collect::<Result<_, _>>()?)
    }
}

impl Drop for Reading<'_> {
    fn drop(&mut self) {
        // A read transaction has nothing to lose; if it cannot be ended, the next one cannot begin and says so.
        let _ended = self
            .connection
            .prepare_cached("COMMIT")
            .and_then(|mut end| end.execute([]));
    }
}

/// The columns of [`CUSTOMER`], with the record that leads this one.
fn with_person(row: &Row<'_>) -> rusqlite::Result<(Customer, Option<i64>)> {
    Ok((customer(row)?, row.get(8)?))
}

/// The columns of [`CUSTOMER`].
pub(super) fn customer(row: &Row<'_>) -> rusqlite::Result<Customer> {
    let (source, key): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Customer {
        id: CustomerId(row.get(0)?),
        reference: CustomerRef::new(&source, &key),
        name: row.get(3)?,
        company: row.get(4)?,
        city: row.get(5)?,
        country: row.get(6)?,
        source,
        seen: time(row, 7)?,
    })
}

/// Seconds since 1970 as a time.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    let seconds: i64 = row.get(column)?;
    DateTime::from_timestamp(seconds, 0).ok_or(rusqlite::Error::IntegralValueOutOfRange(column, seconds))
}

pub(super) fn money(row: &Row<'_>, minor: usize, code: usize) -> rusqlite::Result<Money> {
    Ok(Money {
        minor: row.get(minor)?,
        currency: currency(row, code)?,
    })
}

pub(super) fn currency(row: &Row<'_>, column: usize) -> rusqlite::Result<Currency> {
    let code = row.get_ref(column)?.as_str()?;
    Currency::from_code(code).ok_or_else(|| {
        let unknown = format!("`{code}` is not an ISO 4217 currency code");
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, unknown.into())
    })
}

pub(super) fn given(row: &Row<'_>, column: usize) -> rusqlite::Result<Given> {
    Ok(Given::from_code(row.get(column)?))
}
