//! The telephone numbers of customers, as an import writes them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::DirectoryError;
use crate::number::Given;
use crate::source::record::PhoneRow;

/// How many numbers wait before they are written.
const BATCH: usize = 200_000;

const INSERT: &str = "INSERT INTO phones (key, customer_id, ext, given, label, raw) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

/// Numbers of new customers, written in the order of the table's key: in the order of the customers
/// each would change another page.
#[derive(Default)]
pub(super) struct Phones(Vec<(i64, i64, Readable)>);

type Readable = (String, Given, String, String);

/// One customer's numbers as the tables hold them: what two texts of one number and extension share is one row.
#[derive(Default, PartialEq, Eq)]
struct Set {
    /// By key and extension: given, label, raw.
    read: BTreeMap<(i64, String), (Given, String, String)>,
    /// Raw text and label.
    unread: BTreeSet<(String, String)>,
}

impl Set {
    fn of(rows: &[PhoneRow]) -> Self {
        let mut set = Set::default();
        for PhoneRow {
            raw,
            label,
            key,
            given,
            ext,
        } in rows
        {
            match key.and_then(|key| i64::try_from(key.get()).ok()) {
                Some(key) => {
                    let place = (key, ext.clone().unwrap_or_default());
                    set.read
                        .entry(place)
                        .or_insert_with(|| (*given, label.clone(), raw.clone()));
                }
                None => {
                    set.unread.insert((raw.clone(), label.clone()));
                }
            }
        }
        set
    }

    fn load(connection: &Connection, customer: i64) -> Result<Self, DirectoryError> {
        let mut set = Set::default();
        let mut read =
            connection.prepare_cached("SELECT key, ext, given, label, raw FROM phones WHERE customer_id = ?1")?;
        let mut rows = read.query([customer])?;
        while let Some(row) = rows.next()? {
            let value = (super::reading::given(row, 2)?, row.get(3)?, row.get(4)?);
            set.read.insert((row.get(0)?, row.get(1)?), value);
        }
        let mut unread = connection.prepare_cached("SELECT raw, label FROM unread_phones WHERE customer_id = ?1")?;
        let mut rows = unread.query([customer])?;
        while let Some(row) = rows.next()? {
            set.unread.insert((row.get(0)?, row.get(1)?));
        }
        Ok(set)
    }
}

impl Phones {
    /// Takes the numbers of a customer who has none in the cache.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        customer: i64,
        rows: &[PhoneRow],
    ) -> Result<(), DirectoryError> {
        let set = Set::of(rows);
        for ((key, ext), (given, label, raw)) in set.read {
            self.0.push((key, customer, (ext, given, label, raw)));
        }
        insert_unread(connection, customer, set.unread)?;
        if self.0.len() >= BATCH {
            self.write(connection)?;
        }
        Ok(())
    }

    /// Writes what waits.
    pub(super) fn write(&mut self, connection: &Connection) -> Result<(), DirectoryError> {
        if self.0.is_empty() {
            return Ok(());
        }
        self.0.sort_unstable();
        let mut insert = connection.prepare_cached(INSERT)?;
        for (key, customer, (ext, given, label, raw)) in self.0.drain(..) {
            insert.execute(params![key, customer, ext, given.code(), label, raw])?;
        }
        Ok(())
    }
}

/// Brings the numbers of a customer to `rows`; whether that changed anything.
pub(super) fn replace(connection: &Connection, customer: i64, rows: &[PhoneRow]) -> Result<bool, DirectoryError> {
    let (wanted, known) = (Set::of(rows), Set::load(connection, customer)?);
    if wanted == known {
        return Ok(false);
    }
    let mut delete =
        connection.prepare_cached("DELETE FROM phones WHERE key = ?1 AND customer_id = ?2 AND ext = ?3")?;
    for (key, ext) in known.read.into_keys() {
        delete.execute(params![key, customer, ext])?;
    }
    connection
        .prepare_cached("DELETE FROM unread_phones WHERE customer_id = ?1")?
        .execute([customer])?;
    let mut insert = connection.prepare_cached(INSERT)?;
    for ((key, ext), (given, label, raw)) in wanted.read {
        insert.execute(params![key, customer, ext, given.code(), label, raw])?;
    }
    insert_unread(connection, customer, wanted.unread)?;
    Ok(true)
}

fn insert_unread(
    connection: &Connection,
    customer: i64,
    rows: BTreeSet<(String, String)>,
) -> Result<(), DirectoryError> {
    let mut insert =
        connection.prepare_cached("INSERT INTO unread_phones (customer_id, raw, label) VALUES (?1, ?2, ?3)")?;
    for (raw, label) in rows {
        insert.execute(params![customer, raw, label])?;
    }
    Ok(())
}
