//! What a source says is gone, and what it no longer gives: taken out, or held until a person was asked.
//!
//! A source that lost half of its customers overnight has more probably lost its way: what would take out more than a
//! small part of a stream is kept, and a person says whether it may go.

use std::collections::HashSet;

use rusqlite::{Connection, params};

use super::super::accounts::balance_id;
use super::super::{DirectoryError, Tally, fingerprint, related, removal};
use super::Sync;
use crate::source::pull::{Keyed, Refused};
use crate::source::record::Record;

/// So few may always go.
const HANDFUL: u64 = 10;
/// Records taken out in one transaction.
const AT_ONCE: usize = 200;

/// What the end of a stream took out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ended {
    /// Records that were taken out.
    pub removed: u64,
    /// Records that would have been, and wait for a person.
    pub held: u64,
}

/// How many of a hundred records may go without a question. What is open comes and goes; people and orders stay.
fn share(kind: Keyed) -> u64 {
    match kind {
        Keyed::Product | Keyed::Customer | Keyed::Order => 5,
        Keyed::Invoice | Keyed::Balance | Keyed::Ticket => 50,
    }
}

impl Sync {
    /// Takes out what the source says is gone, as far as that needs no question. Within a transaction.
    pub(super) fn drop_gone(&mut self, keys: &[String]) -> Result<(), DirectoryError> {
        for key in keys {
            if self.room()? == 0 {
                self.hold(std::slice::from_ref(key))?;
            } else if self.drop_one(key)? {
                self.note_dropped();
            }
        }
        Ok(())
    }

    /// Takes out what the stream, read whole, did not give, or holds it when it is too much.
    pub(super) fn drop_missing(&mut self) -> Result<Ended, DirectoryError> {
        let Some(stream) = &self.stream else {
            return Ok(Ended::default());
        };
        let id = stream.id;
        if !stream.alone && matches!(stream.kind, Keyed::Order | Keyed::Balance) {
            return Ok(Ended::default());
        }
        let missing = self.missing()?;
        self.transaction(|sync| {
            let sql = "DELETE FROM held WHERE stream = ?1";
            sync.intake.connection.execute(sql, [id])?;
            Ok(())
        })?;
        let count = missing.len() as u64;
        if count > self.room()? {
            self.transaction(|sync| sync.hold(&missing))?;
            return Ok(Ended {
                removed: 0,
                held: count,
            });
        }
        for part in missing.chunks(AT_ONCE) {
            self.transaction(|sync| {
                for key in part {
                    if sync.drop_one(key)? {
                        sync.note_dropped();
                    }
                }
                sync.write_dropped()
            })?;
        }
        Ok(Ended {
            removed: count,
            held: 0,
        })
    }

    /// What could not be used is there all the same: what the cache has of it stays. Within a transaction.
    pub(super) fn note_refused(&mut self, refused: &[Refused]) -> Result<(), DirectoryError> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let (connection, source) = (&self.intake.connection, self.intake.source);
        let mut insert = connection.prepare_cached("INSERT OR IGNORE INTO given VALUES (?1, ?2)")?;
        for Refused { key, .. } in refused.iter().filter(|one| !one.key.is_empty()) {
            for id in ids(connection, stream.kind, source, key)? {
                insert.execute([stream.id, id])?;
            }
        }
        Ok(())
    }

    /// How many more records may go without a question.
    fn room(&mut self) -> Result<u64, DirectoryError> {
        let source = self.intake.source;
        let Some(stream) = &mut self.stream else { return Ok(0) };
        let total = match stream.total {
            Some(total) => total,
            None => *stream
                .total
                .insert(count(&self.intake.connection, stream.kind, source)? + stream.dropped),
        };
        let most = HANDFUL.max(total * share(stream.kind) / 100);
        Ok(most.saturating_sub(stream.dropped))
    }

    fn note_dropped(&mut self) {
        if let Some(stream) = &mut self.stream {
            stream.dropped += 1;
        }
        self.tally.removed += 1;
    }

    fn write_dropped(&self) -> Result<(), DirectoryError> {
        let Some(stream) = &self.stream else { return Ok(()) };
        let dropped = i64::try_from(stream.dropped).unwrap_or(i64::MAX);
        let sql = "UPDATE marks SET dropped = ?2 WHERE id = ?1";
        self.intake
            .connection
            .prepare_cached(sql)?
            .execute([stream.id, dropped])?;
        Ok(())
    }

    fn hold(&mut self, keys: &[String]) -> Result<(), DirectoryError> {
        let Some(stream) = &mut self.stream else { return Ok(()) };
        stream.holds = true;
        let sql = "INSERT OR IGNORE INTO held VALUES (?1, ?2)";
        let mut insert = self.intake.connection.prepare_cached(sql)?;
        for key in keys {
            insert.execute(params![stream.id, key])?;
        }
        Ok(())
    }

    fn drop_one(&mut self, key: &str) -> Result<bool, DirectoryError> {
        match self.stream.as_ref().map(|stream| stream.kind) {
            Some(kind) => self.drop_key(kind, key),
            None => Ok(false),
        }
    }

    /// Takes one record out, whether or not it was there.
    fn drop_key(&mut self, kind: Keyed, key: &str) -> Result<bool, DirectoryError> {
        let intake = &mut self.intake;
        let (connection, source) = (&intake.connection, intake.source);
        match kind {
            Keyed::Product => {
                let dropped = removal::product(connection, source, key)?;
                intake.catalogue_changed |= dropped;
                if dropped {
                    related::catalogue_will_change(connection)?;
                }
                Ok(dropped)
            }
            Keyed::Customer => {
                intake.customers.remove(key);
                let Some(id) = removal::customer_of(connection, source, key)? else {
                    return Ok(false);
                };
                let removed = removal::customer(connection, id)?;
                lines_removed(connection, removed)?;
                Ok(true)
            }
            Keyed::Order => {
                let removed = removal::order(connection, &intake.folder, source, key)?;
                lines_removed(connection, removed)?;
                Ok(removed > 0)
            }
            Keyed::Invoice => numbered(
                connection,
                "DELETE FROM invoices WHERE source = ?1 AND number = ?2",
                source,
                key,
            ),
            Keyed::Ticket => numbered(
                connection,
                "DELETE FROM tickets WHERE source = ?1 AND number = ?2",
                source,
                key,
            ),
            Keyed::Balance => balance(connection, source, key),
        }
    }

    /// Keys of the records that the stream gave once and has not given since it was read from its beginning.
    fn missing(&self) -> Result<Vec<String>, DirectoryError> {
        let Some(stream) = &self.stream else {
            return Ok(Vec::new());
        };
        let (connection, source) = (&self.intake.connection, self.intake.source);
        let sql = match stream.kind {
            Keyed::Order => return missing_orders(connection, source, stream.id),
            Keyed::Balance => return missing_balances(connection, source, stream.id),
            Keyed::Product => "SELECT key FROM products t WHERE source = ?1 AND stream = ?2",
            Keyed::Customer => "SELECT key FROM customers t WHERE source = ?1 AND stream = ?2",
            Keyed::Invoice => "SELECT number FROM invoices t WHERE source = ?1 AND stream = ?2",
            Keyed::Ticket => "SELECT number FROM tickets t WHERE source = ?1 AND stream = ?2",
        };
        let not_given = " AND NOT EXISTS (SELECT 1 FROM given g WHERE g.stream = ?2 AND g.id = t.id)";
        let mut find = connection.prepare(&[sql, not_given].concat())?;
        let keys = find.query_map([source, stream.id], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }
}

/// Takes out what was held of every stream of the source.
pub(super) fn drop_held(sync: &mut Sync) -> Result<u64, DirectoryError> {
    let sql = "SELECT held.stream, marks.kind, held.key FROM held JOIN marks ON marks.id = held.stream
               WHERE marks.source = ?1";
    let held: Vec<(i64, u8, String)> = sync
        .intake
        .connection
        .prepare(sql)?
        .query_map([sync.intake.source], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut dropped = 0;
    for part in held.chunks(AT_ONCE) {
        sync.transaction(|sync| {
            for (stream, kind, key) in part {
                let was_there = match keyed(*kind) {
                    Some(kind) => sync.drop_key(kind, key)?,
                    None => false,
                };
                dropped += u64::from(was_there);
                sync.tally.removed += u64::from(was_there);
                let sql = "DELETE FROM held WHERE stream = ?1 AND key = ?2";
                sync.intake
                    .connection
                    .prepare_cached(sql)?
                    .execute(params![stream, key])?;
            }
            Ok(())
        })?;
    }
    Ok(dropped)
}

/// The number that stands for a kind in `marks`.
pub(super) fn kind_code(kind: Keyed) -> u8 {
    match kind {
        Keyed::Product => 0,
        Keyed::Customer => 1,
        Keyed::Order => 2,
        Keyed::Invoice => 3,
        Keyed::Balance => 4,
        Keyed::Ticket => 5,
    }
}

fn keyed(code: u8) -> Option<Keyed> {
    let all = [
        Keyed::Product,
        Keyed::Customer,
        Keyed::Order,
        Keyed::Invoice,
        Keyed::Balance,
        Keyed::Ticket,
    ];
    all.into_iter().find(|kind| kind_code(*kind) == code)
}

/// What a record is held by.
pub(super) fn key_of(record: &Record) -> String {
    match record {
        Record::Customer(row) => row.key.clone(),
        Record::Product(row) => row.key.clone(),
        Record::OrderLine(row) => row.order.clone(),
        Record::Balance(row) => held_balance(&row.customer, row.currency.code()),
        Record::Invoice(row) => row.number.clone(),
        Record::Ticket(row) => row.number.clone(),
    }
}

/// What stands in `given` for a record of that key.
fn ids(connection: &Connection, kind: Keyed, source: i64, key: &str) -> Result<Vec<i64>, DirectoryError> {
    let sql = match kind {
        Keyed::Order => return Ok(vec![fingerprint::of_text(key)]),
        Keyed::Product => "SELECT id FROM products WHERE source = ?1 AND key = ?2",
        Keyed::Customer => "SELECT id FROM customers WHERE source = ?1 AND key = ?2",
        Keyed::Invoice => "SELECT id FROM invoices WHERE source = ?1 AND number = ?2",
        Keyed::Ticket => "SELECT id FROM tickets WHERE source = ?1 AND number = ?2",
        Keyed::Balance => {
            let Some(id) = removal::customer_of(connection, source, key)? else {
                return Ok(Vec::new());
            };
            let mut find = connection.prepare_cached("SELECT currency FROM balances WHERE customer_id = ?1")?;
            let currencies = find.query_map([id], |row| row.get::<_, String>(0))?;
            let given = currencies.map(|currency| Ok(balance_id(id, &currency?)));
            return given.collect::<Result<_, rusqlite::Error>>().map_err(Into::into);
        }
    };
    let mut find = connection.prepare_cached(sql)?;
    let found = find.query_map(params![source, key], |row| row.get(0))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A customer's balance in one currency.
fn held_balance(customer: &str, currency: &str) -> String {
    format!("{customer}\t{currency}")
}

fn numbered(connection: &Connection, sql: &str, source: i64, number: &str) -> Result<bool, DirectoryError> {
    Ok(connection.prepare_cached(sql)?.execute(params![source, number])? > 0)
}

/// All balances of a customer, or the one that a key of [`held_balance`] names.
fn balance(connection: &Connection, source: i64, key: &str) -> Result<bool, DirectoryError> {
    let (customer, currency) = match key.split_once('\t') {
        Some((customer, currency)) => (customer, Some(currency)),
        None => (key, None),
    };
    let Some(id) = removal::customer_of(connection, source, customer)? else {
        return Ok(false);
    };
    let sql = "DELETE FROM balances WHERE customer_id = ?1 AND currency = coalesce(?2, currency)";
    Ok(connection.prepare_cached(sql)?.execute(params![id, currency])? > 0)
}

fn lines_removed(connection: &Connection, removed: u64) -> Result<(), DirectoryError> {
    related::count_changes(
        connection,
        Tally {
            removed,
            ..Tally::default()
        },
    )
}

fn missing_orders(connection: &Connection, source: i64, stream: i64) -> Result<Vec<String>, DirectoryError> {
    let mut find = connection.prepare(
        "SELECT DISTINCT o.number FROM customers c JOIN order_totals o ON o.customer_id = c.id WHERE c.source = ?1",
    )?;
    let mut rows = find.query([source])?;
    let mut missing = HashSet::new();
    while let Some(row) = rows.next()? {
        let number: String = row.get(0)?;
        if !is_given(connection, stream, fingerprint::of_text(&number))? {
            missing.insert(number);
        }
    }
    Ok(missing.into_iter().collect())
}

fn missing_balances(connection: &Connection, source: i64, stream: i64) -> Result<Vec<String>, DirectoryError> {
    let mut find = connection.prepare(
        "SELECT c.id, c.key, b.currency FROM customers c JOIN balances b ON b.customer_id = c.id WHERE c.source = ?1",
    )?;
    let mut rows = find.query([source])?;
    let mut missing = Vec::new();
    while let Some(row) = rows.next()? {
        let (customer, currency): (String, String) = (row.get(1)?, row.get(2)?);
        if !is_given(connection, stream, balance_id(row.get(0)?, &currency))? {
            missing.push(held_balance(&customer, &currency));
        }
    }
    Ok(missing)
}

fn is_given(connection: &Connection, stream: i64, id: i64) -> Result<bool, DirectoryError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM given WHERE stream = ?1 AND id = ?2)";
    Ok(connection
        .prepare_cached(sql)?
        .query_row([stream, id], |row| row.get(0))?)
}

/// How many records of a kind a source has.
fn count(connection: &Connection, kind: Keyed, source: i64) -> Result<u64, DirectoryError> {
    let sql = match kind {
        Keyed::Product => "SELECT count(*) FROM products WHERE source = ?1",
        Keyed::Customer => "SELECT count(*) FROM customers WHERE source = ?1",
        Keyed::Invoice => "SELECT count(*) FROM invoices WHERE source = ?1",
        Keyed::Ticket => "SELECT count(*) FROM tickets WHERE source = ?1",
        Keyed::Order => {
            "SELECT count(*) FROM customers c JOIN order_totals o ON o.customer_id = c.id WHERE c.source = ?1"
        }
        Keyed::Balance => {
            "SELECT count(*) FROM customers c JOIN balances b ON b.customer_id = c.id WHERE c.source = ?1"
        }
    };
    let count: i64 = connection.query_row(sql, [source], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}
