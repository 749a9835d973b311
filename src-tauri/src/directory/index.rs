//! Keeps what the search looks in, in step with customers, numbers and orders.

use std::collections::HashSet;

use rusqlite::{Connection, Row, params};

use super::DirectoryError;
use super::words::words;
use crate::number::{Key, country_code};
use crate::source::record::{CustomerRow, PhoneRow};

/// How many different words of one import are remembered as written.
const REMEMBERED: usize = 200_000;

/// What an import has already told the search, so that it is told once.
#[derive(Default)]
pub(super) struct Index {
    words: HashSet<String>,
    codes: HashSet<u16>,
}

/// The texts by which a customer can be found.
#[derive(Clone, Copy)]
pub(super) struct Texts<'r> {
    pub(super) name: &'r str,
    pub(super) company: &'r str,
    pub(super) email: &'r str,
}

impl<'r> Texts<'r> {
    /// From three columns, the first of which is `first`.
    pub(super) fn of(row: &'r Row<'_>, first: usize) -> Result<Self, DirectoryError> {
        let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        Ok(Texts {
            name: text(first)?,
            company: text(first + 1)?,
            email: text(first + 2)?,
        })
    }

    /// Folded, each word once, in the order they come.
    fn words(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for word in [self.name, self.company, self.email].into_iter().flat_map(words) {
            if !all.contains(&word) {
                all.push(word);
            }
        }
        all
    }
}

impl<'r> From<&'r CustomerRow> for Texts<'r> {
    fn from(row: &'r CustomerRow) -> Self {
        Texts {
            name: &row.name,
            company: &row.company,
            email: &row.email,
        }
    }
}

impl Index {
    /// Makes a new customer findable.
    pub(super) fn add(
        &mut self,
        connection: &Connection,
        customer: i64,
        texts: Texts<'_>,
    ) -> Result<(), DirectoryError> {
        let words = texts.words();
        self.add_words(connection, customer, &words)
    }

    /// Makes a customer findable by what it is about to be called, before its row changes.
    pub(super) fn change(
        &mut self,
        connection: &Connection,
        customer: i64,
        now: Texts<'_>,
    ) -> Result<(), DirectoryError> {
        let mut find = connection.prepare_cached("SELECT name, company, email FROM customers WHERE id = ?1")?;
        let mut rows = find.query([customer])?;
        let Some(row) = rows.next()? else {
            return Ok(());
        };
        let (before, words) = (Texts::of(row, 0)?, now.words());
        if words != before.words() {
            remove(connection, customer, before)?;
            self.add_words(connection, customer, &words)?;
        }
        Ok(())
    }

    fn add_words(&mut self, connection: &Connection, customer: i64, words: &[String]) -> Result<(), DirectoryError> {
        let mut insert = connection.prepare_cached("INSERT INTO found (rowid, words) VALUES (?1, ?2)")?;
        insert.execute(params![customer, words.join(" ")])?;
        let mut keep = connection.prepare_cached("INSERT OR IGNORE INTO words VALUES (?1)")?;
        for word in words {
            if self.words.contains(word) {
                continue;
            }
            keep.execute([word])?;
            if self.words.len() < REMEMBERED {
                self.words.insert(word.clone());
            }
        }
        Ok(())
    }

    /// Makes numbers findable without their country code.
    pub(super) fn numbers(&mut self, connection: &Connection, rows: &[PhoneRow]) -> Result<(), DirectoryError> {
        rows.iter()
            .filter_map(|row| row.key)
            .try_for_each(|key| self.number(connection, key))
    }

    fn number(&mut self, connection: &Connection, key: Key) -> Result<(), DirectoryError> {
        let Some(code) = country_code(key).filter(|code| !self.codes.contains(code)) else {
            return Ok(());
        };
        connection
            .prepare_cached("INSERT OR IGNORE INTO country_codes VALUES (?1)")?
            .execute([code])?;
        self.codes.insert(code);
        Ok(())
    }
}

/// Makes a customer unfindable by name. The index keeps no text: it is told what it had taken in.
pub(super) fn remove(connection: &Connection, customer: i64, before: Texts<'_>) -> Result<(), DirectoryError> {
    connection
        .prepare_cached("INSERT INTO found (found, rowid, words) VALUES ('delete', ?1, ?2)")?
        .execute(params![customer, before.words().join(" ")])?;
    Ok(())
}

/// Takes everybody of a source out.
pub(super) fn remove_source(connection: &Connection, source: i64) -> Result<(), DirectoryError> {
    let mut all = connection.prepare("SELECT id, name, company, email FROM customers WHERE source = ?1")?;
    let mut rows = all.query([source])?;
    while let Some(row) = rows.next()? {
        remove(connection, row.get(0)?, Texts::of(row, 1)?)?;
    }
    connection.execute(
        "DELETE FROM order_numbers WHERE customer_id IN (SELECT id FROM customers WHERE source = ?1)",
        [source],
    )?;
    Ok(())
}

/// Takes in what a cache of before the search holds.
pub(super) fn fill(connection: &Connection) -> Result<(), DirectoryError> {
    let mut index = Index::default();
    let mut all = connection.prepare("SELECT id, name, company, email FROM customers")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        index.add(connection, row.get(0)?, Texts::of(row, 1)?)?;
    }
    let mut keys = connection.prepare("SELECT DISTINCT key FROM phones")?;
    let mut rows = keys.query([])?;
    while let Some(row) = rows.next()? {
        let key = u64::try_from(row.get::<_, i64>(0)?).ok().and_then(Key::new);
        key.map_or(Ok(()), |key| index.number(connection, key))?;
    }
    connection
        .execute_batch("INSERT OR IGNORE INTO order_numbers SELECT DISTINCT number, customer_id FROM order_totals")?;
    Ok(())
}
