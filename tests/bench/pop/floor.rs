//! The floor of the figures: the bare SQL of a pop and of an import, on a plain SQLite file.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use cpu_time::ThreadTime;
use rusqlite::{Connection, Statement, params};

use crate::shop::Shop;
use crate::{KEY, Result};

/// The statements a pop needs, with rows stepped through and every column looked at.
pub(crate) struct Floor<'c> {
    begin: Statement<'c>,
    end: Statement<'c>,
    holders: Statement<'c>,
    each: Vec<Statement<'c>>,
    several: Vec<Statement<'c>>,
}

impl<'c> Floor<'c> {
    pub(crate) fn new(connection: &'c Connection) -> Result<Self> {
        let prepare = |sqls: &[&str]| {
            sqls.iter()
                .map(|sql| connection.prepare(sql))
                .collect::<rusqlite::Result<Vec<_>>>()
        };
        let customer = "SELECT c.id, s.name, c.key, c.name, c.company, c.city, c.country, c.seen
             FROM customers c JOIN sources s ON s.id = c.source WHERE c.id = ?1";
        Ok(Floor {
            begin: connection.prepare("BEGIN")?,
            end: connection.prepare("COMMIT")?,
            holders: connection.prepare("SELECT customer_id, given, ext FROM phones WHERE key = ?1")?,
            each: prepare(&[
                customer,
                "SELECT open, currency, not_due, overdue_30, overdue_60, overdue_more, as_of
                 FROM balances WHERE customer_id = ?1",
                "SELECT at, number, amount, currency FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC, number",
                "SELECT at, number, product_id, quantity, amount, currency FROM purchases
                 WHERE customer_id = ?1 ORDER BY at DESC, number, product_id, nth LIMIT 10",
                "SELECT product_id, last FROM bought WHERE customer_id = ?1",
                "SELECT number, subject, at, seen FROM tickets WHERE customer_id = ?1 AND open ORDER BY at DESC",
                "SELECT orders FROM sources WHERE id = 1 AND ?1 > 0",
            ])?,
            several: prepare(&[
                customer,
                "SELECT at FROM order_totals WHERE customer_id = ?1 ORDER BY at DESC LIMIT 1",
            ])?,
        })
    }

    pub(crate) fn pop(&mut self, number: &str) -> Result<()> {
        let key: i64 = number.trim_start_matches('+').parse()?;
        self.begin.execute([])?;
        let mut holders = Vec::new();
        let mut rows = self.holders.query([key])?;
        while let Some(row) = rows.next()? {
            black_box((row.get_ref(1)?, row.get_ref(2)?));
            holders.push(row.get::<_, i64>(0)?);
        }
        drop(rows);
        let statements = if holders.len() == 1 {
            &mut self.each
        } else {
            &mut self.several
        };
        for holder in holders {
            for statement in statements.iter_mut() {
                step(statement, holder)?;
            }
        }
        self.end.execute([])?;
        Ok(())
    }
}

/// The same tuples into the same table, in the order they come.
pub(crate) fn insert_plain(shop: &Shop, path: &Path) -> Result<(Duration, Duration)> {
    let connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -131072;
         CREATE TABLE purchases (customer_id INTEGER NOT NULL, at INTEGER NOT NULL, number TEXT NOT NULL,
             product_id INTEGER NOT NULL, nth INTEGER NOT NULL, quantity INTEGER NOT NULL, amount INTEGER NOT NULL,
             currency TEXT NOT NULL, PRIMARY KEY (customer_id, at DESC, number, product_id, nth)) WITHOUT ROWID;",
    )?;
    let number = |text: &str| text.parse::<i64>().unwrap_or_default();
    let mut seen: HashMap<(&str, &str), i64> = HashMap::new();
    let tuples: Vec<_> = shop
        .lines
        .iter()
        .map(|row| {
            let nth = seen.entry((&row.order, &row.product)).or_default();
            *nth += 1;
            (number(&row.customer), row, number(&row.product), *nth - 1)
        })
        .collect();
    let (start, clock) = (Instant::now(), ThreadTime::now());
    connection.execute_batch("BEGIN")?;
    let mut insert = connection.prepare("INSERT INTO purchases VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?;
    for (customer, row, product, nth) in &tuples {
        let (at, amount, currency) = (row.at.timestamp(), row.amount.minor, row.amount.currency.code());
        insert.execute(params![
            customer,
            at,
            row.order,
            product,
            nth,
            row.quantity_milli,
            amount,
            currency
        ])?;
    }
    connection.execute_batch("COMMIT")?;
    Ok((clock.elapsed(), start.elapsed()))
}

/// The cache as a plain SQLite file.
pub(crate) fn copy_plain(cache: &Path, plain: &Path) -> Result<()> {
    let connection = Connection::open(cache)?;
    let hex: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{hex}'\""))?;
    connection.execute("ATTACH ?1 AS plain KEY ''", [plain.to_string_lossy()])?;
    connection.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(()))?;
    Ok(())
}

fn step(statement: &mut Statement<'_>, customer: i64) -> Result<()> {
    let columns = statement.column_count();
    let mut rows = statement.query([customer])?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            black_box(row.get_ref(column)?);
        }
    }
    Ok(())
}
