//! Taking single records out of the cache, with what hangs on them.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, params};

use super::index::{self, Texts};
use super::{DirectoryError, orders};

/// What is a customer's, the customer last. `?1` is the row.
const PARTS: [&str; 12] = [
    "DELETE FROM tickets WHERE customer_id = ?1",
    "DELETE FROM invoices WHERE customer_id = ?1",
    "DELETE FROM balances WHERE customer_id = ?1",
    "DELETE FROM bought WHERE customer_id = ?1",
    "DELETE FROM order_numbers WHERE customer_id = ?1 AND number IN
        (SELECT number FROM order_totals WHERE customer_id = ?1)",
    "DELETE FROM order_totals WHERE customer_id = ?1",
    "DELETE FROM purchases WHERE customer_id = ?1",
    "DELETE FROM unread_phones WHERE customer_id = ?1",
    "DELETE FROM phones WHERE customer_id = ?1",
    "DELETE FROM same_as WHERE customer_id = ?1",
    "UPDATE customers SET person = NULL WHERE person = ?1",
    "DELETE FROM customers WHERE id = ?1",
];

/// Takes a customer out with all that is theirs; how many order lines that were.
pub(super) fn customer(connection: &Connection, id: i64) -> Result<u64, DirectoryError> {
    let mut find = connection.prepare_cached("SELECT name, company, email FROM customers WHERE id = ?1")?;
    let mut rows = find.query([id])?;
    if let Some(row) = rows.next()? {
        index::remove(connection, id, Texts::of(row, 0)?)?;
    }
    let count = "SELECT count(*) FROM purchases WHERE customer_id = ?1";
    let lines: i64 = connection.prepare_cached(count)?.query_row([id], |row| row.get(0))?;
    for part in PARTS {
        connection.prepare_cached(part)?.execute([id])?;
    }
    Ok(lines.unsigned_abs())
}

/// A product that is no longer there is no longer sold: what was bought keeps its name. Whether there was one.
pub(super) fn product(connection: &Connection, source: i64, key: &str) -> Result<bool, DirectoryError> {
    let sql = "UPDATE products SET discontinued = 1, stream = NULL WHERE source = ?1 AND key = ?2
               AND (stream IS NOT NULL OR NOT discontinued)";
    Ok(connection.prepare_cached(sql)?.execute(params![source, key])? > 0)
}

/// Takes an order out of whichever customer of the source has it; how many lines it had.
pub(super) fn order(connection: &Connection, folder: &Path, source: i64, number: &str) -> Result<u64, DirectoryError> {
    let mut lines = 0;
    for customer in customers_of_order(connection, source, number)? {
        lines += orders::remove(connection, folder, customer, number)?;
    }
    Ok(lines)
}

/// `CROSS JOIN` has the order looked up first: without it SQLite goes through all customers of the source.
const CUSTOMERS_OF_ORDER: &str = "
    SELECT c.id FROM order_numbers o CROSS JOIN customers c ON c.id = o.customer_id
    WHERE o.number = ?1 AND c.source = ?2";

/// The customers of a source who have an order of that number.
pub(super) fn customers_of_order(
    connection: &Connection,
    source: i64,
    number: &str,
) -> Result<Vec<i64>, DirectoryError> {
    let mut find = connection.prepare_cached(CUSTOMERS_OF_ORDER)?;
    let rows = find.query_map(params![number, source], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The row of a customer of a source.
pub(super) fn customer_of(connection: &Connection, source: i64, key: &str) -> Result<Option<i64>, DirectoryError> {
    let sql = "SELECT id FROM customers WHERE source = ?1 AND key = ?2";
    let mut find = connection.prepare_cached(sql)?;
    Ok(find.query_row(params![source, key], |row| row.get(0)).optional()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::schema;

    #[test]
    fn an_order_is_looked_up_by_its_number_and_not_among_all_customers() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("cache.db");
        let mut connection = schema::open(&path, &[7; 32], 64)?;
        schema::prepare(&mut connection, &path)?;
        let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {CUSTOMERS_OF_ORDER}"))?;
        let steps = explain.query_map(params!["10248", 1], |row| row.get::<_, String>(3))?;
        let steps: Vec<String> = steps.collect::<Result<_, _>>()?;
        assert!(steps[0].starts_with("SEARCH o "), "{steps:?}");
        Ok(())
    }
}
